import type { Shown, ShownContainer, ShownDefinition } from '@/lib/domain/task-definition';

type Definitions = readonly ShownDefinition[];

const containersOf = (definitions: Definitions): readonly ShownContainer[] =>
  definitions.flatMap(({ containerDefinitions = [] }) => containerDefinitions);

const present = (values: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(values.flatMap((value) => (value === undefined || value === '' ? [] : [value]))),
];

/** What a reference without an ARN names: variables take parameters, credentials take secrets. */
export type BareName = 'parameter' | 'secret';

/** References to secrets and parameters: variables, log secrets, registry and file-system credentials. */
export function secretsNamed(definitions: Definitions): ReadonlyMap<string, BareName> {
  const containers = containersOf(definitions);
  const values = containers.flatMap(({ secrets = [], logConfiguration }) =>
    [...secrets, ...(logConfiguration?.secretOptions ?? [])].map(({ valueFrom }) => valueFrom),
  );
  const credentials = [
    ...containers.map(({ repositoryCredentials }) => repositoryCredentials?.credentialsParameter),
    ...definitions.flatMap(({ volumes = [] }) => volumes.map(windowsCredentials)),
  ];
  return new Map([
    ...present(values).map((name) => [name, 'parameter'] as const),
    ...present(credentials).map((name) => [name, 'secret'] as const),
  ]);
}

function windowsCredentials(volume: Readonly<Record<string, unknown>>): string | undefined {
  const { fsxWindowsFileServerVolumeConfiguration: windows } = volume as {
    fsxWindowsFileServerVolumeConfiguration?: { authorizationConfig?: { credentialsParameter?: unknown } };
  };
  const credentials = windows?.authorizationConfig?.credentialsParameter;
  return typeof credentials === 'string' ? credentials : undefined;
}

/** Task and execution roles, each once. */
export const rolesNamed = (definitions: Definitions): readonly string[] =>
  present(definitions.flatMap(({ taskRoleArn, executionRoleArn }) => [taskRoleArn, executionRoleArn]));

/** A log group, and the Region it is in; `null` for the target's own. */
export type LogGroup = { readonly name: string; readonly region: string | null };

/** Log groups that must exist before a task starts, by name; one that is wanted in a second Region goes by both. */
export function logGroupsNamed(definitions: Definitions): ReadonlyMap<string, LogGroup> {
  const groups = new Map<string, LogGroup>();
  for (const { logConfiguration } of containersOf(definitions)) {
    const { logDriver, options = {} } = logConfiguration ?? {};
    const name = options['awslogs-group'];
    if (logDriver !== 'awslogs' || typeof name !== 'string' || options['awslogs-create-group'] === 'true') continue;
    const region = textOf(options['awslogs-region']);
    const isElsewhere = (groups.get(name)?.region ?? region) !== region;
    groups.set(isElsewhere ? `${name} in ${region}` : name, { name, region });
  }
  return groups;
}

const textOf = (value: Shown | undefined): string | null => (typeof value === 'string' ? value : null);
