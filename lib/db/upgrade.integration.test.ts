import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '@/lib/digest';
import { migrate } from './database';
import { type FreshDatabase, freshDatabase, MIGRATIONS } from './fresh-database';
import { drawn, planBody, press, signIn, silent } from './pressing';
import { advance, getRollbackRow, intend } from './rollbacks';
import { verifyRecord } from './verify';

const FIRST = '0001-first.sql';
const folder = mkdtempSync(join(tmpdir(), 'first-schema-'));
let fresh: FreshDatabase;

beforeAll(async () => {
  copyFileSync(join(MIGRATIONS, FIRST), join(folder, FIRST));
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL, false);
  await migrate(fresh.owner, folder, fresh.appRole);
  await pastOfTheFirstRelease();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await fresh?.drop();
});

/** Rows as the first release wrote them: one rollback that ended, one under way, a plan nobody pressed. */
async function pastOfTheFirstRelease(): Promise<void> {
  await fresh.owner.query(`
    INSERT INTO session (id, issuer, subject, name, groups, expires_at)
      VALUES (sha256('one'), 'https://login.example.org', 'k.smith', 'K Smith', '{sre}', now() + interval '8 h');
    INSERT INTO plan (id, issuer, subject, target, service_arn, kind, body, body_sha256, decision_sha256)
      SELECT id::uuid, 'https://login.example.org', 'k.smith', 'production', 'arn:' || service, 'copy', '{}',
             encode(sha256('{}'), 'hex'), 'd'
        FROM (VALUES ('00000000-0000-4000-8000-000000000001', 'api'), ('00000000-0000-4000-8000-000000000002', 'admin'),
                     ('00000000-0000-4000-8000-000000000003', 'unpressed')) AS plans (id, service);
    INSERT INTO rollback (id, plan_id, kind, target, cluster, service, service_arn, session_id, by_issuer, by_subject,
                          by_name, state, reason, intent_at, lease_owner, lease_until, ended_at)
      VALUES ('rb-000001', '00000000-0000-4000-8000-000000000001', 'copy', 'production', 'shop', 'api', 'arn:api',
              sha256('one'), 'i', 'k.smith', 'K Smith', 'succeeded', NULL, now(), gen_random_uuid(), now(), now()),
             ('rb-000002', '00000000-0000-4000-8000-000000000002', 'copy', 'production', 'shop', 'admin', 'arn:admin',
              sha256('one'), 'i', 'k.smith', 'K Smith', 'watching', NULL, now(), gen_random_uuid(), now(), NULL)`);
  for (const n of [1, 2]) await insertAsTheFirstRelease(n);
}

const insertAsTheFirstRelease = (n: number) =>
  fresh.database.query('INSERT INTO record (payload) VALUES ($1)', [
    JSON.stringify({
      kind: 'confirmed',
      plan: `00000000-0000-4000-8000-00000000000${n}`,
      planHash: sha256('{}'),
      rollback: `rb-00000${n}`,
      target: 'production',
    }),
  ]);

const everything = async () => {
  const tables = ['session', 'plan', 'rollback', 'record', 'record_head'];
  return Promise.all(tables.map((table) => fresh.owner.query(`SELECT * FROM ${table} ORDER BY 1`)));
};

/** The same rows; a newer schema may have given them more columns. */
const heldBy = (before: Awaited<ReturnType<typeof everything>>) =>
  before.map((rows) => rows.map((row) => expect.objectContaining(row)));

describe('the upgrade from the first schema', () => {
  it('begins with the file every installation began with', () => {
    const files = readdirSync(MIGRATIONS).sort();
    expect(files[0]).toBe(FIRST);
    expect(files.map((name) => Number(name.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
    // An installation that applied another text would refuse to start. New things come as new files.
    expect(sha256(readFileSync(join(MIGRATIONS, FIRST), 'utf8'))).toMatchInlineSnapshot(
      `"67fb6e4c06a4a2aec62a8a77d9d7b3bf0760d2f561f5261e87bfe6990d75c691"`,
    );
  });

  it('keeps every row, and the record verifies', async () => {
    const before = await everything();
    await migrate(fresh.owner, MIGRATIONS, fresh.appRole);
    expect(await everything()).toEqual(heldBy(before));
    expect(await verifyRecord(fresh.database)).toMatchObject({ ok: true, seq: 2 });
  });

  it('is done once, however often and by however many processes', async () => {
    const applied = () => fresh.owner.query('SELECT number, sha256, applied_at FROM migration ORDER BY number');
    const before = await applied();
    expect(before).toHaveLength(readdirSync(MIGRATIONS).length);
    await Promise.all([1, 2, 3].map(() => migrate(fresh.owner, MIGRATIONS, fresh.appRole)));
    expect(await applied()).toEqual(before);
  });

  it('lets what was under way go on to its end', async () => {
    expect(await getRollbackRow(fresh.database, 'rb-000002')).toMatchObject({ state: 'watching', service: 'admin' });
    const move = { from: ['watching'], to: 'succeeded' } as const;
    expect(await advance(fresh.database, silent, 'rb-000002', move, {})).toMatchObject({ state: 'succeeded' });
  });

  it('lets this release press and send', async () => {
    const session = await signIn(fresh.database);
    const made = await press(fresh.database, session, await drawn(fresh.database, session, planBody('api')));
    const id = made.ok ? made.value.id : '';
    const intent = await intend(fresh.database, silent, id, { copyArn: 'arn:copy', requestDigest: 'r' });
    expect(intent).toMatchObject({ kind: 'intended' });
  });

  it('lets the first release go on beside it, because this tool is rolled back too', async () => {
    await insertAsTheFirstRelease(2);
    await fresh.database.query("UPDATE session SET last_used_at = now() WHERE subject = 'k.smith'");
    expect(await verifyRecord(fresh.database)).toMatchObject({ ok: true });
    // It started with its one file, and starts with it again.
    await migrate(fresh.owner, folder, fresh.appRole);
  });
});
