import 'server-only';
import { Unreadable } from './failure';

/** Who a read is for: a rollback may empty a bucket, a page leaves a tenth of it, the background half. */
export type Priority = 'rollback' | 'page' | 'background';

/** Share of a bucket that a priority leaves to the ones before it. */
const LEAVES: Readonly<Record<Priority, number>> = { rollback: 0, page: 0.1, background: 0.5 };
const ORDER: readonly Priority[] = ['rollback', 'page', 'background'];

/** Share of AWS's published burst that a bucket holds. */
const SHARE_OF_BURST = 0.45;
const THROTTLED_FOR_MS = 60_000;
const USAGE_WINDOW_MS = 10_000;
/** Longest a call waits for its turn, in milliseconds. */
const LONGEST_WAIT_MS: Readonly<Record<Priority, number>> = { rollback: 10_000, page: 15_000, background: 120_000 };

type Quota = { readonly burst: number; readonly perSecond: number };

/**
 * What AWS publishes per account and Region as burst, and our ceiling a second: below half of the refill.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const QUOTAS = {
  'cluster-read': { burst: 50, perSecond: 9 },
  'service-read': { burst: 100, perSecond: 9 },
  'service-modify': { burst: 50, perSecond: 2 },
  'definition-read': { burst: 50, perSecond: 9 },
  'definition-modify': { burst: 20, perSecond: 0.4 },
  'task-read': { burst: 100, perSecond: 9 },
  'service-deployment': { burst: 50, perSecond: 9 },
  'service-revision': { burst: 50, perSecond: 9 },
  // The neighbours publish no burst; the ceilings stay below half of the lowest rate they publish.
  ecr: { burst: 40, perSecond: 4 },
  iam: { burst: 20, perSecond: 4 },
  logs: { burst: 10, perSecond: 4 },
  monitoring: { burst: 10, perSecond: 4 },
  'load-balancing': { burst: 20, perSecond: 4 },
  secrets: { burst: 40, perSecond: 9 },
  ssm: { burst: 10, perSecond: 4 },
  sts: { burst: 40, perSecond: 9 },
} as const satisfies Record<string, Quota>;

export type Bucket = keyof typeof QUOTAS;

const BUCKET_OF: Readonly<Record<string, Bucket>> = {
  'ecs:ListClusters': 'cluster-read',
  'ecs:ListServices': 'service-read',
  'ecs:DescribeServices': 'service-read',
  'ecs:UpdateService': 'service-modify',
  'ecs:ListTaskDefinitions': 'definition-read',
  'ecs:DescribeTaskDefinition': 'definition-read',
  'ecs:RegisterTaskDefinition': 'definition-modify',
  'ecs:ListTasks': 'task-read',
  'ecs:DescribeTasks': 'task-read',
  'ecs:ListServiceDeployments': 'service-deployment',
  'ecs:DescribeServiceDeployments': 'service-deployment',
  'ecs:StopServiceDeployment': 'service-deployment',
  'ecs:DescribeServiceRevisions': 'service-revision',
  'ecr:DescribeImages': 'ecr',
  'iam:GetRole': 'iam',
  'logs:DescribeLogGroups': 'logs',
  'cloudwatch:DescribeAlarms': 'monitoring',
  'elasticloadbalancing:DescribeTargetGroups': 'load-balancing',
  'elasticloadbalancing:DescribeTargetHealth': 'load-balancing',
  'secretsmanager:DescribeSecret': 'secrets',
  'ssm:DescribeParameters': 'ssm',
  'sts:AssumeRole': 'sts',
  'sts:GetCallerIdentity': 'sts',
};

/**
 * The bucket a permission's calls are counted in.
 *
 * @throws Error where an action was forgotten: an uncounted call is a defect.
 */
export function bucketOf(action: string): Bucket {
  const bucket = BUCKET_OF[action];
  if (bucket === undefined) throw new Error(`No quota is known for ${action}.`);
  return bucket;
}

/** Where calls are counted together: an account and a Region. */
export type Place = { readonly account: string; readonly region: string };

/** How much of our own allowance a place uses. */
export type Usage = {
  readonly bucket: Bucket;
  /** Calls a second, over the last ten. */
  readonly perSecond: number;
  readonly ceiling: number;
  /** Whether AWS throttled us within the last minute. */
  readonly throttled: boolean;
};

/** Time, passed in. `after` runs something later; what it gives back stops that. */
export type Clock = {
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => () => void;
};

/** Keeps our calls below half of what AWS allows an account and Region, which pipelines and people share. */
export type Budget = {
  /**
   * Waits for the turn of one call.
   *
   * @throws Unreadable `throttled` after too long a wait, or the signal's reason.
   */
  take(place: Place, action: string, priority: Priority, signal?: AbortSignal): Promise<void>;
  /** Counts a call without waiting: a repeat, or a change that must not be held up. */
  debit(place: Place, action: string): void;
  /** Notes that AWS throttled a call: background reads cost double for a minute. */
  throttled(place: Place, action: string): void;
  /** The busiest bucket of a place, `null` before its first call. */
  usage(place: Place): Usage | null;
};

type Waiting = {
  readonly priority: Priority;
  readonly grant: () => void;
};

type Level = {
  readonly bucket: Bucket;
  readonly capacity: number;
  readonly perMs: number;
  tokens: number;
  filledAt: number;
  throttledUntil: number;
  waiting: Waiting[];
  calls: number[];
  stopTimer: (() => void) | null;
};

const REAL_TIME: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Buckets as AWS has them, filled at our ceilings.
 *
 * @param replicas - Processes that share the account's quota; each takes its part.
 */
export function createBudget(replicas: number, clock: Clock = REAL_TIME): Budget {
  const places = new Map<string, Map<Bucket, Level>>();

  const levelOf = (place: Place, action: string): Level => {
    const key = `${place.account}/${place.region}`;
    const levels = places.get(key) ?? new Map<Bucket, Level>();
    places.set(key, levels);
    const bucket = bucketOf(action);
    const level = levels.get(bucket) ?? newLevel(bucket, replicas, clock.now());
    levels.set(bucket, level);
    fill(level, clock.now());
    return level;
  };

  const serve = (level: Level): void => {
    level.stopTimer?.();
    level.stopTimer = null;
    fill(level, clock.now());
    for (let next = first(level.waiting); next !== undefined; next = first(level.waiting)) {
      const missing = missingFor(level, next.priority, clock.now());
      if (missing > 0) {
        level.stopTimer = clock.after(Math.max(1, Math.ceil(missing / level.perMs)), () => serve(level));
        return;
      }
      const granted = next;
      level.waiting = level.waiting.filter((other) => other !== granted);
      spend(level, priceOf(level, granted.priority, clock.now()), clock.now());
      granted.grant();
    }
  };

  return {
    take: (place, action, priority, signal) =>
      new Promise<void>((resolve, reject) => {
        signal?.throwIfAborted();
        const level = levelOf(place, action);
        const leave = (reason: unknown): void => {
          level.waiting = level.waiting.filter((other) => other !== waiting);
          done();
          reject(reason);
        };
        const onAbort = (): void => leave(signal?.reason);
        const stopWaiting = clock.after(LONGEST_WAIT_MS[priority], () => leave(tooBusy(level.bucket)));
        const done = (): void => {
          stopWaiting();
          signal?.removeEventListener('abort', onAbort);
        };
        const waiting: Waiting = {
          priority,
          grant: () => {
            done();
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        level.waiting.push(waiting);
        serve(level);
      }),
    debit: (place, action) => spend(levelOf(place, action), 1, clock.now()),
    throttled: (place, action) => {
      levelOf(place, action).throttledUntil = clock.now() + THROTTLED_FOR_MS;
    },
    usage: (place) => busiest([...(places.get(`${place.account}/${place.region}`)?.values() ?? [])], clock.now()),
  };
}

function newLevel(bucket: Bucket, replicas: number, now: number): Level {
  const { burst, perSecond } = QUOTAS[bucket];
  // A bucket that cannot hold one call would never let one go.
  const capacity = Math.max(1, (burst * SHARE_OF_BURST) / replicas);
  return {
    bucket,
    capacity,
    perMs: perSecond / replicas / 1000,
    tokens: capacity,
    filledAt: now,
    throttledUntil: 0,
    waiting: [],
    calls: [],
    stopTimer: null,
  };
}

function fill(level: Level, now: number): void {
  level.tokens = Math.min(level.capacity, level.tokens + (now - level.filledAt) * level.perMs);
  level.filledAt = now;
}

function spend(level: Level, tokens: number, now: number): void {
  level.tokens -= tokens;
  level.calls = [...level.calls.filter((at) => at > now - USAGE_WINDOW_MS), now];
}

const priceOf = (level: Level, priority: Priority, now: number): number =>
  priority === 'background' && now < level.throttledUntil ? 2 : 1;

/** Tokens that must still come before a call of this priority may go. */
function missingFor(level: Level, priority: Priority, now: number): number {
  const price = priceOf(level, priority, now);
  // What is left over never asks for more than a full bucket holds.
  const left = Math.max(0, Math.min(level.capacity * LEAVES[priority], level.capacity - price));
  const missing = Math.min(price, level.capacity) + left - level.tokens;
  return missing < 1e-9 ? 0 : missing;
}

function first(waiting: readonly Waiting[]): Waiting | undefined {
  for (const priority of ORDER) {
    const next = waiting.find((one) => one.priority === priority);
    if (next !== undefined) return next;
  }
  return undefined;
}

const tooBusy = (bucket: Bucket): Unreadable =>
  new Unreadable({ kind: 'throttled', words: `Our own limit of calls to AWS (${bucket}) is used up.` });

function busiest(levels: readonly Level[], now: number): Usage | null {
  const usages = levels.map((level): Usage => {
    const calls = level.calls.filter((at) => at > now - USAGE_WINDOW_MS).length;
    return {
      bucket: level.bucket,
      perSecond: calls / (USAGE_WINDOW_MS / 1000),
      ceiling: level.perMs * 1000,
      throttled: now < level.throttledUntil,
    };
  });
  const [most = null] = usages.sort((a, b) => b.perSecond / b.ceiling - a.perSecond / a.ceiling);
  return most;
}
