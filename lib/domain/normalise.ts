import { Masked } from '@/lib/domain/sealed';
import type { ShownDefinition } from '@/lib/domain/task-definition';

declare const normalised: unique symbol;

/** A definition with defaults filled and meaningless order removed; only {@link normalise} makes one. */
export type Normalised = { readonly [normalised]: true } & Readonly<Record<string, unknown>>;

/** A JSON object whose leaves may be masked. */
export type Tree = Readonly<Record<string, unknown>>;

/** Whether a value has members of its own; lists and masked values have none. */
export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Masked) &&
  !(value instanceof Date);

/** What only ECS writes. */
const ECS_WRITES = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
  'requiresAttributes',
  'compatibilities',
]);

/** Lists whose order means something: of name servers the first is asked first, of files the first that names a variable. */
const ORDERED = new Set(['command', 'entryPoint', 'dnsServers', 'dnsSearchDomains', 'environmentFiles']);

/** Lists that name each member once: of two with one name the last wins. */
const LAST_WINS = new Set(['environment', 'secrets', 'secretOptions', 'properties']);

/** What tells the members of a list apart, by the list's name. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  containerDefinitions: ['name'],
  environment: ['name'],
  environmentFiles: ['value'],
  secrets: ['name'],
  secretOptions: ['name'],
  properties: ['name'],
  volumes: ['name'],
  portMappings: ['containerPort', 'containerPortRange', 'protocol'],
  mountPoints: ['containerPath'],
  volumesFrom: ['sourceContainer'],
  ulimits: ['name'],
  systemControls: ['namespace'],
  dependsOn: ['containerName'],
  extraHosts: ['hostname', 'ipAddress'],
  resourceRequirements: ['type'],
  devices: ['hostPath', 'containerPath'],
  tmpfs: ['containerPath'],
  inferenceAccelerators: ['deviceName'],
  placementConstraints: ['type', 'expression'],
};

/** The key of a list's member, as text; `null` where the list has none by that name. */
export function keyOf(list: string, member: unknown): string | null {
  const fields = Object.hasOwn(KEYS, list) ? KEYS[list] : undefined;
  if (fields === undefined || !isTree(member)) return null;
  return fields
    .map((field) => member[field])
    .filter((part) => part !== undefined && part !== null)
    .map(String)
    .join('/');
}

/**
 * The members of a list by their key. Where a list names each once, the last of one name stands for all; elsewhere those
 * that share a key, such as one container port on two host ports, are counted: `8080/tcp`, `8080/tcp #2`.
 */
export function identified<T>(list: string, members: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const member of members) {
    const key = keyOf(list, member) ?? '';
    let free = key;
    for (let count = 2; found.has(free) && !LAST_WINS.has(list); count += 1) free = `${key} #${count}`;
    found.set(free, member);
  }
  return found;
}

const UNITS: readonly (readonly [RegExp, (amount: number) => number])[] = [
  [/^([\d.]+)\s*v?cpu$/i, (amount) => amount * 1024],
  [/^([\d.]+)\s*gb$/i, (amount) => amount * 1024],
  [/^([\d.]+)\s*mb?$/i, (amount) => amount],
];

/** `1 vCPU` as `1024`, `2GB` as `2048`: what ECS stores. */
export function amount(text: string): string {
  for (const [unit, value] of UNITS) {
    const [, number] = unit.exec(text.trim()) ?? [];
    if (number !== undefined) return String(value(Number(number)));
  }
  return text;
}

/**
 * Fills what AWS fills, drops what only ECS writes, and removes order and emptiness that mean nothing. Normalising twice
 * is normalising once. An absent list equals an empty one; an empty variable is not an absent one.
 */
export function normalise(shown: ShownDefinition): Normalised {
  const fields = Object.entries(shown).filter(([name]) => !ECS_WRITES.has(name));
  const task = Object.fromEntries(fields) as Record<string, unknown>;
  for (const size of ['cpu', 'memory']) {
    const written = task[size];
    if (typeof written === 'string') task[size] = amount(written);
  }
  const network = task.networkMode;
  if (Array.isArray(task.containerDefinitions)) {
    task.containerDefinitions = task.containerDefinitions.map((container) =>
      isTree(container) ? filled(container, network) : container,
    );
  }
  return tidy(task, '') as Normalised;
}

function filled(container: Tree, network: unknown): Tree {
  const ports = Array.isArray(container.portMappings) ? container.portMappings : [];
  return {
    ...container,
    essential: container.essential ?? true,
    cpu: container.cpu ?? 0,
    portMappings: ports.map((port) => (isTree(port) ? filledPort(port, network) : port)),
  };
}

function filledPort(port: Tree, network: unknown): Tree {
  const hostIsContainer = network === 'awsvpc' || network === 'host';
  const host = port.hostPort ?? (hostIsContainer ? port.containerPort : 0);
  const isRange = port.containerPortRange !== undefined && port.containerPortRange !== null;
  return { ...port, protocol: port.protocol ?? 'tcp', ...(!isRange && { hostPort: host }) };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) ? value.length === 0 : isTree(value) && Object.keys(value).length === 0);

/** Sorts what has no order and leaves out what is empty. */
function tidy(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return tidyList(value, name);
  if (!isTree(value)) return value instanceof Date ? value.toISOString() : value;
  const members = Object.entries(value)
    .map(([key, member]) => [key, tidy(member, key)] as const)
    .filter(([, member]) => !isEmpty(member));
  return Object.fromEntries(members.sort(([a], [b]) => compare(a, b)));
}

function tidyList(list: readonly unknown[], name: string): readonly unknown[] {
  const members = list.map((member) => tidy(member, ''));
  if (ORDERED.has(name)) return members;
  if (Object.hasOwn(KEYS, name)) {
    const sorted = LAST_WINS.has(name) ? members : [...members].sort((a, b) => compare(textOf(a), textOf(b)));
    return [...identified(name, sorted)].sort(([a], [b]) => compare(a, b)).map(([, member]) => member);
  }
  // Members that cannot be told apart by text keep their order.
  return members.every((member) => typeof member === 'string' || typeof member === 'number')
    ? [...members].sort((a, b) => compare(String(a), String(b)))
    : members;
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A name that stands more than once in a container's variables and secrets. */
export type Duplicate = { readonly container: string; readonly name: string };

/** Names that stand more than once where each should stand once; of those the last wins, and this is said. */
export function duplicateNames(shown: ShownDefinition): readonly Duplicate[] {
  return (shown.containerDefinitions ?? []).flatMap(({ name: container = '', environment = [], secrets = [] }) => {
    const names = [...environment, ...secrets].map(({ name = '' }) => name);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    return [...new Set(twice)].map((name) => ({ container, name }));
  });
}
