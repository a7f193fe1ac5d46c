import { isDeepStrictEqual } from 'node:util';
import type {
  DescribeTaskDefinitionResponse,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { AwsError } from '@/simulator/aws-error';
import { execute } from '@/simulator/execute';
import { emptyWorld } from '@/simulator/world';

/** What became of one file. */
export type Outcome =
  | { readonly kind: 'round-trip'; readonly file: string }
  | { readonly kind: 'refused'; readonly file: string; readonly reason: string }
  | { readonly kind: 'deviates'; readonly file: string; readonly reason: string };

const ACCOUNT = '111111111111';
const OWNER = {
  arn: `arn:aws:iam::${ACCOUNT}:user/demo`,
  account: ACCOUNT,
  userId: 'AIDA',
  roleActions: null,
  sessionActions: null,
  sourceIdentity: null,
};

/** Members ECS alone writes. */
const ECS_OWNED = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
] as const;

/** Registers a file's definition, and a copy of its description; both must say all that the file says. */
export function registerTwice(file: string, text: string): Outcome {
  const world = emptyWorld('empty', 1);
  const ask = <Answer>(operation: string, input: object): Answer =>
    execute(world, 0, {
      service: 'ecs',
      operation,
      region: 'eu-west-1',
      input: { ...input },
      principal: OWNER,
    }) as Answer;
  const said = (taskDefinition: string | undefined): DescribeTaskDefinitionResponse =>
    ask('DescribeTaskDefinition', { taskDefinition, include: ['TAGS'] });
  try {
    const request: object = JSON.parse(text);
    const first = ask<RegisterTaskDefinitionResponse>('RegisterTaskDefinition', request).taskDefinition;
    const { taskDefinition, tags = [] } = said(first?.taskDefinitionArn);
    const body = bodyOf(taskDefinition);
    const copy = { ...body, ...(tags.length > 0 && { tags }) };
    const second = ask<RegisterTaskDefinitionResponse>('RegisterTaskDefinition', copy).taskDefinition;
    const lost = missingFrom({ ...body, tags }, withoutEcsOwned(request), '');
    if (lost !== null) return { kind: 'deviates', file, reason: `lost or changed ${lost}` };
    const again = said(second?.taskDefinitionArn);
    return isDeepStrictEqual(bodyOf(again.taskDefinition), body) && isDeepStrictEqual(again.tags, tags)
      ? { kind: 'round-trip', file }
      : { kind: 'deviates', file, reason: 'the copy says something else' };
  } catch (error) {
    if (error instanceof AwsError) return { kind: 'refused', file, reason: `${error.code}: ${error.message}` };
    if (error instanceof SyntaxError) return { kind: 'refused', file, reason: `not JSON: ${error.message}` };
    throw error;
  }
}

const withoutEcsOwned = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([member]) => !ECS_OWNED.some((owned) => owned === member)));

const bodyOf = (definition: TaskDefinition | undefined): object => withoutEcsOwned(definition ?? {});

/** The first path of `wanted` that `kept` does not say alike, or `null`. Nulls are no values; sizes may be normalised. */
function missingFrom(kept: unknown, wanted: unknown, path: string): string | null {
  if (wanted === null) return null;
  if (path === '.cpu' || path === '.memory') return kept === undefined ? path : null;
  if (typeof wanted !== 'object') return kept === wanted ? null : path;
  for (const [name, value] of Object.entries(wanted)) {
    const there = kept !== null && typeof kept === 'object' ? (kept as Record<string, unknown>)[name] : undefined;
    const lost = missingFrom(there, value, `${path}.${name}`);
    if (lost !== null) return lost;
  }
  return null;
}
