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
  services: { api: { mainContainer: 'app', checkUrl: 'https://api.example.org/_status' }, 'delivery-*': {} },
};
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
    expect(parse(WHOLE)).toEqual({
      ok: true,
      value: {
        ...WHOLE,
        targets: [
          {
            ...PRODUCTION,
            name: 'production',
            services: [
              { pattern: 'api', mainContainer: 'app', checkUrl: 'https://api.example.org/_status' },
              { pattern: 'delivery-*', mainContainer: null, checkUrl: null },
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

  it('names every mistake at once, with file, path and value', () => {
    const wrong = {
      ...production({ region: 'eu-west', colour: 'crimson', operators: [], protectd: true, protected: 'yes' }),
      replicas: 0,
      showValuesOf: ['LOG_LEVEL', 'DATABASE_URL'],
    };
    expect([...mistakes(wrong)].sort()).toEqual([
      'ecs-rollback.yaml: replicas: 0 is not a whole number from 1 to 20',
      'ecs-rollback.yaml: showValuesOf[1]: "DATABASE_URL" is a name that may hold a secret, and those are never shown',
      'ecs-rollback.yaml: targets.production.colour: "crimson" is none of red, green, teal, darkBlue, purple, pink, orange, yellow, lightBlue',
      'ecs-rollback.yaml: targets.production.operators: names no group, so nobody could roll back',
      'ecs-rollback.yaml: targets.production.protectd: is no setting',
      'ecs-rollback.yaml: targets.production.protected: "yes" is neither true nor false',
      'ecs-rollback.yaml: targets.production.region: "eu-west" is not a region',
    ]);
  });

  it.each([
    ['no targets', { company: 'Example' }, 'targets: is missing'],
    ['an empty map of targets', { targets: {} }, 'targets: names no target'],
    [
      'a target that is a word',
      { targets: { production: 'eu-west-1' } },
      'targets.production: "eu-west-1" is not a map of settings',
    ],
    ['a name no address can hold', { targets: { 'a/b': PRODUCTION } }, 'targets: "a/b" is not the name of a target'],
    [
      'an account without quotes',
      production({ account: 111111111111 }),
      'targets.production.account: 111111111111 is not an account number: twelve digits, in quotes',
    ],
    [
      'a role of another account',
      production({ writerRole: 'arn:aws:iam::222222222222:role/w' }),
      'targets.production.writerRole: "arn:aws:iam::222222222222:role/w" is a role of another account than 111111111111',
    ],
    [
      'a user for a role',
      production({ readerRole: 'arn:aws:iam::111111111111:user/jo' }),
      'targets.production.readerRole: "arn:aws:iam::111111111111:user/jo" is not the ARN of an IAM role',
    ],
    [
      'one role of two',
      production({ writerRole: undefined }),
      'targets.production.writerRole: is missing; name both roles, or neither',
    ],
    [
      'a script for an address',
      production({ pipelineUrl: 'javascript:alert(1)' }),
      'targets.production.pipelineUrl: "javascript:alert(1)" is not a web address',
    ],
    [
      'a group named twice',
      production({ viewers: ['a', 'a'] }),
      'targets.production.viewers: names one of its groups twice',
    ],
    [
      'no cluster',
      production({ clusters: [] }),
      'targets.production.clusters: names no cluster; leave it out to show all',
    ],
    [
      'a wrong cluster name',
      production({ clusters: ['notify', 'a b'] }),
      'targets.production.clusters[1]: "a b" is not the name of a cluster',
    ],
    [
      'a setting of a service it does not know',
      production({ services: { api: { main: 'app' } } }),
      'targets.production.services.api.main: is no setting',
    ],
    [
      'groups from nowhere',
      { ...WHOLE, groups: { from: 'ldap' } },
      'groups.from: "ldap" is neither id-token nor userinfo',
    ],
    ['a list for the file', ['production'], 'the file: is not a map of settings'],
  ])('refuses %s', (_, value, line) => {
    expect(mistakes(value)).toEqual([`ecs-rollback.yaml: ${line}`]);
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

  it('names the line of what is no YAML, and of a target named twice', () => {
    expect(parseConfiguration('targets:\n  a: {}\n  a: {}\n', 'x.yaml')).toEqual({
      ok: false,
      error: ['x.yaml: line 3: Map keys must be unique'],
    });
    const broken = parseConfiguration('company: "GOV\ntargets: [', 'x.yaml');
    expect(broken.ok ? [] : broken.error[0]).toMatch(/^x\.yaml: line \d+: /);
  });

  it('takes aliases, and says so where one names nothing', () => {
    const aliased = `targets:
  one: &one {account: "111111111111", region: eu-west-1, protected: true, colour: red, operators: [a], clusters: [b]}
company: *one`;
    expect(parseConfiguration(aliased, 'x.yaml')).toMatchObject({
      error: ['x.yaml: company: is not a line of text of up to 200 characters'],
    });
    expect(parseConfiguration('company: *nobody', 'x.yaml')).toMatchObject({
      ok: false,
      error: [expect.stringContaining('nobody')],
    });
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
      error: ['ECS_ROLLBACK_CONFIG: the file "/nowhere/x.yaml" cannot be read (ENOENT)'],
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
      error: ['AWS_REGION: is not set, and there is no ecs-rollback.yaml that names targets'],
    });
  });
});
