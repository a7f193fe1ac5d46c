import type { Change, Subject } from '@/lib/domain/change';
import { type Duplicate, isTree, type Normalised } from '@/lib/domain/normalise';
import { Masked } from '@/lib/domain/sealed';

const COUNTED: Readonly<Record<Subject, readonly [one: string, many: string] | null>> = {
  container: ['container', 'containers'],
  image: ['image', 'images'],
  environment: ['environment variable', 'environment variables'],
  secret: ['secret', 'secrets'],
  role: ['role', 'roles'],
  size: null,
  port: ['port', 'ports'],
  'health-check': null,
  command: null,
  logging: null,
  volume: ['volume setting', 'volume settings'],
  network: ['network setting', 'network settings'],
  other: ['other setting', 'other settings'],
};

/** Whether anything but an image differs: only then people choose what to bring back. */
export const differsBesidesImages = (changes: readonly Change[]): boolean =>
  changes.some(({ subject }) => subject !== 'image');

/** `1 image, 2 environment variables, 1 secret, memory`; empty where nothing differs. */
export function summaryOf(changes: readonly Change[]): string {
  const subjects = [...new Set(changes.map(({ subject }) => subject))];
  return subjects
    .flatMap((subject) =>
      subjectWords(
        subject,
        changes.filter((change) => change.subject === subject),
      ),
    )
    .join(', ');
}

function subjectWords(subject: Subject, changes: readonly Change[]): readonly string[] {
  const counted = COUNTED[subject];
  if (counted !== null) return [`${changes.length} ${changes.length === 1 ? counted[0] : counted[1]}`];
  if (subject === 'health-check') return ['health check'];
  return subject === 'size' ? [...new Set(changes.map(sizeWord))] : [subject];
}

const SIZES: readonly (readonly [RegExp, string])[] = [
  [/memory/i, 'memory'],
  [/cpu/i, 'CPU'],
  [/gpu/i, 'GPU'],
  [/accelerator/i, 'accelerators'],
];

const sizeWord = ({ name }: Change): string => SIZES.find(([pattern]) => pattern.test(name))?.[1] ?? 'storage';

/** `5 things differ: 1 image, …`, or `null` where nothing does. */
export function thingsDiffer(changes: readonly Change[]): string | null {
  if (changes.length === 0) return null;
  const count = changes.length === 1 ? '1 thing differs' : `${changes.length} things differ`;
  return `${count}: ${summaryOf(changes)}.`;
}

const GROUPS: readonly (readonly [Subject, string])[] = [
  ['image', 'images'],
  ['environment', 'environment variables'],
  ['secret', 'secrets'],
  ['role', 'roles'],
  ['size', 'CPU and memory'],
  ['port', 'ports'],
  ['health-check', 'health checks'],
  ['command', 'command'],
  ['logging', 'logging'],
  ['volume', 'volumes'],
  ['network', 'network mode'],
];

/** Groups that no container has a part in. */
const OF_TASK_ALONE: ReadonlySet<Subject> = new Set(['role', 'network']);

/**
 * What is the same, in words: `The same: ports, volumes.`; empty where everything differs. A container that comes or goes
 * brings or takes its own ports, variables and the like, so those are not called the same.
 */
export function theSame(changes: readonly Change[]): string {
  const differing = new Set(changes.map(({ subject }) => subject));
  const same = GROUPS.filter(
    ([subject]) => !differing.has(subject) && (!differing.has('container') || OF_TASK_ALONE.has(subject)),
  ).map(([, words]) => words);
  return same.length === 0 ? '' : `The same: ${same.join(', ')}.`;
}

/** That a name stands more than once, and which of them counts. */
export const duplicateWords = ({ container, name }: Duplicate): string =>
  `${name} stands more than once in ${container}; the last one counts.`;

/** A definition as indented JSON, masked values as "•••". */
export function asJson(definition: Normalised): string {
  const shown = (value: unknown): unknown => {
    if (value instanceof Masked) return '•••';
    if (Array.isArray(value)) return value.map(shown);
    return isTree(value)
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shown(member)]))
      : value;
  };
  return JSON.stringify(shown(definition), null, 2);
}
