import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { Masked } from '@/lib/domain/sealed';
import type { ShownDefinition } from '@/lib/domain/task-definition';

/** Log and firelens options that name a place, not a secret. */
const CLEAR_OPTIONS = new Set([
  'awslogs-group',
  'awslogs-region',
  'awslogs-stream-prefix',
  'awslogs-create-group',
  'mode',
]);

/** Every field of a container whose contents may be shown; `x` hides within, anything not named here is masked whole. */
const CLEAR_IN_CONTAINER = new Set([
  'name',
  'image',
  'repositoryCredentials',
  'cpu',
  'memory',
  'memoryReservation',
  'links',
  'portMappings',
  'essential',
  'restartPolicy',
  'environmentFiles',
  'mountPoints',
  'volumesFrom',
  'linuxParameters',
  'secrets',
  'dependsOn',
  'startTimeout',
  'stopTimeout',
  'versionConsistency',
  'hostname',
  'user',
  'workingDirectory',
  'disableNetworking',
  'privileged',
  'readonlyRootFilesystem',
  'dnsServers',
  'dnsSearchDomains',
  'extraHosts',
  'dockerSecurityOptions',
  'interactive',
  'pseudoTerminal',
  'ulimits',
  'systemControls',
  'resourceRequirements',
  'credentialSpecs',
]);

const CLEAR_IN_TASK = new Set([
  'taskDefinitionArn',
  'family',
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'revision',
  'status',
  'requiresAttributes',
  'placementConstraints',
  'compatibilities',
  'runtimePlatform',
  'requiresCompatibilities',
  'cpu',
  'memory',
  'inferenceAccelerators',
  'pidMode',
  'ipcMode',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
  'ephemeralStorage',
  'enableFaultInjection',
]);

const CLEAR_IN_VOLUME = new Set([
  'name',
  'host',
  'efsVolumeConfiguration',
  's3filesVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
  'configuredAtLaunch',
]);

const MASKED_IN_DOCKER_VOLUME = new Set(['driverOpts', 'labels']);

const USER_IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]+@/gi;
const withoutUser = (text: string): string => text.replace(USER_IN_URL, '$1');

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/**
 * The definition as it may be shown. Environment values, commands, health-check commands, labels, log and driver options,
 * proxy properties and every field we do not know become {@link Masked}; user info leaves URLs; names stay.
 *
 * @param fingerprint - Keyed hash of a text, so that two masked values can be compared and nothing more.
 * @param showValuesOf - Names of environment variables that are clear for everybody.
 */
export function maskDefinition(
  definition: TaskDefinition,
  fingerprint: (text: string) => string,
  showValuesOf: ReadonlySet<string>,
): ShownDefinition {
  const mask = (value: unknown): Masked =>
    new Masked(fingerprint(typeof value === 'string' ? value : JSON.stringify(value)));
  const clear = (value: unknown): unknown => {
    if (typeof value === 'string') return withoutUser(value);
    if (isList(value)) return value.map(clear);
    if (isTree(value) && !(value instanceof Date)) return mapTree(value, (member) => clear(member));
    return value;
  };
  const maskAll = (value: unknown): unknown => {
    if (isList(value)) return value.map(mask);
    return isTree(value) ? mapTree(value, mask) : mask(value);
  };
  const options = (value: unknown): unknown =>
    isTree(value)
      ? mapTree(value, (member, name) => (CLEAR_OPTIONS.has(name) ? clear(member) : mask(member)))
      : mask(value);
  const withOptions = (value: unknown): unknown =>
    isTree(value)
      ? mapTree(value, (member, name) => (name === 'options' ? options(member) : clear(member)))
      : mask(value);
  const variable = (value: unknown): unknown => {
    if (!isTree(value)) return mask(value);
    const shown = typeof value.name === 'string' && showValuesOf.has(value.name);
    return mapTree(value, (member, name) => (name === 'name' || shown ? clear(member) : mask(member)));
  };
  const inContainer: Record<string, (value: unknown) => unknown> = {
    environment: (value) => (isList(value) ? value.map(variable) : mask(value)),
    command: maskAll,
    entryPoint: maskAll,
    healthCheck: (value) =>
      isTree(value)
        ? mapTree(value, (member, name) => (name === 'command' ? maskAll(member) : clear(member)))
        : mask(value),
    dockerLabels: maskAll,
    logConfiguration: withOptions,
    firelensConfiguration: withOptions,
  };
  const container = (value: unknown): unknown =>
    isTree(value)
      ? mapTree(value, (member, name) => {
          if (CLEAR_IN_CONTAINER.has(name)) return clear(member);
          return Object.hasOwn(inContainer, name) ? inContainer[name]?.(member) : mask(member);
        })
      : mask(value);
  const volume = (value: unknown): unknown =>
    isTree(value)
      ? mapTree(value, (member, name) => {
          if (name !== 'dockerVolumeConfiguration') return CLEAR_IN_VOLUME.has(name) ? clear(member) : mask(member);
          return isTree(member)
            ? mapTree(member, (inner, key) => (MASKED_IN_DOCKER_VOLUME.has(key) ? maskAll(inner) : clear(inner)))
            : mask(member);
        })
      : mask(value);
  const proxy = (value: unknown): unknown =>
    isTree(value)
      ? mapTree(value, (member, name) =>
          name === 'properties' && isList(member) ? member.map(variable) : clear(member),
        )
      : mask(value);
  const inTask: Record<string, (value: unknown) => unknown> = {
    containerDefinitions: (value) => (isList(value) ? value.map(container) : mask(value)),
    volumes: (value) => (isList(value) ? value.map(volume) : mask(value)),
    proxyConfiguration: proxy,
  };
  return mapTree(definition as Tree, (member, name) => {
    if (CLEAR_IN_TASK.has(name)) return clear(member);
    return Object.hasOwn(inTask, name) ? inTask[name]?.(member) : mask(member);
  }) as ShownDefinition;
}

/** A tree with every member mapped; `__proto__` stays an ordinary name, undefined members go. */
function mapTree(tree: Tree, map: (member: unknown, name: string) => unknown): Tree {
  const entries = Object.entries(tree).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(entries.map(([name, member]) => [name, map(member, name)]));
}

const SHORTEST_SECRET = 4;

/** Every masked text of four or more characters in a definition, longest first: what a text from AWS must not repeat. */
export function secretTexts(definition: TaskDefinition): readonly string[] {
  const texts = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === 'string') texts.add(value);
    else if (isList(value)) value.forEach(add);
    else if (isTree(value)) Object.values(value).forEach(add);
  };
  for (const container of definition.containerDefinitions ?? []) {
    for (const { value } of container.environment ?? []) add(value);
    add([container.command, container.entryPoint, container.healthCheck?.command, container.dockerLabels]);
    for (const options of [container.logConfiguration?.options, container.firelensConfiguration?.options]) {
      for (const [name, value] of Object.entries(options ?? {})) if (!CLEAR_OPTIONS.has(name)) add(value);
    }
    for (const [name, value] of Object.entries(container)) {
      if (!CLEAR_IN_CONTAINER.has(name) && !MASKED_IN_CONTAINER.has(name)) add(value);
    }
  }
  for (const { dockerVolumeConfiguration, ...volume } of definition.volumes ?? []) {
    add([dockerVolumeConfiguration?.driverOpts, dockerVolumeConfiguration?.labels]);
    for (const [name, value] of Object.entries(volume)) if (!CLEAR_IN_VOLUME.has(name)) add(value);
  }
  for (const { value } of definition.proxyConfiguration?.properties ?? []) add(value);
  for (const [name, value] of Object.entries(definition)) {
    if (!CLEAR_IN_TASK.has(name) && !MASKED_IN_TASK.has(name)) add(value);
  }
  return [...texts].filter((text) => text.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
}

const MASKED_IN_CONTAINER = new Set([
  'environment',
  'command',
  'entryPoint',
  'healthCheck',
  'dockerLabels',
  'logConfiguration',
  'firelensConfiguration',
]);

const MASKED_IN_TASK = new Set(['containerDefinitions', 'volumes', 'proxyConfiguration']);

const ACCESS_KEY = /\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g;

/** A text of AWS without the given secrets, user info in URLs and access key ids. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const cleaned = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
  return withoutUser(cleaned).replace(ACCESS_KEY, '[hidden]');
}
