import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from './database';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { drawn, planBody, press, pressed, signIn, silent } from './pressing';
import { append, entriesOf, listPresses, type RecordFilter } from './record';
import { advance } from './rollbacks';
import { type Anchor, verifyRecord } from './verify';

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
});
afterAll(() => fresh?.drop());

const note = (words: string, log = silent) =>
  fresh.database.transaction((tx) => append(tx, log, { kind: 'restored', words }));
const head = async (): Promise<Anchor> => {
  const [row] = await fresh.database.query<{ seq: string; hash: string }>('SELECT seq, hash FROM record_head');
  return { seq: Number(row?.seq), hash: row?.hash ?? '' };
};

describe('the record', () => {
  it('numbers entries without a gap, whatever fails between them', async () => {
    const before = await head();
    const replicas = [fresh.database, fresh.open()];
    const writers = replicas.flatMap((replica) => Array.from({ length: 10 }, () => writeMany(replica, 20)));
    const committed = (await Promise.all(writers)).reduce((sum, kept) => sum + kept, 0);
    const rows = await fresh.database.query<{ seq: string }>('SELECT seq FROM record ORDER BY seq');
    expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, index) => index + 1));
    expect((await head()).seq).toBe(before.seq + committed);
    expect(committed).toBe(320);
  });

  /** One writer, every fifth of whose transactions fails after it wrote; how many were kept. */
  async function writeMany(replica: Database, times: number): Promise<number> {
    let kept = 0;
    for (let n = 0; n < times; n += 1) {
      const written = replica.transaction(async (tx) => {
        await append(tx, silent, { kind: 'restored', words: `entry ${n}` });
        if (n % 5 === 0) throw new Error('not this one');
      });
      kept += await written.then(
        () => 1,
        () => 0,
      );
    }
    return kept;
  }

  it('logs the head of what was committed, and of nothing else', async () => {
    const logged: unknown[] = [];
    const log = (event: string, members?: unknown) => {
      logged.push([event, members]);
    };
    await note('kept', log);
    expect(logged).toEqual([['record.head', await head()]]);
    const failing = fresh.database.transaction(async (tx) => {
      await append(tx, log, { kind: 'restored' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(logged).toHaveLength(1);
  });

  it('takes number, time, columns and hash from nobody', async () => {
    await fresh.database.query(
      `INSERT INTO record (seq, at, kind, rollback_id, target, payload, hash)
       VALUES (1, '2001-01-01', 'ended', 'rb-000000', 'x', '{"kind":"restored"}', 'mine')`,
    );
    const { seq } = await head();
    const [row] = await fresh.database.query(
      "SELECT kind, rollback_id, target, at > now() - interval '1 min' AS now FROM record WHERE seq = $1",
      [seq],
    );
    expect(row).toEqual({ kind: 'restored', rollback_id: null, target: null, now: true });
    expect(await verifyRecord(fresh.database)).toMatchObject({ ok: true, seq });
  });

  it('keeps text as it was given, and refuses entries that are too large', async () => {
    const words = 'é \u2028 </script> \' " \\ 💥';
    const seq = await note(words);
    const [row] = await fresh.database.query<{ payload: string }>('SELECT payload FROM record WHERE seq = $1', [seq]);
    expect(JSON.parse(row?.payload ?? '')).toEqual({ kind: 'restored', words });
    await expect(note('x'.repeat(40_000))).rejects.toThrow('too large');
    expect(await verifyRecord(fresh.database)).toMatchObject({ ok: true });
  });

  it('refuses change even to the role that owns it, while its triggers stand', async () => {
    for (const statement of [
      "UPDATE record SET payload = '{}'",
      'DELETE FROM record WHERE seq = 1',
      'TRUNCATE record',
    ]) {
      await expect(fresh.owner.query(statement)).rejects.toThrow('record never changes');
    }
  });
});

describe('verifying', () => {
  it.each([
    ['a changed payload', "UPDATE record SET payload = replace(payload, 'two', 'six') WHERE seq = 2", 2],
    ['a changed column', "UPDATE record SET target = 'staging' WHERE seq = 3", 3],
    ['a changed kind', "UPDATE record SET kind = 'ended' WHERE seq = 3", 3],
    ['a changed time', "UPDATE record SET at = at + interval '1 microsecond' WHERE seq = 3", 3],
    ['a changed hash', "UPDATE record SET hash = repeat('a', 64) WHERE seq = 2", 2],
    ['a deleted entry', 'DELETE FROM record WHERE seq = 2', 2],
    ['the first entry deleted', 'DELETE FROM record WHERE seq = 1', 1],
    [
      'two entries swapped',
      'UPDATE record SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3); UPDATE record SET seq = -seq WHERE seq < 0',
      2,
    ],
    [
      'an entry put in between',
      "UPDATE record SET seq = -seq WHERE seq > 2; UPDATE record SET seq = 1 - seq WHERE seq < 0; INSERT INTO record VALUES (3, now(), 'restored', NULL, NULL, '{\"kind\":\"restored\"}', 'x')",
      3,
    ],
    [
      'an entry added at the end',
      "INSERT INTO record VALUES (6, now(), 'restored', NULL, NULL, '{\"kind\":\"restored\"}', 'x')",
      6,
    ],
    ['a cut tail', 'DELETE FROM record WHERE seq > 3', 4],
    ['everything deleted', 'DELETE FROM record', 1],
    ['no JSON', "UPDATE record SET payload = 'no' WHERE seq = 4", 4],
  ])('names the first bad entry of %s', async (_, tampering, seq) => {
    const tampered = await tamperedWith(tampering);
    expect(await verifyRecord(tampered.database)).toMatchObject({ ok: false, seq });
    await tampered.drop();
  });

  it('finds a cut tail whose head was cut with it by the anchor alone', async () => {
    const tampered = await tamperedWith(
      'DELETE FROM record WHERE seq > 3; UPDATE record_head SET (seq, hash) = (SELECT seq, hash FROM record WHERE seq = 3)',
    );
    expect(await verifyRecord(tampered.database)).toMatchObject({ ok: true, seq: 3 });
    expect(await verifyRecord(tampered.database, tampered.anchor)).toMatchObject({
      ok: false,
      seq: 4,
      words: 'entries 4 to 5 are cut off',
    });
    await tampered.drop();
  });

  it('finds a history that was written anew by the anchor alone', async () => {
    const tampered = await tamperedWith("DELETE FROM record; UPDATE record_head SET seq = 0, hash = repeat('0', 64)");
    await tampered.owner.query('ALTER TABLE record ENABLE TRIGGER ALL');
    for (let n = 0; n < 6; n += 1) {
      await tampered.database.transaction((tx) => append(tx, silent, { kind: 'restored', words: `other ${n}` }));
    }
    expect(await verifyRecord(tampered.database)).toMatchObject({ ok: true, seq: 6 });
    expect(await verifyRecord(tampered.database, tampered.anchor)).toMatchObject({ ok: false, seq: 5 });
    await tampered.drop();
  });

  it('finds a confirmed plan that was swapped or deleted', async () => {
    for (const [tampering, words] of [
      ["UPDATE plan SET body = '{}', body_sha256 = encode(sha256(convert_to('{}', 'UTF8')), 'hex')", /is not the one/],
      ['ALTER TABLE rollback DROP CONSTRAINT rollback_plan_id_fkey; DELETE FROM plan', /is not the one/],
    ] as const) {
      const other = await freshDatabase(process.env.TEST_DATABASE_URL);
      await pressed(other.database, await signIn(other.database), planBody('api'));
      await other.owner.query(`ALTER TABLE plan DISABLE TRIGGER ALL; ${tampering}`);
      expect(await verifyRecord(other.database)).toMatchObject({
        ok: false,
        seq: 2,
        words: expect.stringMatching(words),
      });
      await other.drop();
    }
  });

  it('takes no notice of entries that are being written meanwhile', async () => {
    const writing = Array.from({ length: 50 }, (_, n) => note(`meanwhile ${n}`));
    const verifying = Array.from({ length: 10 }, () => verifyRecord(fresh.database));
    for (const verified of await Promise.all(verifying)) expect(verified).toMatchObject({ ok: true });
    await Promise.all(writing);
  });

  it('reads a record of many pages', async () => {
    await fresh.owner.query(`INSERT INTO record (payload) SELECT '{"kind":"restored"}' FROM generate_series(1, 2500)`);
    expect(await verifyRecord(fresh.database)).toMatchObject({ ok: true, ...(await head()) });
  });

  /** A record of five entries that a superuser has laid hands on. */
  async function tamperedWith(statements: string) {
    const other = await freshDatabase(process.env.TEST_DATABASE_URL);
    for (const words of ['one', 'two', 'three', 'four', 'five']) {
      await other.database.transaction((tx) => append(tx, silent, { kind: 'restored', words }));
    }
    const [row] = await other.database.query<{ hash: string }>('SELECT hash FROM record_head');
    expect(await verifyRecord(other.database, { seq: 5, hash: row?.hash ?? '' })).toMatchObject({ ok: true, seq: 5 });
    await other.owner.query('ALTER TABLE record DISABLE TRIGGER ALL');
    await other.owner.query(statements);
    return { ...other, anchor: { seq: 5, hash: row?.hash ?? '' } };
  }
});

describe('listing presses', () => {
  const ALL: RecordFilter = {
    targets: ['production', 'staging'],
    service: null,
    who: null,
    since: null,
    until: null,
    before: null,
    limit: 50,
  };
  const listed = async (filter: Partial<RecordFilter>) =>
    (await listPresses(fresh.database, { ...ALL, ...filter })).map(({ payload, kind }) => `${payload.service} ${kind}`);

  beforeEach(async () => {
    await fresh.drop();
    fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
    const smith = await signIn(fresh.database, 'K.Smith');
    const jones = await signIn(fresh.database, 'a.jones');
    const ended = await pressed(fresh.database, smith, planBody('api'));
    await advance(fresh.database, silent, ended.id, { from: ['starting'], to: 'not-applied' }, { reason: 'changed' });
    await press(fresh.database, jones, await drawn(fresh.database, jones, planBody('admin', { target: 'staging' })));
    await fresh.database.transaction((tx) =>
      append(tx, silent, { kind: 'press-refused', target: 'production', service: 'api', who: { name: 'a.jones' } }),
    );
  });

  it('gives the newest first, a page at a time', async () => {
    expect(await listed({})).toEqual(['api press-refused', 'admin confirmed', 'api confirmed']);
    const [first] = await listPresses(fresh.database, { ...ALL, limit: 1 });
    expect(await listed({ before: first?.seq ?? 0 })).toEqual(['admin confirmed', 'api confirmed']);
  });

  it('shows nothing of targets that were not asked for', async () => {
    expect(await listed({ targets: ['staging'] })).toEqual(['admin confirmed']);
    expect(await listed({ targets: [] })).toEqual([]);
  });

  it('filters by service, person, time and outcome', async () => {
    expect(await listed({ service: 'api' })).toEqual(['api press-refused', 'api confirmed']);
    expect(await listed({ who: 'smith@EXAMPLE' })).toEqual(['api confirmed']);
    expect(await listed({ who: '%' })).toEqual([]);
    expect(await listed({ since: Date.now() + 60_000 })).toEqual([]);
    expect(await listed({ until: Date.now() - 60_000 })).toEqual([]);
    expect(await listed({ outcome: 'refused' })).toEqual(['api press-refused']);
    expect(await listed({ outcome: 'running' })).toEqual(['admin confirmed']);
    expect(await listed({ outcome: 'not-applied' })).toEqual(['api confirmed']);
    expect(await listed({ outcome: 'succeeded' })).toEqual([]);
  });

  it('gives the entries of one rollback in their order', async () => {
    const [entry] = await listPresses(fresh.database, { ...ALL, outcome: 'not-applied' });
    const entries = await entriesOf(fresh.database, entry?.rollbackId ?? '');
    expect(entries.map(({ kind }) => kind)).toEqual(['confirmed', 'ended']);
  });
});
