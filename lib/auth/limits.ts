import { LRUCache } from 'lru-cache';

const MINUTE_MS = 60_000;

/** Sessions whose requests are counted; the least active ones are forgotten first. */
const SESSIONS = 10_000;

/** How many plans and presses one session gets in a minute. */
export const LIMITS = { plans: 30, presses: 6 } as const;

/** Says whether one more is allowed, and counts it if so. */
export type Limit = {
  /**
   * @param session - Whose request it is.
   * @param what - Names the thing asked for; asking again for the same one within the minute counts once.
   */
  take(session: string, what: string): boolean;
};

/**
 * A limit for each session over the last minute, counted in this process.
 *
 * @param perMinute - How many different things are allowed within 60 seconds.
 * @param now - Milliseconds since 1970.
 */
export function limitPerMinute(perMinute: number, now: () => number = Date.now): Limit {
  const taken = new LRUCache<string, ReadonlyMap<string, number>>({ max: SESSIONS });
  return {
    take(session, what) {
      const since = now() - MINUTE_MS;
      const recent = new Map([...(taken.get(session) ?? [])].filter(([, at]) => at > since));
      const allowed = recent.has(what) || recent.size < perMinute;
      if (allowed && !recent.has(what)) recent.set(what, now());
      taken.set(session, recent);
      return allowed;
    },
  };
}
