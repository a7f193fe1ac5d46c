import 'server-only';
import type { IAMClient } from '@aws-sdk/client-iam';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import type { Fact } from '@/lib/domain/facts';
import { fail } from '@/lib/result';
import type { Call, ReadOptions } from './calls';
import { Unreadable } from './failure';

const ACTION = 'iam:GetRole';

type RoleReading = {
  readonly iam: IAMClient;
  readonly call: Call;
  /** Account of the target, `null` where it is not known. */
  readonly account: string | null;
  readonly options: ReadOptions;
};

/**
 * Whether a role exists. A role whose trust policy seems to keep ECS out is neither there nor gone, so it is not known.
 */
export async function roleExists(arn: string, { iam, call, account, options }: RoleReading): Promise<Fact<boolean>> {
  const owner = arn.split(':')[4];
  if (account !== null && owner !== account) {
    return fail({ kind: 'unsupported', action: ACTION, words: `The role belongs to account ${owner}.` });
  }
  return call(ACTION, options, async (abortSignal) => {
    try {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: arn.slice(arn.lastIndexOf('/') + 1) }), {
        abortSignal,
      });
      if (trustsEcsTasks(Role?.AssumeRolePolicyDocument)) return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchEntityException') return false;
      throw error;
    }
    throw new Unreadable({ kind: 'other', words: 'Its trust policy does not name ecs-tasks.amazonaws.com.' });
  });
}

type TrustStatement = { readonly Effect?: unknown; readonly Principal?: unknown; readonly Action?: unknown };

/**
 * Whether a trust policy lets tasks take the role. IAM sends the document URL-encoded; each member may be one text or a
 * list.
 */
export function trustsEcsTasks(document: string | undefined): boolean {
  if (document === undefined) return false;
  const { Statement = [] } = JSON.parse(decodeURIComponent(document)) as { Statement?: unknown };
  const statements = (Array.isArray(Statement) ? Statement : [Statement]) as readonly TrustStatement[];
  return statements.some(({ Effect, Principal, Action }) => {
    const service =
      typeof Principal === 'object' && Principal !== null && 'Service' in Principal ? Principal.Service : [];
    return (
      Effect === 'Allow' &&
      [service].flat().includes('ecs-tasks.amazonaws.com') &&
      [Action].flat().some((action) => action === 'sts:AssumeRole' || action === 'sts:*' || action === '*')
    );
  });
}
