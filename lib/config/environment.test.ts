import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment';

const GOOD = {
  ECS_ROLLBACK_URL: 'https://rollback.example.org',
  ECS_ROLLBACK_SECRET: '0123456789abcdef0123456789ABCDEF',
  DATABASE_URL: 'postgres://app:hunter2@db.example.org:5432/rollback',
  OIDC_ISSUER: 'https://login.example.org/realm',
  OIDC_CLIENT_ID: 'ecs-rollback',
  OIDC_CLIENT_SECRET: 'client-hunter2',
} as const;

const mistakes = (change: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const read = readEnvironment({ ...GOOD, ...change });
  return read.ok ? [] : read.error;
};

describe('the environment', () => {
  it('is taken with defaults for what is not set', () => {
    expect(readEnvironment(GOOD)).toEqual({
      ok: true,
      value: {
        configFile: null,
        baseUrl: 'https://rollback.example.org',
        secret: GOOD.ECS_ROLLBACK_SECRET,
        databaseUrl: GOOD.DATABASE_URL,
        migrationDatabaseUrl: GOOD.DATABASE_URL,
        oidc: { issuer: 'https://login.example.org/realm', clientId: 'ecs-rollback', clientSecret: 'client-hunter2' },
        port: 3000,
        hostname: null,
        logLevel: 'info',
        sessionMaxSeconds: 28_800,
        sessionIdleSeconds: 1_800,
        awsRegion: null,
        awsEndpoints: {},
      },
    });
  });

  it('names every mistake at once', () => {
    const read = readEnvironment({ ECS_ROLLBACK_SECRET: 'short', LOG_LEVEL: 'loud', PORT: '70000' });
    expect(read).toMatchObject({ ok: false });
    const lines = read.ok ? [] : read.error;
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'ECS_ROLLBACK_SECRET',
      'ECS_ROLLBACK_URL',
      'LOG_LEVEL',
      'OIDC_CLIENT_ID',
      'OIDC_CLIENT_SECRET',
      'OIDC_ISSUER',
      'PORT',
    ]);
  });

  it.each([
    ['a secret under 32 bytes', { ECS_ROLLBACK_SECRET: 'x1y2z3'.repeat(5) }, /^ECS_ROLLBACK_SECRET: is shorter/],
    ['a secret of one letter', { ECS_ROLLBACK_SECRET: 'x'.repeat(64) }, /^ECS_ROLLBACK_SECRET: repeats/],
    ['plain http', { ECS_ROLLBACK_URL: 'http://rollback.example.org' }, /neither https nor http on a loopback/],
    ['a host that only begins like loopback', { ECS_ROLLBACK_URL: 'http://127.0.0.1.example.org' }, /neither https/],
    ['another scheme', { ECS_ROLLBACK_URL: 'ftp://localhost' }, /neither https/],
    ['no URL', { ECS_ROLLBACK_URL: 'rollback' }, /^ECS_ROLLBACK_URL: "rollback" is not a URL$/],
    ['a path', { ECS_ROLLBACK_URL: 'https://example.org/rollback' }, /must not have a path/],
    ['a query', { OIDC_ISSUER: 'https://example.org/?a=b' }, /without \? and #/],
    ['an issuer of plain http', { OIDC_ISSUER: 'http://login.example.org' }, /^OIDC_ISSUER: .* neither https/],
    ['a trusted host', { AUTH_TRUST_HOST: 'true' }, /^AUTH_TRUST_HOST: must not be set/],
    ['a name that is mistyped', { ECS_ROLLBACK_SECRETS: 'x' }, /^ECS_ROLLBACK_SECRETS: is no setting/],
    ['a longer session', { SESSION_MAX_SECONDS: '28801' }, /^SESSION_MAX_SECONDS: "28801" is not .* to 28800$/],
    ['a longer idle time', { SESSION_IDLE_SECONDS: '1801' }, /^SESSION_IDLE_SECONDS: /],
    ['no idle time', { SESSION_IDLE_SECONDS: '0' }, /^SESSION_IDLE_SECONDS: /],
    ['a number that is none', { SESSION_MAX_SECONDS: '1e3' }, /^SESSION_MAX_SECONDS: "1e3"/],
    ['another database', { DATABASE_URL: 'mysql://root@localhost/x' }, /^DATABASE_URL: is not a URL that begins with/],
    ['another address of sign-in', { NEXTAUTH_URL: 'https://evil.example.org' }, /^NEXTAUTH_URL: must be/],
  ])('refuses %s with one line', (_, change, line) => {
    const lines = mistakes(change);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(line);
  });

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000/', 'http://[::1]:3000', 'https://rollback.example.org/'])(
    'takes %s as its own address',
    (url) => {
      const read = readEnvironment({ ...GOOD, ECS_ROLLBACK_URL: url });
      expect(read.ok && read.value.baseUrl).toBe(url.replace(/\/$/, ''));
    },
  );

  it('takes lower limits and a role of its own for migrations', () => {
    const migrating = 'postgresql://owner:pw@localhost/rollback';
    expect(readEnvironment({ ...GOOD, SESSION_MAX_SECONDS: '10', MIGRATION_DATABASE_URL: migrating })).toMatchObject({
      ok: true,
      value: { sessionMaxSeconds: 10, sessionIdleSeconds: 1800, migrationDatabaseUrl: migrating },
    });
  });

  it('knows which endpoints stand in for those of AWS, without their passwords', () => {
    const read = readEnvironment({
      ...GOOD,
      AWS_ENDPOINT_URL_ECS: 'http://user:pw@127.0.0.1:4566/',
      AWS_REGION: 'eu-west-1',
    });
    expect(read).toMatchObject({
      value: { awsRegion: 'eu-west-1', awsEndpoints: { AWS_ENDPOINT_URL_ECS: 'http://127.0.0.1:4566' } },
    });
  });

  it('prints no secret and no connection string, whatever is wrong with them', () => {
    const sensitive = ['ECS_ROLLBACK_SECRET', 'DATABASE_URL', 'MIGRATION_DATABASE_URL', 'OIDC_CLIENT_SECRET'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...sensitive), fc.string({ minLength: 6, maxLength: 20 }), (name, tail) => {
        const value = `hunter2-${tail}`;
        expect(mistakes({ [name]: value, PORT: 'x' }).join('\n')).not.toContain(value);
      }),
    );
    expect(mistakes({ ECS_ROLLBACK_URL: 'https://user:hunter2@example.org' }).join()).not.toContain('hunter2');
  });
});
