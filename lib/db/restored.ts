import 'server-only';
import type { State } from '@/lib/domain/rollback';
import type { Log } from '@/lib/log';
import type { Database } from './database';
import { append } from './record';
import { type Anchor, type Verification, verifyRecord } from './verify';

/** Who restored, and what they want kept of it. `anchor` is the newest number and hash the logs still have. */
export type Restore = { readonly by: string; readonly note: string | null; readonly anchor: Anchor | null };

/** A rollback that had not ended when the backup was made. */
export type Unended = {
  readonly id: string;
  readonly service: string;
  readonly target: string;
  readonly state: State;
};

/** What came of recording a restore, or the first entry that is not what it was. */
export type Restored =
  | {
      readonly ok: true;
      readonly seq: number;
      /** Entries the backup did not have yet: the first and the last. */
      readonly lost: { readonly from: number; readonly to: number } | null;
      /** What became of these since the backup only AWS knows. */
      readonly unended: readonly Unended[];
    }
  | Extract<Verification, { ok: false }>;

/**
 * Verifies a restored record and says in it that it was restored, by whom, and what it has lost. To be done before a
 * dashboard runs on it. Nothing is sent to AWS by it, nor by what follows: rollbacks that had not ended are settled by
 * reading.
 */
export async function recordRestored(database: Database, log: Log, { by, note, anchor }: Restore): Promise<Restored> {
  const whole = await verifyRecord(database);
  if (!whole.ok) return whole;
  const shorter = anchor !== null && anchor.seq > whole.seq;
  if (anchor !== null && !shorter) {
    const anchored = await verifyRecord(database, anchor);
    if (!anchored.ok) return anchored;
  }
  const lost = shorter ? { from: whole.seq + 1, to: anchor.seq } : null;
  return database.transaction(async (tx) => {
    const unended = await tx.query<Unended>(
      'SELECT id, service, target, state FROM rollback WHERE ended_at IS NULL ORDER BY created_at',
    );
    const seq = await append(tx, log, { kind: 'restored', by, note, head: whole.seq, lost, unended });
    return { ok: true, seq, lost, unended };
  });
}
