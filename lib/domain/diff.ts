import { type Change, SUBJECTS, type Subject } from '@/lib/domain/change';
import { parseImage, shortImage } from '@/lib/domain/image';
import { isTree, keyOf, type Normalised, type Tree } from '@/lib/domain/normalise';
import { Masked } from '@/lib/domain/sealed';
import type { Digests } from '@/lib/domain/service';

/** Digests the two sides ran, or will run, with. */
export type BothDigests = { readonly now: Digests; readonly willBe: Digests };

const OF_CONTAINER: Readonly<Record<string, Subject>> = {
  image: 'image',
  environment: 'environment',
  environmentFiles: 'environment',
  secrets: 'secret',
  repositoryCredentials: 'secret',
  credentialSpecs: 'secret',
  cpu: 'size',
  memory: 'size',
  memoryReservation: 'size',
  resourceRequirements: 'size',
  portMappings: 'port',
  healthCheck: 'health-check',
  command: 'command',
  entryPoint: 'command',
  workingDirectory: 'command',
  user: 'command',
  logConfiguration: 'logging',
  firelensConfiguration: 'logging',
  mountPoints: 'volume',
  volumesFrom: 'volume',
  links: 'network',
  hostname: 'network',
  dnsServers: 'network',
  dnsSearchDomains: 'network',
  extraHosts: 'network',
  disableNetworking: 'network',
};

const OF_TASK: Readonly<Record<string, Subject>> = {
  taskRoleArn: 'role',
  executionRoleArn: 'role',
  cpu: 'size',
  memory: 'size',
  ephemeralStorage: 'size',
  inferenceAccelerators: 'size',
  volumes: 'volume',
  networkMode: 'network',
  proxyConfiguration: 'network',
};

const NAMES: Readonly<Record<string, string>> = {
  'task.cpu': 'Task CPU',
  'task.memory': 'Task memory',
  'task.taskRoleArn': 'Task role',
  'task.executionRoleArn': 'Execution role',
  'task.networkMode': 'Network mode',
  'task.ephemeralStorage.sizeInGiB': 'Ephemeral storage',
  'task.family': 'Family',
  'task.pidMode': 'PID mode',
  'task.ipcMode': 'IPC mode',
  'task.runtimePlatform.cpuArchitecture': 'CPU architecture',
  'task.runtimePlatform.operatingSystemFamily': 'Operating system',
  cpu: 'CPU',
  memory: 'Memory',
  memoryReservation: 'Memory reservation',
  command: 'Command',
  entryPoint: 'Entry point',
  image: 'Image',
  workingDirectory: 'Working directory',
  user: 'User',
  'healthCheck.command': 'Health check command',
  'healthCheck.interval': 'Health check interval',
  'healthCheck.timeout': 'Health check timeout',
  'healthCheck.retries': 'Health check retries',
  'healthCheck.startPeriod': 'Health check start period',
  'logConfiguration.logDriver': 'Log driver',
};

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/**
 * What differs between two definitions, now → will be, sorted by risk. Containers that come or go stand first and whole; a
 * field nobody foresaw becomes `other`. Task definition tags are no part of a definition.
 *
 * @param digests - Where known for both sides, images are compared by them: one tag may name two images.
 */
export function diff(now: Normalised, willBe: Normalised, digests?: BothDigests): readonly Change[] {
  const before = containersOf(now);
  const after = containersOf(willBe);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const ofContainers = names.flatMap((name) => containerChanges(name, before.get(name), after.get(name), digests));
  const fields = [...new Set([...Object.keys(now), ...Object.keys(willBe)])].filter(
    (field) => field !== 'containerDefinitions',
  );
  const ofTask = fields.flatMap((field) =>
    fieldChanges(
      { subject: own(OF_TASK, field) ?? 'other', container: null, path: `task.${field}`, list: field },
      now[field],
      willBe[field],
    ),
  );
  return [...ofContainers, ...ofTask].sort((a, b) => SUBJECTS.indexOf(a.subject) - SUBJECTS.indexOf(b.subject));
}

function containersOf(definition: Normalised): ReadonlyMap<string, Tree> {
  const list = Array.isArray(definition.containerDefinitions) ? definition.containerDefinitions.filter(isTree) : [];
  return new Map(list.map((container) => [String(container.name ?? ''), container]));
}

function containerChanges(
  name: string,
  before: Tree | undefined,
  after: Tree | undefined,
  digests: BothDigests | undefined,
): Change[] {
  if (before === undefined || after === undefined) {
    const kind = before === undefined ? 'added' : 'removed';
    const image = (side: Tree | undefined): string | null =>
      side === undefined ? null : shortImage(String(side.image ?? ''));
    return [
      { subject: 'container', container: name, name, kind, before: image(before), after: image(after), note: null },
    ];
  }
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => field !== 'name');
  return fields.flatMap((field) =>
    field === 'image'
      ? imageChange(name, String(before.image ?? ''), String(after.image ?? ''), digests)
      : fieldChanges(
          { subject: own(OF_CONTAINER, field) ?? 'other', container: name, path: field, list: field },
          before[field],
          after[field],
        ),
  );
}

function imageChange(container: string, before: string, after: string, digests: BothDigests | undefined): Change[] {
  const digestNow = parseImage(before).digest ?? digests?.now.get(container);
  const digestThen = parseImage(after).digest ?? digests?.willBe.get(container);
  const bothKnown = digestNow !== undefined && digestThen !== undefined;
  const sameImage = bothKnown
    ? digestNow === digestThen && parseImage(before).name === parseImage(after).name
    : before === after;
  if (sameImage) return [];
  const [shortNow, shortThen] = [shortImage(before), shortImage(after)];
  const sameTag = before === after ? 'same tag, different image' : null;
  const otherRegistry = shortNow === shortThen && before !== after ? 'from another registry' : null;
  return [
    {
      subject: 'image',
      container,
      name: container,
      kind: 'changed',
      before: shortNow,
      after: shortThen,
      note: sameTag ?? otherRegistry,
    },
  ];
}

type Place = {
  readonly subject: Subject;
  readonly container: string | null;
  readonly path: string;
  readonly list: string;
};

/** Changes below one field: keyed lists member by member, trees field by field, all else as one value. */
function fieldChanges(place: Place, before: unknown, after: unknown): Change[] {
  if (same(before, after)) return [];
  if (isKeyedList(place.list, before) && isKeyedList(place.list, after))
    return memberChanges(place, asList(before), asList(after));
  if (place.path.endsWith('.options') || place.path === 'dockerLabels')
    return memberChanges(place, entries(before), entries(after));
  if ((isTree(before) || before === undefined) && (isTree(after) || after === undefined)) {
    const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    return fields.flatMap((field) =>
      fieldChanges(
        { ...place, path: `${place.path}.${field}`, list: field },
        (before as Tree | undefined)?.[field],
        (after as Tree | undefined)?.[field],
      ),
    );
  }
  return [change(place, nameOf(place), before, after)];
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isKeyedList = (name: string, value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every((member) => keyOf(name, member) !== null));

/** A free-form map as a list of its members, so that names are shown and values compared. */
const entries = (value: unknown): readonly unknown[] =>
  isTree(value) ? Object.entries(value).map(([name, member]) => ({ name, value: member })) : [];

function memberChanges(place: Place, before: readonly unknown[], after: readonly unknown[]): Change[] {
  const keyed = (list: readonly unknown[]): Map<string, Tree> =>
    new Map(list.filter(isTree).map((member) => [keyOf(place.list, member) ?? String(member.name ?? ''), member]));
  const [now, then] = [keyed(before), keyed(after)];
  return [...new Set([...now.keys(), ...then.keys()])].sort().flatMap((key) => {
    const [a, b] = [now.get(key), then.get(key)];
    return same(a, b) ? [] : [change(place, memberName(place, key, b ?? a), shownPart(place, a), shownPart(place, b))];
  });
}

function memberName(place: Place, key: string, member: Tree | undefined): string {
  if (place.list === 'portMappings')
    return `${String(member?.containerPort ?? member?.containerPortRange ?? '')}/${String(member?.protocol ?? 'tcp')}`;
  if (place.list === 'options') return `${place.path.startsWith('log') ? 'Log option' : 'FireLens option'} ${key}`;
  if (place.list === 'dockerLabels') return `Label ${key}`;
  if (place.list === 'volumes') return `Volume ${key}`;
  if (place.list === 'mountPoints') return `Mount ${key}`;
  return key;
}

/** The part of a keyed member that is worth showing: `valueFrom` of a secret, `value` of a variable, all of the rest. */
function shownPart(place: Place, member: Tree | undefined): unknown {
  if (member === undefined) return undefined;
  if (place.subject === 'environment' || place.list === 'options' || place.list === 'dockerLabels')
    return member.value ?? '';
  if (place.list === 'secrets' || place.list === 'secretOptions') return member.valueFrom ?? '';
  return member;
}

function nameOf({ path, container }: Place): string {
  const named = own(NAMES, path);
  if (named !== undefined) return named;
  return container === null ? path.replace(/^task\./, '') : path;
}

function change(place: Place, name: string, before: unknown, after: unknown): Change {
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const [a, b] = [words(place, before), words(place, after)];
  const masked = hasMasked(before) || hasMasked(after);
  const note = !masked && place.subject === 'size' ? ratio(before, after) : null;
  return {
    subject: place.subject,
    container: place.container,
    name,
    kind,
    before: masked ? null : a,
    after: masked ? null : b,
    note,
  };
}

const hasMasked = (value: unknown): boolean =>
  value instanceof Masked ||
  (Array.isArray(value) ? value.some(hasMasked) : isTree(value) && Object.values(value).some(hasMasked));

/** A value in words: what people call it, with units; compact JSON where it has parts. */
function words(place: Place, value: unknown): string | null {
  if (value === undefined || value === null || hasMasked(value)) return null;
  if (place.path.endsWith('memory') || place.path === 'memoryReservation') return `${String(value)} MiB`;
  if (place.path === 'task.cpu' || place.path === 'cpu') return `${String(value)} CPU units`;
  if (place.path.endsWith('sizeInGiB')) return `${String(value)} GiB`;
  if (place.subject === 'role' && typeof value === 'string') return value.slice(value.lastIndexOf('/') + 1);
  if (place.subject === 'secret' && typeof value === 'string') return tail(value);
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  if (Array.isArray(value) && value.every((member) => typeof member !== 'object')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The end of where a secret points: the beginning names account and region, which rarely differ. */
function tail(valueFrom: string): string {
  const [, , , , , ...rest] = valueFrom.split(':');
  const path = rest.length > 0 ? rest.join(':').replace(/^(secret|parameter)[:/]?/, '') : valueFrom;
  const slash = path.lastIndexOf('/');
  return slash === -1 ? path : `…${path.slice(slash)}`;
}

const RATIOS: readonly (readonly [number, string])[] = [
  [0.25, 'a quarter'],
  [0.5, 'half'],
  [2, 'double'],
  [4, 'four times'],
];

function ratio(before: unknown, after: unknown): string | null {
  const [a, b] = [Number(before), Number(after)];
  if (!Number.isFinite(a) || !Number.isFinite(b) || a <= 0) return null;
  return RATIOS.find(([factor]) => b / a === factor)?.[1] ?? null;
}

/** Whether two values are the same, masked ones by fingerprint. */
export function same(a: unknown, b: unknown): boolean {
  if (a instanceof Masked) return a.equals(b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((member, index) => same(member, b[index]));
  if (!isTree(a) || !isTree(b)) return Object.is(a, b);
  const [ofA, ofB] = [Object.keys(a), Object.keys(b)];
  return ofA.length === ofB.length && ofA.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]));
}
