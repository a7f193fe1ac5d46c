import 'server-only';
import type { Application } from '@/lib/application';
import { addEvent, advance, claimLapsed, freeLeases, type Rollback, renewLeases } from '@/lib/db/rollbacks';
import { pollMs, RENEW_MS, TAKE_OVER_MS } from '@/lib/domain/times';
import { lookForLateChanges, nameSpareCopies } from './late-facts';
import { settle } from './settle';
import { watch } from './watch';

/** Watches and settles the rollbacks whose lease this process holds. It has no writing client: it only reads. */
export type Keeper = {
  begin(): void;
  /** Looks at once, instead of at the next turn. */
  wake(): void;
  /** Stops looking and gives the leases to others. */
  end(): Promise<void>;
};

/** The one keeper of a process. */
export function createKeeper(application: () => Application): Keeper {
  const nextAt = new Map<string, number>();
  const looked = new Map<string, number>();
  let timers: readonly NodeJS.Timeout[] = [];
  let turn: Promise<void> | null = null;
  let again = false;

  const look = (): void => {
    again = turn !== null;
    turn ??= keep(application(), { nextAt, looked })
      .catch((error: unknown) => application().log('rollback.keeper-failed', { error }))
      .finally(() => {
        turn = null;
        if (again) look();
      });
  };
  const renew = (): void => {
    const { database, owner, log } = application();
    renewLeases(database, owner).catch((error: unknown) => log('database.failed', { doing: 'renew leases', error }));
  };
  return {
    begin() {
      timers = [setInterval(look, TAKE_OVER_MS), setInterval(renew, RENEW_MS)];
      for (const timer of timers) timer.unref();
      look();
    },
    wake: look,
    async end() {
      timers.forEach(clearInterval);
      await turn;
      const { database, owner } = application();
      await freeLeases(database, owner).catch(() => undefined);
    },
  };
}

/** When each rollback is due next, and which late look each closed one has had. */
type Turns = { readonly nextAt: Map<string, number>; readonly looked: Map<string, number> };

/** One turn: takes what has lapsed, then looks at each kept rollback that is due. */
async function keep(application: Application, { nextAt, looked }: Turns): Promise<void> {
  await takeOver(application);
  const kept = await renewLeases(application.database, application.owner);
  for (const id of nextAt.keys()) if (!kept.some((rollback) => rollback.id === id)) nextAt.delete(id);
  const due = kept.filter(({ id }) => (nextAt.get(id) ?? 0) <= application.now());
  await Promise.all(due.map((rollback) => visit(rollback, application, nextAt)));
  await lookForLateChanges(application, looked);
}

async function visit(rollback: Rollback, application: Application, nextAt: Map<string, number>): Promise<void> {
  // What is still being sent is the starter's.
  if (rollback.state !== 'watching' && rollback.state !== 'unknown') return;
  const now = application.now();
  // A little early or late, so that many rollbacks do not read in step.
  const jitter = 0.8 + Math.random() * 0.3;
  nextAt.set(rollback.id, now + pollMs(now - rollback.createdAt) * jitter - TAKE_OVER_MS / 2);
  try {
    if (rollback.state === 'watching') await watch(rollback, application);
    if (rollback.state === 'unknown') await settle(rollback, application);
  } catch (error) {
    application.log('rollback.keeper-failed', { rollback: rollback.id, error });
  }
}

/**
 * Takes over rollbacks whose lease has lapsed, until none is left. What was `starting` ends, because only the process
 * that took the press may send; what was `sending` becomes `unknown` and is read.
 */
export async function takeOver(application: Application): Promise<void> {
  const { database, log, owner } = application;
  for (let row = await claimLapsed(database, owner); row !== null; row = await claimLapsed(database, owner)) {
    log('rollback.taken-over', { rollback: row.id, state: row.state });
    if (row.state === 'starting') {
      await advance(
        database,
        log,
        row.id,
        { from: ['starting'], to: 'not-applied' },
        { event: 'ended', reason: 'starter-gone' },
      );
      // Whoever registered died before it could say so.
      await nameSpareCopies(row, application).catch((error: unknown) =>
        log('rollback.keeper-failed', { rollback: row?.id, error }),
      );
    } else if (row.state === 'sending') {
      await advance(
        database,
        log,
        row.id,
        { from: ['sending'], to: 'unknown' },
        { event: 'unclear', payload: { words: 'the process that sent it is gone' } },
      );
    } else await addEvent(database, log, row.id, 'taken-over', { state: row.state });
  }
}
