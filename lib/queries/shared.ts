import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { LRUCache } from 'lru-cache';
import type { Clock } from '@/lib/aws/bucket';
import { type Priority, type Urgency, urgency } from '@/lib/aws/urgency';
import type { Fact, ReadFailure } from '@/lib/domain/facts';
import { within } from '@/lib/within';

/**
 * What was read from AWS, when that reading began (milliseconds since 1970), and why a later one failed.
 *
 * `value` is the last good answer; `null` only where there never was one. `partial` where a first reading is under way
 * and this is what came so far.
 */
export type Observed<T> = {
  readonly value: T | null;
  readonly readAt: number;
  readonly failure: ReadFailure | null;
  readonly partial: boolean;
};

/** Reads shared between viewers: one on its way per key, young answers given again. */
export type Shared<T> = {
  /**
   * The answer for a key. One that is young enough to show is given at once, and read anew behind it when it is no longer
   * fresh. For an older one, or none, it waits at most `waitMs`; then what is known, or `null` while nothing is. The read
   * goes on for the next caller.
   *
   * @param priority - Of whoever waits; a read that nobody waits for is a background one.
   */
  get(key: string, waitMs: number, priority?: Priority): Promise<Observed<T> | null>;
  /** What is known without asking AWS. */
  peek(key: string): Observed<T> | null;
  /** Makes the next caller read anew. */
  forget(key: string): void;
  /** Puts a value in the place of the one that is known; it keeps its age. */
  revise(key: string, value: T): void;
};

/** A read under way: how urgent it is, what was known before, and a way to tell what is known so far. */
export type Reading<T> = {
  readonly urgency: Urgency;
  readonly before: Observed<T> | null;
  publish(soFar: T): void;
};

/** How long answers serve, in milliseconds, and how many are kept. */
export type Limits<T> = {
  /** Age from which an answer is read anew. */
  readonly freshMs: number | ((value: T) => number);
  /** Age up to which an answer is shown without waiting for the next; that of being fresh where not said. */
  readonly showMs?: number;
  /** For so long after somebody last asked it is read anew by itself, whenever it is no longer fresh. */
  readonly watchMs?: number;
  readonly keys: number;
  /** Bounds what is kept by weight too. */
  readonly weight?: { readonly of: (value: T) => number; readonly most: number };
};

const REAL_TIME: Clock = {
  now: Date.now,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    // Reading ahead keeps no process alive.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

type Kept<T> = Observed<T> & {
  readonly failures: number;
  /** When it is no longer fresh. */
  readonly staleAt: number;
};

type UnderWay<T> = {
  readonly urgency: Urgency;
  readonly answer: Promise<Observed<T>>;
  /** When somebody first waited for it. */
  waitedFrom: number | null;
};

/** Longest pause between tries of a read that fails again and again. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Shares reads of AWS. Keys name resources, never people; permission is asked outside.
 *
 * A failed read keeps the last good answer with its own age, and is tried again after a pause that grows with every
 * failure and is never quite the same, so that reads which failed together are not repeated together.
 *
 * @param read - Reads one key; failures are values.
 */
export function shared<T>(
  read: (key: string, reading: Reading<T>) => Promise<Fact<T>>,
  limits: Limits<T>,
  clock: Clock = REAL_TIME,
): Shared<T> {
  const { keys, weight, showMs = 0, watchMs = 0 } = limits;
  const answers = new LRUCache<string, Kept<T>>({
    max: keys,
    ...(weight && {
      maxSize: weight.most,
      sizeCalculation: ({ value }: Kept<T>) => 1 + (value === null ? 0 : weight.of(value)),
    }),
  });
  const underWay = new Map<string, UnderWay<T>>();
  const askedAt = new LRUCache<string, number>({ max: keys });
  // What goes on behind whoever asked, and its timers, must not keep the page they asked for.
  const apart = AsyncLocalStorage.snapshot();

  const start = (key: string): UnderWay<T> => apart(() => startHere(key));
  const startHere = (key: string): UnderWay<T> => {
    const readAt = clock.now();
    const rising = urgency('background');
    const before = answers.get(key) ?? null;
    const publish = (soFar: T): void => {
      answers.set(key, { value: soFar, readAt, failure: null, partial: true, failures: 0, staleAt: readAt });
    };
    const answer = read(key, { urgency: rising, before, publish })
      .then((fact) => {
        const kept = keptOf(fact, { readAt, before: answers.get(key) ?? before }, limits, clock.now());
        answers.set(key, kept);
        if (watchMs > 0) readAhead(key, kept.staleAt);
        return kept;
      })
      .finally(() => underWay.delete(key));
    // The failure of a read nobody waits for any more must not end the process.
    answer.catch(() => undefined);
    const started = { urgency: rising, answer, waitedFrom: null };
    underWay.set(key, started);
    return started;
  };
  const readAhead = (key: string, at: number): void => {
    clock.after(Math.max(1, at - clock.now()), () => {
      const known = answers.peek(key);
      const isWatched = clock.now() - (askedAt.peek(key) ?? 0) < watchMs;
      if (isWatched && !underWay.has(key) && known && known.staleAt <= clock.now()) start(key);
    });
  };

  return {
    async get(key, waitMs, priority = 'page') {
      askedAt.set(key, clock.now());
      const known = answers.get(key);
      if (known && !known.partial && clock.now() < known.staleAt) return known;
      const reading = underWay.get(key) ?? start(key);
      if (known && isShown(known, showMs, clock.now())) return known;
      reading.urgency.raise(priority);
      // One that keeps silent keeps everybody waiting once, not each one anew.
      reading.waitedFrom ??= clock.now();
      const patience = Math.max(0, reading.waitedFrom + waitMs - clock.now());
      return (await within(reading.answer, patience)) ?? answers.get(key) ?? null;
    },
    peek: (key) => answers.get(key) ?? null,
    forget: (key) => {
      answers.delete(key);
    },
    revise: (key, value) => {
      const known = answers.get(key);
      if (known) answers.set(key, { ...known, value });
    },
  };
}

/** Whether nobody waits for the next reading: this one is young, or the last try failed and its successor may too. */
const isShown = <T>({ value, readAt, failure, partial }: Kept<T>, showMs: number, now: number): boolean =>
  value !== null && !partial && (failure !== null || now - readAt < showMs);

type Read<T> = { readonly readAt: number; readonly before: Kept<T> | null };

function keptOf<T>(fact: Fact<T>, { readAt, before }: Read<T>, { freshMs }: Limits<T>, now: number): Kept<T> {
  const value = fact.ok ? fact.value : (before?.value ?? null);
  const fresh = typeof freshMs === 'number' ? freshMs : value === null ? 0 : freshMs(value);
  // A read that took longer than its answer is fresh must not begin anew at once.
  const staleAt = Math.max(readAt + fresh, now + Math.min(fresh, 1_000));
  if (fact.ok) return { value: fact.value, readAt, failure: null, partial: false, failures: 0, staleAt };
  const failures = (before?.failures ?? 0) + 1;
  return {
    value,
    readAt: before?.value ? before.readAt : readAt,
    failure: fact.error,
    partial: false,
    failures,
    staleAt: now + pauseMs(Math.max(fresh, 1_000), failures),
  };
}

/** Doubles with every failure, and is half as long again or half of it. */
const pauseMs = (freshMs: number, failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, freshMs * 2 ** (failures - 1)) * (0.5 + Math.random());
