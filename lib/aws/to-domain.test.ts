import type { Service as EcsService, ServiceDeployment as EcsServiceDeployment } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { eventsOf, toDeploymentHead, toRevision, toService, toServiceDeployment } from './to-domain';

const REVISION = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/api:428';
const BARE: EcsService = {
  serviceArn: 'arn:aws:ecs:eu-west-1:111111111111:service/notify/api',
  serviceName: 'api',
  clusterArn: 'arn:aws:ecs:eu-west-1:111111111111:cluster/notify',
  taskDefinition: REVISION,
};

describe('a service', () => {
  it('that AWS says little about has AWS’s own defaults', () => {
    expect(toService(BARE)).toEqual({
      arn: BARE.serviceArn,
      name: 'api',
      clusterArn: BARE.clusterArn,
      clusterName: 'notify',
      status: 'ACTIVE',
      controller: 'ECS',
      resourceManagementType: null,
      schedulingStrategy: 'REPLICA',
      taskDefinitionArn: REVISION,
      desiredCount: 0,
      runningCount: 0,
      pendingCount: 0,
      deployments: [],
      serviceRevisionArns: [],
      events: [],
      loadBalancers: [],
      serviceRegistries: [],
      connectPortNames: [],
      latticePortNames: [],
      launchType: null,
      capacityProviders: [],
      platformFamily: null,
      hasNetworkConfiguration: false,
      volumeNames: [],
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      strategy: 'ROLLING',
      bakeMinutes: 0,
      hookCount: 0,
      pauseCount: 0,
      circuitBreaker: { enabled: false, rollback: false },
      alarms: { enabled: false, rollback: false, names: [] },
      createdAt: null,
    });
  });

  it('has its events newest first, each quoted; where nothing may be quoted one of them says so', () => {
    const said = [1, 2].map((at) => ({ id: `e${at}`, createdAt: new Date(at), message: `hunter${at}` }));
    expect(eventsOf(said, (text) => text.replace('hunter', '[hidden] '))).toEqual([
      { id: 'e2', at: 2, message: '[hidden] 2' },
      { id: 'e1', at: 1, message: '[hidden] 1' },
    ]);
    const withheld = { id: 'withheld', at: 2, message: expect.not.stringContaining('hunter') };
    expect(eventsOf(said, null)).toEqual([withheld]);
    expect(eventsOf([], null)).toEqual([]);
  });

  it('that runs once per instance may go down to none and never above', () => {
    expect(toService({ ...BARE, schedulingStrategy: 'DAEMON' })).toMatchObject({
      minimumHealthyPercent: 0,
      maximumPercent: 100,
    });
  });

  it('takes ports, volumes and platform from the deployment ECS is heading for', () => {
    const service = toService({
      ...BARE,
      deployments: [
        { id: '1', status: 'ACTIVE', serviceConnectConfiguration: { enabled: true, services: [{ portName: 'old' }] } },
        {
          id: '2',
          status: 'PRIMARY',
          platformFamily: 'Linux',
          serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http' }] },
          vpcLatticeConfigurations: [{ portName: 'grpc', roleArn: 'r', targetGroupArn: 't' }],
          volumeConfigurations: [{ name: 'data' }],
        },
      ],
      networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } },
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }],
      loadBalancers: [
        { targetGroupArn: 't', containerName: 'nginx', containerPort: 8080 },
        { loadBalancerName: 'classic' },
      ],
    });
    expect(service).toMatchObject({
      connectPortNames: ['http'],
      latticePortNames: ['grpc'],
      volumeNames: ['data'],
      platformFamily: 'Linux',
      hasNetworkConfiguration: true,
      capacityProviders: ['FARGATE_SPOT'],
      loadBalancers: [
        { targetGroupArn: 't', containerName: 'nginx', containerPort: 8080 },
        { targetGroupArn: null, containerName: '', containerPort: 0 },
      ],
    });
  });

  it('has no ports of a Service Connect that is switched off', () => {
    const deployments = [
      { id: '2', status: 'PRIMARY', serviceConnectConfiguration: { enabled: false, services: [{ portName: 'http' }] } },
    ];
    expect(toService({ ...BARE, deployments }).connectPortNames).toEqual([]);
  });

  it('of another controller names the revision of its primary task set', () => {
    const service = { ...BARE, taskDefinition: undefined, taskSets: [{ status: 'PRIMARY', taskDefinition: REVISION }] };
    expect(toService(service).taskDefinitionArn).toBe(REVISION);
  });

  it('without a name is no service', () => {
    expect(() => toService({ ...BARE, serviceName: undefined })).toThrow('AWS answered without the name of a service.');
  });
});

describe('a revision', () => {
  const definition = { taskDefinitionArn: REVISION, family: 'api', revision: 428 };
  const masking = { fingerprint: (text: string) => text, showValuesOf: new Set<string>() };

  it('keeps its tags, empty values included, and what AWS never said as null', () => {
    const revision = toRevision(
      { definition, tags: [{ key: 'team', value: 'notify' }, { key: 'empty' }], unknownFields: ['x'] },
      masking,
    );
    expect(revision).toMatchObject({
      tags: [
        { key: 'team', value: 'notify' },
        { key: 'empty', value: '' },
      ],
      registeredAt: null,
      deregisteredAt: null,
      registeredBy: null,
      unknownFields: ['x'],
    });
    expect(revision.original.open()).toEqual({
      definition,
      tags: [{ key: 'team', value: 'notify' }, { key: 'empty' }],
    });
  });
});

describe('a service deployment', () => {
  const head = toDeploymentHead({
    serviceDeploymentArn: 'd',
    targetServiceRevisionArn: 'r',
    createdAt: new Date(1_000),
    status: 'IN_PROGRESS',
    statusReason: 'listed',
  });

  it('that is only listed keeps what was listed, and what it deployed is not known', () => {
    expect(toServiceDeployment(head, null, null)).toEqual({
      arn: 'd',
      status: 'IN_PROGRESS',
      statusReason: null,
      createdAt: 1_000,
      startedAt: null,
      finishedAt: null,
      serviceRevisionArn: 'r',
      taskDefinitionArn: null,
      digests: new Map(),
      sourceServiceRevisionArns: [],
      circuitBreaker: null,
      waitingForHook: false,
      returnedBy: null,
      returnsToArn: null,
    });
  });

  it('goes by its description where that knows more than the list', () => {
    const described = { status: 'SUCCESSFUL', statusReason: 'done', finishedAt: new Date(2_000) } as const;
    expect(toServiceDeployment(head, described, null)).toMatchObject({
      status: 'SUCCESSFUL',
      statusReason: null,
      finishedAt: 2_000,
    });
  });

  const REQUESTED = 'A rollback of the service deployment was requested.';
  it.each([
    ['ecs', 'the circuit breaker triggered', { deploymentCircuitBreaker: { status: 'TRIGGERED' } }],
    ['ecs', 'an alarm triggered', { alarms: { triggeredAlarmNames: ['api-5xx'] } }],
    ['ecs', 'a hook failed', { lifecycleHookDetails: [{ status: 'FAILED' }] }],
    [
      'ecs',
      'ECS names the network',
      { statusReason: 'Service deployment rolled back because of invalid networking configuration.' },
    ],
    ['ecs', 'the way back names the breaker', { rollback: { reason: 'The circuit breaker threshold was exceeded.' } }],
    [
      'somebody',
      'no guard triggered',
      { deploymentCircuitBreaker: { status: 'MONITORING_COMPLETE' }, alarms: { triggeredAlarmNames: [] } },
    ],
    ['somebody', 'ECS says it was asked', { statusReason: REQUESTED }],
  ] as const)('was returned by %s where %s', (by, _why, change) => {
    const described = { status: 'ROLLBACK_SUCCESSFUL', ...change } as unknown as EcsServiceDeployment;
    expect(toServiceDeployment(head, described, null).returnedBy).toBe(by);
  });

  it('that did not return was returned by nobody', () => {
    expect(toServiceDeployment(head, { status: 'SUCCESSFUL' }, null).returnedBy).toBeNull();
  });

  it('keeps a state nobody has heard of', () => {
    expect(toDeploymentHead({ serviceDeploymentArn: 'd', status: 'PAUSED' as 'PENDING' }).status).toBe('PAUSED');
  });

  it('has no circuit breaker where that is switched off', () => {
    const off = { deploymentCircuitBreaker: { status: 'DISABLED', failureCount: 0, threshold: 3 } } as const;
    expect(toServiceDeployment(head, off, null).circuitBreaker).toBeNull();
  });
});
