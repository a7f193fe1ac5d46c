import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseConfiguration, readConfiguration } from './targets';

const PRODUCTION = {
  account: '111111111111',
  region: 'eu-west-1',
  readerRole: 'arn:aws:iam::111111111111:role/ecs-rollback-reader',
  writerRole: 'arn:aws:iam::111111111111:role/ecs-rollback-writer',
  externalId: 'a-shared-word',
  clusters: ['notify'],
  protected: true,
  colour: 'red',
  pipelineUrl: 'https://ci.example.org/',
  operators: ['rollback-operators'],
  viewers: ['rollback-viewers'],
  services: {
    api: { mainContainer: 'app', checkUrl: 'https://api.example.org/_status' },
    'delivery-*': {},
    'notify/payments-*': { operators: ['payments-oncall'], viewers: [] },
  },
};
const SHA256 = 'a'.repeat(64);
const WHOLE = {
  company: 'Example',
  runbookUrl: 'https://runbooks.example.org',
  ownersContact: '#sre-help',
  replicas: 2,
  groups: { claim: 'roles', from: 'userinfo' },
  lastKnownGoodMinutes: 30,
  oldVersionDays: 14,
  showValuesOf: ['LOG_LEVEL'],
  targets: { production: PRODUCTION },
};

const OTHER_ROLE = 'arn:aws:iam::222222222222:role/w';
const NOT_A_MAP = 'is not a map of settings; write its settings below it, indented';
const NOT_A_ROLE = 'is not the ARN of an IAM role; write it whole: arn:aws:iam::111111111111:role/ecs-rollback-reader';

const parse = (value: unknown) => parseConfiguration(stringify(value), 'ecs-rollback.yaml');
const mistakes = (value: unknown): readonly string[] => {
  const parsed = parse(value);
  return parsed.ok ? [] : parsed.error;
};
const production = (change: Readonly<Record<string, unknown>>) => ({
  ...WHOLE,
  targets: { production: { ...PRODUCTION, ...change } },
});

describe('the configuration file', () => {
  it('is taken whole', () => {
    expect(parse(production({ holdTokens: { concourse: SHA256 } }))).toEqual({
      ok: true,
      value: {
        ...WHOLE,
        holdTokens: [{ target: 'production', name: 'concourse', sha256: SHA256 }],
        targets: [
          {
            ...PRODUCTION,
            name: 'production',
            services: [
              {
                pattern: 'api',
                mainContainer: 'app',
                checkUrl: 'https://api.example.org/_status',
                operators: null,
                viewers: null,
              },
              { pattern: 'delivery-*', mainContainer: null, checkUrl: null, operators: null, viewers: null },
              {
                pattern: 'notify/payments-*',
                mainContainer: null,
                checkUrl: null,
                operators: ['payments-oncall'],
                viewers: [],
              },
            ],
          },
        ],
      },
    });
  });

  it('gives every other setting its default', () => {
    const { account, region, operators, colour } = PRODUCTION;
    expect(parse({ targets: { production: { account, region, operators, colour, protected: false } } })).toEqual({
      ok: true,
      value: {
        company: null,
        runbookUrl: null,
        ownersContact: null,
        replicas: 1,
        groups: { claim: 'groups', from: 'id-token' },
        lastKnownGoodMinutes: 60,
        oldVersionDays: 30,
        showValuesOf: [],
        holdTokens: [],
        targets: [
          {
            name: 'production',
            account,
            region,
            readerRole: null,
            writerRole: null,
            externalId: null,
            clusters: null,
            protected: false,
            colour,
            pipelineUrl: null,
            operators,
            viewers: [],
            services: [],
          },
        ],
      },
    });
  });

  it('names every mistake at once, with file, path, value and what to write instead', () => {
    const { region: _, ...withoutRegion } = PRODUCTION;
    const wrong = {
      ...production({ colour: 'crimson', operators: [], protectd: true, protected: 'yes', writerRole: OTHER_ROLE }),
      replicas: 0,
      showValuesOf: ['LOG_LEVEL', 'DATABASE_URL'],
    };
    expect([
      ...mistakes({ ...wrong, targets: { ...wrong.targets, one: PRODUCTION, other: PRODUCTION, more: withoutRegion } }),
    ]).toEqual([
      'ecs-rollback.yaml: replicas: 0 is not a whole number from 1 to 20',
      'ecs-rollback.yaml: showValuesOf[1]: "DATABASE_URL" is a name that may hold a secret, and those are never shown; leave it out',
      'ecs-rollback.yaml: targets.production.protected: "yes" is neither true nor false',
      'ecs-rollback.yaml: targets.production.colour: "crimson" is none of red, green, teal, darkBlue, purple, pink, orange, yellow, lightBlue',
      'ecs-rollback.yaml: targets.production.operators: names no group, so nobody could roll back; name the groups whose members may',
      'ecs-rollback.yaml: targets.production.protectd: is no setting; did you mean protected?',
      `ecs-rollback.yaml: targets.production.writerRole: "${OTHER_ROLE}" is a role of another account than 111111111111; name a role of that account, or correct account`,
      'ecs-rollback.yaml: targets.more.region: is missing; write for example region: eu-west-1',
      'ecs-rollback.yaml: targets.one: shows services that targets.production shows too; give each its own clusters',
      'ecs-rollback.yaml: targets.other: shows services that targets.production shows too; give each its own clusters',
      'ecs-rollback.yaml: targets.other: shows services that targets.one shows too; give each its own clusters',
    ]);
  });

  it.each<[string, unknown, string]>([
    [
      'no targets',
      { company: 'Example' },
      'targets: is missing; write for example targets: {"production":{"account":"111111111111","region":"eu-west-1","protected":true,"colour":"red","operators":["rollback-operators"]}}',
    ],
    ['an empty map of targets', { targets: {} }, 'targets: names no target; add one, such as production:'],
    [
      'a list for targets',
      { targets: [PRODUCTION] },
      'targets: is not a map of targets; write target names below it, indented',
    ],
    [
      'a target that is a word',
      { targets: { production: 'eu-west-1' } },
      `targets.production: "eu-west-1" ${NOT_A_MAP}`,
    ],
    [
      'a name no address can hold',
      { targets: { 'a/b': PRODUCTION } },
      'targets: "a/b" is not the name of a target; use up to 63 letters, digits, - and _',
    ],
    [
      'an account without quotes',
      production({ account: 111111111111 }),
      'targets.production.account: 111111111111 is not an account number: twelve digits, in quotes',
    ],
    [
      'an account of eleven digits',
      production({ account: '11111111111', readerRole: undefined, writerRole: undefined }),
      'targets.production.account: "11111111111" is not an account number: twelve digits, in quotes',
    ],
    [
      'no account',
      production({ account: undefined }),
      'targets.production.account: is missing; write for example account: "111111111111"',
    ],
    [
      'a region that is none',
      production({ region: 'eu-west' }),
      'targets.production.region: "eu-west" is not a region; write it as AWS does, such as eu-west-1',
    ],
    [
      'a zone for a region',
      production({ region: 'eu-west-1a' }),
      'targets.production.region: "eu-west-1a" is not a region; write it as AWS does, such as eu-west-1',
    ],
    [
      'a role of another account',
      production({ writerRole: OTHER_ROLE }),
      `targets.production.writerRole: "${OTHER_ROLE}" is a role of another account than 111111111111; name a role of that account, or correct account`,
    ],
    [
      'a user for a role',
      production({ readerRole: 'arn:aws:iam::111111111111:user/jo' }),
      `targets.production.readerRole: "arn:aws:iam::111111111111:user/jo" ${NOT_A_ROLE}`,
    ],
    [
      'the name of a role',
      production({ readerRole: 'ecs-rollback-reader' }),
      `targets.production.readerRole: "ecs-rollback-reader" ${NOT_A_ROLE}`,
    ],
    [
      'a reading role alone',
      production({ writerRole: undefined }),
      'targets.production.writerRole: is missing beside readerRole; name both roles, or neither',
    ],
    [
      'a writing role alone',
      production({ readerRole: undefined }),
      'targets.production.readerRole: is missing beside writerRole; name both roles, or neither',
    ],
    [
      'an external id of one letter',
      production({ externalId: 'x' }),
      'targets.production.externalId: is not an external id as STS takes it: 2 to 1224 letters, digits and +=,.@:/-',
    ],
    [
      'a script for an address',
      production({ pipelineUrl: 'javascript:alert(1)' }),
      'targets.production.pipelineUrl: "javascript:alert(1)" is not a web address; write it whole, with https://',
    ],
    [
      'an address without its scheme',
      { ...WHOLE, runbookUrl: 'runbooks.example.org' },
      'runbookUrl: "runbooks.example.org" is not a web address; write it whole, with https://',
    ],
    [
      'an address with a password',
      production({ pipelineUrl: 'https://u:hunter2@ci.example.org' }),
      'targets.production.pipelineUrl: must not contain a user name or password; write the address without them',
    ],
    [
      'a group named twice',
      production({ viewers: ['a', 'a'] }),
      'targets.production.viewers: names one of its groups twice; name each once',
    ],
    [
      'one group that is no list',
      production({ operators: 'sre' }),
      'targets.production.operators: "sre" is not a list of groups; write it in brackets: [one, other]',
    ],
    [
      'no group',
      production({ operators: [] }),
      'targets.production.operators: names no group, so nobody could roll back; name the groups whose members may',
    ],
    [
      'nobody who may',
      production({ operators: undefined }),
      'targets.production.operators: is missing; write for example operators: ["rollback-operators"]',
    ],
    [
      'no cluster',
      production({ clusters: [] }),
      'targets.production.clusters: names no cluster; leave it out to show all',
    ],
    [
      'the ARN of a cluster',
      production({ clusters: ['arn:aws:ecs:eu-west-1:111111111111:cluster/a'] }),
      'targets.production.clusters[0]: "arn:aws:ecs:eu-west-1:111111111111:cluster/a" is not the name of a cluster; write the name alone, not its ARN',
    ],
    [
      'no word on protection',
      production({ protected: undefined }),
      'targets.production.protected: is missing; write for example protected: true',
    ],
    [
      'a word for true',
      production({ protected: 'yes' }),
      'targets.production.protected: "yes" is neither true nor false',
    ],
    [
      'a colour the console does not have',
      production({ colour: 'blue' }),
      'targets.production.colour: "blue" is none of red, green, teal, darkBlue, purple, pink, orange, yellow, lightBlue',
    ],
    [
      'a setting in American spelling',
      production({ color: 'red' }),
      'targets.production.color: is no setting; did you mean colour?',
    ],
    [
      'a setting of a service it does not know',
      production({ services: { api: { port: 80 } } }),
      'targets.production.services.api.port: is no setting; leave it out, or write one of checkUrl, mainContainer, operators, viewers',
    ],
    [
      'a service that is a word',
      production({ services: { api: 'app' } }),
      `targets.production.services.api: "app" ${NOT_A_MAP}`,
    ],
    [
      'a service name no service has',
      production({ services: { 'a b': {} } }),
      'targets.production.services: "a b" is not the name of a service, nor a pattern; use letters, digits, - _ and *, after a cluster and / where needed',
    ],
    [
      'groups from nowhere',
      { ...WHOLE, groups: { from: 'ldap' } },
      'groups.from: "ldap" is neither id-token nor userinfo',
    ],
    ['too many processes', { ...WHOLE, replicas: 21 }, 'replicas: 21 is not a whole number from 1 to 20'],
    ['half a process', { ...WHOLE, replicas: 1.5 }, 'replicas: 1.5 is not a whole number from 1 to 20'],
    [
      'minutes in words',
      { ...WHOLE, lastKnownGoodMinutes: '1h' },
      'lastKnownGoodMinutes: "1h" is not a whole number from 1 to 43200',
    ],
    ['no days', { ...WHOLE, oldVersionDays: 0 }, 'oldVersionDays: 0 is not a whole number from 1 to 3650'],
    [
      'two lines for a name',
      { ...WHOLE, company: 'a\nb' },
      'company: "a\\nb" is not a line of text; write up to 200 characters, in quotes where they hold : or #',
    ],
    [
      'values of a name that may hold a secret',
      { ...WHOLE, showValuesOf: ['API_KEY'] },
      'showValuesOf[0]: "API_KEY" is a name that may hold a secret, and those are never shown; leave it out',
    ],
    [
      'values of what is no name',
      { ...WHOLE, showValuesOf: ['A B'] },
      'showValuesOf[0]: "A B" is not the name of an environment variable; write it as the definition does',
    ],
    [
      'a setting in the wrong place',
      { ...WHOLE, region: 'eu-west-1' },
      'region: is no setting; leave it out, or write one of company, groups, lastKnownGoodMinutes, oldVersionDays, ownersContact, replicas, runbookUrl, showValuesOf, targets',
    ],
    [
      'a list for the file',
      ['production'],
      'the file: is not a map of settings; it begins at the left margin with settings such as targets:',
    ],
  ])('refuses %s with one line', (_, value, line) => {
    expect(mistakes(value)).toEqual([`ecs-rollback.yaml: ${line}`]);
  });

  it.each([
    [
      'a target named twice',
      'targets:\n  a: {}\n  a: {}\n',
      'line 3: a setting stands here for the second time; remove one of the two',
    ],
    ['a tab', 'targets:\n\tproduction: {}\n', 'line 2: a tab indents this line; write spaces'],
    [
      'a second document',
      'company: a\n---\ncompany: b\n',
      'line 2: a second document begins here; remove the line ---',
    ],
    [
      'a list that does not end',
      'targets: [',
      'line 1: Flow sequence in block collection must be sufficiently indented and end with a ]; correct it from here on',
    ],
    ['an alias to nothing', 'company: *nobody', 'Unresolved alias (the anchor must be set before the alias): nobody'],
  ])('names the line of %s', (_, content, line) => {
    expect(parseConfiguration(content, 'x.yaml')).toMatchObject({
      ok: false,
      error: expect.arrayContaining([`x.yaml: ${line}`]),
    });
  });

  it.each(['DB_PASSWORD', 'secret', 'API_TOKEN', 'KEY', 'AWS_CREDENTIALS', 'REDIS_URL', 'MONGO_URI', 'SENTRY_DSN'])(
    'does not show the values of %s',
    (name) => {
      expect(mistakes({ ...WHOLE, showValuesOf: [name] })).toHaveLength(1);
    },
  );

  it('refuses two targets that show the same services, and takes two that share a region alone', () => {
    const two = (clusters: readonly string[] | undefined) => ({
      targets: { one: PRODUCTION, other: { ...PRODUCTION, clusters } },
    });
    expect(mistakes(two(['notify', 'more']))).toEqual([
      'ecs-rollback.yaml: targets.other: shows services that targets.one shows too; give each its own clusters',
    ]);
    expect(mistakes(two(undefined))).toHaveLength(1);
    expect(mistakes(two(['more']))).toEqual([]);
  });

  it('takes aliases', () => {
    const aliased = `targets:
  one: &one {account: "111111111111", region: eu-west-1, protected: true, colour: red, operators: [a], clusters: [b]}
company: *one`;
    expect(parseConfiguration(aliased, 'x.yaml')).toMatchObject({
      error: [expect.stringMatching(/^x\.yaml: company: is not a line of text/)],
    });
  });

  it('keeps a token that stands where its hash should out of its lines', () => {
    const lines = mistakes(production({ holdTokens: { concourse: 'hunter2', 'no name': SHA256 } }));
    expect(lines).toEqual([
      'ecs-rollback.yaml: targets.production.holdTokens.concourse: is not a SHA-256; write the 64 digits that printf %s "$TOKEN" | sha256sum prints, never the token itself',
      'ecs-rollback.yaml: targets.production.holdTokens: "no name" is not the name of a pipeline; use up to 63 letters, digits, - _ and .',
    ]);
  });

  it('keeps the external id and passwords in addresses out of its lines', () => {
    const lines = mistakes(
      production({ externalId: 'hunter2 hunter2', pipelineUrl: 'https://u:hunter2@ci.example.org' }),
    );
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).not.toContain('hunter2');
  });

  it('answers whatever it is given with lines, never with an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.object({ key: fc.constantFrom('targets', 'groups', '__proto__', 'a') })),
        (value) => {
          for (const line of mistakes(value)) expect(line.split('\n')).toHaveLength(1);
        },
      ),
    );
    fc.assert(
      fc.property(fc.string(), (content) => {
        expect(parseConfiguration(content, 'x').ok).toBe(false);
      }),
    );
  });
});

describe('reading the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('takes the named file', () => {
    const file = join(folder, 'named.yaml');
    writeFileSync(file, stringify(WHOLE));
    expect(readConfiguration({ configFile: file, awsRegion: null })).toMatchObject({
      ok: true,
      value: { company: 'Example' },
    });
  });

  it('says that a named file is not there', () => {
    expect(readConfiguration({ configFile: '/nowhere/x.yaml', awsRegion: 'eu-west-1' })).toEqual({
      ok: false,
      error: [
        'ECS_ROLLBACK_CONFIG: the file "/nowhere/x.yaml" cannot be read (ENOENT); name a file this process may read',
      ],
    });
  });

  it('shows the ambient account where there is no file, and asks for a region', () => {
    expect(readConfiguration({ configFile: null, awsRegion: 'eu-west-2' })).toMatchObject({
      ok: true,
      value: {
        replicas: 1,
        targets: [{ name: 'default', account: null, region: 'eu-west-2', readerRole: null, protected: true }],
      },
    });
    expect(readConfiguration({ configFile: null, awsRegion: null })).toMatchObject({
      error: [
        'AWS_REGION: is not set, and there is no ecs-rollback.yaml that names targets; write that file, or set AWS_REGION=eu-west-1',
      ],
    });
  });
});
