import type { RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import type { OriginalDefinition } from '@/lib/domain/task-definition';

/** Fields ECS returns on describe and does not accept on register. */
type EcsOwnedField = Exclude<keyof TaskDefinition, keyof RegisterTaskDefinitionCommandInput>;

const ECS_OWNED = {
  taskDefinitionArn: true,
  revision: true,
  status: true,
  requiresAttributes: true,
  compatibilities: true,
  registeredAt: true,
  registeredBy: true,
  deregisteredAt: true,
  deleteRequestedAt: true,
} as const satisfies Record<EcsOwnedField, true>; // a field missing here does not compile

const withoutOwned = (definition: TaskDefinition): Record<string, unknown> =>
  Object.fromEntries(Object.entries(definition).filter(([field]) => !Object.hasOwn(ECS_OWNED, field)));

/** Bytes of a definition as its copy would be sent, tags aside: ECS does not count them. */
export const bytesOfCopy = (definition: TaskDefinition): number => bytesOf(withoutOwned(definition));

/** Bytes of a value as JSON. */
export const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/**
 * The input that registers a definition again with the given images.
 *
 * Removes what ECS owns and keeps the rest, empty strings and lists included, so a field AWS adds later is carried.
 * "Everything" passes the version wanted; "only the images" the running one.
 *
 * @param images - Image to run, by container name; an absent container keeps its own.
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html}
 */
export function cloneOf(
  { definition }: OriginalDefinition,
  images: ReadonlyMap<string, string>,
  tags: readonly Tag[],
): RegisterTaskDefinitionCommandInput {
  return {
    ...withoutOwned(definition),
    family: definition.family,
    containerDefinitions: definition.containerDefinitions?.map((container) => ({
      ...container,
      image: images.get(container.name ?? '') ?? container.image,
    })),
    // ECS refuses an empty list.
    ...(tags.length > 0 && { tags: [...tags] }),
  };
}

/** Where a copy comes from, as its tags say it. */
export type Provenance = {
  readonly id: string;
  readonly by: string;
  /** `api:421`, or `api:428 images:421`. */
  readonly copiedFrom: string;
};

const MOST_TAGS = 50;
const LONGEST_TAG_VALUE = 256;
const NOT_IN_A_TAG = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const RESERVED = /^aws:/i;

/** A text as a tag may hold it: of allowed characters, none cut in half, and not of AWS's own namespace. */
const tagValue = (text: string): string =>
  text
    .replace(NOT_IN_A_TAG, '_')
    .replace(RESERVED, 'aws_')
    .slice(0, LONGEST_TAG_VALUE)
    .replace(/[\uD800-\uDBFF]$/, '');

/**
 * Tags of a copy: the user's own, then ours as far as fifty allow. What AWS reserves and what an older rollback left goes.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html} for what a tag may hold.
 */
export function rollbackTags(original: readonly Tag[], { id, by, copiedFrom }: Provenance): Tag[] {
  const kept = original.filter(
    ({ key = '', value = '' }) => !RESERVED.test(key) && !RESERVED.test(value) && !/^ecs-rollback:/i.test(key),
  );
  const ours = [
    ['ecs-rollback:id', id],
    ['ecs-rollback:copied-from', copiedFrom],
    ['ecs-rollback:by', by],
  ].map(([key = '', value = '']) => ({ key, value: tagValue(value) }));
  return [...kept, ...ours.slice(0, Math.max(0, MOST_TAGS - kept.length))];
}

/**
 * Paths in which the registered revision is not what was sent; empty where it is. Environment, secrets and tags are
 * compared by name, everything else in order. What ECS owns is left out, and so is what it fills in where nothing was sent.
 */
export function sameDefinition(
  sent: RegisterTaskDefinitionCommandInput,
  answered: TaskDefinition,
  answeredTags: readonly Tag[],
): readonly string[] {
  const { tags = [], ...planned } = sent;
  return [
    ...differences(byName(planned), byName(withoutOwned(answered)), ''),
    ...differences(keyed(tags ?? [], 'key'), keyed(answeredTags, 'key'), 'tags'),
  ];
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

const keyed = (list: readonly unknown[], key: string): Tree =>
  Object.fromEntries(
    list.map((member, index) => [isTree(member) ? String(member[key] ?? index) : String(index), member]),
  );

/** The definition with environment and secrets keyed by name, because ECS may return them in another order. */
function byName(definition: Tree): Tree {
  const containers = Array.isArray(definition.containerDefinitions) ? definition.containerDefinitions : [];
  return {
    ...definition,
    containerDefinitions: containers.map((container: Tree) => ({
      ...container,
      ...(Array.isArray(container.environment) && { environment: keyed(container.environment, 'name') }),
      ...(Array.isArray(container.secrets) && { secrets: keyed(container.secrets, 'name') }),
    })),
  };
}

/** Members people name themselves: ECS adds none to them. */
const NAMED_BY_PEOPLE = new Set(['environment', 'secrets', 'options', 'dockerLabels', 'driverOpts', 'labels']);

/** What was not sent and comes back is a default ECS filled in; what was sent must come back, and no variable more. */
function namesToCompare(sent: Tree, answered: Tree, path: string): readonly string[] {
  const closed = NAMED_BY_PEOPLE.has(path.slice(path.lastIndexOf('.') + 1));
  const added = Object.keys(answered).filter((name) => closed || NAMED_BY_PEOPLE.has(name));
  return [...new Set([...Object.keys(sent), ...added])];
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isTree(value) && Object.keys(value).length === 0);

function differences(sent: unknown, answered: unknown, path: string): string[] {
  if (isEmpty(sent) && isEmpty(answered)) return [];
  if (Array.isArray(sent) && Array.isArray(answered)) {
    if (sent.length !== answered.length) return [path];
    return sent.flatMap((member, index) => differences(member, answered[index], `${path}[${index}]`));
  }
  if (isTree(sent) && isTree(answered)) {
    return namesToCompare(sent, answered, path).flatMap((name) =>
      differences(sent[name], answered[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return Object.is(sent, answered) ? [] : [path];
}
