import 'server-only';
import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import type { Fact } from '@/lib/domain/facts';
import type { BareName } from '@/lib/domain/leaning';
import { fail, ok } from '@/lib/result';
import type { ReadOptions } from './calls';
import type { Neighbours } from './dependencies';
import { everyPage } from './pages';

type SecretReading = {
  readonly region: string;
  /** Account of the target, `null` where it is not known. */
  readonly account: string | null;
  readonly neighboursIn: (region: string) => Neighbours;
  readonly options: ReadOptions;
};

/** What a definition's reference to a secret or parameter names. */
export type SecretReference =
  | {
      readonly kind: 'secret';
      /** ARN without what may follow it, or a name. */
      readonly id: string;
      readonly region: string | null;
      /** Stage or version the reference insists on, `null` where it takes the current one. */
      readonly stage: string | null;
      readonly version: string | null;
    }
  | {
      readonly kind: 'parameter';
      readonly names: readonly string[];
      readonly region: string | null;
      readonly account: string | null;
    };

/**
 * Reads a reference: a Secrets Manager ARN, which may go on with a JSON key, a stage and a version; a Parameter Store
 * ARN; or a bare name.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function parseSecretReference(reference: string, bare: BareName): SecretReference {
  const parts = reference.split(':');
  const [, , service = '', region = '', account = '', resource = ''] = parts;
  if (parts[0] !== 'arn') {
    return bare === 'secret'
      ? { kind: 'secret', id: reference, region: null, stage: null, version: null }
      : { kind: 'parameter', names: [reference], region: null, account: null };
  }
  if (service === 'secretsmanager') {
    const [stage = '', version = ''] = parts.slice(8);
    return { kind: 'secret', id: parts.slice(0, 7).join(':'), region, stage: stage || null, version: version || null };
  }
  // The ARN of `/a/b` and of `a/b` is the same.
  const name = resource.replace(/^parameter\/?/, '');
  return { kind: 'parameter', names: [name, `/${name}`], region, account };
}

/**
 * Whether a secret or parameter exists, the stage and version it names included. A secret that waits for its deletion
 * is gone. JSON keys inside cannot be checked without reading the value.
 */
export function secretExists(reference: string, bare: BareName, reading: SecretReading): Promise<Fact<boolean>> {
  const parsed = parseSecretReference(reference, bare);
  return parsed.kind === 'secret' ? describedSecret(parsed, reading) : describedParameter(parsed, reading);
}

function describedSecret(
  reference: Extract<SecretReference, { kind: 'secret' }>,
  { region, neighboursIn, options }: SecretReading,
): Promise<Fact<boolean>> {
  const { secretsManager, call } = neighboursIn(reference.region || region);
  return call('secretsmanager:DescribeSecret', options, async (abortSignal) => {
    try {
      const command = new DescribeSecretCommand({ SecretId: reference.id });
      return offers(await secretsManager.send(command, { abortSignal }), reference);
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return false;
      throw error;
    }
  });
}

function offers(
  { DeletedDate, VersionIdsToStages = {} }: DescribeSecretCommandOutput,
  { stage, version }: { readonly stage: string | null; readonly version: string | null },
): boolean {
  if (DeletedDate !== undefined) return false;
  if (version !== null && !Object.hasOwn(VersionIdsToStages, version)) return false;
  return stage === null || Object.values(VersionIdsToStages).some((stages) => stages.includes(stage));
}

async function describedParameter(
  reference: Extract<SecretReference, { kind: 'parameter' }>,
  { region, account, neighboursIn, options }: SecretReading,
): Promise<Fact<boolean>> {
  const action = 'ssm:DescribeParameters';
  // Describing lists our own parameters only, so another account's would look absent.
  if (reference.account !== null && account !== null && reference.account !== account) {
    return fail({ kind: 'unsupported', action, words: `The parameter belongs to account ${reference.account}.` });
  }
  const { ssm, call } = neighboursIn(reference.region || region);
  const found = await everyPage((NextToken) =>
    call(action, options, async (abortSignal) => {
      const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [...reference.names] }];
      const page = await ssm.send(new DescribeParametersCommand({ ParameterFilters, NextToken }), { abortSignal });
      return { items: page.Parameters ?? [], nextToken: page.NextToken };
    }),
  );
  return found.ok ? ok(found.value.length > 0) : found;
}
