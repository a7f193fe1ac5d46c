import type { Subject } from '@/lib/domain/change';
import type { Tree } from '@/lib/domain/normalise';

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

/** The group a container's field belongs to. */
export const subjectOfContainerField = (field: string): Subject => own(OF_CONTAINER, field) ?? 'other';

/** The group a field of the task belongs to. */
export const subjectOfTaskField = (field: string): Subject => own(OF_TASK, field) ?? 'other';

/** Where a difference stands: its group, its container (`null` for the task), its path and the field's own name. */
export type Place = {
  readonly subject: Subject;
  readonly container: string | null;
  readonly path: string;
  readonly list: string;
};

/** What people call a field; its path where they have no word for it. */
export const fieldName = ({ path }: Place): string => own(NAMES, path) ?? path.replace(/^task\./, '');

const MEMBERS: Readonly<Record<string, string>> = {
  dockerLabels: 'Label',
  volumes: 'Volume',
  mountPoints: 'Mount',
  volumesFrom: 'Volumes of',
  ulimits: 'Limit',
  dependsOn: 'Starts after',
  systemControls: 'Kernel setting',
  secretOptions: 'Log option',
  properties: 'Proxy property',
  inferenceAccelerators: 'Accelerator',
};

/** What people call a member of a field: `8080/tcp`, `Log option awslogs-group`, a variable by its name. */
export function memberName({ path, list }: Place, key: string, member: Tree | undefined): string {
  if (list === 'portMappings')
    return `${String(member?.containerPort ?? member?.containerPortRange ?? '')}/${String(member?.protocol ?? 'tcp')}`;
  if (list === 'resourceRequirements')
    return member?.type === 'GPU' ? 'GPU' : `Accelerator ${String(member?.value ?? '')}`;
  if (list === 'options') return `${path.startsWith('log') ? 'Log option' : 'FireLens option'} ${key}`;
  const kind = own(MEMBERS, list);
  return kind === undefined ? key : `${kind} ${key}`;
}
