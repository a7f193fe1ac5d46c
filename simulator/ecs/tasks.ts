import type {
  Container,
  ContainerDefinition,
  DescribeTasksResponse,
  ListTasksResponse,
  Task as WireTask,
} from '@aws-sdk/client-ecs';
import { AwsError, invalidParameter } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { optionalText, texts } from '@/simulator/input';
import { page } from '@/simulator/page';
import { ecsPages } from './list-task-definitions';
import { ecsArn, findService, knownRevision, requireCluster, restOf } from './lookup';
import type { Service, Task } from './state';

/** Counted as running: started, and not asked to stop. */
export const isRunning = (task: Task): boolean => task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING';

/** Counted as pending: on its way to running. */
export const isPending = (task: Task): boolean =>
  task.desiredStatus === 'RUNNING' && (task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING');

/** Takes part: running or on its way. */
export const isLive = (task: Task): boolean => isRunning(task) || isPending(task);

/** A task, with what it belongs to. */
type Placed = {
  readonly task: Task;
  readonly cluster: string;
  readonly startedBy: string;
  readonly service: Service | null;
};

function tasksOf(call: Call, cluster: string): Placed[] {
  const ofServices = [...call.region.services.values()]
    .filter((service) => service.cluster === cluster)
    .flatMap((service) => service.tasks.map((task) => ({ task, cluster, startedBy: task.deploymentId, service })));
  const loose = [...call.region.looseTasks.values()]
    .filter((each) => each.cluster === cluster)
    .map(({ task, startedBy }) => ({ task, cluster, startedBy, service: null }));
  return [...ofServices, ...loose];
}

const taskArn = (call: Call, { cluster, task }: Placed): string => ecsArn(call.region, `task/${cluster}/${task.id}`);

/** ListTasks: running ones unless stopped ones are asked for; ECS never lists any by desired status PENDING. */
export const listTasks: Operation = (call, input): ListTasksResponse => {
  const cluster = requireCluster(call, input);
  const status = optionalText(input, 'desiredStatus') ?? 'RUNNING';
  const given = optionalText(input, 'serviceName');
  const service = given === null ? null : findService(call.region, cluster.name, given);
  if (given !== null && !service) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  const family = optionalText(input, 'family');
  const startedBy = optionalText(input, 'startedBy');
  if (startedBy !== null && (family !== null || service !== null)) {
    throw invalidParameter('cannot specify startedBy with another filter');
  }
  const found = tasksOf(call, cluster.name)
    .filter(({ task }) => task.desiredStatus === status)
    .filter((each) => service === null || each.service === service)
    .filter(({ task }) => family === null || knownRevision(call.region, task.taskDefinition).family === family)
    .filter((each) => startedBy === null || each.startedBy === startedBy);
  const { items, nextToken } = page(found, ({ task }) => task.id, input, ecsPages(100));
  return { taskArns: items.map((each) => taskArn(call, each)), ...(nextToken !== null && { nextToken }) };
};

/** DescribeTasks: unknown ones are failures. */
export const describeTasks: Operation = (call, input): DescribeTasksResponse => {
  const cluster = requireCluster(call, input);
  const wanted = texts(input, 'tasks');
  if (wanted.length === 0) throw invalidParameter('Tasks can not be empty.');
  if (wanted.length > 100) throw invalidParameter('Tasks can not have more than 100 elements.');
  const known = new Map(tasksOf(call, cluster.name).map((placed) => [placed.task.id, placed]));
  const answers = wanted.map((given) => {
    const id = restOf(call.region, 'task', given)?.split('/').at(-1);
    return { given, placed: id === undefined ? undefined : known.get(id) };
  });
  return {
    tasks: answers.flatMap(({ placed }) => (placed ? [wireTask(call, placed)] : [])),
    failures: answers
      .filter(({ placed }) => !placed)
      .map(({ given }) => ({
        arn: given.startsWith('arn:') ? given : ecsArn(call.region, `task/${cluster.name}/${given}`),
        reason: 'MISSING',
      })),
  };
};

function wireTask(call: Call, placed: Placed): WireTask {
  const { task, cluster, service } = placed;
  const { definition, family } = knownRevision(call.region, task.taskDefinition);
  const at = (ms: number | null): Date | undefined => (ms === null ? undefined : dateOf(call.world, ms));
  const fargate = definition.requiresCompatibilities?.includes('FARGATE') ?? false;
  return {
    taskArn: taskArn(call, placed),
    clusterArn: ecsArn(call.region, `cluster/${cluster}`),
    taskDefinitionArn: task.taskDefinition,
    availabilityZone: `${call.region.name}${task.zone}`,
    containers: (definition.containerDefinitions ?? []).map((container) => wireContainer(call, placed, container)),
    attachments: [],
    attributes: [
      { name: 'ecs.cpu-architecture', value: definition.runtimePlatform?.cpuArchitecture?.toLowerCase() ?? 'x86_64' },
    ],
    cpu: definition.cpu ?? '0',
    memory: definition.memory ?? '0',
    connectivity: 'CONNECTED',
    createdAt: at(task.createdAt),
    startedAt: at(task.startedAt),
    stoppingAt: at(task.stoppingAt),
    stoppedAt: at(task.stoppedAt),
    executionStoppedAt: at(task.stoppedAt),
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    healthStatus: healthOf(task, definition.containerDefinitions?.some(({ healthCheck }) => healthCheck) ?? false),
    group: service ? `service:${service.name}` : `family:${family}`,
    startedBy: placed.startedBy,
    launchType: fargate ? 'FARGATE' : 'EC2',
    ...(fargate && { platformVersion: '1.4.0', platformFamily: 'Linux' }),
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    enableExecuteCommand: service?.enableExecuteCommand ?? false,
    tags: [],
    version: task.stoppedAt === null ? 3 : 6,
    ...(task.stopCode !== null && { stopCode: task.stopCode as WireTask['stopCode'] }),
    ...(task.stoppedReason !== null && { stoppedReason: task.stoppedReason }),
  };
}

function wireContainer(
  call: Call,
  placed: Placed,
  { name = '', image, cpu, healthCheck }: ContainerDefinition,
): Container {
  const { task, service } = placed;
  const revision = service?.revisions.get(task.serviceRevisionArn ?? '');
  const digest = revision?.digests[name];
  const arn = taskArn(call, placed);
  return {
    containerArn: `${arn.replace(':task/', ':container/')}/${task.id.slice(0, 8)}-${name}`,
    taskArn: arn,
    name,
    image,
    ...(digest !== undefined && { imageDigest: digest }),
    runtimeId: `${task.id}-${name}`,
    lastStatus: task.lastStatus === 'STOPPED' ? 'STOPPED' : task.lastStatus,
    ...(task.exitCode !== null && { exitCode: task.exitCode }),
    ...(task.containerReason !== null && { reason: task.containerReason }),
    networkBindings: [],
    networkInterfaces: [],
    healthStatus: healthOf(task, healthCheck !== undefined),
    cpu: String(cpu ?? 0),
  };
}

function healthOf(task: Task, checked: boolean): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' {
  if (!checked || task.health === 'starting') return 'UNKNOWN';
  return task.health === 'healthy' ? 'HEALTHY' : 'UNHEALTHY';
}
