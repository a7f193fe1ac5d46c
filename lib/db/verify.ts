import 'server-only';
import { sha256 } from '@/lib/digest';
import type { Database, Transaction } from './database';

/** A number and hash of the record that were kept elsewhere, as every entry's log line has them. */
export type Anchor = { readonly seq: number; readonly hash: string };

/** Where the chain stands, or the number of the first entry that is not what it was. */
export type Verification =
  | { readonly ok: true; readonly seq: number; readonly hash: string }
  | { readonly ok: false; readonly seq: number; readonly words: string };

type Row = {
  seq: string;
  kind: string;
  rollback_id: string | null;
  target: string | null;
  payload: string;
  hash: string;
  /** Time of the entry in microseconds since 1970, as it went into the hash. */
  micros: string;
};

/** What the head says before there is an entry. */
const START: Anchor = { seq: 0, hash: '0'.repeat(64) };

/** Entries read at once. */
const PAGE = 1_000;

/** Longest single statement of a verification, in milliseconds. */
const STATEMENT_MS = 60_000;

/**
 * Recomputes the chain, every entry's own columns, the head and the hash of each confirmed plan, and names the first bad
 * entry.
 *
 * A tail that was cut and whose head was changed to match shows only against an anchor.
 */
export function verifyRecord(database: Database, anchor: Anchor | null = null): Promise<Verification> {
  return database.transaction(
    async (tx) => {
      const end = await walk(tx, anchor);
      return end.ok ? ((await wrongAtTheEnd(tx, end, anchor)) ?? end) : end;
    },
    { snapshot: true, statementMs: STATEMENT_MS },
  );
}

/** Goes through every entry in order. */
async function walk(tx: Transaction, anchor: Anchor | null): Promise<Verification> {
  let { seq, hash } = START;
  for (;;) {
    const rows = await tx.query<Row>(
      `SELECT seq, kind, rollback_id, target, payload, hash, (extract(epoch FROM at) * 1000000)::bigint AS micros
         FROM record WHERE seq > $1 ORDER BY seq LIMIT ${PAGE}`,
      [seq],
    );
    for (const row of rows) {
      const words = wrongIn(row, seq + 1, hash) ?? wrongAgainst(row, anchor);
      if (words !== null) return { ok: false, seq: seq + 1, words };
      seq += 1;
      hash = row.hash;
    }
    if (rows.length < PAGE) return { ok: true, seq, hash };
  }
}

function wrongIn(row: Row, seq: number, before: string): string | null {
  if (Number(row.seq) !== seq) return `entry ${seq} is missing`;
  if (sha256(`${before}\n${row.seq}\n${row.micros}\n${row.payload}`) !== row.hash) {
    return `entry ${seq} or the one before was changed`;
  }
  return columnsMatch(row) ? null : `a column of entry ${seq} was changed`;
}

const wrongAgainst = (row: Row, anchor: Anchor | null): string | null =>
  anchor !== null && anchor.seq === Number(row.seq) && anchor.hash !== row.hash
    ? `entry ${row.seq} is not the one of the anchor`
    : null;

function columnsMatch({ payload, kind, rollback_id, target }: Row): boolean {
  try {
    const said = JSON.parse(payload) as Partial<Record<'kind' | 'rollback' | 'target', string>>;
    return said.kind === kind && (said.rollback ?? null) === rollback_id && (said.target ?? null) === target;
  } catch {
    return false;
  }
}

async function wrongAtTheEnd(tx: Transaction, end: Anchor, anchor: Anchor | null): Promise<Verification | null> {
  const next = end.seq + 1;
  const [head] = await tx.query<{ seq: string; hash: string }>('SELECT seq, hash FROM record_head');
  if (head === undefined || Number(head.seq) !== end.seq || head.hash !== end.hash) {
    const words = `the record ends with entry ${end.seq}, its head says ${head?.seq ?? 'nothing'}`;
    return { ok: false, seq: next, words };
  }
  if (anchor !== null && anchor.seq > end.seq) {
    return { ok: false, seq: next, words: `entries ${next} to ${anchor.seq} are cut off` };
  }
  return wrongPlan(tx);
}

/** The first confirmed rollback whose plan is gone, or is not the one that was confirmed. */
async function wrongPlan(tx: Transaction): Promise<Verification | null> {
  const [plan] = await tx.query<{ seq: string }>(
    `SELECT e.seq FROM record e LEFT JOIN plan p ON p.id::text = e.payload::jsonb->>'plan'
      WHERE e.kind = 'confirmed'
        AND (p.id IS NULL OR encode(sha256(convert_to(p.body, 'UTF8')), 'hex') IS DISTINCT FROM e.payload::jsonb->>'planHash')
      ORDER BY e.seq LIMIT 1`,
  );
  if (plan === undefined) return null;
  return { ok: false, seq: Number(plan.seq), words: `the plan of entry ${plan.seq} is not the one that was confirmed` };
}
