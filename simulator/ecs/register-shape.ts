import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { AwsError } from '@/simulator/aws-error';

/** The type a member has: a scalar, a list of something, a map of strings, or a structure. */
type Shape = 'string' | 'number' | 'boolean' | 'strings' | 'map' | readonly [Members] | Members;
type Members = { readonly [name: string]: Shape };

const PAIR: Members = { name: 'string', value: 'string' };
const SECRET: Members = { name: 'string', valueFrom: 'string' };

const CONTAINER: Members = {
  name: 'string',
  image: 'string',
  repositoryCredentials: { credentialsParameter: 'string' },
  cpu: 'number',
  memory: 'number',
  memoryReservation: 'number',
  links: 'strings',
  portMappings: [
    {
      containerPort: 'number',
      hostPort: 'number',
      protocol: 'string',
      name: 'string',
      appProtocol: 'string',
      containerPortRange: 'string',
    },
  ],
  essential: 'boolean',
  restartPolicy: { enabled: 'boolean', restartAttemptPeriod: 'number' },
  entryPoint: 'strings',
  command: 'strings',
  environment: [PAIR],
  environmentFiles: [{ value: 'string', type: 'string' }],
  mountPoints: [{ sourceVolume: 'string', containerPath: 'string', readOnly: 'boolean' }],
  volumesFrom: [{ sourceContainer: 'string', readOnly: 'boolean' }],
  linuxParameters: {
    initProcessEnabled: 'boolean',
    sharedMemorySize: 'number',
    maxSwap: 'number',
    swappiness: 'number',
  },
  secrets: [SECRET],
  dependsOn: [{ containerName: 'string', condition: 'string' }],
  startTimeout: 'number',
  stopTimeout: 'number',
  versionConsistency: 'string',
  hostname: 'string',
  user: 'string',
  workingDirectory: 'string',
  disableNetworking: 'boolean',
  privileged: 'boolean',
  readonlyRootFilesystem: 'boolean',
  dnsServers: 'strings',
  dnsSearchDomains: 'strings',
  extraHosts: [{ hostname: 'string', ipAddress: 'string' }],
  dockerSecurityOptions: 'strings',
  interactive: 'boolean',
  pseudoTerminal: 'boolean',
  dockerLabels: 'map',
  ulimits: [{ name: 'string', softLimit: 'number', hardLimit: 'number' }],
  logConfiguration: { logDriver: 'string', options: 'map', secretOptions: [SECRET] },
  healthCheck: { command: 'strings', interval: 'number', timeout: 'number', retries: 'number', startPeriod: 'number' },
  systemControls: [{ namespace: 'string', value: 'string' }],
  resourceRequirements: [{ type: 'string', value: 'string' }],
  firelensConfiguration: { type: 'string', options: 'map' },
  credentialSpecs: 'strings',
};

const REQUEST: Members = {
  family: 'string',
  taskRoleArn: 'string',
  executionRoleArn: 'string',
  networkMode: 'string',
  containerDefinitions: [CONTAINER],
  volumes: [{ name: 'string', host: { sourcePath: 'string' }, configuredAtLaunch: 'boolean' }],
  placementConstraints: [{ type: 'string', expression: 'string' }],
  requiresCompatibilities: 'strings',
  cpu: 'string',
  memory: 'string',
  tags: [{ key: 'string', value: 'string' }],
  pidMode: 'string',
  ipcMode: 'string',
  proxyConfiguration: { type: 'string', containerName: 'string', properties: [PAIR] },
  inferenceAccelerators: [{ deviceName: 'string', deviceType: 'string' }],
  ephemeralStorage: { sizeInGiB: 'number' },
  runtimePlatform: { cpuArchitecture: 'string', operatingSystemFamily: 'string' },
  enableFaultInjection: 'boolean',
};

/** The request with every known member of the right type; unknown ones stay, as if ECS were newer than the SDK. */
export function checkedDefinition(value: unknown): RegisterTaskDefinitionRequest {
  check(value, REQUEST, 'the request');
  return value as RegisterTaskDefinitionRequest;
}

function check(value: unknown, shape: Shape, place: string): void {
  if (typeof shape === 'string') return checkSimple(value, shape, place);
  if (isListShape(shape)) {
    if (!Array.isArray(value)) throw wrong(place, 'a List');
    for (const item of value) check(item, shape[0], place);
    return;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw wrong(place, 'a Structure');
  for (const [name, member] of Object.entries(value)) {
    const expected = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (expected !== undefined) check(member, expected, name);
  }
}

const isListShape = (shape: Exclude<Shape, string>): shape is readonly [Members] => Array.isArray(shape);

function checkSimple(value: unknown, shape: Extract<Shape, string>, place: string): void {
  if (shape === 'strings') {
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
      throw wrong(place, 'a List of Strings');
  } else if (shape === 'map') {
    const isMap = value !== null && typeof value === 'object' && !Array.isArray(value);
    if (!isMap || Object.values(value).some((item) => typeof item !== 'string')) throw wrong(place, 'a Map of Strings');
  } else if (typeof value !== shape) {
    throw wrong(place, `a ${shape}`);
  }
}

const wrong = (place: string, wanted: string): AwsError =>
  new AwsError('SerializationException', `${place} can not be converted to ${wanted}`);
