import 'server-only';
import { LRUCache } from 'lru-cache';
import type { Fact, ReadFailure } from '@/lib/domain/facts';
import { within } from '@/lib/within';

/**
 * What was read from AWS, when that reading began (milliseconds since 1970), and why a later one failed.
 *
 * `value` is the last good answer; `null` only where there never was one.
 */
export type Observed<T> = {
  readonly value: T | null;
  readonly readAt: number;
  readonly failure: ReadFailure | null;
};

/** Reads shared between viewers: one on its way per key, young answers given again. */
export type Shared<T> = {
  /**
   * The answer for a key, read anew once older than the shared read's age. Waits at most `waitMs`; then what is known,
   * or `null` while nothing is. The read goes on for the next caller.
   */
  get(key: string, waitMs: number): Promise<Observed<T> | null>;
  /** What is known without asking AWS. */
  peek(key: string): Observed<T> | null;
  /** Makes the next caller read anew. */
  forget(key: string): void;
};

/**
 * Shares reads of AWS. Keys name resources, never people; permission is asked outside.
 *
 * A failed read keeps the last good answer, with its own age, and is tried again by the next caller after `freshMs`.
 *
 * @param read - Reads one key; failures are values.
 * @param limits - `freshMs`, the age from which an answer is read anew; `keys`, how many answers are kept.
 */
export function shared<T>(
  read: (key: string) => Promise<Fact<T>>,
  limits: { readonly freshMs: number; readonly keys: number },
  now: () => number = Date.now,
): Shared<T> {
  const answers = new LRUCache<string, Observed<T> & { readonly triedAt: number }>({ max: limits.keys });
  const reading = new Map<string, Promise<Observed<T>>>();

  const start = (key: string): Promise<Observed<T>> => {
    const readAt = now();
    const answer = read(key)
      .then((fact) => {
        const before = answers.get(key);
        const observed = fact.ok
          ? { value: fact.value, readAt, failure: null, triedAt: readAt }
          : {
              value: before?.value ?? null,
              readAt: before?.value ? before.readAt : readAt,
              failure: fact.error,
              triedAt: readAt,
            };
        answers.set(key, observed);
        return observed;
      })
      .finally(() => reading.delete(key));
    reading.set(key, answer);
    return answer;
  };

  return {
    async get(key, waitMs) {
      const known = answers.get(key);
      if (known && now() - known.triedAt < limits.freshMs) return known;
      const answer = reading.get(key) ?? start(key);
      // The failure of a read nobody waits for any more must not end the process.
      answer.catch(() => undefined);
      return (await within(answer, waitMs)) ?? known ?? null;
    },
    peek: (key) => answers.get(key) ?? null,
    forget: (key) => {
      answers.delete(key);
    },
  };
}
