import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '@/scripts/root.mjs';
import { expect, test } from './fixtures';
import { press } from './press';
import { ACCOUNTS, type World } from './world';

// The dashboard from outside, by the scripts people are told of: two replicas, and nothing but their commands.

const PLAN = '/services/production/notify/api/rollback?to=api:421&bring=images';

type Ran = { readonly code: number | null; readonly said: string };

function run(command: readonly string[], env: Readonly<Record<string, string>>, input = '', cwd = ROOT): Promise<Ran> {
  const [program = '', ...arguments_] = command;
  const child = spawn(program, arguments_, { cwd, env: { ...process.env, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

const pressed = (world: World): Promise<Ran> =>
  run([process.execPath, 'scripts/press.mjs', '--as', ACCOUNTS.operator.email, PLAN], { APP: world.url });

const verified = (world: World, ...more: readonly string[]): Promise<Ran> =>
  run(['npm', 'run', '--silent', 'verify-record', '--', ...more], { DATABASE_URL: world.databaseUrl });

const ourWrites = async (world: World) =>
  (await world.aws.writes()).filter(({ principal }) => principal.includes('ecs-rollback-writer'));

const states = async (world: World) =>
  (await world.query<{ state: string }>('SELECT state FROM rollback')).map(({ state }) => state);

test.describe('two dashboards', () => {
  test.use({ replicas: 2 });
  test.beforeEach(({ world }) => world.aws.clock({ speed: 600 }));

  test('take a press of the script: one copy, one change of three members, one whole record', async ({ world }) => {
    const { code, said } = await pressed(world);
    expect([code, said.trim()]).toEqual([0, expect.stringMatching(/^303 \/rollbacks\/rb-[0-9a-z]+$/)]);
    await expect.poll(() => states(world), { timeout: 60_000 }).toEqual(['succeeded']);
    const [register, update, ...more] = await ourWrites(world);
    expect(more).toEqual([]);
    expect(register).toMatchObject({ operation: 'RegisterTaskDefinition', input: { family: 'api' } });
    expect(update).toMatchObject({ operation: 'UpdateService' });
    const [{ copy }] = (await world.query<{ copy: string }>('SELECT copy_arn AS copy FROM rollback')) as [never];
    expect(update?.input).toEqual({ cluster: 'notify', service: 'api', taskDefinition: copy });
    expect(await verified(world)).toMatchObject({ code: 0, said: expect.stringContaining('The record is whole') });
  });

  test('send a change whose answer is lost once, and find it', async ({ world }) => {
    await world.aws.fault({ operation: 'UpdateService', fault: 'drop-after-apply' });
    expect((await pressed(world)).code).toBe(0);
    await expect.poll(() => states(world), { timeout: 60_000 }).toEqual(['succeeded']);
    const kinds = await world.query<{ kind: string }>(
      'SELECT kind FROM record WHERE rollback_id IS NOT NULL ORDER BY seq',
    );
    expect(kinds.map(({ kind }) => kind).slice(0, 5)).toEqual([
      'confirmed',
      'registered',
      'send-intent',
      'unclear',
      'seen',
    ]);
    expect((await ourWrites(world)).filter(({ operation }) => operation === 'UpdateService')).toHaveLength(1);
  });

  test('let nobody change the record: the one role may not, and what the other does is found', async ({ world }) => {
    expect((await pressed(world)).code).toBe(0);
    await expect.poll(() => states(world), { timeout: 60_000 }).toEqual(['succeeded']);
    const app = (sql: string) =>
      run([process.execPath, '--input-type=module', '-e', ASK, sql], { DATABASE_URL: world.databaseUrl });
    for (const sql of ["UPDATE record SET kind = 'ended'", 'DELETE FROM record', 'TRUNCATE record']) {
      expect(await app(sql), sql).toMatchObject({ code: 1, said: expect.stringContaining('permission denied') });
    }
    const [, anchor = ''] = /(\d+:[0-9a-f]{64})/.exec((await verified(world)).said) ?? [];
    const last = Number(anchor.split(':')[0]);
    await world.query('ALTER TABLE record DISABLE TRIGGER ALL');
    const bad = (seq: number) => ({ code: 1, said: expect.stringContaining(`First bad seq: ${seq} `) });

    await world.query('DELETE FROM record WHERE seq = $1', [last]);
    await world.query('UPDATE record_head SET (seq, hash) = (SELECT seq, hash FROM record WHERE seq = $1)', [last - 1]);
    expect(await verified(world), 'the tail cut, and its head with it').toMatchObject({ code: 0 });
    expect(await verified(world, '--anchor', anchor)).toMatchObject({ code: 1 });

    await world.query(
      `INSERT INTO record SELECT $1, at, kind, rollback_id, target, payload, 'made up' FROM record WHERE seq = 1`,
      [last],
    );
    expect(await verified(world), 'an entry inserted').toMatchObject(bad(last));
    await world.query("UPDATE record SET target = 'staging' WHERE seq = $1", [last - 1]);
    expect(await verified(world), 'a column changed').toMatchObject(bad(last - 1));
    await world.query('UPDATE record SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)');
    await world.query('UPDATE record SET seq = -seq WHERE seq < 0');
    expect(await verified(world), 'two entries swapped').toMatchObject(bad(2));
    await world.query('DELETE FROM record WHERE seq = 1');
    expect(await verified(world), 'an entry deleted').toMatchObject(bad(1));
  });
});

/** Asks the database one statement, as the role of an address. */
const ASK = `import pg from 'pg';
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(process.argv[1]).catch(({ message }) => { console.error(message); process.exitCode = 1; });
  await client.end();`;

const canPaste = ['aws', 'jq'].every((program) => spawnSync(program, ['--version']).status === 0);

test('with the database stopped a plan’s commands, pasted into a shell, do what its button would', async ({
  page,
  signIn,
  world,
}) => {
  test.skip(!canPaste, 'there is no AWS CLI, or no jq');
  await world.aws.clock({ speed: 600 });
  await signIn('operator', PLAN);
  world.wire.stop();
  await press(page, 'api');
  await expect(page.getByRole('alert').filter({ hasText: 'none can be started' })).toBeVisible();
  expect(await ourWrites(world)).toEqual([]);
  await page.getByText('Do this by hand (AWS CLI)').click();
  const commands = await page.locator('pre').filter({ hasText: 'update-service' }).textContent();
  const folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
  const env = {
    AWS_ENDPOINT_URL: world.simulator,
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
    AWS_SECRET_ACCESS_KEY: 'any',
  };
  const ran = await run(['sh', '-e'], env, `${commands}\n`, folder);
  rmSync(folder, { recursive: true });
  expect(ran.code, ran.said).toBe(0);
  const byHand = (await world.aws.writes()).filter(({ principal }) => !/concourse/.test(principal));
  expect(byHand.map(({ operation }) => operation)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  expect(byHand[1]?.input).toMatchObject({ service: 'api', taskDefinition: expect.stringMatching(/api:\d+$/) });
});
