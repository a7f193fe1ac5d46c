import { connect } from 'node:net';
import {
  DescribeServicesCommand,
  type ECSClient,
  ListClustersCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTAINER, type Control, controlOf, ecsAt, failureOf } from '@/simulator/fixtures';
import { type RawCall, rawCall } from '@/simulator/raw-call';
import { type Simulator, startSimulator } from '@/simulator/start';

let simulator: Simulator;
let control: Control;
let ecs: ECSClient;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, scenario: 'notify' });
  control = controlOf(simulator.url);
  ecs = ecsAt(simulator.url);
});

afterAll(() => simulator.close());

const raw = (call: Partial<RawCall> = {}) =>
  rawCall(simulator.url, { service: 'ecs', operation: 'ListClusters', ...call });
const lastCall = async () => (await control.calls()).at(-1);

describe('a JSON service', () => {
  it('answers with AWS’s content type and a request id, which the SDK shows', async () => {
    const { headers } = await raw();
    expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
    const { $metadata } = await ecs.send(new ListClustersCommand({}));
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers CloudWatch in the version it speaks', async () => {
    const { headers, status } = await raw({ service: 'monitoring', operation: 'DescribeAlarms' });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-amz-json-1.0']);
  });

  it('sends times as seconds since 1970, with fractions, and leaves out what has no value', async () => {
    const input = { cluster: 'notify', services: ['api'] };
    const { body } = await raw({ operation: 'DescribeServices', input });
    expect(body).toMatch(/"createdAt":\d{10}(\.\d{1,3})?[,}]/);
    expect(body).not.toContain('null');
  });

  it.each([
    ['no JSON', '{"a":', 'SerializationException'],
    ['JSON that is no object', '[1]', 'SerializationException'],
    ['members of the wrong type', '{"maxResults":"many"}', 'SerializationException'],
    ['a page size out of range', '{"maxResults":101}', 'InvalidParameterException'],
    ['a token of nobody’s', '{"nextToken":"%%%"}', 'InvalidParameterException'],
  ])('refuses %s', async (_what, input, code) => {
    const { status, body } = await raw({ input });
    expect([status, (JSON.parse(body) as { __type: string }).__type]).toEqual([400, code]);
  });

  it('reads an empty body as no members at all', async () => {
    expect((await raw({ input: '' })).status).toBe(200);
  });

  it('answers an operation it does not know', async () => {
    const { status, body } = await raw({ operation: 'constructor' });
    expect([status, body]).toEqual([400, '{"__type":"UnknownOperationException","message":"Unknown operation."}']);
  });

  it('refuses a request signed for another service', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA111111111111DEMO/20260101/eu-west-1/ecr/aws4_request';
    expect((await raw({ headers: { authorization } })).body).toContain(
      'Credential should be scoped to correct service',
    );
  });

  it.each([
    ['', 'MissingAuthenticationTokenException'],
    ['Bearer abc', 'IncompleteSignatureException'],
  ])('refuses a request signed with %j', async (authorization, code) => {
    const { status, body } = await raw({ headers: { authorization } });
    expect([status, (JSON.parse(body) as { __type: string }).__type]).toEqual([400, code]);
  });

  it('knows nobody by a key it did not issue', async () => {
    expect((await raw({ account: 'x' })).body).toContain('UnrecognizedClientException');
  });
});

describe('a Query service', () => {
  it('answers XML with the request id in both places', async () => {
    const { headers, body } = await raw({ service: 'sts', operation: 'GetCallerIdentity' });
    expect(headers.get('content-type')).toBe('text/xml');
    expect(body).toContain(`<RequestId>${headers.get('x-amzn-requestid')}</RequestId>`);
    expect(body).toContain('<GetCallerIdentityResult><Arn>arn:aws:iam::111111111111:user/demo</Arn>');
  });

  it.each([
    ['an action it does not know', { operation: 'Nope' }, 400, 'InvalidAction'],
    ['no action', { input: 'Version=2011-06-15' }, 400, 'MissingAction'],
    ['no signature', { headers: { authorization: '' } }, 403, 'MissingAuthenticationToken'],
    ['a key it did not issue', { account: 'x' }, 403, 'InvalidClientTokenId'],
    [
      'a form nested too deeply',
      { input: `Action=GetCallerIdentity&${'a.'.repeat(50)}b=1` },
      400,
      'MalformedQueryString',
    ],
  ] satisfies readonly (readonly [string, Partial<RawCall>, number, string])[])(
    'refuses %s',
    async (_what, call, status, code) => {
      const answer = await raw({ service: 'sts', operation: 'GetCallerIdentity', ...call });
      expect(answer.status).toBe(status);
      expect(answer.body).toContain(`<Code>${code}</Code>`);
    },
  );

  it('is CloudWatch too, for clients that still ask so', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA111111111111DEMO/20260101/eu-west-1/monitoring/aws4_request';
    const response = await fetch(simulator.url, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=api-5xx&AlarmTypes.member.1=MetricAlarm',
    });
    expect(await response.text()).toContain('<MetricAlarms><member><AlarmName>api-5xx</AlarmName>');
  });
});

describe('whatever comes in', () => {
  const answers = async () => expect((await raw()).status).toBe(200);

  it('a body past the limit is refused', async () => {
    const input = JSON.stringify({ family: 'x'.repeat(1024 * 1024) });
    const { status, body } = await raw({ operation: 'RegisterTaskDefinition', input });
    expect([status, body]).toEqual([413, expect.stringContaining('RequestEntityTooLargeException')]);
    await answers();
  });

  it('JSON nested a thousand deep is refused', async () => {
    const deep = `{"family":"f","containerDefinitions":[${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}]}`;
    expect((await raw({ operation: 'RegisterTaskDefinition', input: deep })).status).toBe(400);
    await answers();
  });

  it('names such as __proto__ are names', async () => {
    const input = `{"family":"proto","containerDefinitions":[{"name":"app","image":"nginx:1","memory":128,"dockerLabels":{"__proto__":"x","constructor":"y"}}]}`;
    const { body } = await raw({ operation: 'RegisterTaskDefinition', input });
    expect(body).toContain('"dockerLabels":{"__proto__":"x","constructor":"y"}');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    await answers();
  });

  it('a connection that breaks off harms nobody', async () => {
    const { port } = simulator;
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on('close', () => resolve()).on('error', reject);
    });
    await answers();
  });

  it('other methods and paths are answered', async () => {
    expect((await fetch(`${simulator.url}/favicon.ico`)).status).toBe(403);
    expect((await fetch(simulator.url, { method: 'DELETE' })).status).toBe(403);
    await answers();
  });
});

describe('the call log', () => {
  it('holds what was asked, by whom, where, and how it ended', async () => {
    await ecs.send(new DescribeServicesCommand({ cluster: 'notify', services: ['api'] }));
    expect(await lastCall()).toMatchObject({
      account: '111111111111',
      region: 'eu-west-1',
      service: 'ecs',
      operation: 'DescribeServices',
      input: { cluster: 'notify', services: ['api'] },
      status: 200,
      error: null,
      principal: 'arn:aws:iam::111111111111:user/demo',
      attempt: 1,
      invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      applied: true,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('holds what was refused, and what came from nobody', async () => {
    await failureOf(ecs.send(new DescribeServicesCommand({ cluster: 'gone', services: ['api'] })));
    expect(await lastCall()).toMatchObject({ status: 400, error: 'ClusterNotFoundException', applied: false });
    await raw({ account: 'x' });
    expect(await lastCall()).toMatchObject({ account: null, principal: null, error: 'UnrecognizedClientException' });
  });

  it('gives what came after a call, and goes on counting when it was emptied', async () => {
    const { n: before = 0 } = (await lastCall()) ?? {};
    await raw();
    await raw({ operation: 'DescribeClusters' });
    const since = await control.calls(before);
    expect(since.map(({ n, operation }) => [n - before, operation])).toEqual([
      [1, 'ListClusters'],
      [2, 'DescribeClusters'],
    ]);
    await control.remove('calls');
    expect(await control.calls()).toEqual([]);
    await raw();
    expect((await control.calls()).map(({ n }) => n)).toEqual([before + 3]);
  });
});

describe('an operation', () => {
  it('takes the time it was set to, which holds up nothing else and no end', async () => {
    const slow = await startSimulator({ port: 0, scenario: 'empty', latencyMs: 600_000 });
    const waiting = rawCall(slow.url, { service: 'ecs', operation: 'ListClusters' }).catch(() => 'cut off');
    await expect.poll(() => controlOf(slow.url).calls()).toMatchObject([{ operation: 'ListClusters', status: null }]);
    await slow.close();
    expect(await waiting).toBe('cut off');
  });

  it('is throttled by ECS’s quotas where they are on, and only then', async () => {
    const register = (family: string, client: ECSClient) =>
      client.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions: [CONTAINER] }));
    const strict = await startSimulator({ port: 0, scenario: 'empty', throttle: true });
    const client = ecsAt(strict.url);
    for (let nth = 0; nth < 20; nth += 1) await register('burst', client);
    expect((await failureOf(register('burst', client))).name).toBe('ThrottlingException');
    await strict.close();
    for (let nth = 0; nth < 25; nth += 1) await register('burst', ecs);
  });
});
