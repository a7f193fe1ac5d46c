import type { DescribeServicesResponse, DescribeTasksResponse, ListTasksResponse } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { DEMO_SPEED } from '@/simulator/clock';
import { deploymentOf, ecrImage, eventsSince, liveTasks, recordOf, smallWorld } from './fixtures';

const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/g/1';
const PORT = { name: 'app', image: 'nginx:1', memory: 128, portMappings: [{ containerPort: 80 }] };
const BALANCED = { loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 80 }] };

/** A world with a balanced service of some tasks. */
function balanced(desiredCount: number, deploymentConfiguration = {}) {
  const small = smallWorld();
  const taskDefinition = small.register('web', { containerDefinitions: [PORT] });
  const service = small.steady('web', { ...BALANCED, desiredCount, taskDefinition, deploymentConfiguration });
  const deploy = () => small.deploy(service, { containerDefinitions: [PORT] });
  return { ...small, service, deploy };
}

const T = (count: number): string => Array.from({ length: count }, () => '(task T)').join(' ');

describe('a rolling deployment', () => {
  it('of six tasks behind a load balancer tells its events in AWS’s order', () => {
    const { service, deploy, pass } = balanced(6);
    const before = service.events.length;
    deploy();
    pass(600);
    const group = `(target-group ${GROUP})`;
    const batchOut = [
      `has stopped 2 running tasks: ${T(2)}.`,
      `deregistered 2 targets in ${group}`,
      '(taskSet ecs-svc/D) has begun draining connections on 2 tasks.',
    ];
    expect(eventsSince(service, before)).toEqual([
      `has started 2 tasks: ${T(2)}.`,
      `has started 2 tasks: ${T(2)}.`,
      `registered 2 targets in ${group}`,
      `has started 2 tasks: ${T(2)}.`,
      `registered 2 targets in ${group}`,
      ...batchOut,
      `registered 2 targets in ${group}`,
      ...batchOut,
      ...batchOut,
      '(deployment ecs-svc/D) deployment completed.',
      'has reached a steady state.',
    ]);
  });

  it('of one task that may go first stops, starts, drains, registers, completes and is steady', () => {
    const { service, deploy, pass } = balanced(1, { minimumHealthyPercent: 0, maximumPercent: 100 });
    const before = service.events.length;
    deploy();
    pass(600);
    expect(eventsSince(service, before).map((words) => words.replace(/ \(target-group.*/, ''))).toEqual([
      `has stopped 1 running tasks: ${T(1)}.`,
      `has started 1 tasks: ${T(1)}.`,
      'deregistered 1 targets in',
      '(taskSet ecs-svc/D) has begun draining connections on 1 tasks.',
      'registered 1 targets in',
      '(deployment ecs-svc/D) deployment completed.',
      'has reached a steady state.',
    ]);
    const [steady, completed] = service.events;
    expect((steady?.createdAt ?? 0) - (completed?.createdAt ?? 0)).toBe(1);
  });

  it('of six tasks takes about twenty seconds at the demo’s speed', () => {
    const { service, deploy, pass } = balanced(6);
    deploy();
    pass(600);
    const { createdAt, finishedAt } = recordOf(service);
    const seconds = ((finishedAt ?? 0) - createdAt) / 1000 / DEMO_SPEED;
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThan(25);
  });

  it('keeps within minimum and maximum at every moment', () => {
    const { service, deploy, pass } = balanced(4, { minimumHealthyPercent: 50, maximumPercent: 125 });
    deploy();
    for (let second = 0; second < 900; second++) {
      pass(1);
      const live = service.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
      const healthy = live.filter(({ health }) => health === 'healthy');
      expect(live.length).toBeLessThanOrEqual(5);
      expect(healthy.length).toBeGreaterThanOrEqual(2);
    }
    expect(deploymentOf(service).rolloutState).toBe('COMPLETED');
  });

  it('shows both deployments while it runs and one afterwards, the new one under a new id', () => {
    const { service, deploy, pass, ask } = balanced(2);
    const old = deploymentOf(service);
    const next = deploy();
    pass(60);
    const shown = () =>
      ask<DescribeServicesResponse>('DescribeServices', { cluster: 'c', services: ['web'] }).services?.[0]?.deployments;
    expect(shown()?.map(({ id, status, rolloutState }) => [id, status, rolloutState])).toEqual([
      [next.id, 'PRIMARY', 'IN_PROGRESS'],
      [old.id, 'ACTIVE', 'COMPLETED'],
    ]);
    pass(600);
    expect(
      shown()?.map(({ id, status, rolloutState, rolloutStateReason }) => [
        id,
        status,
        rolloutState,
        rolloutStateReason,
      ]),
    ).toEqual([[next.id, 'PRIMARY', 'COMPLETED', `ECS deployment ${next.id} completed.`]]);
  });

  it('calls a task without any check healthy 40 s after it runs', () => {
    const { steady, deploy, pass } = smallWorld();
    const service = steady('s');
    const next = deploy(service);
    const [seen, health] = [new Map<string, number>(), new Map<string, number>()];
    for (let second = 0; second < 200; second++) {
      pass(1);
      const [task] = liveTasks(service, next);
      if (task && !seen.has(task.lastStatus)) seen.set(task.lastStatus, second);
      if (task && !health.has(task.health)) health.set(task.health, second);
    }
    expect([...seen.keys()]).toEqual(['PROVISIONING', 'PENDING', 'RUNNING']);
    expect((health.get('healthy') ?? 0) - (seen.get('RUNNING') ?? 0)).toBe(40);
  });

  it('says why where the percentages leave no move, and goes on when they change', () => {
    const { service, deploy, pass, ask } = balanced(1, { minimumHealthyPercent: 100, maximumPercent: 100 });
    deploy();
    pass(3600);
    expect(service.events[0]?.message).toBe(
      '(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    );
    expect(deploymentOf(service).rolloutState).toBe('IN_PROGRESS');
    ask('UpdateService', { cluster: 'c', service: 'web', deploymentConfiguration: { maximumPercent: 200 } });
    pass(600);
    expect(deploymentOf(service).rolloutState).toBe('COMPLETED');
  });

  it('completes at once where no tasks are wanted, and establishes no digests', () => {
    const { steady, deploy, pass } = smallWorld();
    const service = steady('s', { desiredCount: 0 });
    deploy(service);
    pass(10);
    expect([deploymentOf(service).rolloutState, recordOf(service).status]).toEqual(['COMPLETED', 'SUCCESSFUL']);
    expect([...service.revisions.values()].map(({ digests }) => digests)).toEqual([{}, {}]);
  });

  it('follows auto scaling on the way', () => {
    const { steady, deploy, pass, ask } = smallWorld();
    const service = steady('s', { desiredCount: 2 });
    const next = deploy(service);
    pass(50);
    ask('UpdateService', { cluster: 'c', service: 's', desiredCount: 5 });
    expect(deploymentOf(service).id).toBe(next.id);
    pass(600);
    expect(liveTasks(service, next)).toHaveLength(5);
    expect(recordOf(service).finalCounts).toEqual({ requested: 5, running: 5, pending: 0 });
  });

  it('of a daemon puts one task on each instance, stopping before it starts', () => {
    const { region, steady, deploy, pass } = smallWorld();
    for (const id of ['one', 'two']) {
      region.containerInstances.set(id, {
        id,
        cluster: 'c',
        cpu: 1024,
        memory: 1024,
        remainingCpu: 1024,
        remainingMemory: 1024,
      });
    }
    const service = steady('d', { schedulingStrategy: 'DAEMON' });
    const next = deploy(service);
    let most = 0;
    for (let second = 0; second < 300; second++) {
      pass(1);
      most = Math.max(most, service.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length);
    }
    expect([most, liveTasks(service, next).length]).toEqual([2, 2]);
  });
});

describe('early success', () => {
  const criteria = (sourceServiceRevisionCleanup: 'BLOCKING' | 'DEFERRED') => ({
    earlySuccessCriteria: { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup },
    minimumHealthyPercent: 50,
  });

  it('may come while old tasks still run, which then go in the background', () => {
    const { service, deploy, pass } = balanced(4, criteria('DEFERRED'));
    const next = deploy();
    while (next.rolloutState === 'IN_PROGRESS') pass(1);
    expect(recordOf(service).status).toBe('SUCCESSFUL');
    expect(
      service.tasks.some(({ deploymentId, lastStatus }) => deploymentId !== next.id && lastStatus !== 'STOPPED'),
    ).toBe(true);
    pass(600);
    expect([service.deployments.length, liveTasks(service, next).length, service.steady]).toEqual([1, 4, true]);
  });

  it('waits for old tasks to be gone where that blocks', () => {
    const { service, deploy, pass } = balanced(4, criteria('BLOCKING'));
    const next = deploy();
    while (next.rolloutState === 'IN_PROGRESS') pass(1);
    expect(
      service.tasks.filter(({ deploymentId, lastStatus }) => deploymentId !== next.id && lastStatus !== 'STOPPED'),
    ).toEqual([]);
  });
});

describe('protection from scale-in', () => {
  it('holds a deployment until it ends, and says so', () => {
    const { steady, deploy, pass, ask } = smallWorld();
    const service = steady('s', { desiredCount: 2 });
    const { taskArns = [] } = ask<ListTasksResponse>('ListTasks', { cluster: 'c', serviceName: 's' });
    const protection = { cluster: 'c', tasks: taskArns, protectionEnabled: true, expiresInMinutes: 30 };
    expect(ask('UpdateTaskProtection', protection)).toMatchObject({
      protectedTasks: [{ protectionEnabled: true }, { protectionEnabled: true }],
      failures: [],
    });
    const old = deploymentOf(service);
    const next = deploy(service);
    pass(600);
    expect(next.rolloutState).toBe('IN_PROGRESS');
    expect(service.events[0]?.message).toBe(
      `(service s) was unable to reach steady state because (taskSet ${old.id}) was unable to scale in due to (reason 2 tasks under protection)`,
    );
    pass(1800);
    expect(next.rolloutState).toBe('COMPLETED');
  });
});

describe('tasks', () => {
  it('are listed by what is wanted of them, never as pending, and described with what they run', () => {
    const small = smallWorld();
    const { digest } = small.push('app', '1');
    const container = { name: 'app', image: ecrImage('app', '1'), memory: 128 };
    small.register('s', { containerDefinitions: [container] });
    const service = small.steady('s', { taskDefinition: 's:1', desiredCount: 1 });
    const list = (input: object): readonly string[] =>
      small.ask<ListTasksResponse>('ListTasks', { cluster: 'c', ...input }).taskArns ?? [];
    const running = list({ serviceName: 's' });
    expect(running).toHaveLength(1);
    expect(list({ desiredStatus: 'PENDING' })).toEqual([]);
    expect(list({ family: 's' })).toEqual(running);
    expect(list({ startedBy: deploymentOf(service).id })).toEqual(running);
    const { tasks } = small.ask<DescribeTasksResponse>('DescribeTasks', { cluster: 'c', tasks: running });
    expect(tasks?.[0]).toMatchObject({
      taskArn: expect.stringMatching(/task\/c\/[0-9a-f]{32}$/),
      group: 'service:s',
      startedBy: deploymentOf(service).id,
      containers: [{ image: container.image, imageDigest: digest }],
    });
  });

  it('that stopped stay for an hour with code and reason', () => {
    const { steady, deploy, pass, ask } = smallWorld();
    const service = steady('s');
    const next = deploy(service);
    pass(300);
    const stopped = () =>
      ask<ListTasksResponse>('ListTasks', { cluster: 'c', desiredStatus: 'STOPPED' }).taskArns ?? [];
    const { tasks } = ask<DescribeTasksResponse>('DescribeTasks', { cluster: 'c', tasks: stopped() });
    expect(tasks?.[0]).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Scaling activity initiated by (deployment ${next.id})`,
    });
    pass(3600);
    expect(stopped()).toEqual([]);
  });
});
