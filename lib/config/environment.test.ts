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

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a secret under 32 bytes',
      { ECS_ROLLBACK_SECRET: 'x1y2z3'.repeat(5) },
      'ECS_ROLLBACK_SECRET: is shorter than 32 bytes; "openssl rand -base64 32" makes one',
    ],
    [
      'a secret of one letter',
      { ECS_ROLLBACK_SECRET: 'x'.repeat(64) },
      'ECS_ROLLBACK_SECRET: repeats itself; "openssl rand -base64 32" makes one',
    ],
    [
      'no secret',
      { ECS_ROLLBACK_SECRET: '' },
      'ECS_ROLLBACK_SECRET: is not set; write for example ECS_ROLLBACK_SECRET=(openssl rand -base64 32)',
    ],
    [
      'certificates unchecked',
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      'NODE_TLS_REJECT_UNAUTHORIZED: must not be 0, certificates are checked; name your own in NODE_EXTRA_CA_CERTS',
    ],
    [
      'plain http',
      { ECS_ROLLBACK_URL: 'http://rollback.example.org' },
      'ECS_ROLLBACK_URL: "http://rollback.example.org" is neither https nor http on a loopback address; write it with https://',
    ],
    [
      'a host that only begins like loopback',
      { ECS_ROLLBACK_URL: 'http://127.0.0.1.example.org' },
      'ECS_ROLLBACK_URL: "http://127.0.0.1.example.org" is neither https nor http on a loopback address; write it with https://',
    ],
    [
      'another scheme',
      { ECS_ROLLBACK_URL: 'ftp://localhost' },
      'ECS_ROLLBACK_URL: "ftp://localhost" is neither https nor http on a loopback address; write it with https://',
    ],
    [
      'no URL',
      { ECS_ROLLBACK_URL: 'rollback' },
      'ECS_ROLLBACK_URL: "rollback" is not a URL; write it whole, with https://',
    ],
    [
      'a path',
      { ECS_ROLLBACK_URL: 'https://example.org/rollback' },
      'ECS_ROLLBACK_URL: "https://example.org/rollback" must not have a path, the dashboard stands at /; write https://example.org',
    ],
    [
      'a query',
      { OIDC_ISSUER: 'https://example.org/?a=b' },
      'OIDC_ISSUER: "https://example.org/?a=b" must end with its path, without ? and #; leave out what begins with them',
    ],
    [
      'a password in an address',
      { OIDC_ISSUER: 'https://u:p@example.org/' },
      'OIDC_ISSUER: must not contain a user name or password; write the address without them',
    ],
    [
      'an issuer of plain http',
      { OIDC_ISSUER: 'http://login.example.org' },
      'OIDC_ISSUER: "http://login.example.org" is neither https nor http on a loopback address; write it with https://',
    ],
    ['no client', { OIDC_CLIENT_ID: ' ' }, 'OIDC_CLIENT_ID: is not set; write for example OIDC_CLIENT_ID=ecs-rollback'],
    [
      'a trusted host',
      { AUTH_TRUST_HOST: 'true' },
      'AUTH_TRUST_HOST: must not be set, forwarded host names are not trusted; remove it',
    ],
    [
      'a name that is mistyped',
      { ECS_ROLLBACK_SECRETS: 'x' },
      'ECS_ROLLBACK_SECRETS: is no setting of this tool; did you mean ECS_ROLLBACK_SECRET?',
    ],
    [
      'a name it does not know',
      { ECS_ROLLBACK_TIMEOUT_OF_EVERYTHING: '1' },
      'ECS_ROLLBACK_TIMEOUT_OF_EVERYTHING: is no setting of this tool; leave it out, or write one of ECS_ROLLBACK_CONFIG, ECS_ROLLBACK_SECRET, ECS_ROLLBACK_URL',
    ],
    [
      'a longer session',
      { SESSION_MAX_SECONDS: '28801' },
      'SESSION_MAX_SECONDS: "28801" is not a whole number from 1 to 28800',
    ],
    [
      'a longer idle time',
      { SESSION_IDLE_SECONDS: '1801' },
      'SESSION_IDLE_SECONDS: "1801" is not a whole number from 1 to 1800',
    ],
    ['no idle time', { SESSION_IDLE_SECONDS: '0' }, 'SESSION_IDLE_SECONDS: "0" is not a whole number from 1 to 1800'],
    [
      'a number that is none',
      { SESSION_MAX_SECONDS: '1e3' },
      'SESSION_MAX_SECONDS: "1e3" is not a whole number from 1 to 28800',
    ],
    ['a port that is none', { PORT: '70000' }, 'PORT: "70000" is not a whole number from 1 to 65535'],
    ['no port at all', { PORT: '0' }, 'PORT: "0" is not a whole number from 1 to 65535'],
    [
      'a level no log has',
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL: "loud" is none of trace, debug, info, warn, error, fatal, silent',
    ],
    [
      'another database',
      { DATABASE_URL: 'mysql://root@localhost/x' },
      'DATABASE_URL: is not a URL that begins with postgres://; write postgres://USER:PASSWORD@HOST:5432/NAME',
    ],
    [
      'a password that breaks the URL',
      { DATABASE_URL: 'postgres://app:a/b#c@db:5432/x' },
      'DATABASE_URL: is not a URL; characters such as / and # in a password are written %2F and %23',
    ],
    [
      'another address of sign-in',
      { NEXTAUTH_URL: 'https://evil.example.org' },
      'NEXTAUTH_URL: must be ECS_ROLLBACK_URL, or better not set',
    ],
  ])('refuses %s with one line that says what to write', (_, change, line) => {
    expect(mistakes(change)).toEqual([line]);
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
