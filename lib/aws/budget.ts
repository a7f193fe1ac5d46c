import 'server-only';
import { type Bucket, type Clock, createBucket, type Usage } from './bucket';
import { type BucketName, bucketOf } from './quotas';
import type { Priority, Urgency } from './urgency';

export type { Priority, Usage };

/** Where calls are counted together: an account and a Region. */
export type Place = { readonly account: string; readonly region: string };

/** Keeps our calls below half of what AWS allows an account and Region, which pipelines and people share. */
export type Budget = {
  /**
   * Waits for the turn of one call.
   *
   * @throws Unreadable `throttled` after too long a wait, or the signal's reason.
   */
  take(place: Place, action: string, priority: Priority | Urgency, signal?: AbortSignal): Promise<void>;
  /** Counts a call without waiting: a change that must not be held up, or one that is counted elsewhere too. */
  debit(place: Place, action: string): void;
  /** Notes that AWS throttled a call. */
  throttled(place: Place, action: string): void;
  /** The busiest bucket of a place, one that AWS throttled before all others; `null` before its first call. */
  usage(place: Place): Usage | null;
};

const REAL_TIME: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * A bucket for each of AWS's, account by account and Region by Region.
 *
 * @param replicas - Processes that share the accounts' quotas; each takes its part.
 */
export function createBudget(replicas: number, clock: Clock = REAL_TIME): Budget {
  const places = new Map<string, Map<BucketName, Bucket>>();

  const bucketsOf = ({ account, region }: Place): Map<BucketName, Bucket> => {
    const key = `${account}/${region}`;
    const buckets = places.get(key) ?? new Map<BucketName, Bucket>();
    places.set(key, buckets);
    return buckets;
  };
  const bucketFor = (place: Place, action: string): Bucket => {
    const name = bucketOf(action);
    const buckets = bucketsOf(place);
    const bucket = buckets.get(name) ?? createBucket(name, replicas, clock);
    buckets.set(name, bucket);
    return bucket;
  };

  return {
    take: (place, action, priority, signal) => bucketFor(place, action).take(priority, signal),
    debit: (place, action) => bucketFor(place, action).debit(),
    throttled: (place, action) => bucketFor(place, action).throttled(),
    usage: (place) => busiest([...bucketsOf(place).values()].map((bucket) => bucket.usage())),
  };
}

function busiest(usages: readonly Usage[]): Usage | null {
  const [most = null] = [...usages].sort(
    (a, b) => Number(b.throttled) - Number(a.throttled) || b.perSecond / b.ceiling - a.perSecond / a.ceiling,
  );
  return most;
}
