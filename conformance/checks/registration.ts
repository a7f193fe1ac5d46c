import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { type Bench, container, fargate } from '@/conformance/bench';
import { type Group, holds, matches, same } from '@/conformance/check';

const ECS_OWNED = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
] as const;

/** A description without what ECS alone writes: what registers it again. */
export function clone(definition: TaskDefinition): RegisterTaskDefinitionCommandInput {
  const kept = Object.entries(definition).filter(([member]) => !ECS_OWNED.some((owned) => owned === member));
  return Object.fromEntries(kept) as RegisterTaskDefinitionCommandInput;
}

/** A definition that uses many members at once, on instances, where most of them are allowed. */
const rich = (bench: Bench): Omit<RegisterTaskDefinitionCommandInput, 'family'> => ({
  networkMode: 'bridge',
  cpu: '512',
  memory: '1024',
  placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.os-type == linux' }],
  volumes: [{ name: 'data' }, { name: 'host', host: { sourcePath: '/var/data' } }],
  containerDefinitions: [
    {
      ...container(bench.place),
      cpu: 128,
      memory: 512,
      memoryReservation: 256,
      command: ['sh', '-c', 'sleep 60'],
      entryPoint: ['/entry'],
      environment: [{ name: 'EMPTY', value: '' }],
      secrets: [{ name: 'KEY', valueFrom: '/conformance/key' }],
      portMappings: [{ containerPort: 80, hostPort: 8080, protocol: 'tcp' }],
      mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: true }],
      dockerLabels: { 'com.example': 'label' },
      ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 2048 }],
      logConfiguration: { logDriver: 'json-file', options: { 'max-size': '10m' } },
      healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10, timeout: 5, retries: 3, startPeriod: 0 },
      linuxParameters: { initProcessEnabled: true, capabilities: { add: ['NET_ADMIN'] } },
      stopTimeout: 30,
      hostname: 'host',
      user: 'nobody',
      workingDirectory: '/tmp',
      readonlyRootFilesystem: true,
      extraHosts: [{ hostname: 'other', ipAddress: '10.0.0.1' }],
      systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }],
    },
    {
      ...container(bench.place),
      name: 'side',
      memory: 128,
      essential: false,
      dependsOn: [{ containerName: 'app', condition: 'START' }],
    },
  ],
});

export const registration: Group = {
  title: 'registration and round trip',
  checks: [
    {
      name: 'fills the defaults of a container with values and empty lists',
      run: async (bench) => {
        const { name, image } = container(bench.place);
        const said = { containerDefinitions: [{ name, image }] };
        const { containerDefinitions } = await bench.register(bench.name('defaults'), said);
        const { cpu, essential, portMappings, environment, mountPoints, volumesFrom } = containerDefinitions?.[0] ?? {};
        same(
          'container',
          { cpu, essential, portMappings, environment, mountPoints, volumesFrom },
          { cpu: 0, essential: true, portMappings: [], environment: [], mountPoints: [], volumesFrom: [] },
        );
      },
    },
    {
      name: 'numbers the revisions of a family 1, 2, 3',
      run: async (bench) => {
        const family = bench.name('numbers');
        const numbers = [];
        for (let count = 0; count < 3; count++) numbers.push((await bench.register(family)).revision);
        same('revisions', numbers, [1, 2, 3]);
      },
    },
    {
      name: 'names a revision by an ARN of family and number',
      run: async (bench) => {
        const family = bench.name('arn');
        const { taskDefinitionArn } = await bench.register(family);
        matches('ARN', taskDefinitionArn, new RegExp(`^arn:[\\w-]+:ecs:[\\w-]+:\\d{12}:task-definition/${family}:1$`));
      },
    },
    {
      name: 'writes task sizes as plain numbers: 1 vCPU is 1024, 2GB is 2048',
      run: async (bench) => {
        const { cpu, memory } = await bench.register(bench.name('sizes'), { cpu: '1 vCPU', memory: '2GB' });
        same('size', { cpu, memory }, { cpu: '1024', memory: '2048' });
      },
    },
    {
      name: 'fills the host port of awsvpc with the container port, and tcp',
      run: async (bench) => {
        const containers = [{ ...container(bench.place), portMappings: [{ containerPort: 8080 }] }];
        const { containerDefinitions } = await bench.register(bench.name('ports'), {
          containerDefinitions: containers,
        });
        const { containerPort, hostPort, protocol } = containerDefinitions?.[0]?.portMappings?.[0] ?? {};
        same(
          'mapping',
          { containerPort, hostPort, protocol },
          { containerPort: 8080, hostPort: 8080, protocol: 'tcp' },
        );
      },
    },
    {
      name: 'fills the dynamic host port of bridge with 0',
      run: async (bench) => {
        const containers = [{ ...container(bench.place), memory: 128, portMappings: [{ containerPort: 8080 }] }];
        const { containerDefinitions } = await bench.register(bench.name('dynamic'), {
          networkMode: 'bridge',
          requiresCompatibilities: undefined,
          containerDefinitions: containers,
        });
        same('host port', containerDefinitions?.[0]?.portMappings?.[0]?.hostPort, 0);
      },
    },
    {
      name: 'describes a definition of many members as it was registered',
      run: async (bench) => {
        const family = bench.name('rich');
        const request = rich(bench);
        const { taskDefinitionArn = '' } = await bench.register(family, {
          requiresCompatibilities: undefined,
          ...request,
        });
        const described = await bench.describe(taskDefinitionArn);
        for (const [index, wanted] of (request.containerDefinitions ?? []).entries()) {
          const kept = described.containerDefinitions?.[index] as Record<string, unknown> | undefined;
          for (const [member, value] of Object.entries(wanted)) same(`${wanted.name}.${member}`, kept?.[member], value);
        }
        same('placement', described.placementConstraints, request.placementConstraints);
      },
    },
    {
      name: 'describes a copy of a description as the description',
      run: async (bench) => {
        const family = bench.name('copy');
        const first = await bench.register(family, { requiresCompatibilities: undefined, ...rich(bench) });
        const described = await bench.describe(first.taskDefinitionArn ?? '');
        const answer = await bench.ecs.send(new RegisterTaskDefinitionCommand(clone(described)));
        const again = await bench.describe(answer.taskDefinition?.taskDefinitionArn ?? '');
        same('definition', clone(again), clone(described));
      },
    },
    {
      name: 'records who registered and when',
      run: async (bench) => {
        const { registeredBy, registeredAt } = await bench.register(bench.name('by'));
        matches('registeredBy', registeredBy, /^arn:/);
        const age = Math.abs(Date.now() - (registeredAt?.getTime() ?? 0));
        holds('registeredAt of now', age < 600_000, registeredAt);
      },
    },
    {
      name: 'shows tags beside the definition, and only when asked',
      run: async (bench) => {
        const tags = [{ key: 'team', value: 'conformance' }];
        const input = { ...fargate(bench.place), family: bench.name('tags'), tags };
        const { taskDefinition } = await bench.ecs.send(new RegisterTaskDefinitionCommand(input));
        const arn = taskDefinition?.taskDefinitionArn;
        const asked = await bench.ecs.send(
          new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
        );
        same('tags', asked.tags, tags);
        const silent = await bench.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
        same('tags not asked for', silent.tags ?? [], []);
      },
    },
  ],
};
