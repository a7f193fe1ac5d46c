import 'server-only';
import { LRUCache } from 'lru-cache';
import type { Log } from '@/lib/log';
import type { Database } from './database';
import { appendAlone, type Entry } from './record';

/** Keeps refusals in the record without letting one session fill it. */
export type Refusals = {
  /** Records a refusal; the ones beyond sixty an hour of a session are counted, and recorded together. */
  add(session: string, entry: Entry): Promise<void>;
  /** Records what was counted so far, before the process ends. */
  end(): Promise<void>;
};

/** Refusals of one session that are recorded one by one within an hour. */
const EACH = 60;
const HOUR_MS = 3_600_000;
const SESSIONS = 10_000;

/** What was refused to one session since its hour began. */
type Hour = { readonly until: number; recorded: number; counted: number; last: Entry | null };

export type RefusalsWorld = {
  readonly database: Database;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** The refusals of this process. Each process counts its own. */
export function createRefusals({ database, log, now = Date.now }: RefusalsWorld): Refusals {
  const write = (entry: Entry): Promise<number> => appendAlone(database, log, entry);

  const settle = async (hour: Hour): Promise<void> => {
    const { counted, last } = hour;
    hour.counted = 0;
    if (counted === 0 || last === null) return;
    await write({ ...last, counted, words: `${counted} more refusals within an hour, this one the last of them.` });
  };
  const settleLater = (hour: Hour): void => {
    settle(hour).catch((error: unknown) => log('database.failed', { doing: 'record counted refusals', error }));
  };
  const hours = new LRUCache<string, Hour>({ max: SESSIONS, dispose: settleLater });

  const hourOf = (session: string): Hour => {
    for (const [id, hour] of hours) if (hour.until <= now()) hours.delete(id);
    const known = hours.get(session);
    if (known !== undefined) return known;
    const hour: Hour = { until: now() + HOUR_MS, recorded: 0, counted: 0, last: null };
    hours.set(session, hour);
    setTimeout(() => settleLater(hour), HOUR_MS).unref();
    return hour;
  };

  return {
    async add(session, entry) {
      const hour = hourOf(session);
      if (hour.recorded < EACH) {
        hour.recorded += 1;
        await write(entry);
        return;
      }
      hour.counted += 1;
      hour.last = entry;
    },
    end: async () => {
      await Promise.allSettled([...hours.values()].map(settle));
    },
  };
}
