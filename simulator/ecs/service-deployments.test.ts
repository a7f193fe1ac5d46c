import type {
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsResponse,
  ListServiceDeploymentsResponse,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import {
  CONTAINER,
  deploymentOf,
  described,
  ecrImage,
  liveTasks,
  recordOf,
  type SmallWorld,
  smallWorld,
} from './fixtures';
import type { Service, ServiceDeployment } from './state';

const list = ({ ask }: SmallWorld, service: Service, input: object = {}): ListServiceDeploymentsResponse =>
  ask('ListServiceDeployments', { cluster: 'c', service: service.name, ...input });

const stop = ({ ask }: SmallWorld, { arn }: ServiceDeployment): unknown =>
  ask('StopServiceDeployment', { serviceDeploymentArn: arn, stopType: 'ROLLBACK' });

/** A world with a steady service of two tasks and a deployment over it that has just been asked for. */
function deploying(): SmallWorld & { readonly service: Service } {
  const small = smallWorld();
  const service = small.steady('s', { desiredCount: 2 });
  small.deploy(service);
  return { ...small, service };
}

describe('a service deployment', () => {
  it('is pending, in progress, then successful with the counts at its end', () => {
    const small = deploying();
    const record = recordOf(small.service);
    const seen: (string | undefined)[] = [];
    for (let second = 0; second < 300; second++) {
      const { status } = described(small, record);
      if (seen.at(-1) !== status) seen.push(status);
      small.pass(1);
    }
    expect(seen).toEqual(['PENDING', 'IN_PROGRESS', 'SUCCESSFUL']);
    small.ask('UpdateService', { cluster: 'c', service: 's', desiredCount: 1 });
    small.pass(300);
    const ended = described(small, record);
    expect(ended.targetServiceRevision).toMatchObject({
      requestedTaskCount: 2,
      runningTaskCount: 2,
      pendingTaskCount: 0,
    });
    expect(ended.finishedAt?.getTime()).toBeGreaterThan(ended.startedAt?.getTime() ?? 0);
    expect(ended.startedAt?.getTime()).toBeGreaterThan(ended.createdAt?.getTime() ?? 0);
  });

  it('names where it came from and where it goes', () => {
    const small = deploying();
    const [target, source] = small.service.deployments;
    expect(described(small, recordOf(small.service))).toMatchObject({
      sourceServiceRevisions: [{ arn: source?.serviceRevisionArn }],
      targetServiceRevision: { arn: target?.serviceRevisionArn },
    });
  });

  it('has ids of AWS’s shape', () => {
    const { service } = deploying();
    expect(deploymentOf(service).id).toMatch(/^ecs-svc\/\d{19}$/);
    expect(recordOf(service).arn).toMatch(/:service-deployment\/c\/s\/[\w-]{21}$/);
    expect(recordOf(service).targetRevisionArn).toMatch(/:service-revision\/c\/s\/\d{19}$/);
  });

  it('is listed newest first, by status and by time, twenty a page, for ninety days', () => {
    const small = smallWorld();
    const service = small.steady('s', { desiredCount: 0 });
    for (let count = 0; count < 24; count++) {
      small.ask('UpdateService', { cluster: 'c', service: 's', forceNewDeployment: true });
      small.pass(86_400);
    }
    const first = list(small, service);
    expect(first.serviceDeployments).toHaveLength(20);
    const second = list(small, service, { nextToken: first.nextToken });
    expect(second.serviceDeployments).toHaveLength(5);
    expect(second.nextToken).toBeUndefined();
    const times = [...(first.serviceDeployments ?? []), ...(second.serviceDeployments ?? [])].map(({ createdAt }) =>
      Number(createdAt),
    );
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(list(small, service, { status: ['STOPPED'] }).serviceDeployments).toEqual([]);
    const after = (times[3] ?? 0) / 1000;
    expect(list(small, service, { createdAt: { after } }).serviceDeployments).toHaveLength(4);
    small.pass(80 * 86_400);
    expect(list(small, service, { maxResults: 100 }).serviceDeployments).toHaveLength(9);
  });

  it('is described with at most twenty, unknown ones among the failures', () => {
    const small = deploying();
    const unknown = `${recordOf(small.service).arn}x`;
    const answer = small.ask<DescribeServiceDeploymentsResponse>('DescribeServiceDeployments', {
      serviceDeploymentArns: [recordOf(small.service).arn, unknown],
    });
    expect(answer.serviceDeployments).toHaveLength(1);
    expect(answer.failures).toEqual([{ arn: unknown, reason: 'MISSING' }]);
    const many = Array.from({ length: 21 }, () => unknown);
    expect(small.refusal('DescribeServiceDeployments', { serviceDeploymentArns: many }).code).toBe(
      'InvalidParameterException',
    );
  });

  it('goes with its service', () => {
    const small = deploying();
    const { arn } = recordOf(small.service);
    small.ask('DeleteService', { cluster: 'c', service: 's', force: true });
    const answer = small.ask<DescribeServiceDeploymentsResponse>('DescribeServiceDeployments', {
      serviceDeploymentArns: [arn],
    });
    expect(answer.failures).toHaveLength(1);
  });
});

describe('a service revision', () => {
  it('holds each container’s image and, once a task has started, its digest', () => {
    const small = smallWorld();
    const { digest } = small.push('app', 'main');
    const image = ecrImage('app', 'main');
    small.register('s', {
      containerDefinitions: [
        { ...CONTAINER, image },
        { ...CONTAINER, name: 'side', image: 'nginx:1' },
      ],
    });
    small.ask('CreateService', { cluster: 'c', serviceName: 's', taskDefinition: 's:1', desiredCount: 1 });
    const service = small.region.services.get('c/s');
    const images = () =>
      small.ask<DescribeServiceRevisionsResponse>('DescribeServiceRevisions', {
        serviceRevisionArns: [...(service?.revisions.keys() ?? [])],
      }).serviceRevisions?.[0]?.containerImages;
    expect(images()).toEqual([
      { containerName: 'app', image },
      { containerName: 'side', image: 'nginx:1' },
    ]);
    small.pass(120);
    expect(images()).toEqual([
      { containerName: 'app', image, imageDigest: digest },
      { containerName: 'side', image: 'nginx:1', imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    ]);
  });

  it('is one for each deployment, and none for a return', () => {
    const small = deploying();
    expect(small.service.revisions.size).toBe(2);
    stop(small, recordOf(small.service));
    small.pass(600);
    expect(recordOf(small.service).status).toBe('ROLLBACK_SUCCESSFUL');
    expect(small.service.revisions.size).toBe(2);
  });
});

describe('stopping a service deployment', () => {
  it('under way returns to the version before, which keeps its deployment’s id and its tasks', () => {
    const small = deploying();
    const { service } = small;
    const [bad, good] = service.deployments;
    const kept = liveTasks(service, good ?? { id: '' }).map(({ id }) => id);
    small.pass(60);
    const record = recordOf(service);
    expect(stop(small, record)).toEqual({ serviceDeploymentArn: record.arn });
    expect(described(small, record).status).toBe('ROLLBACK_REQUESTED');
    small.pass(3);
    expect(described(small, record)).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      rollback: { serviceRevisionArn: good?.serviceRevisionArn },
    });
    expect(service.deployments.map(({ id, status }) => [id, status])).toEqual([
      [good?.id, 'PRIMARY'],
      [bad?.id, 'ACTIVE'],
    ]);
    small.pass(600);
    expect(described(small, record).status).toBe('ROLLBACK_SUCCESSFUL');
    expect(service.deployments).toEqual([good]);
    expect(liveTasks(service, good ?? { id: '' }).map(({ id }) => id)).toEqual(kept);
    expect(service.taskDefinition).toBe(good?.taskDefinition);
  });

  it('that is pending works as well', () => {
    const small = deploying();
    stop(small, recordOf(small.service));
    small.pass(600);
    expect(recordOf(small.service).status).toBe('ROLLBACK_SUCCESSFUL');
  });

  it('twice changes nothing more', () => {
    const small = deploying();
    small.pass(60);
    const record = recordOf(small.service);
    stop(small, record);
    expect(stop(small, record)).toEqual({ serviceDeploymentArn: record.arn });
    small.pass(3);
    expect(record.status).toBe('ROLLBACK_IN_PROGRESS');
    expect(stop(small, record)).toEqual({ serviceDeploymentArn: record.arn });
    small.pass(600);
    expect(record.status).toBe('ROLLBACK_SUCCESSFUL');
  });

  it('that is being stopped lets it stop', () => {
    const small = deploying();
    const first = recordOf(small.service);
    small.deploy(small.service);
    expect(first.status).toBe('STOP_REQUESTED');
    stop(small, first);
    small.pass(600);
    expect([first.status, recordOf(small.service).status]).toEqual(['STOPPED', 'SUCCESSFUL']);
  });

  it('that has finished is a conflict, and an unknown one is not found', () => {
    const small = deploying();
    small.pass(600);
    const { arn } = recordOf(small.service);
    const refusal = small.refusal('StopServiceDeployment', { serviceDeploymentArn: arn, stopType: 'ROLLBACK' });
    expect([refusal.code, refusal.members]).toEqual(['ConflictException', { resourceIds: [arn] }]);
    expect(small.refusal('StopServiceDeployment', { serviceDeploymentArn: `${arn}x` }).code).toBe(
      'ServiceDeploymentNotFoundException',
    );
  });

  it('returns with detectors and their rollback off', () => {
    const small = smallWorld();
    const off = { deploymentCircuitBreaker: { enable: false, rollback: false } };
    const service = small.steady('s', { deploymentConfiguration: off });
    const good = deploymentOf(service);
    service.fate = { tasks: 'crash', taskDefinition: null, failsAfterMs: null };
    small.deploy(service);
    small.pass(600);
    stop(small, recordOf(service));
    small.pass(600);
    expect([recordOf(service).status, deploymentOf(service).id]).toEqual(['ROLLBACK_SUCCESSFUL', good.id]);
  });

  it('that is the first has nothing to return to', () => {
    const small = smallWorld();
    small.register('s');
    small.ask('CreateService', { cluster: 'c', serviceName: 's', taskDefinition: 's:1', desiredCount: 1 });
    const service = small.region.services.get('c/s');
    if (!service) throw new Error('no service');
    stop(small, recordOf(service));
    small.pass(600);
    expect([recordOf(service).status, deploymentOf(service).rolloutState]).toEqual(['STOPPED', 'FAILED']);
  });
});

describe('a newer deployment', () => {
  it('makes the one under way STOP_REQUESTED, then STOPPED, its tasks draining as ACTIVE', () => {
    const small = deploying();
    const { service } = small;
    const [first] = service.serviceDeployments;
    small.pass(60);
    const next = small.deploy(service);
    expect(first?.status).toBe('STOP_REQUESTED');
    expect(described(small, recordOf(service)).sourceServiceRevisions).toHaveLength(2);
    small.pass(3);
    expect(first?.status).toBe('STOPPED');
    expect(service.deployments.map(({ status }) => status)).toEqual(['PRIMARY', 'ACTIVE', 'ACTIVE']);
    small.pass(600);
    expect(service.deployments.map(({ id }) => id)).toEqual([next.id]);
    expect(recordOf(service).status).toBe('SUCCESSFUL');
  });

  it('during a return makes the return fail', () => {
    const small = deploying();
    small.pass(60);
    const record = recordOf(small.service);
    stop(small, record);
    small.pass(3);
    small.deploy(small.service);
    expect(record.status).toBe('ROLLBACK_FAILED');
    small.pass(600);
    expect(recordOf(small.service).status).toBe('SUCCESSFUL');
  });
});
