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

/** Log groups that must exist before a task starts, with the Region they are in; `null` for the target's own. */
export function logGroupsNamed(definitions: Definitions): ReadonlyMap<string, string | null> {
  const groups = containersOf(definitions).flatMap(({ logConfiguration }) => {
    const { logDriver, options = {} } = logConfiguration ?? {};
    const name = options['awslogs-group'];
    if (logDriver !== 'awslogs' || typeof name !== 'string' || options['awslogs-create-group'] === 'true') return [];
    return [[name, textOf(options['awslogs-region'])] as const];
  });
  return new Map(groups);
}

const textOf = (value: Shown | undefined): string | null => (typeof value === 'string' ? value : null);
