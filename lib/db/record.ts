import 'server-only';
import { canonical, sha256 } from '@/lib/digest';
import type { Log } from '@/lib/log';
import type { Database, Queryable } from './database';

/** Everything the record ever says. */
export type RecordKind =
  | 'confirmed'
  | 'send-intent'
  | 'not-sent'
  | 'accepted'
  | 'refused'
  | 'unclear'
  | 'seen'
  | 'closed'
  | 'ended'
  | 'register-unclear'
  | 'register-waiting'
  | 'registered'
  | 'overwrote'
  | 'late-fact'
  | 'taken-over'
  | 'press-refused'
  | 'access-refused'
  | 'signed-in'
  | 'signed-out'
  | 'sessions-revoked'
  | 'groups-changed'
  | 'mark-cleared'
  | 'restored';

/** An entry to be: its kind and members, never a value of a definition. */
export type Entry = { readonly kind: RecordKind; readonly rollback?: string; readonly target?: string } & Readonly<
  Record<string, unknown>
>;

/** An entry as it stands. `at` is milliseconds since 1970, by the database's clock. */
export type RecordEntry = {
  readonly seq: number;
  readonly at: number;
  readonly kind: RecordKind;
  readonly rollbackId: string | null;
  readonly target: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
};

type Row = { seq: string; at: Date; kind: string; rollback_id: string | null; target: string | null; payload: string };

const LARGEST_BYTES = 32_768;

const entryOf = (row: Row): RecordEntry => ({
  seq: Number(row.seq),
  at: row.at.getTime(),
  kind: row.kind as RecordKind,
  rollbackId: row.rollback_id,
  target: row.target,
  payload: JSON.parse(row.payload) as Record<string, unknown>,
});

/**
 * Appends an entry, in the transaction it is given, so that state and entry commit together. The database numbers it,
 * times it and chains it to the one before.
 *
 * Each entry's number and hash are also logged: kept elsewhere, they are the anchor that shows a cut tail.
 */
export async function append(tx: Queryable, log: Log, entry: Entry): Promise<number> {
  const payload = canonical(entry);
  if (Buffer.byteLength(payload) > LARGEST_BYTES) throw new Error(`record entry ${entry.kind} is too large`);
  const [row] = await tx.query<{ seq: string; hash: string }>(
    'INSERT INTO record (payload) VALUES ($1) RETURNING seq, hash',
    [payload],
  );
  if (row === undefined) throw new Error('the record took no entry');
  log('record.head', { seq: Number(row.seq), hash: row.hash });
  return Number(row.seq);
}

/** All entries of one rollback, oldest first. */
export async function entriesOf(database: Queryable, rollbackId: string): Promise<readonly RecordEntry[]> {
  const rows = await database.query<Row>('SELECT * FROM record WHERE rollback_id = $1 ORDER BY seq', [rollbackId]);
  return rows.map(entryOf);
}

/** Filters of the record page; `null` asks for all. Times are milliseconds since 1970, `until` exclusive. */
export type RecordFilter = {
  readonly targets: readonly string[];
  readonly service: string | null;
  readonly who: string | null;
  readonly since: number | null;
  readonly until: number | null;
  /** Entries before this number only. */
  readonly before: number | null;
  readonly limit: number;
};

const PRESSES = ['confirmed', 'press-refused'];

/** Confirmed rollbacks and refused presses, newest first. */
export async function listPresses(database: Queryable, filter: RecordFilter): Promise<readonly RecordEntry[]> {
  const rows = await database.query<Row>(
    `SELECT * FROM record WHERE kind = ANY($1) AND target = ANY($2)
        AND ($3::text IS NULL OR payload::jsonb->>'service' = $3)
        AND ($4::text IS NULL OR strpos(lower(coalesce(payload::jsonb->'who'->>'name', '') || ' ' || coalesce(payload::jsonb->'who'->>'email', '')), lower($4)) > 0)
        AND ($5::double precision IS NULL OR at >= to_timestamp($5 / 1000))
        AND ($6::double precision IS NULL OR at < to_timestamp($6 / 1000))
        AND ($7::bigint IS NULL OR seq < $7)
      ORDER BY seq DESC LIMIT $8`,
    [PRESSES, filter.targets, filter.service, filter.who, filter.since, filter.until, filter.before, filter.limit],
  );
  return rows.map(entryOf);
}

/** Where the chain stands, or the first entry that is not what it was. */
export type Verification =
  | { readonly ok: true; readonly seq: number; readonly hash: string }
  | { readonly ok: false; readonly seq: number; readonly words: string };

const NO_ENTRY = '0'.repeat(64);

/**
 * Recomputes the chain, every entry's own columns, the head and the hash of each confirmed plan, and names the first bad
 * entry.
 *
 * @param anchor - A number and hash kept elsewhere; without one a cut tail with a changed head cannot be seen.
 */
export async function verifyRecord(
  database: Database,
  anchor: { readonly seq: number; readonly hash: string } | null = null,
): Promise<Verification> {
  return database.transaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 600000');
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ').catch(() => undefined);
    let hash = NO_ENTRY;
    let seq = 0;
    for (;;) {
      const rows = await tx.query<Row & { hash: string; micros: string }>(
        'SELECT *, (extract(epoch FROM at) * 1000000)::bigint AS micros FROM record WHERE seq > $1 ORDER BY seq LIMIT 1000',
        [seq],
      );
      for (const row of rows) {
        const bad =
          wrongIn(row, seq + 1, hash) ??
          (anchor?.seq === Number(row.seq) && anchor.hash !== row.hash ? 'its hash is not the anchor' : null);
        if (bad !== null) return { ok: false, seq: seq + 1, words: bad };
        seq += 1;
        hash = row.hash;
      }
      if (rows.length === 0) break;
    }
    return (await wrongAtTheEnd(tx, seq, hash, anchor)) ?? { ok: true, seq, hash };
  });
}

function wrongIn(row: Row & { hash: string; micros: string }, seq: number, before: string): string | null {
  if (Number(row.seq) !== seq) return `entry ${seq} is missing`;
  if (sha256(`${before}\n${row.seq}\n${row.micros}\n${row.payload}`) !== row.hash) return `entry ${seq} was changed`;
  const payload = JSON.parse(row.payload) as Partial<Entry>;
  const same =
    payload.kind === row.kind &&
    (payload.rollback ?? null) === row.rollback_id &&
    (payload.target ?? null) === row.target;
  return same ? null : `a column of entry ${seq} was changed`;
}

async function wrongAtTheEnd(
  tx: Queryable,
  seq: number,
  hash: string,
  anchor: { readonly seq: number } | null,
): Promise<Verification | null> {
  const [head] = await tx.query<{ seq: string; hash: string }>('SELECT seq, hash FROM record_head');
  if (head === undefined || Number(head.seq) !== seq || head.hash !== hash) {
    return { ok: false, seq: seq + 1, words: `the head names entry ${head?.seq ?? 'none'}, the last one is ${seq}` };
  }
  if (anchor !== null && anchor.seq > seq)
    return { ok: false, seq: seq + 1, words: `entries ${seq + 1} to ${anchor.seq} are cut off` };
  const [plan] = await tx.query<{ seq: string }>(
    `SELECT r.seq FROM record r LEFT JOIN plan p ON p.id = (r.payload::jsonb->>'plan')::uuid
      WHERE r.kind = 'confirmed' AND (p.id IS NULL OR p.body_sha256 <> r.payload::jsonb->>'planHash'
        OR p.body_sha256 <> encode(sha256(convert_to(p.body, 'UTF8')), 'hex')) ORDER BY r.seq LIMIT 1`,
  );
  return plan === undefined
    ? null
    : { ok: false, seq: Number(plan.seq), words: `the plan of entry ${plan.seq} is not the one that was confirmed` };
}
