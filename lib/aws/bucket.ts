import 'server-only';
import { Unreadable } from './failure';
import { type BucketName, QUOTAS } from './quotas';
import { ORDER, type Priority, type Urgency, urgencyOf } from './urgency';

/** Time, passed in. `after` runs something later; what it gives back stops that. */
export type Clock = {
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => () => void;
};

/** How much of our own allowance is used. */
export type Usage = {
  readonly bucket: BucketName;
  /** Calls a second, over the last ten. */
  readonly perSecond: number;
  readonly ceiling: number;
  /** Whether AWS throttled us within the last minute. */
  readonly throttled: boolean;
  /** Calls that wait for their turn. */
  readonly waiting: number;
};

/** One bucket of calls, filled at our ceiling. */
export type Bucket = {
  /**
   * Waits for the turn of one call; who asked first goes first among those of one priority, which may rise meanwhile.
   *
   * @throws Unreadable `throttled` after too long a wait, or the signal's reason.
   */
  take(priority: Priority | Urgency, signal?: AbortSignal): Promise<void>;
  /** Counts a call without waiting; later ones wait the longer. */
  debit(): void;
  /** Notes that AWS throttled a call: background reads cost double for a minute. */
  throttled(): void;
  usage(): Usage;
};

/** Share of a bucket that a priority leaves to the ones before it. */
const LEAVES: Readonly<Record<Priority, number>> = { rollback: 0, group: 0, page: 0.1, background: 0.5 };
/** Longest a call waits for its turn, in milliseconds. */
const LONGEST_WAIT_MS: Readonly<Record<Priority, number>> = {
  rollback: 10_000,
  group: 600_000,
  page: 15_000,
  background: 120_000,
};
/** Share of AWS's published burst that a bucket holds. */
const SHARE_OF_BURST = 0.45;
const THROTTLED_FOR_MS = 60_000;
const USAGE_WINDOW_MS = 10_000;

type Waiting = { readonly priority: () => Priority; readonly grant: () => void };

type Level = {
  readonly capacity: number;
  readonly perMs: number;
  tokens: number;
  filledAt: number;
  throttledUntil: number;
  /** When calls were made, within the window of usage. */
  calls: number[];
};

/**
 * A bucket as AWS has it, filled at our ceiling.
 *
 * @param replicas - Processes that share the account's quota; each takes its part.
 */
export function createBucket(name: BucketName, replicas: number, clock: Clock): Bucket {
  const level = fullLevel(name, replicas, clock.now());
  let waiting: readonly Waiting[] = [];
  let stopTimer: (() => void) | null = null;

  const leave = (gone: Waiting): void => {
    waiting = waiting.filter((other) => other !== gone);
  };
  const serve = (): void => {
    stopTimer?.();
    stopTimer = null;
    for (let next = first(waiting); next !== null; next = first(waiting)) {
      const missing = missingFor(level, next.priority(), clock.now());
      if (missing > 0) {
        stopTimer = clock.after(Math.max(1, Math.ceil(missing / level.perMs)), serve);
        return;
      }
      leave(next);
      spend(level, priceOf(level, next.priority(), clock.now()), clock.now());
      next.grant();
    }
  };

  return {
    take: async (given, signal) => {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = deferred();
      const { priority, onRaise } = urgencyOf(given);
      const one: Waiting = { priority, grant: resolve };
      const onAbort = (): void => reject(signal?.reason);
      const stopWaiting = clock.after(LONGEST_WAIT_MS[priority()], () => reject(tooBusy(name)));
      const stopListening = onRaise(serve);
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting = [...waiting, one];
      serve();
      try {
        await promise;
      } finally {
        leave(one);
        stopWaiting();
        stopListening();
        signal?.removeEventListener('abort', onAbort);
      }
    },
    debit: () => spend(level, 1, clock.now()),
    throttled: () => {
      level.throttledUntil = clock.now() + THROTTLED_FOR_MS;
    },
    usage: () => ({
      bucket: name,
      perSecond: level.calls.filter((at) => at > clock.now() - USAGE_WINDOW_MS).length / (USAGE_WINDOW_MS / 1000),
      ceiling: level.perMs * 1000,
      throttled: clock.now() < level.throttledUntil,
      waiting: waiting.length,
    }),
  };
}

function fullLevel(name: BucketName, replicas: number, now: number): Level {
  const { burst, perSecond } = QUOTAS[name];
  // A bucket that cannot hold one call would never let one go.
  const capacity = Math.max(1, (burst * SHARE_OF_BURST) / replicas);
  const perMs = perSecond / replicas / 1000;
  return { capacity, perMs, tokens: capacity, filledAt: now, throttledUntil: 0, calls: [] };
}

function fill(level: Level, now: number): void {
  level.tokens = Math.min(level.capacity, level.tokens + (now - level.filledAt) * level.perMs);
  level.filledAt = now;
}

function spend(level: Level, tokens: number, now: number): void {
  fill(level, now);
  level.tokens -= tokens;
  level.calls = [...level.calls.filter((at) => at > now - USAGE_WINDOW_MS), now];
}

const priceOf = (level: Level, priority: Priority, now: number): number =>
  priority === 'background' && now < level.throttledUntil ? Math.min(2, level.capacity) : 1;

/** Tokens that must still come before a call of this priority may go; what is left over never exceeds a full bucket. */
function missingFor(level: Level, priority: Priority, now: number): number {
  fill(level, now);
  const price = priceOf(level, priority, now);
  const left = Math.min(level.capacity * LEAVES[priority], level.capacity - price);
  const missing = price + left - level.tokens;
  // Sums of fractions may miss a whole call by a hair.
  return missing < 1e-9 ? 0 : missing;
}

function first(waiting: readonly Waiting[]): Waiting | null {
  for (const priority of ORDER) {
    const next = waiting.find((one) => one.priority() === priority);
    if (next !== undefined) return next;
  }
  return null;
}

const tooBusy = (name: BucketName): Unreadable =>
  new Unreadable({ kind: 'throttled', words: `Our own limit of calls to AWS (${name}) is used up.` });

/** A promise with its ends in hand. */
function deferred(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve: () => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
