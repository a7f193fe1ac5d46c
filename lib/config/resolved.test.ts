import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment';
import { resolved } from './resolved';
import { parseConfiguration } from './targets';

const SECRETS = {
  ECS_ROLLBACK_SECRET: 'hunter2-0123456789abcdef0123456789ABCDEF',
  DATABASE_URL: 'postgres://app:hunter2@db.example.org:5432/rollback?password=hunter2',
  MIGRATION_DATABASE_URL: 'postgres://owner:hunter2@db.example.org:5432/rollback',
  OIDC_CLIENT_SECRET: 'hunter2',
  AWS_ENDPOINT_URL: 'http://user:hunter2@127.0.0.1:4566',
};

const FILE = `
company: Example
targets:
  production: {account: "111111111111", region: eu-west-1, protected: true, colour: red, operators: [sre], externalId: hunter2}
`;

describe('what the start logs', () => {
  const environment = readEnvironment({
    ...SECRETS,
    ECS_ROLLBACK_URL: 'https://rollback.example.org',
    OIDC_ISSUER: 'https://login.example.org',
    OIDC_CLIENT_ID: 'ecs-rollback',
  });
  const configuration = parseConfiguration(FILE, 'file');
  const line = environment.ok && configuration.ok ? resolved(environment.value, configuration.value) : {};

  it('has every setting, defaults included', () => {
    expect(line).toMatchObject({
      baseUrl: 'https://rollback.example.org',
      database: 'postgres://app@db.example.org:5432/rollback',
      migratesAs: 'owner',
      issuer: 'https://login.example.org',
      sessionMaxSeconds: 28_800,
      replicas: 1,
      targets: [{ name: 'production', account: '111111111111', externalId: 'set', clusters: null, operators: ['sre'] }],
    });
  });

  it('has no secret', () => {
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });
});
