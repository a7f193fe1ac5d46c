import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '@/lib/log';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { drawn, everydaySessions, planBody, pressed, signIn } from './pressing';
import { getPlan } from './rollbacks';
import { createUpkeep, prunePlans } from './upkeep';
import { verifyRecord } from './verify';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
});
afterAll(() => fresh?.drop());

/** Makes every plan there is older than they are kept. */
async function ageEveryPlan(): Promise<void> {
  await fresh.owner.query('ALTER TABLE plan DISABLE TRIGGER plan_fixed');
  await fresh.owner.query("UPDATE plan SET created_at = now() - interval '31 days'");
  await fresh.owner.query('ALTER TABLE plan ENABLE TRIGGER plan_fixed');
}

/** Upkeep that is done once, and what it logged. */
async function upkeepOnce() {
  const logged: unknown[] = [];
  const log: Log = (event, members) => logged.push([event, members]);
  const upkeep = createUpkeep({
    database: fresh.database,
    sessions: everydaySessions(fresh.database),
    log,
    now: () => 7,
  });
  upkeep.begin();
  await expect.poll(() => logged.some((line) => JSON.stringify(line).includes('record.'))).toBe(true);
  await upkeep.end();
  return { logged, verified: upkeep.verified() };
}

describe('upkeep', () => {
  it('deletes plans nobody pressed within 30 days, and keeps pressed ones for ever', async () => {
    const session = await signIn(fresh.database);
    const forgotten = await drawn(fresh.database, session, planBody('forgotten'));
    const { planId } = await pressed(fresh.database, session, planBody('api'));
    await ageEveryPlan();
    const young = await drawn(fresh.database, session, planBody('young'));
    expect(await prunePlans(fresh.database)).toBe(1);
    expect(await getPlan(fresh.database, forgotten.id)).toBeNull();
    expect(await getPlan(fresh.database, planId)).not.toBeNull();
    expect(await getPlan(fresh.database, young.id)).not.toBeNull();
  });

  it('deletes any number of them, a batch at a time', async () => {
    await fresh.owner.query(
      `INSERT INTO plan (id, issuer, subject, target, service_arn, kind, body, body_sha256, decision_sha256, created_at)
       SELECT gen_random_uuid(), 'i', 's', 't', 'arn', 'copy', '{}', encode(sha256('{}'), 'hex'), 'd', now() - interval '31 days'
         FROM generate_series(1, 2500)`,
    );
    expect(await prunePlans(fresh.database)).toBe(2500);
  });

  it('begins with the start of the process: prunes, verifies the record and says so', async () => {
    const session = await signIn(fresh.database, 'away');
    await fresh.owner.query("UPDATE session SET expires_at = now() - interval '2 days' WHERE subject = 'away'");
    await drawn(fresh.database, session, planBody('forgotten'));
    await ageEveryPlan();
    const unpressed = await fresh.owner.query('SELECT 1 FROM plan WHERE id NOT IN (SELECT plan_id FROM rollback)');
    const before = await fresh.owner.query('SELECT * FROM record ORDER BY seq');
    const { logged, verified } = await upkeepOnce();
    expect(logged).toEqual([
      ['upkeep.pruned', { sessions: 1, plans: unpressed.length, readOnce: 0, questions: 0 }],
      ['record.verified', expect.objectContaining({ ok: true, seq: before.length })],
    ]);
    expect(verified).toEqual({ at: 7, verification: await verifyRecord(fresh.database) });
    expect(await fresh.owner.query('SELECT * FROM record ORDER BY seq')).toEqual(before);
  });

  it('says which entry of a changed record is the first bad one', async () => {
    await fresh.owner.query('ALTER TABLE record DISABLE TRIGGER record_append_only');
    await fresh.owner.query("UPDATE record SET payload = replace(payload, 'k.smith', 'a.jones') WHERE seq = 1");
    const { logged, verified } = await upkeepOnce();
    expect(logged.at(-1)).toEqual(['record.verify-failed', expect.objectContaining({ ok: false, seq: 1 })]);
    expect(verified).toMatchObject({ verification: { ok: false, seq: 1 } });
  });
});
