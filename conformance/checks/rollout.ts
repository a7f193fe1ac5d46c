import {
  DeregisterTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  type Service,
  type Task,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { type Bench, present } from '@/conformance/bench';
import { type Group, holds, matches, refuses, same } from '@/conformance/check';

/** Whether a service has settled on the deployment with this id. */
const settledOn =
  (id: string | undefined) =>
  ({ deployments = [], runningCount, desiredCount, pendingCount }: Service): boolean =>
    deployments.length === 1 &&
    deployments[0]?.id === id &&
    deployments[0]?.rolloutState === 'COMPLETED' &&
    runningCount === desiredCount &&
    pendingCount === 0;

const primaryOf = ({ deployments = [] }: Service) =>
  present(
    deployments.find(({ status }) => status === 'PRIMARY'),
    'a PRIMARY deployment',
  );

/** Waits until a service has settled on its PRIMARY deployment. */
export async function settled(bench: Bench, name: string, { id }: { readonly id?: string }): Promise<Service> {
  return bench.until(`${name} settled on ${id}`, () => bench.service(name), settledOn(id));
}

/** A service of one task that has settled on its first revision. */
export const firstRollout = (bench: Bench, name = 'rollout') =>
  bench.once(`first rollout of ${name}`, async () => {
    const family = bench.name(name);
    const first = await bench.register(family);
    const created = await bench.createService(name, { taskDefinition: first.taskDefinitionArn });
    const service = await settled(bench, name, primaryOf(created));
    return { family, first, created, service };
  });

/** The same service, settled on its second revision. */
const secondRollout = (bench: Bench) =>
  bench.once('second rollout', async () => {
    const { family, service: before } = await firstRollout(bench);
    const second = await bench.register(family);
    const updated = await bench.update('rollout', second.taskDefinitionArn ?? '');
    const service = await settled(bench, 'rollout', primaryOf(updated));
    return { before, second, updated, service };
  });

async function tasks(
  bench: Bench,
  desiredStatus: 'RUNNING' | 'STOPPED',
  serviceName = 'rollout',
): Promise<readonly Task[]> {
  const cluster = await bench.cluster();
  const { taskArns = [] } = await bench.ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus }));
  if (taskArns.length === 0) return [];
  return (await bench.ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))).tasks ?? [];
}

export const rollout: Group = {
  title: 'update and rollout',
  checks: [
    {
      name: 'begins with a PRIMARY deployment in progress',
      run: async (bench) => {
        const { id, rolloutState, taskDefinition } = primaryOf((await firstRollout(bench)).created);
        matches('id', id, /^ecs-svc\/\d+$/);
        same('state', rolloutState, 'IN_PROGRESS');
        same('revision', taskDefinition, (await firstRollout(bench)).first.taskDefinitionArn);
      },
    },
    {
      name: 'completes it once the task runs',
      run: async (bench) => {
        const { service } = await firstRollout(bench);
        matches('reason', primaryOf(service).rolloutStateReason, /^ECS deployment ecs-svc\/\d+ completed\.$/);
      },
    },
    {
      name: 'gives an update a new PRIMARY deployment in its very answer, the old one draining as ACTIVE',
      run: async (bench) => {
        const { before, updated, second } = await secondRollout(bench);
        const old = primaryOf(before).id;
        holds('a new id', primaryOf(updated).id !== old, primaryOf(updated).id);
        same('revision of the new one', primaryOf(updated).taskDefinition, second.taskDefinitionArn);
        same('status of the old one', updated.deployments?.find(({ id }) => id === old)?.status, 'ACTIVE');
        same('revision of the service', updated.taskDefinition, second.taskDefinitionArn);
      },
    },
    {
      name: 'tells starting, completing and the steady state in this order, newest first',
      run: async (bench) => {
        const { service } = await secondRollout(bench);
        const { events = [] } = await bench.until(
          'a steady state told',
          () => bench.service('rollout'),
          ({ events = [] }) => events[0]?.message?.includes('steady state') ?? false,
        );
        const id = primaryOf(service).id ?? '';
        const told = events.map(({ message = '' }) => message.replace('(service rollout) ', ''));
        const steady = told.indexOf('has reached a steady state.');
        const completed = told.indexOf(`(deployment ${id}) deployment completed.`);
        const started = told.findIndex((words) => /^has started 1 tasks: \(task [0-9a-f]{32}\)\./.test(words));
        holds('steady, completed, started', steady >= 0 && steady < completed && completed < started, told.slice(0, 8));
      },
    },
    {
      name: 'names in a task who started it and what it belongs to',
      run: async (bench) => {
        const { service, second } = await secondRollout(bench);
        const [task] = await tasks(bench, 'RUNNING');
        same('startedBy', task?.startedBy, primaryOf(service).id);
        same('group', task?.group, 'service:rollout');
        same('revision', task?.taskDefinitionArn, second.taskDefinitionArn);
      },
    },
    {
      name: 'says of a replaced task why it stopped',
      run: async (bench) => {
        const { first } = await firstRollout(bench);
        await secondRollout(bench);
        const stopped = await tasks(bench, 'STOPPED');
        const task = stopped.find(({ taskDefinitionArn }) => taskDefinitionArn === first.taskDefinitionArn);
        same('code', task?.stopCode, 'ServiceSchedulerInitiated');
        matches('reason', task?.stoppedReason, /Scaling activity initiated by \(deployment ecs-svc\/\d+\)/);
      },
    },
    {
      name: 'changes a count without a new deployment',
      run: async (bench) => {
        const { service } = await firstRollout(bench, 'counted');
        const cluster = await bench.cluster();
        const change = { cluster, service: 'counted', desiredCount: 2 };
        const { service: updated } = await bench.ecs.send(new UpdateServiceCommand(change));
        same('deployment', primaryOf(present(updated, 'the service')).id, primaryOf(service).id);
        await bench.until(
          '2 tasks',
          () => bench.service('counted'),
          ({ runningCount }) => runningCount === 2,
        );
      },
    },
    {
      name: 'deploys the same revision again by force',
      run: async (bench) => {
        const { service, first } = await firstRollout(bench, 'forced');
        const force = { cluster: await bench.cluster(), service: 'forced', forceNewDeployment: true };
        const { service: updated } = await bench.ecs.send(new UpdateServiceCommand(force));
        const primary = primaryOf(present(updated, 'the service'));
        holds('a new deployment', primary.id !== primaryOf(service).id, primary.id);
        same('revision', primary.taskDefinition, first.taskDefinitionArn);
      },
    },
    {
      name: 'refuses an INACTIVE revision',
      run: async (bench) => {
        const { family } = await firstRollout(bench);
        const { taskDefinitionArn = '' } = await bench.register(family);
        await bench.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }));
        await refuses(
          () => bench.update('rollout', taskDefinitionArn),
          ['ClientException', 'InvalidParameterException'],
          /TaskDefinition is inactive/,
        );
      },
    },
    {
      name: 'keeps a service on a revision that was deregistered',
      run: async (bench) => {
        const { first } = await firstRollout(bench, 'kept');
        await bench.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: first.taskDefinitionArn }));
        const { taskDefinition, runningCount } = await bench.service('kept');
        same('service', { taskDefinition, runningCount }, { taskDefinition: first.taskDefinitionArn, runningCount: 1 });
      },
    },
  ],
};
