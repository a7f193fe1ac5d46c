import {
  CreateClusterCommand,
  DescribeClustersCommand,
  ECSClient,
  ListClustersCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '@/simulator/execute';
import { ACCOUNT, CONTAINER, failureOf, REGION, settingsFor } from '@/simulator/fixtures';
import { type Simulator, startSimulator } from '@/simulator/start';
import { misfitsOfResult } from '@/simulator/wire/sdk-misfits';
import { accountOf, type Role } from '@/simulator/world';

const READER = `arn:aws:iam::${ACCOUNT}:role/reader`;
const WRITER = `arn:aws:iam::${ACCOUNT}:role/teams/writer`;
const ELSEWHERE = '999999999999';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, scenario: 'empty' });
  addRole(role(READER, ['ecs:Describe*', 'ecs:ListClusters', 'iam:GetRole']));
  addRole({ ...role(WRITER, ['ecs:*', 'iam:PassRole']), path: '/teams/', externalId: 'our-secret' });
});

afterAll(() => simulator.close());

const role = (arn: string, actions: readonly string[]): Role => ({
  name: arn.split('/').at(-1) ?? '',
  path: '/',
  arn,
  trustPolicy: { Version: '2012-10-17', Statement: [] },
  actions,
  externalId: null,
  maxSessionSeconds: 7200,
  createdAt: Date.now(),
});

function addRole(added: Role): void {
  accountOf(simulator.world, ACCOUNT).roles.set(added.name, added);
}

type Assume = Partial<sts.AssumeRoleCommandInput>;
type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken: string };

const stsWith = (credentials?: Keys, account = ELSEWHERE): sts.STSClient => {
  const settings = settingsFor(simulator.url, account);
  return new sts.STSClient({ ...settings, credentials: credentials ?? settings.credentials });
};
const assume = (more: Assume = {}, client = stsWith()): Promise<sts.AssumeRoleCommandOutput> =>
  client.send(new sts.AssumeRoleCommand({ RoleArn: READER, RoleSessionName: 'rb-7k3f9q', ...more }));

function keysOf({ Credentials }: sts.AssumeRoleCommandOutput): Keys {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

const ecsWith = (credentials: Keys): ECSClient => new ECSClient({ ...settingsFor(simulator.url), credentials });
const list = (credentials: Keys) => ecsWith(credentials).send(new ListClustersCommand({}));

describe('AssumeRole', () => {
  it('gives credentials that are the role’s, in its account, under the name of the session', async () => {
    const answer = await assume();
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/reader/rb-7k3f9q`);
    const identity = await stsWith(keysOf(answer)).send(new sts.GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: ACCOUNT, Arn: answer.AssumedRoleUser?.Arn });
    expect(identity.UserId).toMatch(/:rb-7k3f9q$/);
    await expect(list(keysOf(answer))).resolves.toBeDefined();
  });

  it('takes a role with a path by its whole ARN', async () => {
    const answer = await assume({ RoleArn: WRITER, ExternalId: 'our-secret' });
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/writer/rb-7k3f9q`);
    expect((await failureOf(assume({ RoleArn: WRITER.replace('teams/', ''), ExternalId: 'our-secret' }))).name).toBe(
      'AccessDenied',
    );
  });

  it.each([undefined, 'another'])('denies a role that wants an external id with %j', async (ExternalId) => {
    expect(await failureOf(assume({ RoleArn: WRITER, ExternalId }))).toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${ELSEWHERE}:user/demo is not authorized to perform: sts:AssumeRole on resource: ${WRITER}`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('denies a role that does not exist as it denies one that may not be taken', async () => {
    expect((await failureOf(assume({ RoleArn: `${READER}-gone` }))).name).toBe('AccessDenied');
  });

  it.each([
    ['a session name with spaces', { RoleSessionName: 'no spaces please' }, 'roleSessionName'],
    ['a session name of one character', { RoleSessionName: 'x' }, 'roleSessionName'],
    ['a source identity with a slash', { SourceIdentity: 'someone/else' }, 'sourceIdentity'],
    ['a source identity that is reserved', { SourceIdentity: 'aws:reserved' }, 'sourceIdentity'],
    ['a session of less than 15 minutes', { DurationSeconds: 899 }, 'greater than or equal to 900'],
    ['a session longer than the role has it', { DurationSeconds: 7201 }, 'MaxSessionDuration'],
    ['a policy of more than 2,048 characters', { Policy: `{"Statement":[]}${' '.repeat(2048)}` }, 'policy'],
  ] satisfies readonly (readonly [string, Assume, string])[])('refuses %s', async (_what, more, words) => {
    const { name, message } = await failureOf(assume(more));
    expect(name).toBe('ValidationError');
    expect(message).toContain(words);
  });

  it('refuses a session policy that is none', async () => {
    expect((await failureOf(assume({ Policy: 'allow everything' }))).name).toBe('MalformedPolicyDocumentException');
  });

  it('carries the source identity through a chain of roles, where nobody can change it', async () => {
    const first = await assume({ SourceIdentity: 'ada@example.org' });
    expect(first.SourceIdentity).toBe('ada@example.org');
    const second = await assume({ SourceIdentity: 'mallory@example.org' }, stsWith(keysOf(first)));
    expect(second.SourceIdentity).toBe('ada@example.org');
  });

  it('gives a chained session an hour at most', async () => {
    const first = stsWith(keysOf(await assume()));
    expect((await failureOf(assume({ DurationSeconds: 3601 }, first))).message).toContain('1 hour session limit');
    const { Credentials } = await assume({ DurationSeconds: 3600 }, first);
    expect(Credentials?.Expiration).toBeInstanceOf(Date);
  });
});

describe('a session', () => {
  it('may do what its role allows and nothing else', async () => {
    const ecs = ecsWith(keysOf(await assume()));
    await expect(ecs.send(new DescribeClustersCommand({}))).resolves.toBeDefined();
    expect(await failureOf(ecs.send(new CreateClusterCommand({ clusterName: 'c' })))).toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/rb-7k3f9q is not authorized to perform: ecs:CreateCluster on resource: * because no identity-based policy allows the ecs:CreateCluster action`,
    });
  });

  it('may do less where it was given a policy of its own, never more', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: ['ecs:ListClusters', 'ecs:CreateCluster'] },
    });
    const ecs = ecsWith(keysOf(await assume({ Policy })));
    await expect(ecs.send(new ListClustersCommand({}))).resolves.toBeDefined();
    expect((await failureOf(ecs.send(new DescribeClustersCommand({})))).message).toContain('no session policy allows');
    expect((await failureOf(ecs.send(new CreateClusterCommand({})))).message).toContain('no identity-based policy');
  });

  it('needs to pass roles and to tag where it registers with them', async () => {
    addRole(role(`arn:aws:iam::${ACCOUNT}:role/bare`, ['ecs:RegisterTaskDefinition']));
    const ecs = ecsWith(keysOf(await assume({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/bare` })));
    const register = (more: object) =>
      ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions: [CONTAINER], ...more }));
    await expect(register({})).resolves.toBeDefined();
    expect((await failureOf(register({ tags: [{ key: 'a', value: 'b' }] }))).message).toContain('ecs:TagResource');
    expect((await failureOf(register({ taskRoleArn: READER }))).message).toContain('iam:PassRole');
  });

  it('is who a revision says registered it', async () => {
    const ecs = ecsWith(keysOf(await assume({ RoleArn: WRITER, ExternalId: 'our-secret' })));
    const command = new RegisterTaskDefinitionCommand({ family: 'by', containerDefinitions: [CONTAINER] });
    const { taskDefinition } = await ecs.send(command);
    expect(taskDefinition?.registeredBy).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/writer/rb-7k3f9q`);
  });

  it('ends when its time is over, in the words of each protocol', async () => {
    const keys = keysOf(await assume());
    const session = simulator.world.sessions.get(keys.accessKeyId);
    if (session) simulator.world.sessions.set(keys.accessKeyId, { ...session, expiresAt: Date.now() });
    expect((await failureOf(list(keys))).name).toBe('ExpiredTokenException');
    const identity = stsWith(keys).send(new sts.GetCallerIdentityCommand({}));
    expect(await failureOf(identity)).toMatchObject({
      name: 'ExpiredToken',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('lasts as long as was asked for', async () => {
    const before = Date.now();
    const { Credentials } = await assume({ DurationSeconds: 900 });
    const seconds = ((Credentials?.Expiration?.getTime() ?? 0) - before) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(899);
    expect(seconds).toBeLessThan(960);
  });

  it('is nobody with another token, and so is a key that was never issued', async () => {
    const keys = keysOf(await assume());
    expect((await failureOf(list({ ...keys, sessionToken: 'forged' }))).name).toBe('UnrecognizedClientException');
    expect((await failureOf(list({ ...keys, accessKeyId: 'ASIAFORGED' }))).name).toBe('UnrecognizedClientException');
    const identity = stsWith({ ...keys, accessKeyId: 'ASIAFORGED' }).send(new sts.GetCallerIdentityCommand({}));
    expect((await failureOf(identity)).name).toBe('InvalidClientTokenId');
  });
});

describe('replies in XML', () => {
  const owner = {
    arn: 'arn:aws:iam::1:user/demo',
    account: ACCOUNT,
    userId: 'u',
    roleActions: null,
    sessionActions: null,
    sourceIdentity: null,
  };
  const made = (service: string, operation: string, input: object): object =>
    execute(simulator.world, Date.now(), { service, operation, region: REGION, input: { ...input }, principal: owner });

  it('of STS and IAM hold what the SDK knows and nothing else', () => {
    const wanted = { RoleArn: READER, RoleSessionName: 'rb-7k3f9q', SourceIdentity: 'ada', Policy: '{"Statement":[]}' };
    expect(misfitsOfResult(sts.AssumeRole$, made('sts', 'AssumeRole', wanted), 'dates')).toEqual([]);
    expect(misfitsOfResult(sts.GetCallerIdentity$, made('sts', 'GetCallerIdentity', {}), 'dates')).toEqual([]);
    expect(misfitsOfResult(iam.GetRole$, made('iam', 'GetRole', { RoleName: 'reader' }), 'dates')).toEqual([]);
  });

  it('keep what XML would take for its own, in words of errors too', async () => {
    const client = new iam.IAMClient(settingsFor(simulator.url));
    const { message } = await failureOf(client.send(new iam.GetRoleCommand({ RoleName: '<a&b>"\'' })));
    expect(message).toBe('The role with name <a&b>"\' cannot be found.');
  });
});
