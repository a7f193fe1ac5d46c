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

/** Lists whose order means something. */
const ORDERED = new Set(['command', 'entryPoint', 'dnsServers', 'dnsSearchDomains']);

/** What tells the members of a list apart, by the list's name. Of two with one key the last wins. */
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
  resourceRequirements: ['type', 'value'],
  devices: ['hostPath', 'containerPath'],
  tmpfs: ['containerPath'],
  inferenceAccelerators: ['deviceName'],
  placementConstraints: ['type', 'expression'],
};

/** The key of a list's member, as text; `null` where the list has none by that name. */
export function keyOf(list: string, member: unknown): string | null {
  const fields = KEYS[list];
  if (fields === undefined || !isTree(member)) return null;
  return fields
    .map((field) => member[field])
    .filter((part) => part !== undefined && part !== null)
    .map(String)
    .join('/');
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
  if (KEYS[name] !== undefined) {
    const keyed = new Map(members.map((member) => [keyOf(name, member) ?? '', member]));
    return [...keyed].sort(([a], [b]) => compare(a, b)).map(([, member]) => member);
  }
  // Members that cannot be told apart by text keep their order.
  return members.every((member) => typeof member === 'string' || typeof member === 'number')
    ? [...members].sort((a, b) => compare(String(a), String(b)))
    : members;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Names that stand more than once in a list that should name each once; of those the last wins, and this is said. */
export function duplicateNames(shown: ShownDefinition): readonly string[] {
  return (shown.containerDefinitions ?? []).flatMap(({ name, environment = [], secrets = [] }) => {
    const names = [...environment, ...secrets].map((member) => member.name ?? '');
    const twice = names.filter((variable, index) => names.indexOf(variable) !== index);
    return [...new Set(twice)].map((variable) => `${name ?? ''}: ${variable}`);
  });
}
