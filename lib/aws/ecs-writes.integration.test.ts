import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerTo } from './answer';
import { createBudget } from './budget';
import { deadlineAfter } from './deadline';
import { createWriter, type ServiceUpdate, type Writer } from './ecs-writes';
import { type Answer, error, json, SHORT, startWire, text, type Wire } from './fixtures';
import { oneRequest } from './one-request';

const COPY = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/api:429';
const DEPLOYMENT = 'arn:aws:ecs:eu-west-1:111111111111:service-deployment/notify/api/abc';
const UPDATE: ServiceUpdate = { cluster: 'notify', service: 'api', taskDefinition: COPY };
const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'secret' };

const deploymentOf = (taskDefinition: string) => ({ id: 'ecs-svc/2', status: 'PRIMARY', taskDefinition, createdAt: 1 });
const updatedTo = (taskDefinition: string): Answer =>
  json({ service: { serviceName: 'api', deployments: [deploymentOf(taskDefinition)] } });

const OLD_ENVIRONMENT = { ...process.env };
let wire: Wire;
let writer: Writer;

function writeTo(url: string): Writer {
  process.env.AWS_ENDPOINT_URL = url;
  return createWriter({
    region: 'eu-west-1',
    credentials: CREDENTIALS,
    place: { account: '111111111111', region: 'eu-west-1' },
    target: 'production',
    priority: 'rollback',
    budget: createBudget(1),
    log: () => undefined,
    timeouts: SHORT,
  });
}

beforeEach(async () => {
  wire = await startWire();
  // Nothing an environment says may make a change be sent again.
  process.env.AWS_MAX_ATTEMPTS = '10';
  process.env.AWS_RETRY_MODE = 'adaptive';
  writer = writeTo(wire.url);
});

afterEach(async () => {
  process.env = { ...OLD_ENVIRONMENT };
  await wire.close();
});

describe('pointing a service at a revision', () => {
  it('sends exactly cluster, service and task definition, once, and reads the new deployment', async () => {
    wire.on('UpdateService', updatedTo(COPY));
    const answer = await writer.updateService(UPDATE, [deadlineAfter(3_000)]);
    expect(answer).toMatchObject({ kind: 'accepted', value: { primaryId: 'ecs-svc/2', requestId: 'request-1' } });
    expect(wire.received.map(({ input }) => input)).toEqual([UPDATE]);
  });

  it('sends nothing else although the caller holds more', async () => {
    wire.on('UpdateService', updatedTo(COPY));
    const held = { ...UPDATE, desiredCount: 0, forceNewDeployment: true };
    await writer.updateService(held, []);
    expect(wire.received.map(({ input }) => input)).toEqual([UPDATE]);
    // @ts-expect-error: a fourth member is no update.
    const written: ServiceUpdate = { cluster: 'a', service: 'b', taskDefinition: COPY, desiredCount: 1 };
    expect(Object.keys(written)).toHaveLength(4);
  });

  it.each<[string, Answer]>([
    ['a page of a proxy', text('<html>Bad Gateway</html>', 502)],
    ['a page that says "forbidden"', text('<html>Forbidden</html>', 403)],
    ['a page that says it is busy', text('<html>Slow down</html>', 503)],
    ['an empty refusal', text('', 400, 'application/x-amz-json-1.1')],
    ['an empty throttle', text('', 429, 'application/x-amz-json-1.1')],
    ['a refusal by something in between', json({ message: 'Forbidden' }, 403)],
    ['a server error', error('ServerException', 'Service Unavailable', 500)],
    ['a request timeout', error('RequestTimeoutException', 'too slow', 408)],
    ['a closed socket', (response) => response.destroy()],
    ['a body cut short', cutShort],
    ['a body that stalls', stall],
    ['no answer at all', () => undefined],
    ['another deployment', updatedTo('arn:aws:ecs:eu-west-1:111111111111:task-definition/api:430')],
    ['an answer about nothing', json({})],
    ['another content with status 200', text('<html>Welcome</html>', 200)],
    ['an error with status 200', error('ServiceNotActiveException', 'no', 200)],
  ])('is unclear after %s, and is on the wire once', async (_title, answer) => {
    wire.on('UpdateService', answer);
    expect(await writer.updateService(UPDATE, [])).toMatchObject({ kind: 'unclear' });
    await moment();
    expect(wire.times('UpdateService')).toBe(1);
  });

  it.each([
    ['ThrottlingException', 'Rate exceeded'],
    ['ServiceNotActiveException', 'Service was not ACTIVE.'],
    ['ClientException', 'TaskDefinition is inactive'],
    ['AccessDeniedException', 'User: x is not authorized to perform: ecs:UpdateService'],
    ['ExpiredTokenException', 'The security token included in the request is expired'],
    ['com.amazonaws.ecs#InvalidParameterException', 'The container X does not exist in the task definition.'],
  ])('is refused after %s, and is on the wire once', async (name, message) => {
    wire.on('UpdateService', error(name, message));
    expect(await writer.updateService(UPDATE, [])).toEqual({
      kind: 'refused',
      code: name.replace(/^.*#/, ''),
      words: message,
      requestId: 'request-1',
    });
    await moment();
    expect(wire.times('UpdateService')).toBe(1);
  });

  it('does not reach the socket once a deadline is over', async () => {
    wire.on('UpdateService', updatedTo(COPY));
    const answer = await writer.updateService(UPDATE, [deadlineAfter(60_000), deadlineAfter(0)]);
    expect(answer).toEqual({ kind: 'not-sent', cause: 'deadline', late: true });
    expect(wire.received).toEqual([]);
  });

  it('asks the deadlines after signing, when nothing but the socket is left', async () => {
    wire.on('UpdateService', updatedTo(COPY));
    // Signing needs the secret, so a clock that starts when it is read runs out only after that.
    let signed = false;
    const credentials = {
      accessKeyId: CREDENTIALS.accessKeyId,
      get secretAccessKey() {
        signed = true;
        return CREDENTIALS.secretAccessKey;
      },
    };
    const late = createWriter({
      region: 'eu-west-1',
      credentials,
      place: { account: '1', region: 'eu-west-1' },
      target: 'production',
      priority: 'rollback',
      budget: createBudget(1),
      log: () => undefined,
      timeouts: SHORT,
    });
    expect(await late.updateService(UPDATE, [() => signed])).toMatchObject({ kind: 'not-sent', late: true });
    expect(wire.received).toEqual([]);
  });

  it('was not sent when nobody listens', async () => {
    const port = await closedPort();
    expect(await writeTo(`http://127.0.0.1:${port}`).updateService(UPDATE, [])).toEqual({
      kind: 'not-sent',
      cause: 'ECONNREFUSED',
      late: false,
    });
  });

  it('was not sent when the name leads nowhere', async () => {
    const answer = await writeTo('http://nowhere.invalid').updateService(UPDATE, []);
    expect(answer).toMatchObject({
      kind: 'not-sent',
      cause: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN|TimeoutError)$/),
    });
  });

  it('was not sent when the other side does not speak TLS', async () => {
    const answer = await writeTo(wire.url.replace('http:', 'https:')).updateService(UPDATE, []);
    expect(answer).toMatchObject({ kind: 'not-sent', late: false });
    expect(wire.received).toEqual([]);
  });

  it('was not sent when the TLS handshake fails', async () => {
    const server = createTlsServer({}).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await writeTo(`https://127.0.0.1:${port}`).updateService(UPDATE, []);
    server.close();
    expect(answer).toMatchObject({ kind: 'not-sent', late: false });
  });

  it('was not sent when the TLS handshake never ends', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await writeTo(`https://127.0.0.1:${port}`).updateService(UPDATE, []);
    server.close();
    expect(answer).toMatchObject({ kind: 'not-sent', late: false });
  });
});

describe('a client for one request', () => {
  it('lets no second request reach the socket, even where the SDK would repeat', async () => {
    wire.on('ListClusters', (response) => response.destroy());
    const ecs = new ECSClient({
      region: 'eu-west-1',
      credentials: CREDENTIALS,
      requestHandler: oneRequest([], SHORT),
      maxAttempts: 3,
    });
    const answer = await answerTo(
      () => ecs.send(new ListClustersCommand({})),
      () => true,
    );
    ecs.destroy();
    expect(answer).toMatchObject({ kind: 'unclear' });
    expect(wire.times('ListClusters')).toBe(1);
  });
});

describe('stopping a deployment', () => {
  it('asks for a return, once, and takes only the echo of the same deployment for success', async () => {
    wire.on('StopServiceDeployment', json({ serviceDeploymentArn: DEPLOYMENT }));
    expect(await writer.stopServiceDeployment(DEPLOYMENT, [])).toMatchObject({ kind: 'accepted' });
    expect(wire.received.map(({ input }) => input)).toEqual([
      { serviceDeploymentArn: DEPLOYMENT, stopType: 'ROLLBACK' },
    ]);
    wire.on('StopServiceDeployment', json({ serviceDeploymentArn: `${DEPLOYMENT}d` }));
    expect(await writer.stopServiceDeployment(DEPLOYMENT, [])).toMatchObject({ kind: 'unclear' });
  });

  it('does not reach the socket once a deadline is over', async () => {
    expect(await writer.stopServiceDeployment(DEPLOYMENT, [() => true])).toMatchObject({
      kind: 'not-sent',
      late: true,
    });
    expect(wire.received).toEqual([]);
  });
});

describe('registering a revision', () => {
  const INPUT = {
    family: 'api',
    containerDefinitions: [{ name: 'app', image: 'nginx', environment: [{ name: 'PASSWORD', value: 'hunter2!' }] }],
    tags: [{ key: 'ecs-rollback:id', value: '1' }],
  };

  it('sends one request and gives back what ECS stored', async () => {
    wire.on('RegisterTaskDefinition', (response, { input }) =>
      json({ taskDefinition: { ...input, tags: undefined, taskDefinitionArn: COPY, revision: 429 }, tags: input.tags })(
        response,
        { operation: '', input, headers: {} },
      ),
    );
    const answer = await writer.register(INPUT);
    expect(answer).toMatchObject({
      kind: 'accepted',
      value: { arn: COPY, definition: { revision: 429, family: 'api' }, tags: INPUT.tags },
    });
    expect(wire.times('RegisterTaskDefinition')).toBe(1);
  });

  it('is not repeated by itself after an answer that got lost', async () => {
    wire.on('RegisterTaskDefinition', (response) => response.destroy());
    expect(await writer.register(INPUT)).toMatchObject({ kind: 'unclear' });
    expect(wire.times('RegisterTaskDefinition')).toBe(1);
  });

  it('quotes a refusal without the values of the definition', async () => {
    wire.on('RegisterTaskDefinition', error('ClientException', 'The value hunter2! is not good'));
    expect(await writer.register(INPUT)).toMatchObject({ kind: 'refused', words: 'The value [hidden] is not good' });
  });
});

function cutShort(response: Parameters<Answer>[0]): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': '1000' });
  response.write('{"service":');
  setTimeout(() => response.destroy(), 20);
}

function stall(response: Parameters<Answer>[0]): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': '1000' });
  response.write('{"service":');
}

/** Long enough for a repeat to arrive, were there one. */
const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
