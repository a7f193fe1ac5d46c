import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShownDefinition } from '@/lib/domain/task-definition';
import { type Aws, createAws } from './clients';
import { type Answer, error, json, SHORT, startWire, TARGET, text, type Wire, xmlError } from './fixtures';

const REGISTRY = '999999999999.dkr.ecr.us-east-1.amazonaws.com/team/app';
const DIGEST = `sha256:${'0'.repeat(64)}`;
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/api/1';

const OLD_ENVIRONMENT = { ...process.env };
let wire: Wire;
let aws: Aws;

beforeEach(async () => {
  wire = await startWire();
  process.env.AWS_ENDPOINT_URL = wire.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLEEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  aws = createAws({
    targets: [TARGET],
    fingerprint: (value) => value,
    showValuesOf: new Set(),
    replicas: 1,
    log: () => undefined,
    timeouts: SHORT,
  });
});

afterEach(async () => {
  aws.close();
  process.env = { ...OLD_ENVIRONMENT };
  await wire.close();
});

/** Authorisation names the Region and service a request was signed for. */
const signedFor = (index: number): string | undefined =>
  wire.received[index]?.headers.authorization?.match(/Credential=\w+\/\d+\/([\w-]+\/[\w-]+)/)?.[1];

describe('many images', () => {
  const found = (tag: string, digest = DIGEST) => ({ imageDigest: digest, imageTags: [tag], imageStatus: 'ACTIVE' });

  it('cost a call for each repository while all of them exist, other registries none', async () => {
    wire.on('DescribeImages', (response, received) => {
      const ids = received.input.imageIds as { imageTag: string }[];
      json({ imageDetails: ids.map(({ imageTag }) => found(imageTag)) })(response, received);
    });
    const references = [...Array.from({ length: 25 }, (_, index) => `${REGISTRY}:v${index}`), `${REGISTRY}-two:v1`];
    const images = await aws.registry(TARGET).images([...references, 'nginx:1.29', references[0] ?? '']);
    expect(wire.times('DescribeImages')).toBe(2);
    expect(references.every((reference) => images.get(reference)?.ok)).toBe(true);
    expect(images.get('nginx:1.29')).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
  });

  it('are told apart by tag and by digest, in whatever order they are answered', async () => {
    const other = `sha256:${'1'.repeat(64)}`;
    wire.on('DescribeImages', json({ imageDetails: [found('v2', other), found('v1')] }));
    const images = await aws.registry(TARGET).images([`${REGISTRY}:v1`, `${REGISTRY}@${other}`]);
    expect([...images.values()]).toMatchObject([{ value: { digest: DIGEST } }, { value: { digest: other } }]);
  });

  it('are asked for one by one where one of them is missing, so that only that one is', async () => {
    wire.on('DescribeImages', (response, received) => {
      const ids = received.input.imageIds as { imageTag: string }[];
      const missing = ids.some(({ imageTag }) => imageTag === 'v2');
      const answer = missing
        ? error('ImageNotFoundException')
        : json({ imageDetails: ids.map(({ imageTag }) => found(imageTag)) });
      answer(response, received);
    });
    const images = await aws.registry(TARGET).images(['v1', 'v2', 'v3'].map((tag) => `${REGISTRY}:${tag}`));
    expect([...images.values()].map((fact) => fact.ok && fact.value.usable)).toEqual([true, false, true]);
    expect(wire.times('DescribeImages')).toBe(4);
  });

  it('are all unread, and none missing, where AWS refuses', async () => {
    wire.on('DescribeImages', error('AccessDeniedException'));
    const images = await aws.registry(TARGET).images([`${REGISTRY}:v1`, `${REGISTRY}:v2`]);
    expect([...images.values()]).toMatchObject([{ error: { kind: 'denied' } }, { error: { kind: 'denied' } }]);
    expect(wire.times('DescribeImages')).toBe(1);
  });
});

describe('an image', () => {
  it('is asked for in the account and Region of its registry, archived ones included', async () => {
    wire.on(
      'DescribeImages',
      json({ imageDetails: [{ imageDigest: DIGEST, imagePushedAt: 1, imageStatus: 'ACTIVE' }] }),
    );
    expect(await aws.registry(TARGET).image(`${REGISTRY}:v1`)).toEqual({
      ok: true,
      value: { digest: DIGEST, usable: true, pushedAt: 1000 },
    });
    expect(signedFor(0)).toBe('us-east-1/ecr');
    expect(wire.received[0]?.input).toEqual({
      registryId: '999999999999',
      repositoryName: 'team/app',
      imageIds: [{ imageTag: 'v1' }],
      filter: { imageStatus: 'ANY' },
    });
  });

  it('is asked for by its digest where it has one, and by "latest" where it has nothing', async () => {
    wire.on('DescribeImages', json({ imageDetails: [{ imageDigest: DIGEST }] }));
    await aws.registry(TARGET).image(`${REGISTRY}:v1@${DIGEST}`);
    await aws.registry(TARGET).image(REGISTRY);
    expect(wire.received.map(({ input }) => input.imageIds)).toEqual([
      [{ imageDigest: DIGEST }],
      [{ imageTag: 'latest' }],
    ]);
  });

  it('that is archived exists and cannot be used', async () => {
    wire.on('DescribeImages', json({ imageDetails: [{ imageDigest: DIGEST, imageStatus: 'ARCHIVED' }] }));
    expect(await aws.registry(TARGET).image(`${REGISTRY}:v1`)).toMatchObject({
      value: { digest: DIGEST, usable: false },
    });
  });

  it.each(['ImageNotFoundException', 'RepositoryNotFoundException'])(
    'is missing after %s, which is an answer',
    async (name) => {
      wire.on('DescribeImages', error(name));
      expect(await aws.registry(TARGET).image(`${REGISTRY}:v1`)).toEqual({
        ok: true,
        value: { digest: null, usable: false, pushedAt: null },
      });
    },
  );

  const throughRules = (...prefixes: readonly string[]) =>
    json({ pullThroughCacheRules: prefixes.map((ecrRepositoryPrefix) => ({ ecrRepositoryPrefix })) });
  const inRepository = (repository: string) => `${REGISTRY.slice(0, REGISTRY.indexOf('/'))}/${repository}:v1`;
  it.each([
    ['a rule of its registry is for', 'mirror/library/nginx', throughRules('other', 'mirror')],
    ['the rule for everything is for', 'nginx', throughRules('ROOT')],
    [
      'the usual prefix speaks for, where rules cannot be read',
      'docker-hub/library/nginx',
      error('AccessDeniedException'),
    ],
  ])('that %s is not missing: it would be fetched', async (_what, repository, rules) => {
    wire.on('DescribeImages', error('ImageNotFoundException'));
    wire.on('DescribePullThroughCacheRules', rules);
    const found = await aws.registry(TARGET).image(inRepository(repository));
    expect(found).toMatchObject({ ok: false, error: { kind: 'unsupported', action: 'ecr:DescribeImages' } });
    expect(wire.received[1]?.input).toMatchObject({ registryId: '999999999999' });
  });

  it.each([
    ['no rule is for', 'mirrored/nginx', throughRules('mirror')],
    ['no usual prefix speaks for, where rules cannot be read', 'nginx', error('AccessDeniedException')],
  ])('that %s is missing', async (_what, repository, rules) => {
    wire.on('DescribeImages', error('ImageNotFoundException'));
    wire.on('DescribePullThroughCacheRules', rules);
    expect(await aws.registry(TARGET).image(inRepository(repository))).toMatchObject({ value: { digest: null } });
  });

  it('is asked for again without the filter where the filter is refused', async () => {
    wire.on('DescribeImages', error('InvalidParameterException'), json({ imageDetails: [{ imageDigest: DIGEST }] }));
    expect(await aws.registry(TARGET).image(`${REGISTRY}:v1`)).toMatchObject({ value: { digest: DIGEST } });
    expect(wire.received[1]?.input).not.toHaveProperty('filter');
  });

  it('we may not see is not missing', async () => {
    wire.on('DescribeImages', error('AccessDeniedException'));
    expect(await aws.registry(TARGET).image(`${REGISTRY}:v1`)).toMatchObject({
      ok: false,
      error: { kind: 'denied', action: 'ecr:DescribeImages' },
    });
  });

  it('of another registry is not asked for', async () => {
    for (const other of ['nginx:1.27', 'ghcr.io/o/r:t', `${REGISTRY.replace('.com', '.com.evil.example')}:1`]) {
      expect(await aws.registry(TARGET).image(other)).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
    }
    expect(wire.received).toEqual([]);
  });
});

const SECRET = 'arn:aws:secretsmanager:eu-west-2:111111111111:secret:api-AbCdEf';
const PARAMETER = 'arn:aws:ssm:eu-west-1:111111111111:parameter/api/key';

const definition = (container: object, task: object = {}): readonly ShownDefinition[] => [
  { containerDefinitions: [{ name: 'app', ...container }], ...task } as ShownDefinition,
];
const using = (...references: string[]) =>
  definition({ secrets: references.map((valueFrom, index) => ({ name: `S${index}`, valueFrom })) });

describe('secrets', () => {
  it('are looked up without key, stage and version, in their own Region, once each', async () => {
    wire.on('DescribeSecret', json({ ARN: SECRET, VersionIdsToStages: { 'v-1': ['AWSCURRENT'], 'v-2': ['TESTED'] } }));
    const references = [
      `${SECRET}:password::`,
      `${SECRET}:password:TESTED:`,
      `${SECRET}:password:GONE:`,
      `${SECRET}:password::v-2`,
      `${SECRET}:password::v-3`,
    ];
    const found = await aws.dependencies(TARGET).secrets([...using(...references), ...using(...references)]);
    expect([...found].map(([name, fact]) => [name, fact.ok && fact.value])).toEqual([
      [references[0], true],
      [references[1], true],
      [references[2], false],
      [references[3], true],
      [references[4], false],
    ]);
    expect(wire.received.every(({ input }) => input.SecretId === SECRET)).toBe(true);
    expect(signedFor(0)).toBe('eu-west-2/secretsmanager');
    expect(wire.times('DescribeSecret')).toBe(5);
  });

  it.each<[string, Answer, unknown]>([
    ['deleted', error('ResourceNotFoundException'), { ok: true, value: false }],
    ['waiting for deletion', json({ ARN: SECRET, DeletedDate: 1 }), { ok: true, value: false }],
    ['hidden from us', error('AccessDeniedException'), { ok: false, error: { kind: 'denied' } }],
  ])('that are %s are told apart', async (_title, answer, fact) => {
    wire.on('DescribeSecret', answer);
    expect((await aws.dependencies(TARGET).secrets(using(SECRET))).get(SECRET)).toMatchObject(fact as object);
  });

  it('in Parameter Store are looked up by name, with and without the slash an ARN leaves out', async () => {
    wire.on(
      'DescribeParameters',
      json({ Parameters: [], NextToken: 'a' }),
      json({ Parameters: [{ Name: '/api/key' }] }),
      json({ Parameters: [] }),
    );
    const found = await aws.dependencies(TARGET).secrets(using(PARAMETER, '/gone'));
    expect(found.get(PARAMETER)?.ok).toBe(true);
    expect([...found.values()].map((fact) => fact.ok && fact.value).sort()).toEqual([false, true]);
    expect(wire.received.map(({ input }) => input.ParameterFilters)).toContainEqual([
      { Key: 'Name', Option: 'Equals', Values: ['api/key', '/api/key'] },
    ]);
  });

  it('in Parameter Store of another account are not asked for', async () => {
    const foreign = PARAMETER.replace('111111111111', '222222222222');
    expect((await aws.dependencies(TARGET).secrets(using(foreign))).get(foreign)).toMatchObject({
      ok: false,
      error: { kind: 'unsupported' },
    });
    expect(wire.received).toEqual([]);
  });

  it('are found wherever a definition names them', async () => {
    wire.on('DescribeSecret', json({ ARN: SECRET }));
    wire.on('DescribeParameters', json({ Parameters: [{ Name: 'x' }] }));
    const everywhere = definition(
      {
        logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 'token', valueFrom: 'splunk-token' }] },
        repositoryCredentials: { credentialsParameter: 'registry-login' },
      },
      {
        volumes: [
          { fsxWindowsFileServerVolumeConfiguration: { authorizationConfig: { credentialsParameter: SECRET } } },
        ],
      },
    );
    const found = await aws.dependencies(TARGET).secrets(everywhere);
    expect([...found.keys()]).toEqual(['splunk-token', 'registry-login', SECRET]);
    // A bare name is a secret's where credentials are meant, a parameter's elsewhere.
    expect(wire.times('DescribeSecret')).toBe(2);
  });
});

describe('roles', () => {
  const ROLE = 'arn:aws:iam::111111111111:role/service-role/api';
  const trusting = (Principal: unknown, Action: unknown = 'sts:AssumeRole'): Answer => {
    const document = encodeURIComponent(JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action }] }));
    return text(
      `<GetRoleResponse><GetRoleResult><Role><RoleName>api</RoleName><AssumeRolePolicyDocument>${document}</AssumeRolePolicyDocument></Role></GetRoleResult></GetRoleResponse>`,
      200,
      'text/xml',
    );
  };
  const found = async () => (await aws.dependencies(TARGET).roles(definition({}, { taskRoleArn: ROLE }))).get(ROLE);

  it('are looked up by the last part of their path', async () => {
    wire.on('GetRole', trusting({ Service: 'ecs-tasks.amazonaws.com' }));
    expect(await found()).toEqual({ ok: true, value: 'usable' });
    expect(wire.received[0]?.input).toMatchObject({ RoleName: 'api' });
  });

  it('that no longer exist are gone', async () => {
    wire.on('GetRole', xmlError('NoSuchEntity', 'The role with name api cannot be found.', 404));
    expect(await found()).toEqual({ ok: true, value: 'gone' });
  });

  it('that tasks may not take are closed', async () => {
    wire.on('GetRole', trusting({ Service: ['lambda.amazonaws.com'] }));
    expect(await found()).toEqual({ ok: true, value: 'closed' });
  });

  it('that they may take in a way nobody here judges are not known', async () => {
    wire.on('GetRole', trusting('*'));
    expect(await found()).toMatchObject({ ok: false, error: { kind: 'other', action: 'iam:GetRole' } });
  });

  it('of another account are not asked for', async () => {
    const foreign = ROLE.replace('111111111111', '222222222222');
    const roles = await aws.dependencies(TARGET).roles(definition({}, { executionRoleArn: foreign }));
    expect(roles.get(foreign)).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
  });
});

describe('the rest a service leans on', () => {
  it('log groups are looked for by their exact name, in the Region their containers log to', async () => {
    const logging = definition({
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'api', 'awslogs-region': 'us-west-2' } },
    });
    wire.on('DescribeLogGroups', json({ logGroups: [{ logGroupName: 'api-2' }] }));
    expect((await aws.dependencies(TARGET).logGroups(logging)).get('api')).toEqual({ ok: true, value: false });
    expect(signedFor(0)).toBe('us-west-2/logs');
    wire.on('DescribeLogGroups', json({ logGroups: [{ logGroupName: 'api' }, { logGroupName: 'api-2' }] }));
    expect((await aws.dependencies(TARGET).logGroups(logging)).get('api')).toEqual({ ok: true, value: true });
  });

  it('log groups that containers create themselves are not looked for', async () => {
    const creating = definition({
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'api', 'awslogs-create-group': 'true' } },
    });
    expect((await aws.dependencies(TARGET).logGroups(creating)).size).toBe(0);
  });

  it('target groups tell their type', async () => {
    wire.on(
      'DescribeTargetGroups',
      text(
        '<DescribeTargetGroupsResponse><DescribeTargetGroupsResult><TargetGroups><member><TargetType>ip</TargetType></member></TargetGroups></DescribeTargetGroupsResult></DescribeTargetGroupsResponse>',
        200,
        'text/xml',
      ),
      xmlError('TargetGroupNotFound', 'One or more target groups not found', 400),
    );
    expect((await aws.dependencies(TARGET).targetTypes([GROUP])).get(GROUP)).toEqual({ ok: true, value: 'ip' });
    expect((await aws.dependencies(TARGET).targetTypes([GROUP])).get(GROUP)).toMatchObject({ error: { kind: 'gone' } });
  });

  it('targets count as healthy of those that should answer; leaving ones are not counted', async () => {
    const states = ['healthy', 'unhealthy', 'draining', 'unused', 'initial'];
    const members = states.map(
      (state) =>
        `<member><TargetHealth><State>${state}</State>${state === 'unhealthy' ? '<Reason>Target.Timeout</Reason>' : ''}</TargetHealth></member>`,
    );
    wire.on(
      'DescribeTargetHealth',
      text(
        `<DescribeTargetHealthResponse><DescribeTargetHealthResult><TargetHealthDescriptions>${members.join('')}</TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>`,
        200,
        'text/xml',
      ),
    );
    expect(await aws.reader(TARGET).targetHealth([GROUP])).toEqual({
      ok: true,
      value: [{ targetGroupArn: GROUP, healthy: 1, of: 3, reasons: ['Target.Timeout'] }],
    });
  });

  it('alarms of both kinds are read, and none where none is named', async () => {
    wire.on(
      'DescribeAlarms',
      json({ MetricAlarms: [{ AlarmName: 'errors' }], CompositeAlarms: [{ AlarmName: 'both' }] }),
    );
    expect(await aws.dependencies(TARGET).firingAlarms([])).toEqual({ ok: true, value: [] });
    expect(await aws.dependencies(TARGET).firingAlarms(['errors', 'both', 'calm'])).toEqual({
      ok: true,
      value: ['errors', 'both'],
    });
    expect(wire.received.map(({ input }) => input)).toEqual([
      {
        AlarmNames: ['errors', 'both', 'calm'],
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        StateValue: 'ALARM',
        MaxRecords: 100,
      },
    ]);
  });

  it('the account of ambient credentials is asked for once', async () => {
    const nameless = { ...TARGET, account: null };
    const ambient = createAws({
      targets: [nameless],
      fingerprint: (value) => value,
      showValuesOf: new Set(),
      replicas: 1,
      log: () => undefined,
      timeouts: SHORT,
    });
    wire.on(
      'GetCallerIdentity',
      text(
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111111111111:user/a</Arn><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        200,
        'text/xml',
      ),
    );
    const foreign = definition({}, { taskRoleArn: 'arn:aws:iam::222222222222:role/api' });
    await ambient.dependencies(nameless).roles(foreign);
    await ambient.dependencies(nameless).roles(foreign);
    expect(wire.times('GetCallerIdentity')).toBe(1);
    expect(await ambient.identity(nameless)).toMatchObject({ value: { account: '111111111111' } });
    expect(await ambient.canTakeWriterRole(nameless)).toEqual({ ok: true, value: 'ambient' });
    ambient.close();
  });
});
