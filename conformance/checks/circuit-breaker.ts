import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { type Bench, container, present, UNPULLABLE } from '@/conformance/bench';
import { type Group, holds, matches, same } from '@/conformance/check';

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

/** A service whose second revision cannot start, and what the circuit breaker made of it. */
const tripped = (bench: Bench) =>
  bench.once('a tripped circuit breaker', async () => {
    const family = bench.name('breaker');
    const good = await bench.register(family);
    await bench.createService('breaker', { taskDefinition: good.taskDefinitionArn, deploymentConfiguration: BREAKER });
    const before = await bench.until(
      'breaker settled',
      () => bench.service('breaker'),
      ({ deployments = [] }) => deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED',
    );
    const bad = await bench.register(family, {
      containerDefinitions: [{ ...container(bench.place), image: UNPULLABLE }],
    });
    await bench.update('breaker', bad.taskDefinitionArn ?? '');
    const [record] = await bench.until(
      'a return by the circuit breaker',
      () => bench.deployments('breaker'),
      ([newest]) => newest?.finishedAt !== undefined && newest.status !== 'SUCCESSFUL',
    );
    const after = await bench.until(
      'one deployment left',
      () => bench.service('breaker'),
      ({ deployments = [] }) => deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED',
    );
    return { good, bad, before, after, record: present(record, 'a service deployment') };
  });

export const circuitBreaker: Group = {
  title: 'circuit breaker',
  checks: [
    {
      name: 'returns to the deployment before, under its old id',
      run: async (bench) => {
        const { before, after, good } = await tripped(bench);
        same('deployment', after.deployments?.[0]?.id, before.deployments?.[0]?.id);
        same('revision', after.taskDefinition, good.taskDefinitionArn);
        same('running', after.runningCount, 1);
      },
    },
    {
      name: 'ends the service deployment ROLLBACK_SUCCESSFUL and says why',
      run: async (bench) => {
        const { record } = await tripped(bench);
        same('status', record.status, 'ROLLBACK_SUCCESSFUL');
        matches('reason', record.statusReason, /circuit breaker threshold was exceeded/);
      },
    },
    {
      name: 'trips at three failures for one task',
      run: async (bench) => {
        const { status, failureCount, threshold } = (await tripped(bench)).record.deploymentCircuitBreaker ?? {};
        same('breaker', { status, threshold }, { status: 'TRIGGERED', threshold: 3 });
        holds('at least 3 failures', (failureCount ?? 0) >= 3, failureCount);
      },
    },
    {
      name: 'returns to the service revision it came from, making none',
      run: async (bench) => {
        const { record } = await tripped(bench);
        same('revision returned to', record.rollback?.serviceRevisionArn, record.sourceServiceRevisions?.[0]?.arn);
        same('service deployments', (await bench.deployments('breaker')).length, 2);
      },
    },
    {
      name: 'tells that it failed, then that it rolls back',
      run: async (bench) => {
        const { after, before } = await tripped(bench);
        const told = (after.events ?? []).map(({ message = '' }) => message);
        const failed = told.findIndex((words) => /deployment failed: tasks failed to start\.$/.test(words));
        const returning = told.findIndex((words) =>
          words.endsWith(`rolling back to deployment ${before.deployments?.[0]?.id}.`),
        );
        holds('failed before rolling back', returning >= 0 && returning < failed, told.slice(0, 10));
      },
    },
    {
      name: 'leaves stopped tasks that say what failed',
      run: async (bench) => {
        const { bad } = await tripped(bench);
        const cluster = await bench.cluster();
        const list = new ListTasksCommand({ cluster, serviceName: 'breaker', desiredStatus: 'STOPPED' });
        const { taskArns = [] } = await bench.ecs.send(list);
        const { tasks = [] } = await bench.ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
        const task = tasks.find(({ taskDefinitionArn }) => taskDefinitionArn === bad.taskDefinitionArn);
        same('code', task?.stopCode, 'TaskFailedToStart');
        matches('reason', task?.stoppedReason, /^CannotPullContainerError/);
      },
    },
  ],
};
