import 'server-only';
import { canonical } from '@/lib/digest';
import type { State } from '@/lib/domain/rollback';
import type { Log } from '@/lib/log';
import type { Database, Queryable, Transaction } from './database';

/** Everything the record ever says. */
export type RecordKind =
  | 'confirmed'
  | 'group-confirmed'
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
  | 'hold-created'
  | 'hold-prolonged'
  | 'hold-released'
  | 'hold-ended'
  | 'overwritten'
  | 'in-force-again'
  | 'overwrite-intended'
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
export async function append(tx: Transaction, log: Log, entry: Entry): Promise<number> {
  const head = await insert(tx, entry);
  // A head that was never committed would make a sound record look cut.
  tx.afterCommit(() => log('record.head', head));
  return head.seq;
}

/**
 * Appends an entry that nothing else is stored with, in one statement: the record's head is locked for as long as the
 * database takes, and not until a busy process gets round to committing.
 */
export async function appendAlone(database: Database, log: Log, entry: Entry): Promise<number> {
  const head = await insert(database, entry);
  log('record.head', head);
  return head.seq;
}

async function insert(database: Queryable, entry: Entry): Promise<{ readonly seq: number; readonly hash: string }> {
  const payload = canonical(entry);
  if (Buffer.byteLength(payload) > LARGEST_BYTES) throw new Error(`record entry ${entry.kind} is too large`);
  const [row] = await database.query<{ seq: string; hash: string }>(
    'INSERT INTO record (payload) VALUES ($1) RETURNING seq, hash',
    [payload],
  );
  if (row === undefined) throw new Error('the record took no entry');
  return { seq: Number(row.seq), hash: row.hash };
}

/** All entries of one rollback, oldest first. */
export async function entriesOf(database: Queryable, rollbackId: string): Promise<readonly RecordEntry[]> {
  const rows = await database.query<Row>('SELECT * FROM record WHERE rollback_id = $1 ORDER BY seq', [rollbackId]);
  return rows.map(entryOf);
}

/** All entries of the rollbacks of one group, oldest first. */
export async function entriesOfGroup(database: Queryable, groupId: string): Promise<readonly RecordEntry[]> {
  const rows = await database.query<Row>(
    'SELECT e.* FROM record e JOIN rollback r ON r.id = e.rollback_id WHERE r.group_id = $1 ORDER BY e.seq',
    [groupId],
  );
  return rows.map(entryOf);
}

/** What turned up after a rollback of a service was given up: its id, and what was seen. */
export type LateFact = { readonly rollbackId: string; readonly words: string; readonly at: number };

/** The newest such fact of the last day; `null` where there is none. */
export async function latestLateFact(database: Queryable, serviceArn: string): Promise<LateFact | null> {
  const [row] = await database.query<Row>(
    `SELECT e.* FROM record e JOIN rollback r ON r.id = e.rollback_id
      WHERE e.kind = 'late-fact' AND r.state = 'closed' AND r.service_arn = $1
        AND e.at > clock_timestamp() - interval '1 day'
      ORDER BY e.seq DESC LIMIT 1`,
    [serviceArn],
  );
  if (row === undefined) return null;
  const { rollbackId, at, payload } = entryOf(row);
  return { rollbackId: rollbackId ?? '', words: String(payload.words ?? ''), at };
}

/** Filters of the record page; `null` asks for all. Times are milliseconds since 1970, `until` exclusive. */
export type RecordFilter = {
  readonly targets: readonly string[];
  /** Part of a name, in any case. */
  readonly service: string | null;
  /** Part of a name or e-mail, in any case. */
  readonly who: string | null;
  /** State of the rollback, `running` for every one that has not ended, `refused` for presses that made none. */
  readonly outcome?: State | 'running' | 'refused' | null;
  readonly since: number | null;
  readonly until: number | null;
  /** Entries before this number only. */
  readonly before: number | null;
  readonly limit: number;
};

const PRESSES = ['confirmed', 'press-refused', 'access-refused'];

/** Confirmed rollbacks and refused presses, denied ones too, newest first. */
export async function listPresses(database: Queryable, filter: RecordFilter): Promise<readonly RecordEntry[]> {
  const rows = await database.query<Row>(
    `SELECT e.* FROM record e LEFT JOIN rollback r ON r.id = e.rollback_id
      WHERE e.kind = ANY($1) AND e.target = ANY($2) AND e.payload::jsonb->>'service' IS NOT NULL
        AND ($3::text IS NULL OR strpos(lower(e.payload::jsonb->>'service'), lower($3)) > 0)
        AND ($4::text IS NULL OR strpos(lower(concat_ws(' ', e.payload::jsonb->'who'->>'name', e.payload::jsonb->'who'->>'email')), lower($4)) > 0)
        AND ($5::double precision IS NULL OR e.at >= to_timestamp($5 / 1000))
        AND ($6::double precision IS NULL OR e.at < to_timestamp($6 / 1000))
        AND ($7::bigint IS NULL OR e.seq < $7)
        AND ($9::text IS NULL OR CASE $9 WHEN 'refused' THEN e.kind <> 'confirmed'
               WHEN 'running' THEN r.id IS NOT NULL AND r.ended_at IS NULL ELSE r.state = $9 END)
      ORDER BY e.seq DESC LIMIT $8`,
    [
      PRESSES,
      filter.targets,
      filter.service,
      filter.who,
      filter.since,
      filter.until,
      filter.before,
      filter.limit,
      filter.outcome ?? null,
    ],
  );
  return rows.map(entryOf);
}
