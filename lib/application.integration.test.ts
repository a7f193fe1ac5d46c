import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { drawn, planBody, press, signIn } from '@/lib/db/pressing';
import { advance, intend } from '@/lib/db/rollbacks';

let fresh: FreshDatabase;
let folder: string;

const FILE = `targets:
  production: {account: "111111111111", region: eu-west-1, protected: true, colour: red, operators: [sre]}
`;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL, false);
  folder = await mkdtemp(join(tmpdir(), 'application-'));
});
afterAll(async () => {
  await fresh?.drop();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** A process of its own, as far as one process can have several: with AWS and the provider where nothing listens. */
async function started(change: Readonly<Record<string, string>> = {}, file = FILE) {
  const configuration = join(folder, 'ecs-rollback.yaml');
  writeFileSync(configuration, file);
  const nowhere = 'http://127.0.0.1:1';
  const variables = {
    ECS_ROLLBACK_CONFIG: configuration,
    ECS_ROLLBACK_URL: 'http://localhost:3000',
    ECS_ROLLBACK_SECRET: 'kZ0h9yqTn4VwB2sX7cJ1rL5mP8dF3gA6',
    DATABASE_URL: fresh.url,
    MIGRATION_DATABASE_URL: fresh.ownerUrl,
    OIDC_ISSUER: nowhere,
    OIDC_CLIENT_ID: 'ecs-rollback',
    OIDC_CLIENT_SECRET: 'any',
    AWS_ENDPOINT_URL: nowhere,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    LOG_LEVEL: 'silent',
    ...change,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const { startApplication, application } = await import('@/lib/application');
  return { result: await startApplication(), application };
}

describe('the start', () => {
  it('needs neither AWS nor the provider, and is ready once it has migrated', async () => {
    const { result, application } = await started();
    expect(result.ok).toBe(true);
    expect(await application().ready()).toBe(true);
    expect(await fresh.owner.query('SELECT 1 FROM migration')).not.toEqual([]);
    if (result.ok) await result.value.stop();
  });

  it('tells every mistake of environment and file at once, before it looks at the database', async () => {
    const change = { ECS_ROLLBACK_SECRET: 'short', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', PORT: 'x' };
    const { result } = await started(change, FILE.replace('eu-west-1', 'eu-west').replace('red', 'blue'));
    const lines = result.ok ? [] : result.error;
    expect(lines).toHaveLength(4);
    for (const words of ['ECS_ROLLBACK_SECRET: ', 'PORT: ', 'production.region: ', 'production.colour: ']) {
      expect(lines.filter((line) => line.includes(words))).toHaveLength(1);
    }
  });
});

describe('the end', () => {
  it('is not ready, then frees what it watched at once, so that another process goes on', async () => {
    const { result, application } = await started();
    if (!result.ok) throw new Error(result.error.join('\n'));
    const { database, owner, log, starter } = application();
    const session = await signIn(database);
    const made = await press(database, session, await drawn(database, session, planBody('api')), { owner });
    const id = made.ok ? made.value.id : '';
    await intend(database, log, id, { copyArn: 'arn:copy', requestDigest: 'r' });
    await advance(database, log, id, { from: ['sending'], to: 'watching' }, {});
    const [before] = await fresh.owner.query<{ held: boolean }>('SELECT lease_until > now() AS held FROM rollback');
    const ending = result.value.stop();
    expect(starter.closing()).toBe(true);
    expect(await application().ready()).toBe(false);
    await ending;
    const [after] = await fresh.owner.query<{ held: boolean }>('SELECT lease_until > now() AS held FROM rollback');
    expect([before?.held, after?.held]).toEqual([true, false]);
  });
});
