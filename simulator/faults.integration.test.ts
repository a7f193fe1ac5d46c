import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  paginateListClusters,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CONTAINER, type Control, controlOf, ecsAt, failureOf, settingsFor } from './fixtures';
import { type Simulator, startSimulator } from './start';

let simulator: Simulator;
let ecs: ECSClient;
let control: Control;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, scenario: 'empty' });
  ecs = ecsAt(simulator.url);
  control = controlOf(simulator.url);
});

afterEach(() => control.remove('faults'));

afterAll(async () => {
  ecs.destroy();
  await simulator.close();
});

const list = () => ecs.send(new ListClustersCommand({}));
const register = (family: string) =>
  ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions: [CONTAINER] }));
/** How many revisions of a family the simulated ECS has. */
const registered = (family: string): number =>
  simulator.world.accounts.get('111111111111')?.regions.get('eu-west-1')?.families.get(family)?.revisions.size ?? 0;
const on = (operation: string, fault: string, more: object = {}) =>
  control.post('faults', { operation, fault, ...more });
const POLL = { timeout: 10_000, interval: 20 };
const lastCall = async () => (await control.calls()).at(-1);

/** A client that gives up soon, as ours do. */
const impatient = () =>
  new ECSClient({
    ...settingsFor(simulator.url),
    requestHandler: new NodeHttpHandler({ requestTimeout: 150, throwOnRequestTimeout: true, socketTimeout: 300 }),
  });

describe('a fault before the operation', () => {
  it('throttles with the words of ECS', async () => {
    await on('RegisterTaskDefinition', 'throttle');
    expect(await failureOf(register('throttled'))).toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    });
    expect(registered('throttled')).toBe(0);
    expect(await lastCall()).toMatchObject({ status: 400, error: 'ThrottlingException', applied: false });
  });

  it('throttles a service that speaks XML with its own word', async () => {
    await on('GetCallerIdentity', 'throttle', { service: 'sts' });
    const sts = new STSClient(settingsFor(simulator.url));
    expect(await failureOf(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: 'Throttling' });
  });

  it('fails as a server error', async () => {
    await on('ListClusters', 'server-error');
    expect(await failureOf(list())).toMatchObject({
      name: 'ServerException',
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
    });
  });

  it('answers the HTML of a gateway, which the SDK cannot read', async () => {
    await on('ListClusters', 'bad-gateway-html');
    expect(await failureOf(list())).toMatchObject({ name: 'SyntaxError', $metadata: { httpStatusCode: 502 } });
  });

  it('denies access, naming who wanted what', async () => {
    await on('RegisterTaskDefinition', 'access-denied');
    const { name, message } = await failureOf(register('denied'));
    expect(name).toBe('AccessDeniedException');
    expect(message).toBe(
      'User: arn:aws:iam::111111111111:user/demo is not authorized to perform: ecs:RegisterTaskDefinition on resource: arn:aws:ecs:eu-west-1:111111111111:task-definition/denied:* because no identity-based policy allows the ecs:RegisterTaskDefinition action',
    );
    expect(registered('denied')).toBe(0);
  });

  it('says that the token is expired', async () => {
    await on('ListClusters', 'expired-token');
    expect(await failureOf(list())).toMatchObject({ name: 'ExpiredTokenException' });
  });

  it('drops the connection with nothing done', async () => {
    await on('RegisterTaskDefinition', 'drop-before-apply');
    expect(await failureOf(register('dropped-before'))).toMatchObject({
      name: 'TimeoutError',
      message: 'socket hang up',
    });
    expect(registered('dropped-before')).toBe(0);
    expect(await lastCall()).toMatchObject({ status: null, applied: false, fault: 'drop-before-apply' });
  });

  it('hangs with nothing done', async () => {
    await on('RegisterTaskDefinition', 'hang', { applied: false });
    const command = new RegisterTaskDefinitionCommand({ family: 'hung', containerDefinitions: [CONTAINER] });
    expect(await failureOf(impatient().send(command))).toMatchObject({ name: 'TimeoutError' });
    expect(registered('hung')).toBe(0);
  });
});

describe('a fault after the operation', () => {
  it('drops the connection with everything done', async () => {
    await on('RegisterTaskDefinition', 'drop-after-apply');
    expect(await failureOf(register('dropped-after'))).toMatchObject({ message: 'socket hang up' });
    expect(registered('dropped-after')).toBe(1);
    expect(await lastCall()).toMatchObject({ status: null, applied: true, fault: 'drop-after-apply' });
  });

  it('answers an error with everything done', async () => {
    await on('RegisterTaskDefinition', 'error-after-apply');
    expect(await failureOf(register('failed-after'))).toMatchObject({ name: 'ServerException' });
    expect(registered('failed-after')).toBe(1);
    expect(await lastCall()).toMatchObject({ status: 500, applied: true });
  });

  it('hangs with everything done', async () => {
    await on('RegisterTaskDefinition', 'hang', { applied: true });
    const command = new RegisterTaskDefinitionCommand({ family: 'hung-after', containerDefinitions: [CONTAINER] });
    expect(await failureOf(impatient().send(command))).toMatchObject({ name: 'TimeoutError' });
    await expect.poll(() => registered('hung-after'), POLL).toBe(1);
    expect(await lastCall()).toMatchObject({ status: null, applied: true });
  });

  it('cuts the body short after a status of 200', async () => {
    await on('RegisterTaskDefinition', 'truncate');
    expect(await failureOf(register('truncated'))).toMatchObject({
      message: expect.stringMatching(/^aborted/),
      $metadata: { httpStatusCode: 200 },
    });
    expect(registered('truncated')).toBe(1);
  });

  it('sends the head and never the body', async () => {
    await on('RegisterTaskDefinition', 'stall');
    const command = new RegisterTaskDefinitionCommand({ family: 'stalled', containerDefinitions: [CONTAINER] });
    expect(await failureOf(impatient().send(command))).toMatchObject({ name: 'TimeoutError' });
    await expect.poll(() => registered('stalled'), POLL).toBe(1);
  });

  it('is what a retrying caller never learns of: the second answer is for a second revision', async () => {
    await on('RegisterTaskDefinition', 'drop-after-apply', { count: 1 });
    const retrying = new ECSClient({ ...settingsFor(simulator.url), maxAttempts: 2 });
    const { taskDefinition } = await retrying.send(
      new RegisterTaskDefinitionCommand({ family: 'twice', containerDefinitions: [CONTAINER] }),
    );
    expect(taskDefinition?.revision).toBe(2);
    const attempts = (await control.calls())
      .filter(({ operation }) => operation === 'RegisterTaskDefinition')
      .slice(-2);
    expect(attempts.map(({ attempt, status }) => ({ attempt, status }))).toEqual([
      { attempt: 1, status: null },
      { attempt: 2, status: 200 },
    ]);
    expect(new Set(attempts.map(({ invocationId }) => invocationId)).size).toBe(1);
  });
});

describe('a slow operation', () => {
  it('is carried out although nobody waits any more', async () => {
    await on('RegisterTaskDefinition', 'slow', { ms: 1_500 });
    const command = new RegisterTaskDefinitionCommand({ family: 'slow', containerDefinitions: [CONTAINER] });
    expect(await failureOf(impatient().send(command))).toMatchObject({ name: 'TimeoutError' });
    expect(registered('slow')).toBe(0);
    await expect.poll(() => registered('slow'), POLL).toBe(1);
    expect(await lastCall()).toMatchObject({ status: null, applied: true });
  });

  it('of registering keeps others out of its family, and no longer than it lasts', async () => {
    await on('RegisterTaskDefinition', 'slow', { ms: 500, count: 2 });
    const first = register('one-at-a-time');
    await expect.poll(async () => (await lastCall())?.input, POLL).toMatchObject({ family: 'one-at-a-time' });
    expect(await failureOf(register('one-at-a-time'))).toMatchObject({
      name: 'ClientException',
      message: 'Too many concurrent attempts to create a new revision of the specified family.',
    });
    await first;
    await expect(register('one-at-a-time')).resolves.toMatchObject({ taskDefinition: { revision: 2 } });
  });

  it('answers whoever waits', async () => {
    await on('ListClusters', 'slow', { ms: 20 });
    await expect(list()).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });
});

describe('a stale read', () => {
  it('shows a service as it was before an update, and in time as it is', async () => {
    await ecs.send(new CreateClusterCommand({ clusterName: 'stale' }));
    await register('stale');
    await ecs.send(new CreateServiceCommand({ cluster: 'stale', serviceName: 's', taskDefinition: 'stale:1' }));
    await register('stale');
    const running = async () => {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'stale', services: ['s'] }));
      return services?.[0]?.taskDefinition?.split('/').at(-1);
    };
    await on('DescribeServices', 'stale-read', { ms: 2_000 });
    await ecs.send(new UpdateServiceCommand({ cluster: 'stale', service: 's', taskDefinition: 'stale:2' }));
    expect(await running()).toBe('stale:1');
    await expect.poll(running, POLL).toBe('stale:2');
  });

  it('strikes nothing that writes', async () => {
    expect(await control.refused('faults', { operation: 'UpdateService', fault: 'stale-read', ms: 1 })).toEqual({
      status: 400,
      error: '✖ must read\n  → at operation',
    });
  });
});

describe('a page', () => {
  const clusters = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { clusterArns } of paginateListClusters({ client: ecs }, {})) found.push(...(clusterArns ?? []));
    return found;
  };

  beforeAll(async () => {
    for (const clusterName of ['one', 'two', 'three']) await ecs.send(new CreateClusterCommand({ clusterName }));
  });

  it('may be short, and all of them together are complete', async () => {
    const all = await clusters();
    const before = (await control.calls()).length;
    await on('ListClusters', 'short-page');
    expect(await clusters()).toEqual(all);
    expect((await control.calls()).length - before).toBe(all.length);
  });

  it('may be empty with more to come', async () => {
    const all = await clusters();
    await on('ListClusters', 'empty-page', { count: 1 });
    const first = await list();
    expect(first.clusterArns).toEqual([]);
    const rest = await ecs.send(new ListClustersCommand({ nextToken: first.nextToken }));
    expect(rest.clusterArns).toEqual(all);
  });

  it('may lead back to itself', async () => {
    await on('ListClusters', 'repeated-page');
    const first = await list();
    const second = await ecs.send(new ListClustersCommand({ nextToken: first.nextToken }));
    expect([second.clusterArns, second.nextToken]).toEqual([first.clusterArns, first.nextToken]);
  });
});

describe('which requests a fault strikes', () => {
  const outcomes = async (times: number): Promise<boolean[]> => {
    const results: boolean[] = [];
    for (let nth = 0; nth < times; nth += 1) {
      results.push(
        await list().then(
          () => true,
          () => false,
        ),
      );
    }
    return results;
  };

  it('lets as many pass as are skipped, strikes as many as are counted, and lets the rest pass', async () => {
    await on('ListClusters', 'throttle', { skip: 1, count: 2 });
    expect(await outcomes(5)).toEqual([true, false, false, true, true]);
  });

  it('counts every try of a retrying caller', async () => {
    await on('ListClusters', 'server-error', { count: 2 });
    const retrying = new ECSClient({ ...settingsFor(simulator.url), maxAttempts: 3 });
    const { $metadata } = await retrying.send(new ListClustersCommand({}));
    expect($metadata.attempts).toBe(3);
  });

  it('strikes in the order they were set, each its share', async () => {
    await on('ListClusters', 'throttle', { count: 1 });
    await on('ListClusters', 'access-denied', { count: 1 });
    expect((await failureOf(list())).name).toBe('ThrottlingException');
    expect((await failureOf(list())).name).toBe('AccessDeniedException');
    await expect(list()).resolves.toBeDefined();
  });

  it('strikes all reads and no write', async () => {
    await on('reads', 'server-error');
    await expect(list()).rejects.toThrow();
    await expect(ecs.send(new DescribeClustersCommand({}))).rejects.toThrow();
    await expect(register('written')).resolves.toBeDefined();
  });

  it('strikes one service where one is named', async () => {
    await on('reads', 'server-error', { service: 'sts' });
    await expect(list()).resolves.toBeDefined();
    const sts = new STSClient(settingsFor(simulator.url));
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toThrow();
  });

  it('strikes nobody once faults are removed', async () => {
    await on('ListClusters', 'throttle');
    await control.remove('faults');
    await expect(list()).resolves.toBeDefined();
  });
});

describe('a fault that cannot be', () => {
  it.each([
    [{ operation: 'ListClusters', fault: 'explode' }, 'at fault'],
    [{ operation: 'ListClusters', fault: 'throttle', cuont: 1 }, '"cuont"'],
    [{ operation: 'ListClusterz', fault: 'throttle' }, 'at operation'],
    [{ operation: 'ListClusters', service: 'sts', fault: 'throttle' }, 'at operation'],
    [{ operation: 'ListClusters', service: 's3', fault: 'throttle' }, 'at service'],
    [{ fault: 'throttle' }, 'at operation'],
    [{ operation: 'ListClusters', fault: 'slow' }, 'at ms'],
    [{ operation: 'ListClusters', fault: 'throttle', ms: 5 }, 'at ms'],
    [{ operation: 'ListClusters', fault: 'throttle', applied: true }, 'at applied'],
    [{ operation: 'ListClusters', fault: 'throttle', count: 0 }, 'at count'],
    ['{', 'not JSON'],
  ])('is refused with what is wrong: %j', async (body, words) => {
    const { status, error } = await control.refused('faults', body);
    expect(status).toBe(400);
    expect(error).toContain(words);
    await expect(list()).resolves.toBeDefined();
  });
});
