import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, migrate, openDatabase } from './database';
import { type FreshDatabase, freshDatabase, MIGRATIONS, patiently } from './fresh-database';
import { claimLapsed } from './leases';
import { drawn, everydaySessions, planBody, press, pressed, signIn, silent } from './pressing';
import { recordRestored } from './restored';
import { advance, intend } from './rollbacks';
import { verifyRecord } from './verify';

const serverUrl = process.env.TEST_DATABASE_URL ?? '';
let fresh: FreshDatabase;
const restored: { database: Database; name: string }[] = [];

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
});
const dumps = mkdtempSync(join(tmpdir(), 'dumps-'));
afterAll(async () => {
  rmSync(dumps, { recursive: true });
  for (const { database, name } of restored) {
    await database.close();
    await patiently(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
  await fresh?.drop();
});

/** A database of another name on the same server, made by `fill` of what was in ours. */
async function restore(fill: (url: string, name: string) => Promise<void> | void): Promise<Database> {
  const name = `restored_${restored.length}_${fresh.appRole}`;
  const url = Object.assign(new URL(fresh.ownerUrl), { pathname: `/${name}` }).toString();
  await fill(url, name);
  const database = openDatabase(url, () => undefined);
  restored.push({ database, name });
  await migrate(database, MIGRATIONS, fresh.appRole);
  return database;
}

/** A copy as a snapshot of the volume gives it. */
async function snapshot(): Promise<Database> {
  const { pathname } = new URL(fresh.ownerUrl);
  const template = pathname.slice(1);
  // A template must have nobody on it.
  await patiently(serverUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${template}'`);
  return restore((_, name) => patiently(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`));
}

/** A process that holds nothing yet. */
const nobody = () => ({ owner: randomUUID(), inHand: [] });

const anchorNow = async () => {
  const verified = await verifyRecord(fresh.database);
  if (!verified.ok) throw new Error(verified.words);
  return { seq: verified.seq, hash: verified.hash };
};

describe('a restored record', () => {
  it('verifies against the newest anchor, and says that it was restored and by whom', async () => {
    const session = await signIn(fresh.database);
    await pressed(fresh.database, session, planBody('api'));
    const anchor = await anchorNow();
    const database = await snapshot();
    const done = await recordRestored(database, silent, { by: 'k.smith', note: 'INC-7', anchor });
    expect(done).toMatchObject({ ok: true, seq: anchor.seq + 1, lost: null });
    expect(await verifyRecord(database, anchor)).toMatchObject({ ok: true });
    const [entry] = await database.query<{ payload: string }>("SELECT payload FROM record WHERE kind = 'restored'");
    expect(JSON.parse(entry?.payload ?? '')).toMatchObject({
      by: 'k.smith',
      note: 'INC-7',
      head: anchor.seq,
      lost: null,
    });
  });

  it('names the entries a backup was too old to have', async () => {
    const database = await snapshot();
    const before = await anchorNow();
    await signIn(fresh.database, 'later');
    await signIn(fresh.database, 'later still');
    const done = await recordRestored(database, silent, { by: 'k.smith', note: null, anchor: await anchorNow() });
    expect(done).toMatchObject({ ok: true, lost: { from: before.seq + 1, to: before.seq + 2 } });
  });

  it('names the rollbacks whose end only AWS knows, and none of them is sent again', async () => {
    const session = await signIn(fresh.database);
    const { id } = await pressed(fresh.database, session, planBody('under-way'));
    await intend(fresh.database, silent, id, { copyArn: 'arn:copy', requestDigest: 'r' });
    const database = await snapshot();
    await advance(fresh.database, silent, id, { from: ['sending'], to: 'watching' }, {});
    const done = await recordRestored(database, silent, { by: 'k.smith', note: null, anchor: null });
    expect(done).toMatchObject({
      unended: expect.arrayContaining([expect.objectContaining({ id, state: 'sending' })]),
    });
    await database.query("UPDATE rollback SET lease_until = now() - interval '1 h'");
    const taken = [await claimLapsed(database, nobody()), await claimLapsed(database, nobody())];
    expect(taken.map((one) => one?.id)).toContain(id);
    // What was being sent may never go back to a state from which it would be sent.
    const back = { from: ['sending'], to: 'starting' } as const;
    await expect(advance(database, silent, id, back, {})).rejects.toThrow('is no transition');
  });

  it('that was changed is not accepted as restored', async () => {
    const database = await snapshot();
    await database.query('ALTER TABLE record DISABLE TRIGGER record_append_only');
    await database.query("UPDATE record SET payload = replace(payload, 'k.smith', 'a.jones') WHERE seq = 2");
    expect(await recordRestored(database, silent, { by: 'x', note: null, anchor: null })).toMatchObject({
      ok: false,
      seq: 2,
    });
    expect(
      await database.query('SELECT 1 FROM record WHERE kind = \'restored\' AND payload LIKE \'%"by":"x"%\''),
    ).toEqual([]);
  });

  it('that is another one than the anchor’s is not accepted as restored', async () => {
    const database = await snapshot();
    const anchor = { seq: 1, hash: 'f'.repeat(64) };
    expect(await recordRestored(database, silent, { by: 'x', note: null, anchor })).toMatchObject({
      ok: false,
      seq: 1,
    });
  });
});

/** PostgreSQL's own programs of Debian's packages, if they are here. */
const PROGRAMS = '/usr/lib/postgresql';
const versions = existsSync(PROGRAMS) ? readdirSync(PROGRAMS).sort() : [];
const bin = join(PROGRAMS, versions.at(-1) ?? 'none', 'bin');
const asPostgres = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server of those programs, older than the one of the other tests: any of 15 to 18 will do. */
async function debianServer() {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'debian-postgres-'));
  const as = (program: string, ...arguments_: readonly string[]) => {
    const [command = '', ...rest] = [...asPostgres, join(bin, program), ...arguments_];
    execFileSync(command, rest, { cwd: '/', stdio: 'ignore' });
  };
  if (asPostgres.length > 0) execFileSync('chown', ['postgres', data]);
  as('initdb', '-D', data, '-U', 'owner', '--auth=trust', '--no-sync');
  as(
    'pg_ctl',
    '-D',
    data,
    '-w',
    '-l',
    join(data, 'log'),
    '-o',
    `-p ${port} -k ${data} -c listen_addresses=127.0.0.1`,
    'start',
  );
  return {
    url: `postgres://owner@127.0.0.1:${port}/postgres`,
    stop: () => {
      as('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

describe('pg_dump and pg_restore', () => {
  const isThere = spawnSync(join(bin, 'pg_dump'), ['--version']).status === 0;
  beforeEach(({ skip }) => skip(!isThere, 'the programs of a PostgreSQL server are not installed'));

  it('give back sessions, plans, rollbacks and a record that verifies and goes on', async () => {
    const server = await debianServer();
    const old = await freshDatabase(server.url);
    try {
      const session = await signIn(old.database);
      const rollback = await pressed(old.database, session, planBody('api'));
      await everydaySessions(old.database).revoke('everybody');
      const before = await old.owner.query('SELECT * FROM record ORDER BY seq');
      const dump = join(dumps, 'ecs-rollback.dump');
      const name = `restored_${old.appRole}`;
      const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).toString();
      execFileSync(join(bin, 'pg_dump'), ['--format=custom', `--file=${dump}`, old.ownerUrl]);
      execFileSync(join(bin, 'createdb'), [`--maintenance-db=${server.url}`, name]);
      execFileSync(join(bin, 'pg_restore'), [
        '--no-owner',
        '--no-privileges',
        '--exit-on-error',
        `--dbname=${url}`,
        dump,
      ]);
      const database = openDatabase(url, () => undefined);
      await migrate(database, MIGRATIONS, old.appRole);
      expect(await database.query('SELECT * FROM record ORDER BY seq')).toEqual(before);
      expect(await recordRestored(database, silent, { by: 'k.smith', note: null, anchor: null })).toMatchObject({
        ok: true,
        unended: [{ id: rollback.id, service: 'api', target: 'production', state: 'starting' }],
      });
      expect(await verifyRecord(database)).toMatchObject({ ok: true, seq: before.length + 1 });
      await expect(database.query('DELETE FROM record')).rejects.toThrow('record never changes');
      await database.query("UPDATE rollback SET lease_until = now() - interval '1 h'");
      expect(await claimLapsed(database, nobody())).toMatchObject({ id: rollback.id });
      const next = await signIn(database, 'a.jones');
      expect((await press(database, next, await drawn(database, next, planBody('admin')))).ok).toBe(true);
      await database.close();
      await patiently(server.url, `DROP DATABASE ${name}`);
    } finally {
      await old.drop();
      server.stop();
    }
  });
});
