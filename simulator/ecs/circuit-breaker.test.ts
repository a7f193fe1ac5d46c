import type { ThresholdConfiguration } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { breakerThreshold } from './deployments';
import { CONTAINER, deploymentOf, described, ecrImage, eventsSince, liveTasks, recordOf, smallWorld } from './fixtures';
import type { Fate, Service } from './state';

const breaker = (more: object = {}) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true, ...more } },
});
const failing = (service: Service, tasks: Fate): void => {
  service.fate = { tasks, taskDefinition: null, failsAfterMs: null };
};
const CHECKED = { containerDefinitions: [{ ...CONTAINER, healthCheck: { command: ['CMD', 'true'] } }] };

describe('the threshold of the circuit breaker', () => {
  it.each<readonly [ThresholdConfiguration | undefined, number, number]>([
    [undefined, 1, 3],
    [undefined, 6, 3],
    [undefined, 25, 13],
    [undefined, 400, 200],
    [{ type: 'BOUNDED_PERCENT', value: 10 }, 100, 10],
    [{ type: 'UNBOUNDED_PERCENT', value: 50 }, 2, 1],
    [{ type: 'UNBOUNDED_PERCENT', value: 50 }, 1000, 500],
    [{ type: 'COUNT', value: 7 }, 1000, 7],
  ])('with %o and %i tasks is %i', (thresholdConfiguration, desired, threshold) => {
    const deploymentCircuitBreaker = { enable: true, rollback: true, thresholdConfiguration };
    expect(breakerThreshold({ deploymentCircuitBreaker }, desired)).toBe(threshold);
  });
});

describe('a deployment whose tasks fail', () => {
  it.each<readonly [Fate, number, string]>([
    ['crash', 6, 'Essential container in task exited'],
    ['cannot-pull', 6, 'CannotPullContainerError: pull image manifest has been retried 1 time(s)'],
    ['unhealthy', 6, 'Task failed container health checks'],
  ])('(%s) trips the breaker at the documented count and returns under the same id', (fate, desired, reason) => {
    const small = smallWorld();
    small.register('s', CHECKED);
    const service = small.steady('s', { taskDefinition: 's:1', desiredCount: desired, ...breaker() });
    const good = deploymentOf(service);
    failing(service, fate);
    const before = service.events.length;
    const bad = small.deploy(service, CHECKED);
    small.pass(3600);
    service.fate = null;

    const record = described(small, recordOf(service));
    expect(record).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      rollback: { serviceRevisionArn: good.serviceRevisionArn },
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
    });
    expect(service.deployments).toEqual([good]);
    expect(good).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED' });
    expect(bad.rolloutState).toBe('FAILED');
    expect(service.taskDefinition).toBe(good.taskDefinition);
    expect(liveTasks(service, good)).toHaveLength(desired);
    const words = eventsSince(service, before);
    const failed = words.indexOf('(deployment ecs-svc/D) deployment failed: tasks failed to start.');
    expect(words[failed + 1]).toBe('rolling back to deployment ecs-svc/D.');
    expect(words.slice(-2)).toEqual(['(deployment ecs-svc/D) deployment completed.', 'has reached a steady state.']);
    expect([...service.revisions.keys()]).toHaveLength(2);
    const stopped = service.tasks.filter(({ deploymentId }) => deploymentId === bad.id);
    expect(stopped.some((task) => task.stoppedReason?.startsWith(reason))).toBe(true);
  });

  it('stays where it is without a return, its record STOPPED', () => {
    const { steady, deploy, pass } = smallWorld();
    const service = steady('s', { desiredCount: 2, ...breaker({ rollback: false }) });
    const old = deploymentOf(service);
    failing(service, 'crash');
    const bad = deploy(service);
    pass(3600);
    expect(deploymentOf(service)).toMatchObject({
      id: bad.id,
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    expect(recordOf(service)).toMatchObject({ status: 'STOPPED', breaker: 'TRIGGERED' });
    expect(liveTasks(service, old)).toHaveLength(2);
    const tasks = service.tasks.length;
    pass(60);
    expect(service.tasks.length).toBeLessThanOrEqual(tasks);
  });

  it('stalls where nothing was ever complete', () => {
    const { ask, register, region, pass } = smallWorld();
    register('s');
    ask('CreateService', { cluster: 'c', serviceName: 's', taskDefinition: 's:1', desiredCount: 1, ...breaker() });
    const service = region.services.get('c/s');
    if (!service) throw new Error('no service');
    failing(service, 'crash');
    pass(3600);
    expect(deploymentOf(service).rolloutState).toBe('FAILED');
    expect(recordOf(service)).toMatchObject({ status: 'STOPPED', rollback: null });
  });

  it('retries for ever with growing gaps where the breaker is off', () => {
    const { steady, deploy, pass } = smallWorld();
    const service = steady('s', {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
    });
    failing(service, 'crash');
    const bad = deploy(service);
    const counts: number[] = [];
    for (let hour = 0; hour < 3; hour++) {
      pass(3600);
      counts.push(bad.failedTasks);
    }
    const [first = 0, second = 0, third = 0] = counts;
    expect(second - first).toBeLessThan(first);
    expect(third).toBeGreaterThan(second);
    expect(bad.rolloutState).toBe('IN_PROGRESS');
    expect(service.events.some(({ message }) => message.includes('is unable to consistently start tasks'))).toBe(true);
    service.fate = null;
    pass(3600);
    expect(bad.rolloutState).toBe('COMPLETED');
  });

  it('counts anew after a healthy task, unless told to add up', () => {
    const failuresAfterHealthy = (resetOnHealthyTask: boolean): number => {
      const { steady, deploy, pass } = smallWorld();
      const service = steady('s', { desiredCount: 2, ...breaker({ resetOnHealthyTask }) });
      failing(service, 'crash');
      const next = deploy(service);
      while (next.failedTasks < 2) pass(1);
      service.fate = null;
      pass(3600);
      expect(recordOf(service).status).toBe('SUCCESSFUL');
      return recordOf(service).failureCount;
    };
    expect([failuresAfterHealthy(true), failuresAfterHealthy(false)]).toEqual([0, 2]);
  });

  it('cannot return when the version to return to fails as well', () => {
    const { steady, deploy, pass } = smallWorld();
    const service = steady('s', {
      desiredCount: 2,
      deploymentConfiguration: {
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    });
    failing(service, 'crash');
    deploy(service);
    pass(7200);
    expect(recordOf(service).status).toBe('ROLLBACK_FAILED');
    expect(deploymentOf(service).rolloutState).toBe('FAILED');
  });

  it('names the replaced tasks that were not healthy', () => {
    const { register, steady, deploy, pass } = smallWorld();
    register('s', CHECKED);
    const service = steady('s', { taskDefinition: 's:1' });
    failing(service, 'unhealthy');
    deploy(service, CHECKED);
    pass(200);
    const words = service.events.map(({ message }) => message);
    expect(words.find((each) => each.includes('failed container health checks'))).toMatch(
      /^\(service s\) \(task [0-9a-f]{32}\) failed container health checks\.$/,
    );
    expect(words.some((each) => each.endsWith('Amazon ECS replaced 1 tasks due to an unhealthy status.'))).toBe(true);
  });
});

describe('what a version needs', () => {
  it('and is gone is named in the reason its tasks stopped', () => {
    const small = smallWorld();
    const service = small.steady('s', { desiredCount: 1 });
    const secret = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:gone-AbCdEf';
    const secrets = [{ name: 'KEY', valueFrom: `${secret}:json-key::` }];
    const bad = small.deploy(service, { containerDefinitions: [{ ...CONTAINER, secrets }] });
    small.pass(120);
    const [task] = service.tasks.filter(({ deploymentId }) => deploymentId === bad.id);
    expect(task?.stopCode).toBe('TaskFailedToStart');
    expect(task?.stoppedReason).toContain('ResourceInitializationError: unable to pull secrets or registry auth');
    expect(task?.stoppedReason).toContain(`${secret} from secrets manager: ResourceNotFoundException`);
  });

  it('as a role is named in an event, without any task', () => {
    const small = smallWorld();
    const service = small.steady('s', { desiredCount: 1, ...breaker() });
    const role = 'arn:aws:iam::111111111111:role/gone';
    const bad = small.deploy(service, { taskRoleArn: role });
    small.pass(30);
    expect(service.events[0]?.message).toContain(
      `failed to launch a task with (error ECS was unable to assume the role '${role}'`,
    );
    expect(service.tasks.filter(({ deploymentId }) => deploymentId === bad.id)).toEqual([]);
    small.pass(3600);
    expect(recordOf(service).status).toBe('ROLLBACK_SUCCESSFUL');
  });
});

describe('alarms', () => {
  const alarm = (small: ReturnType<typeof smallWorld>, state: 'OK' | 'ALARM'): void => {
    const arn = 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:errors';
    small.region.alarms.set('errors', { name: 'errors', arn, metric: 'Errors', composite: false, state, updatedAt: 0 });
  };
  const watched = { deploymentConfiguration: { alarms: { enable: true, rollback: true, alarmNames: ['errors'] } } };

  it('that fire while everything is in place return the deployment', () => {
    const small = smallWorld();
    alarm(small, 'OK');
    const service = small.steady('s', watched);
    const good = deploymentOf(service);
    small.deploy(service);
    small.pass(100);
    alarm(small, 'ALARM');
    small.pass(600);
    expect(described(small, recordOf(service))).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      alarms: { status: 'TRIGGERED', alarmNames: ['errors'], triggeredAlarmNames: ['errors'] },
    });
    expect(deploymentOf(service).id).toBe(good.id);
    expect(service.events.some(({ message }) => message.endsWith('deployment failed: alarm detected.'))).toBe(true);
  });

  it('that fire already are not listened to', () => {
    const small = smallWorld();
    alarm(small, 'ALARM');
    const service = small.steady('s', watched);
    expect(described(small, recordOf(service))).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'DISABLED' } });
  });
});

describe('digests', () => {
  it('are those of the first task for the whole deployment, a later return included', () => {
    const small = smallWorld();
    const first = small.push('app', 'main');
    const container = { ...CONTAINER, image: ecrImage('app', 'main') };
    small.register('s', { containerDefinitions: [container] });
    const service = small.steady('s', { taskDefinition: 's:1', ...breaker() });
    const digests = () => [...service.revisions.values()].map((revision) => revision.digests.app);
    expect(digests()).toEqual([first.digest]);
    const second = small.push('app', 'main');
    small.ask('UpdateService', { cluster: 'c', service: 's', desiredCount: 3 });
    small.pass(600);
    expect(digests()).toEqual([first.digest]);
    small.ask('UpdateService', { cluster: 'c', service: 's', forceNewDeployment: true });
    small.pass(600);
    expect(digests()).toEqual([first.digest, second.digest]);
  });

  it('of a deleted image can start no task any more', () => {
    const small = smallWorld();
    const { digest } = small.push('app', 'main');
    small.register('s', { containerDefinitions: [{ ...CONTAINER, image: ecrImage('app', 'main') }] });
    const service = small.steady('s', { taskDefinition: 's:1' });
    small.region.repositories.get('app')?.images.delete(digest);
    small.push('app', 'main');
    small.ask('UpdateService', { cluster: 'c', service: 's', desiredCount: 2 });
    small.pass(300);
    expect(service.tasks.find(({ stopCode }) => stopCode === 'TaskFailedToStart')?.stoppedReason).toContain(
      'CannotPullContainerError',
    );
  });
});
