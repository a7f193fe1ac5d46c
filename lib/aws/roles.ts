import 'server-only';
import type { IAMClient } from '@aws-sdk/client-iam';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import type { Fact, RoleState } from '@/lib/domain/facts';
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
 * Whether a role is there for tasks. One whose trust policy names them in no way is `closed`; one that may let them in,
 * in a way we do not judge, is not known.
 */
export async function roleState(arn: string, { iam, call, account, options }: RoleReading): Promise<Fact<RoleState>> {
  const owner = arn.split(':')[4];
  if (account !== null && owner !== account) {
    return fail({ kind: 'unsupported', action: ACTION, words: `The role belongs to account ${owner}.` });
  }
  return call(ACTION, options, async (abortSignal) => {
    const policy = await trustPolicyOf(arn, iam, abortSignal);
    if (policy === 'gone') return 'gone';
    const trust = trustInTasks(policy);
    if (trust !== null) return trust ? 'usable' : 'closed';
    throw new Unreadable({ kind: 'other', words: 'Its trust policy does not name ecs-tasks.amazonaws.com.' });
  });
}

async function trustPolicyOf(
  arn: string,
  iam: IAMClient,
  abortSignal: AbortSignal,
): Promise<string | 'gone' | undefined> {
  try {
    const asked = new GetRoleCommand({ RoleName: arn.slice(arn.lastIndexOf('/') + 1) });
    return (await iam.send(asked, { abortSignal })).Role?.AssumeRolePolicyDocument;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchEntityException') return 'gone';
    throw error;
  }
}

type Statement = Readonly<Record<'Effect' | 'Principal' | 'NotPrincipal' | 'Action' | 'NotAction', unknown>>;

/**
 * Whether a trust policy lets tasks take the role; `null` where it may, in words that are not judged here: wildcards, and
 * all but some. IAM sends the document URL-encoded; each member may be one text or a list.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function trustInTasks(document: string | undefined): boolean | null {
  if (document === undefined) return null;
  const { Statement = [] } = JSON.parse(decodeURIComponent(document)) as { Statement?: unknown };
  const verdicts = ([Statement].flat() as readonly Statement[]).filter(({ Effect }) => Effect === 'Allow').map(letsIn);
  if (verdicts.includes(true)) return true;
  return verdicts.includes(null) ? null : false;
}

function letsIn({ Principal, NotPrincipal, Action, NotAction }: Statement): boolean | null {
  const taken = [Action].flat().some((action) => typeof action === 'string' && coversAssuming(action));
  if (!taken && NotAction === undefined) return false;
  const services =
    typeof Principal === 'object' && Principal !== null && 'Service' in Principal ? Principal.Service : [];
  const named = [services].flat();
  if (taken && named.includes('ecs-tasks.amazonaws.com')) return true;
  const wide = NotPrincipal !== undefined || Principal === '*' || named.includes('*');
  return wide || named.includes('ecs-tasks.amazonaws.com') ? null : false;
}

/** IAM takes actions without regard to case, with wildcards. */
const coversAssuming = (action: string): boolean =>
  new RegExp(
    `^${action
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    'i',
  ).test('sts:AssumeRole');
