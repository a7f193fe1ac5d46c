import 'server-only';
import type { Log } from '@/lib/log';
import type { Database, Queryable } from './database';
import { pruneQuestions } from './hold-questions';
import { pruneReadOnce } from './read-once';
import type { Sessions } from './sessions';
import { type Anchor, type Verification, verifyRecord } from './verify';

/** How the record last stood up to being verified, and when that ended, in milliseconds since 1970. */
export type Verified = { readonly at: number; readonly verification: Verification };

/**
 * What is done for the database from time to time, beginning at the start: deleting what nobody needs any more, and
 * verifying the record. The record, rollbacks and their plans are never touched.
 */
export type Upkeep = {
  begin(): void;
  /** `null` before the first verification has ended. */
  verified(): Verified | null;
  /** Begins nothing more and resolves once what is under way has ended. */
  end(): Promise<void>;
};

/** What upkeep needs. */
export type UpkeepWorld = {
  readonly database: Database;
  readonly sessions: Pick<Sessions, 'prune'>;
  readonly log: Log;
  readonly now: () => number;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The upkeep of a process. Processes that do it at the same time only find less to delete. */
export function createUpkeep({ database, sessions, log, now }: UpkeepWorld): Upkeep {
  let timers: readonly NodeJS.Timeout[] = [];
  let work: Promise<void> = Promise.resolve();
  let ending = false;
  let verified: Verified | null = null;

  const inTurn = (doing: string, task: () => Promise<void>) => () => {
    work = work.then(async () => {
      if (!ending) await task().catch((error: unknown) => log('database.failed', { doing, error }));
    });
  };
  const prune = inTurn('prune', async () => {
    const pruned = {
      sessions: await sessions.prune(),
      plans: await prunePlans(database),
      readOnce: await pruneReadOnce(database),
      questions: await pruneQuestions(database),
    };
    if (Object.values(pruned).some((count) => count > 0)) log('upkeep.pruned', pruned);
  });
  const verify = inTurn('verify the record', async () => {
    const verification = await verifyRecord(database, anchorOf(verified));
    // What once was wrong stays wrong until somebody has looked.
    if (verified === null || verified.verification.ok) verified = { at: now(), verification };
    log(verification.ok ? 'record.verified' : 'record.verify-failed', verification);
  });
  return {
    begin() {
      timers = [setInterval(prune, HOUR_MS), setInterval(verify, DAY_MS)];
      for (const timer of timers) timer.unref();
      prune();
      verify();
    },
    verified: () => verified,
    async end() {
      ending = true;
      timers.forEach(clearInterval);
      await work;
    },
  };
}

/** Where the record ended the last time: a tail cut since then shows against it. */
function anchorOf(verified: Verified | null): Anchor | null {
  if (verified === null || !verified.verification.ok) return null;
  const { seq, hash } = verified.verification;
  return seq === 0 ? null : { seq, hash };
}

/** Rows one statement deletes, so that none runs into the limit on statements. */
const BATCH = 1_000;

/** Deletes plans nobody confirmed within 30 days. Returns how many. */
export async function prunePlans(database: Queryable): Promise<number> {
  const gone = await database.query(
    `DELETE FROM plan WHERE id IN (
       SELECT id FROM plan p WHERE created_at < clock_timestamp() - interval '30 days'
          AND NOT EXISTS (SELECT 1 FROM rollback r WHERE r.plan_id = p.id) LIMIT ${BATCH}) RETURNING 1`,
  );
  return gone.length < BATCH ? gone.length : gone.length + (await prunePlans(database));
}
