import 'server-only';
import type { Application } from '@/lib/application';
import { claimLapsed, freeLeases, type Holder, renewLeases } from '@/lib/db/leases';
import { addEvent, advance, type Rollback } from '@/lib/db/rollbacks';
import { pollMs, RENEW_MS, TAKE_OVER_MS } from '@/lib/domain/times';
import { lookForOverwrites } from './in-force';
import { lookForLateChanges } from './late-facts';
import { lookForOverwritten } from './overwritten';
import { settle } from './settle';
import { nameSpareCopies } from './spare-copies';
import { watch } from './watch';

/** Watches and settles the rollbacks whose lease this process holds. It has no writing client: it only reads. */
export type Keeper = {
  begin(): void;
  /** Looks at once, instead of at the next turn. */
  wake(): void;
  /** Stops looking and gives the leases to others. */
  end(): Promise<void>;
};

/** What a keeper remembers between its turns. */
type Turns = {
  /** When each rollback is due next, in milliseconds since 1970. */
  readonly nextAt: Map<string, number>;
  /** Which late look of which kind each rollback has had. */
  readonly looked: Map<string, number>;
  /** When what is in force was looked at last, in milliseconds since 1970. */
  readonly watchedAt: Map<string, number>;
  /** Readings under way. A slow one holds up neither the others nor a takeover. */
  readonly visits: Map<string, Promise<void>>;
};

/** The one keeper of a process. */
export function createKeeper(application: () => Application): Keeper {
  const turns: Turns = { nextAt: new Map(), looked: new Map(), watchedAt: new Map(), visits: new Map() };
  let timers: readonly NodeJS.Timeout[] = [];
  let turn: Promise<void> | null = null;
  let again = false;
  let ended = false;

  const look = (): void => {
    if (ended) return;
    again = turn !== null;
    turn ??= keep(application(), turns)
      .catch((error: unknown) => application().log('rollback.keeper-failed', { error }))
      .finally(() => {
        turn = null;
        if (again) look();
      });
  };
  const renew = (): void => {
    const { database, log } = application();
    renewLeases(database, holderOf(application())).catch((error: unknown) =>
      log('database.failed', { doing: 'renew leases', error }),
    );
  };
  return {
    begin() {
      timers = [setInterval(look, TAKE_OVER_MS), setInterval(renew, RENEW_MS)];
      for (const timer of timers) timer.unref();
      look();
    },
    wake: look,
    async end() {
      ended = true;
      timers.forEach(clearInterval);
      await turn;
      await Promise.allSettled([...turns.visits.values()]);
      const { database, owner } = application();
      await freeLeases(database, owner).catch(() => undefined);
    },
  };
}

const holderOf = ({ owner, starter }: Application): Holder => ({ owner, inHand: starter.inHand() });

/** One turn: takes what has lapsed, then begins to look at each kept rollback that is due. */
async function keep(application: Application, turns: Turns): Promise<void> {
  const { nextAt, looked, watchedAt, visits } = turns;
  await takeOver(application);
  const kept = await renewLeases(application.database, holderOf(application));
  for (const id of nextAt.keys()) if (!kept.some((rollback) => rollback.id === id)) nextAt.delete(id);
  const now = application.now();
  for (const rollback of kept.filter(({ id }) => (nextAt.get(id) ?? 0) <= now && !visits.has(id))) {
    nextAt.set(rollback.id, now + untilNext(now - rollback.createdAt));
    begin(visits, rollback.id, () => visit(rollback, application));
  }
  begin(visits, 'late', () => lookForLateChanges(application, looked));
  begin(visits, 'in force', () => lookForOverwrites(application, watchedAt));

  function begin(under: Turns['visits'], name: string, work: () => Promise<void>): void {
    if (under.has(name)) return;
    const done = work()
      .catch((error: unknown) => application.log('rollback.keeper-failed', { rollback: name, error }))
      .finally(() => under.delete(name));
    under.set(name, done);
  }
}

/** A little early or late, so that many rollbacks do not read in step; half a turn early, so that the next turn sees it due. */
const untilNext = (ageMs: number): number => pollMs(ageMs) * (0.8 + Math.random() * 0.3) - TAKE_OVER_MS / 2;

/** What is still to be sent is the starter's alone. */
async function visit(rollback: Rollback, application: Application): Promise<void> {
  if (rollback.state === 'watching') await watch(rollback, application);
  if (rollback.state === 'unknown') await settle(rollback, application);
}

/**
 * Takes over rollbacks whose lease has lapsed, until none is left. What was `starting` ends, because only the process
 * that took the press may send; what was `sending` becomes `unknown` and is read.
 */
export async function takeOver(application: Application): Promise<void> {
  const { database, log } = application;
  const next = (): Promise<Rollback | null> => claimLapsed(database, holderOf(application));
  for (let row = await next(); row !== null; row = await next()) {
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
      lookLater(nameSpareCopies(row, application), row.id, application);
    } else if (row.state === 'sending') {
      await advance(
        database,
        log,
        row.id,
        { from: ['sending'], to: 'unknown' },
        { event: 'unclear', payload: { words: 'the process that sent it is gone' } },
      );
    } else {
      await addEvent(database, log, row.id, 'taken-over', { state: row.state });
      if (row.state === 'watching') lookLater(lookForOverwritten(row, application), row.id, application);
    }
  }
}

/** Reading AWS must not hold up other takeovers. */
function lookLater(look: Promise<void>, id: string, { log }: Application): void {
  look.catch((error: unknown) => log('rollback.keeper-failed', { rollback: id, error }));
}
