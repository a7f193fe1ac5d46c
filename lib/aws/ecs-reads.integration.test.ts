import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceDeployment } from '@/lib/domain/service';
import { type Aws, createAws, type Reader } from './clients';
import { type Answer, assumed, error, json, SHORT, startWire, TARGET, text, type Wire, xmlError } from './fixtures';
import type { DeploymentMemory } from './service-deployments';

const ECS = 'arn:aws:ecs:eu-west-1:111111111111';
const API = `${ECS}:service/notify/api`;
const REVISION = `${ECS}:task-definition/api:428`;
const HOUR_MS = 3_600_000;

const OLD_ENVIRONMENT = { ...process.env };
let wire: Wire;
let aws: Aws;
let reader: Reader;
let clock = 0;

beforeEach(async () => {
  wire = await startWire();
  process.env.AWS_ENDPOINT_URL = wire.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLEEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  clock = Date.now();
  aws = awsFor();
  reader = aws.reader(TARGET);
});

afterEach(async () => {
  aws.close();
  process.env = { ...OLD_ENVIRONMENT };
  await wire.close();
});

const roles = {
  ...TARGET,
  readerRole: 'arn:aws:iam::111111111111:role/reader',
  writerRole: 'arn:aws:iam::111111111111:role/writer',
};

function awsFor(target = TARGET, memory?: DeploymentMemory): Aws {
  return createAws({
    ...(memory && { memory }),
    targets: [target],
    fingerprint: (value) => `hash of ${value.length}`,
    showValuesOf: new Set(['LOG_LEVEL']),
    replicas: 1,
    log: () => undefined,
    now: () => clock,
    timeouts: SHORT,
  });
}

const service = (name: string, more: object = {}) => ({
  serviceArn: `${ECS}:service/notify/${name}`,
  serviceName: name,
  clusterArn: `${ECS}:cluster/notify`,
  status: 'ACTIVE',
  taskDefinition: REVISION,
  desiredCount: 6,
  runningCount: 6,
  pendingCount: 0,
  deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', taskDefinition: REVISION, createdAt: 1783015783.454 }],
  ...more,
});

const definition = {
  taskDefinitionArn: REVISION,
  family: 'api',
  revision: 428,
  status: 'ACTIVE',
  containerDefinitions: [
    {
      name: 'app',
      image: 'nginx:1',
      environment: [
        { name: 'DATABASE_URL', value: 'postgres://user:hunter2@db/api' },
        { name: 'LOG_LEVEL', value: 'debug' },
      ],
    },
  ],
  registeredAt: 1783015783.454,
  registeredBy: 'arn:aws:sts::111111111111:assumed-role/concourse-deploy/build-1',
};

describe('lists', () => {
  it('are read a hundred at a time to their end, short and empty pages included', async () => {
    wire.on(
      'ListServices',
      json({ serviceArns: [API], nextToken: 'a' }),
      json({ serviceArns: [], nextToken: 'b' }),
      json({ serviceArns: [`${API}-2`] }),
    );
    expect(await reader.listServices('notify')).toEqual({ ok: true, value: [API, `${API}-2`] });
    expect(wire.received.map(({ input }) => input)).toEqual([
      { cluster: 'notify', maxResults: 100 },
      { cluster: 'notify', maxResults: 100, nextToken: 'a' },
      { cluster: 'notify', maxResults: 100, nextToken: 'b' },
    ]);
  });

  it('end when AWS repeats a token', async () => {
    wire.on('ListServices', json({ serviceArns: [API], nextToken: 'again' }));
    expect(await reader.listServices('notify')).toMatchObject({ ok: true, value: [API, API] });
    expect(wire.times('ListServices')).toBe(2);
  });

  it('fail whole when one page fails', async () => {
    wire.on(
      'ListServices',
      json({ serviceArns: [API], nextToken: 'a' }),
      error('ClusterNotFoundException', 'Cluster not found.'),
    );
    expect(await reader.listServices('notify')).toEqual({
      ok: false,
      error: { kind: 'gone', action: 'ecs:ListServices', words: 'ClusterNotFoundException: Cluster not found.' },
    });
  });

  it('of clusters are the configured names where there are any, without asking AWS', async () => {
    wire.on('ListClusters', json({ clusterArns: [`${ECS}:cluster/notify`, `${ECS}:cluster/tools`] }));
    expect(await reader.listClusters()).toEqual({ ok: true, value: ['notify', 'tools'] });
    const configured = { ...TARGET, clusters: ['notify'] };
    const other = awsFor(configured);
    expect(await other.reader(configured).listClusters()).toEqual({ ok: true, value: ['notify'] });
    expect(wire.times('ListClusters')).toBe(1);
    other.close();
  });
});

describe('services', () => {
  it('are described ten at a time, and the ones AWS misses are named', async () => {
    wire.on('DescribeServices', (response, received) => {
      const names = received.input.services as string[];
      const found = names.filter((name) => name !== 's-11').map((name) => service(name));
      const failures = names.includes('s-11') ? [{ arn: `${ECS}:service/notify/s-11`, reason: 'MISSING' }] : [];
      json({ services: found, failures })(response, received);
    });
    const names = Array.from({ length: 12 }, (_, index) => `s-${index}`);
    const answer = await reader.describeServices('notify', names);
    expect(answer).toMatchObject({ ok: true, value: { missing: ['s-11'] } });
    expect(answer.ok && answer.value.services.map(({ name }) => name)).toEqual(names.slice(0, 11));
    const sizes = wire.received.map(({ input }) => (input.services as string[]).length);
    expect(sizes.sort((a, b) => a - b)).toEqual([2, 10]);
  });

  it('are not read when AWS complains of anything but a missing one', async () => {
    wire.on(
      'DescribeServices',
      json({ services: [], failures: [{ arn: API, reason: 'ACCESS_DENIED', detail: 'tag' }] }),
    );
    expect(await reader.describeServices('notify', ['api'])).toEqual({
      ok: false,
      error: { kind: 'other', action: 'ecs:DescribeServices', words: `ACCESS_DENIED: tag: ${API}` },
    });
  });

  it('name their running deployment', async () => {
    wire.on('DescribeServices', json({ services: [service('api')] }));
    const answer = await reader.describeServices('notify', [API]);
    expect(answer.ok && answer.value.services[0]?.deployments[0]).toMatchObject({
      id: 'ecs-svc/1',
      createdAt: 1783015783454,
      taskDefinitionArn: REVISION,
    });
  });

  const events = [
    { id: '1', createdAt: 1, message: 'older' },
    { id: '2', createdAt: 2, message: 'cannot reach postgres://user:hunter2@db/api or https://a:b@c/' },
  ];
  const learn = (arn: string) => reader.describeRevision(arn);
  const quoted = async () => {
    const answer = await reader.describeServices('notify', [API], { quoting: learn });
    return answer.ok ? answer.value.services[0]?.events : answer.error;
  };

  it('quote their events without values of definitions nobody has read yet: they are read first, once', async () => {
    wire.on('DescribeTaskDefinition', json({ taskDefinition: definition }));
    wire.on('DescribeServices', json({ services: [service('api', { events })] }));
    const clean = [
      { id: '2', at: 2000, message: 'cannot reach [hidden] or https://c/' },
      { id: '1', at: 1000, message: 'older' },
    ];
    expect(await quoted()).toEqual(clean);
    expect(await quoted()).toEqual(clean);
    expect(wire.times('DescribeTaskDefinition')).toBe(1);
  });

  it('quote their events without values of older revisions either, where those were read', async () => {
    const older = `${ECS}:task-definition/api:400`;
    const old = {
      taskDefinitionArn: older,
      family: 'api',
      revision: 400,
      containerDefinitions: [{ command: ['swordfish'] }],
    };
    wire.on('DescribeTaskDefinition', (response, received) => {
      json({ taskDefinition: received.input.taskDefinition === older ? old : definition })(response, received);
    });
    const messages = [{ id: '1', createdAt: 1, message: 'exec: "swordfish": not found' }];
    wire.on('DescribeServices', json({ services: [service('api', { events: messages })] }));
    await reader.describeRevision(older);
    expect(await quoted()).toEqual([{ id: '1', at: 1000, message: 'exec: "[hidden]": not found' }]);
  });

  it('say that their events are not shown where a definition cannot be read, and nothing of what stood there', async () => {
    wire.on('DescribeTaskDefinition', error('AccessDeniedException', 'no'));
    wire.on('DescribeServices', json({ services: [service('api', { events })] }));
    expect(await quoted()).toEqual([{ id: 'withheld', at: 2000, message: expect.stringContaining('is not shown') }]);
  });

  it('bring no events where nobody asks for them, and no definition is read', async () => {
    wire.on('DescribeServices', json({ services: [service('api', { events })] }));
    const answer = await reader.describeServices('notify', [API]);
    expect(answer.ok && answer.value.services[0]?.events).toEqual([]);
    expect(wire.times('DescribeTaskDefinition')).toBe(0);
  });
});

describe('a revision', () => {
  it('is asked for with its tags, comes masked, and keeps its original sealed', async () => {
    wire.on('DescribeTaskDefinition', json({ taskDefinition: definition, tags: [{ key: 'team', value: 'notify' }] }));
    const answer = await reader.describeRevision('api:428');
    expect(wire.received[0]?.input).toEqual({ taskDefinition: 'api:428', include: ['TAGS'] });
    const revision = answer.ok ? answer.value : null;
    expect(revision).toMatchObject({
      arn: REVISION,
      family: 'api',
      number: 428,
      status: 'ACTIVE',
      registeredAt: 1783015783454,
      deregisteredAt: null,
      tags: [{ key: 'team', value: 'notify' }],
      unknownFields: [],
    });
    const environment = revision?.shown.containerDefinitions?.[0]?.environment;
    expect(JSON.stringify(environment)).toBe(
      '[{"name":"DATABASE_URL","value":"[hidden]"},{"name":"LOG_LEVEL","value":"debug"}]',
    );
    for (const printed of [JSON.stringify(answer), inspect(answer, { depth: 20 }), `${revision?.original}`]) {
      expect(printed).not.toContain('hunter2');
    }
  });

  it('names the fields AWS sent and the SDK dropped', async () => {
    const newer = {
      ...definition,
      quantumMode: 'on',
      containerDefinitions: [
        { ...definition.containerDefinitions[0], portMappings: [{ containerPort: 80, teleport: 1 }] },
      ],
    };
    wire.on('DescribeTaskDefinition', json({ taskDefinition: newer }));
    expect(await reader.describeRevision(REVISION)).toMatchObject({
      ok: true,
      value: { unknownFields: ['containerDefinitions[0].portMappings[0].teleport', 'quantumMode'] },
    });
  });

  it('that ECS does not know is gone, in the one message that has no name of its own', async () => {
    wire.on('DescribeTaskDefinition', error('ClientException', 'Unable to describe task definition.'));
    expect(await reader.describeRevision('api:1')).toMatchObject({ ok: false, error: { kind: 'gone' } });
    wire.on('DescribeTaskDefinition', error('ClientException', 'Something else.'));
    expect(await reader.describeRevision('api:1')).toMatchObject({ ok: false, error: { kind: 'other' } });
  });

  it('that no number names is not asked for: a family would mean its newest', async () => {
    expect(await reader.describeRevision('api')).toMatchObject({ ok: false, error: { kind: 'gone' } });
    expect(wire.received).toEqual([]);
  });

  it('whose answer stalls or breaks off is not read', async () => {
    const half = '{"taskDefinition":';
    wire.on('DescribeTaskDefinition', (response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': '1000' }).write(half);
    });
    expect(await reader.describeRevision(REVISION)).toMatchObject({ ok: false, error: { kind: 'no-answer' } });
    wire.on('DescribeTaskDefinition', text(half, 200, 'application/x-amz-json-1.1'));
    expect(await reader.describeRevision(REVISION)).toMatchObject({ ok: false, error: { kind: 'no-answer' } });
  });

  it('is listed newest first by its whole family name, one status at a time', async () => {
    wire.on('ListTaskDefinitions', json({ taskDefinitionArns: [REVISION], nextToken: 'more' }));
    expect(await reader.listRevisions({ family: 'api', status: 'DELETE_IN_PROGRESS', limit: 25 })).toEqual({
      ok: true,
      value: { arns: [REVISION], nextToken: 'more' },
    });
    expect(wire.received[0]?.input).toEqual({
      familyPrefix: 'api',
      status: 'DELETE_IN_PROGRESS',
      sort: 'DESC',
      maxResults: 25,
    });
    expect(
      await reader.listRevisions({ family: 'api', status: 'INACTIVE', token: 'more' }),
      'a repeated token ends the list',
    ).toMatchObject({ value: { nextToken: null } });
  });
});

describe('service deployments', () => {
  const deployment = (id: string, createdAt: number, status = 'SUCCESSFUL') => ({
    serviceDeploymentArn: `${ECS}:service-deployment/notify/api/${id}`,
    createdAt,
    finishedAt: createdAt + 60,
    status,
    targetServiceRevisionArn: `${ECS}:service-revision/notify/api/${id}`,
  });
  const described: Answer = (response, received) => {
    const arns = received.input.serviceDeploymentArns as string[];
    const serviceDeployments = arns
      .filter((arn) => !arn.endsWith('old'))
      .map((serviceDeploymentArn) => ({
        serviceDeploymentArn,
        sourceServiceRevisions: [{ arn: 'before' }],
        deploymentCircuitBreaker: { status: 'MONITORING', failureCount: 1, threshold: 3 },
        lifecycleHookDetails: [{ status: 'AWAITING_ACTION' }],
      }));
    const failures = arns.filter((arn) => arn.endsWith('old')).map((arn) => ({ arn, reason: 'MISSING' }));
    json({ serviceDeployments, failures })(response, received);
  };
  const revisions: Answer = (response, received) => {
    const serviceRevisions = (received.input.serviceRevisionArns as string[]).map((serviceRevisionArn) => ({
      serviceRevisionArn,
      taskDefinition: REVISION,
      containerImages: [{ containerName: 'app', imageDigest: 'sha256:1' }, { containerName: 'sidecar' }],
    }));
    json({ serviceRevisions })(response, received);
  };

  it('come newest first with what they deployed; finished ones are described once', async () => {
    wire.on(
      'ListServiceDeployments',
      json({ serviceDeployments: [deployment('a', 100), deployment('old', 50), deployment('b', 200, 'IN_PROGRESS')] }),
    );
    wire.on('DescribeServiceDeployments', described);
    wire.on('DescribeServiceRevisions', revisions);
    const answer = await reader.serviceDeployments('notify', 'api', { createdAfterMs: 1000 });
    const found = answer.ok ? answer.value : [];
    expect(found.map(({ arn }) => arn.slice(-3))).toEqual(['i/b', 'i/a', 'old']);
    expect(found[0]).toMatchObject({
      status: 'IN_PROGRESS',
      createdAt: 200_000,
      taskDefinitionArn: REVISION,
      digests: new Map([['app', 'sha256:1']]),
      sourceServiceRevisionArns: ['before'],
      circuitBreaker: { failureCount: 1, threshold: 3 },
      waitingForHook: true,
    });
    expect(found[2]).toMatchObject({ status: 'SUCCESSFUL', sourceServiceRevisionArns: [], circuitBreaker: null });
    expect(wire.received[0]?.input).toEqual({
      cluster: 'notify',
      service: 'api',
      createdAt: { after: 1 },
      maxResults: 100,
    });
    await reader.serviceDeployments('notify', 'api');
    const asked = wire.received.filter(({ operation }) => operation === 'DescribeServiceRevisions');
    expect(asked.map(({ input }) => (input.serviceRevisionArns as string[]).length)).toEqual([3, 1]);
  });

  it('say why they ended without values of what they deployed, read or not, to whoever asks for that', async () => {
    const why = { statusReason: 'hook said: postgres://user:hunter2@db/api' };
    wire.on('ListServiceDeployments', json({ serviceDeployments: [{ ...deployment('a', 100, 'STOPPED'), ...why }] }));
    wire.on('DescribeServiceDeployments', (response, received) => {
      const arns = received.input.serviceDeploymentArns as string[];
      json({ serviceDeployments: arns.map((serviceDeploymentArn) => ({ serviceDeploymentArn, ...why })) })(
        response,
        received,
      );
    });
    wire.on('DescribeServiceRevisions', revisions);
    wire.on('DescribeTaskDefinition', json({ taskDefinition: definition }));
    const kept: ServiceDeployment[] = [];
    const memory: DeploymentMemory = {
      deployments: async () => new Map(),
      keepDeployments: async (deployments) => void kept.push(...deployments),
    };
    reader = awsFor(TARGET, memory).reader(TARGET);
    const reason = async (quoting?: (arn: string) => Promise<unknown>) => {
      const answer = await reader.serviceDeployments('notify', 'api', { quoting });
      return answer.ok ? answer.value[0]?.statusReason : answer.error;
    };
    expect(await reason()).toBeNull();
    expect(wire.times('DescribeTaskDefinition')).toBe(0);
    expect(await reason((arn) => reader.describeRevision(arn))).toBe('hook said: [hidden]');
    expect(await reason((arn) => reader.describeRevision(arn))).toBe('hook said: [hidden]');
    expect(wire.times('DescribeTaskDefinition')).toBe(1);
    expect(kept.map(({ statusReason }) => statusReason)).toEqual([null]);
  });

  it('of many services are described together, the newest 20 of each', async () => {
    wire.on('ListServiceDeployments', (response, received) => {
      const ids = Array.from({ length: 25 }, (_, index) => `${String(received.input.service)}-${index}`);
      json({ serviceDeployments: ids.map((id, index) => deployment(id, 1_000 - index)) })(response, received);
    });
    wire.on('DescribeServiceDeployments', described);
    wire.on('DescribeServiceRevisions', revisions);
    const services = ['one', 'two', 'three'].map((service) => ({ cluster: 'notify', service }));
    const answers = await reader.recentDeployments(services);
    expect(answers.map((answer) => answer.ok && answer.value.length)).toEqual([25, 25, 25]);
    const known = answers.map((answer) => answer.ok && answer.value.findLastIndex((one) => one.taskDefinitionArn));
    expect(known).toEqual([19, 19, 19]);
    expect(wire.times('DescribeServiceDeployments')).toBe(3);
    expect(wire.times('DescribeServiceRevisions')).toBe(3);
  });

  it('of a service that cannot be listed do not hide those of others', async () => {
    wire.on('ListServiceDeployments', (response, received) => {
      const denied = received.input.service === 'two';
      const answer = denied ? error('AccessDeniedException') : json({ serviceDeployments: [deployment('a', 100)] });
      answer(response, received);
    });
    wire.on('DescribeServiceDeployments', described);
    wire.on('DescribeServiceRevisions', revisions);
    const services = ['one', 'two'].map((service) => ({ cluster: 'notify', service }));
    expect(await reader.recentDeployments(services)).toMatchObject([
      { ok: true },
      { ok: false, error: { kind: 'denied' } },
    ]);
  });

  it('that another process has described are not described again; a memory that fails is none', async () => {
    const kept = new Map<string, ServiceDeployment>();
    let broken = false;
    const memory: DeploymentMemory = {
      deployments: async (arns) => {
        if (broken) throw new Error('no database');
        return new Map([...kept].filter(([arn]) => arns.includes(arn)));
      },
      keepDeployments: async (deployments) => {
        for (const one of deployments) kept.set(one.arn, one);
      },
    };
    wire.on('ListServiceDeployments', json({ serviceDeployments: [deployment('a', 100)] }));
    wire.on('DescribeServiceDeployments', described);
    wire.on('DescribeServiceRevisions', revisions);
    const read = async () => {
      const process = awsFor(TARGET, memory);
      const answer = await process.reader(TARGET).serviceDeployments('notify', 'api');
      process.close();
      return answer;
    };
    const first = await read();
    expect(await read()).toEqual(first);
    expect(wire.times('DescribeServiceRevisions')).toBe(1);
    broken = true;
    expect(await read()).toEqual(first);
    expect(wire.times('DescribeServiceRevisions')).toBe(2);
  });

  it('are not read when one of the calls is denied', async () => {
    wire.on('ListServiceDeployments', json({ serviceDeployments: [deployment('a', 100)] }));
    wire.on('DescribeServiceDeployments', described);
    wire.on('DescribeServiceRevisions', error('AccessDeniedException', 'no'));
    expect(await reader.serviceDeployments('notify', 'api')).toMatchObject({
      ok: false,
      error: { kind: 'denied', action: 'ecs:DescribeServiceRevisions' },
    });
  });
});

describe('tasks', () => {
  it('are told with why they stopped, without values of their definition', async () => {
    wire.on('DescribeTaskDefinition', json({ taskDefinition: definition }));
    wire.on('ListTasks', json({ taskArns: ['task-1'] }));
    wire.on(
      'DescribeTasks',
      json({
        tasks: [
          {
            taskArn: 'task-1',
            taskDefinitionArn: REVISION,
            lastStatus: 'STOPPED',
            desiredStatus: 'STOPPED',
            startedBy: 'ecs-svc/2',
            stopCode: 'TaskFailedToStart',
            stoppedReason: 'cannot use postgres://user:hunter2@db/api',
            containers: [{ name: 'app', image: 'nginx:1', exitCode: 1, reason: 'AKIAABCDEFGHIJKLMNOP refused' }],
          },
        ],
      }),
    );
    await reader.describeRevision(REVISION);
    const answer = await reader.tasks('notify', 'api', 'STOPPED');
    expect(answer).toMatchObject({
      ok: true,
      value: [
        {
          startedBy: 'ecs-svc/2',
          stopCode: 'TaskFailedToStart',
          stoppedReason: 'cannot use [hidden]',
          healthStatus: 'UNKNOWN',
          containers: [{ name: 'app', exitCode: 1, imageDigest: null, reason: '[hidden] refused' }],
        },
      ],
    });
    expect(wire.received[1]?.input).toEqual({ cluster: 'notify', serviceName: 'api', desiredStatus: 'STOPPED' });
  });

  const failed = json({
    tasks: [
      { taskArn: 'task-1', taskDefinitionArn: REVISION, stoppedReason: 'exec: "hunter2": not found' },
      { taskArn: 'task-2', taskDefinitionArn: REVISION, containers: [{ name: 'app', reason: 'hunter2' }] },
    ],
  });
  const command = json({ taskDefinition: { ...definition, containerDefinitions: [{ command: ['hunter2'] }] } });

  it('of a copy nobody has read yet lose its values too: it is read first, once', async () => {
    wire.on('DescribeTaskDefinition', command);
    wire.on('ListTasks', json({ taskArns: ['task-1', 'task-2'] }));
    wire.on('DescribeTasks', failed);
    const answer = await reader.tasks('notify', 'api', 'STOPPED');
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(answer).toMatchObject({ ok: true, value: [{ stoppedReason: 'exec: "[hidden]": not found' }, {}] });
    expect(wire.times('DescribeTaskDefinition')).toBe(1);
  });

  it('say nothing of what AWS said where their definition cannot be read', async () => {
    wire.on('DescribeTaskDefinition', error('AccessDeniedException', 'no'));
    wire.on('ListTasks', json({ taskArns: ['task-1', 'task-2'] }));
    wire.on('DescribeTasks', failed);
    const answer = await reader.tasks('notify', 'api', 'STOPPED');
    expect(answer.ok && answer.value).toHaveLength(2);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('are none without a second call when none is listed', async () => {
    wire.on('ListTasks', json({ taskArns: [] }));
    expect(await reader.tasks('notify', 'api', 'RUNNING')).toEqual({ ok: true, value: [] });
  });
});

describe('what goes wrong', () => {
  it.each<[string, Answer, string]>([
    ['a denied call', error('AccessDeniedException', 'User: x is not authorized'), 'denied'],
    ['a server error that stays', error('ServerException', 'Service Unavailable', 500), 'no-answer'],
    ['a page of a proxy', text('<html>', 502), 'no-answer'],
    ['a closed socket', (response) => response.destroy(), 'no-answer'],
    ['a missing part', json({ clusterArns: [], services: [{}] }), 'other'],
  ])('is named after %s', async (_title, answer, kind) => {
    wire.on('DescribeServices', answer);
    expect(await reader.describeServices('notify', ['api'])).toMatchObject({
      ok: false,
      error: { kind, action: 'ecs:DescribeServices' },
    });
  });

  it('is silence, when AWS takes longer than a call may', async () => {
    wire.on('DescribeServices', () => undefined);
    const began = performance.now();
    expect(await reader.describeServices('notify', ['api'])).toMatchObject({ ok: false, error: { kind: 'no-answer' } });
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('is got over when AWS fails twice, and each attempt is counted', async () => {
    wire.on(
      'ListClusters',
      error('ServerException', 'once', 500),
      error('ServerException', 'twice', 500),
      json({ clusterArns: [] }),
    );
    expect(await reader.listClusters()).toEqual({ ok: true, value: [] });
    expect(wire.times('ListClusters')).toBe(3);
    expect(aws.usage(TARGET)).toMatchObject({ bucket: 'cluster-read', perSecond: 0.3 });
  });

  it('is noted as a throttle even when a repeat got over it', async () => {
    wire.on('ListClusters', error('ThrottlingException', 'Rate exceeded'), json({ clusterArns: [] }));
    await reader.listClusters({ signal: AbortSignal.timeout(900) });
    expect(aws.usage(TARGET)).toMatchObject({ throttled: true });
  });

  it('is silence for a caller who goes away', async () => {
    wire.on('ListClusters', () => undefined);
    const leaving = new AbortController();
    const answer = reader.listClusters({ signal: leaving.signal });
    setTimeout(() => leaving.abort(), 20);
    expect(await answer).toMatchObject({ ok: false, error: { kind: 'no-answer' } });
  });
});

describe('roles', () => {
  it('for reading are taken once for many calls, and again before they end', async () => {
    wire.on('AssumeRole', assumed('ASIAFIRST', clock + HOUR_MS), assumed('ASIASECOND', clock + 2 * HOUR_MS));
    wire.on('ListClusters', json({ clusterArns: [] }));
    const withRoles = awsFor(roles);
    const read = () => withRoles.reader(roles).listClusters();
    await Promise.all([read(), read(), read()]);
    expect(wire.times('AssumeRole')).toBe(1);
    // The SDK remembers credentials too, by the clock of the machine.
    vi.useFakeTimers({ toFake: ['Date'], now: clock + HOUR_MS - 4 * 60_000 });
    clock = Date.now();
    await read();
    vi.useRealTimers();
    expect(wire.times('AssumeRole')).toBe(2);
    expect(wire.received.at(-1)?.headers.authorization).toContain('ASIASECOND');
    withRoles.close();
  });

  it('that cannot be taken are what failed, not the read behind them', async () => {
    wire.on('AssumeRole', xmlError('AccessDenied', 'User: x is not authorized to perform: sts:AssumeRole', 403));
    const withRoles = awsFor(roles);
    expect(await withRoles.reader(roles).listClusters()).toMatchObject({
      ok: false,
      error: { kind: 'denied', action: 'sts:AssumeRole' },
    });
    expect(await withRoles.canTakeWriterRole(roles)).toMatchObject({ ok: false, error: { kind: 'denied' } });
    expect(wire.times('ListClusters')).toBe(0);
    withRoles.close();
  });

  it('for writing are taken once per rollback, named for it and the person, and narrowed', async () => {
    wire.on('AssumeRole', assumed('ASIAWRITER', clock + HOUR_MS));
    wire.on('UpdateService', json({ service: { deployments: [] } }));
    const outside = { ...roles, externalId: 'outside-1' };
    const withRoles = awsFor(outside);
    const writer = await withRoles.writer({
      target: outside,
      serviceArn: API,
      clusterName: 'notify',
      family: 'api',
      rollbackId: '0198c0de-0000-7000-8000-000000000001',
      person: 'Zoë O’Neil <zoe@notify.example>',
      priority: 'rollback',
    });
    expect(wire.received.map(({ input }) => input)).toMatchObject([
      {
        RoleArn: roles.writerRole,
        RoleSessionName: '0198c0de-0000-7000-8000-000000000001',
        DurationSeconds: '900',
        ExternalId: 'outside-1',
        SourceIdentity: 'Zoe-O-Neil-zoe@notify.example-',
      },
    ]);
    expect(writer.ok && withRoles.writerOf('0198c0de-0000-7000-8000-000000000001')).toBe(writer.ok && writer.value);
    if (writer.ok)
      await writer.value.updateService({ cluster: 'notify', service: 'api', taskDefinition: REVISION }, []);
    expect(wire.received.at(-1)?.headers.authorization).toContain('ASIAWRITER');
    expect(wire.times('AssumeRole')).toBe(1);
    expect(() => withRoles.writerOf('another')).toThrow('No writing session');
    withRoles.close();
  });

  it('come from the configuration, whatever a caller hands over', async () => {
    wire.on('AssumeRole', assumed('ASIA', clock + HOUR_MS));
    wire.on('ListClusters', json({ clusterArns: [] }));
    const withRoles = awsFor(roles);
    await withRoles.reader({ ...roles, readerRole: 'arn:aws:iam::999999999999:role/evil' }).listClusters();
    expect(wire.received[0]?.input).toMatchObject({ RoleArn: roles.readerRole });
    expect(() => withRoles.reader({ ...roles, name: 'unheard-of' })).toThrow('no target unheard-of');
    withRoles.close();
  });
});

describe('endpoints', () => {
  it('are those of the environment, and said to be overridden', async () => {
    const endpoints = await aws.endpoints(TARGET);
    expect(endpoints.map(({ service: name }) => name)).toEqual(['ecs', 'sts', 'ecr', 'iam']);
    expect(endpoints.every(({ url, overridden }) => overridden && url === wire.url)).toBe(true);
    expect(wire.received).toEqual([]);
  });

  it('are left out, and nothing fails, where no role can be taken to find them out with', async () => {
    wire.on('AssumeRole', error('AccessDenied', 'no'));
    const withRoles = awsFor(roles);
    expect(await withRoles.endpoints(roles)).toEqual([]);
    withRoles.close();
  });

  it('are AWS’s own where nothing is set', async () => {
    delete process.env.AWS_ENDPOINT_URL;
    const own = awsFor();
    expect((await own.endpoints(TARGET))[0]).toEqual({
      service: 'ecs',
      url: 'https://ecs.eu-west-1.amazonaws.com',
      overridden: false,
    });
    own.close();
  });
});
