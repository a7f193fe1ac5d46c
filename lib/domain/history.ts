import { lastPart, revisionName } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import type { PastRollback } from '@/lib/domain/past-rollback';
import { recordedRuns } from '@/lib/domain/recorded-runs';
import type { Digests, ServiceDeployment } from '@/lib/domain/service';
import { ok } from '@/lib/result';

/** How a deployment of a version ended, as far as it is known. */
export type RunOutcome = 'successful' | 'never-steady' | 'rolled-back-by-ecs' | 'stopped' | 'in-progress';

/**
 * A time in which a version was deployed, and ran if it ended well. Times are milliseconds since 1970.
 *
 * Successful deployments of one version that follow each other are one run: a restart is no break. `endedAt` is `null`
 * while it still runs.
 */
export type Run = {
  /** Task definition the run counts for: a copy counts as its origin. */
  readonly arn: string;
  /** Task definition that really ran, the latest where several did. */
  readonly ranAs: string;
  /** Every task definition that ran in it: the origin, copies of it, or both. */
  readonly everyArn: readonly string[];
  /** Service revision, whose digests are meant; last part is `ran` in a plan's address. */
  readonly serviceRevisionArn: string;
  readonly digests: Digests;
  /** When the rollout began. */
  readonly startedAt: number;
  /** When the rollout ended well; `null` where it did not. */
  readonly steadyAt: number | null;
  readonly endedAt: number | null;
  readonly ms: number;
  /** Whether it may have run for longer: only our record tells of it, and that does not say until when. */
  readonly atLeast: boolean;
  readonly outcome: RunOutcome;
};

/**
 * What ran when, newest deployment first. A revision registered at `knownSince` or later has no deployment that our
 * sources do not show.
 */
export type History = { readonly runs: readonly Run[]; readonly knownSince: number };

/** ECS keeps service deployments so long. */
const ECS_REMEMBERS_MS = 90 * 86_400_000;

const UNDER_WAY = new Set(['PENDING', 'IN_PROGRESS', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']);

/** What history is made from. */
export type HistorySources = {
  /** Newest first, the last 90 days. */
  readonly deployments: readonly ServiceDeployment[];
  readonly past: readonly PastRollback[];
  /** ARNs of service deployments that were stopped from here. */
  readonly stops: readonly string[];
  /** Task definition that runs, where it matters how long; our record alone does not say when a run of it ended. */
  readonly running?: string;
  /** When the deployments were read, in milliseconds since 1970. */
  readonly at: number;
};

/** The task definition a task definition counts as: a copy as its origin, a copy of a copy as the first one. */
export function countsAs(past: readonly PastRollback[]): (arn: string) => string {
  const origins = new Map(
    past.flatMap(({ copyArn, originArn }) => (copyArn === null ? [] : [[copyArn, originArn] as const])),
  );
  return (arn) => {
    const seen = new Set([arn]);
    for (let origin = origins.get(arn); origin !== undefined && !seen.has(origin); origin = origins.get(origin)) {
      seen.add(origin);
    }
    return [...seen].at(-1) ?? arn;
  };
}

/**
 * What ran when: a version's period is from the end of its successful deployment to the beginning of the next successful
 * one of another version. A copy counts as its origin.
 */
export function historyOf({ deployments, past, stops, running = '', at }: HistorySources): History {
  const originOf = countsAs(past);
  const good = deployments.filter(({ status }) => status === 'SUCCESSFUL');
  const periods = periodsOf(good, originOf);
  const runs = deployments.flatMap((deployment) => {
    const period = periods.find(({ newest }) => newest === deployment);
    if (period !== undefined) return runOfPeriod(period, periods, { originOf, at });
    return deployment.status === 'SUCCESSFUL' ? [] : failedRun(deployment, { originOf, stops });
  });
  // A deployment whose task definition could not be read may have been of any revision that existed then.
  const unread = deployments.find(({ taskDefinitionArn }) => taskDefinitionArn === null);
  const knownSince = Math.max(at - ECS_REMEMBERS_MS, unread?.createdAt ?? 0);
  const told = new Set(deployments.flatMap(({ taskDefinitionArn }) => taskDefinitionArn ?? []));
  const recorded = recordedRuns({ past, before: knownSince, told, running, at, originOf });
  return { runs: recorded.reduce(withRun, runs), knownSince };
}

/** The runs with one more, behind those that ended later or still run. */
function withRun(runs: readonly Run[], run: Run): readonly Run[] {
  const place = runs.findIndex(({ endedAt }) => endedAt !== null && endedAt < run.startedAt);
  return place === -1 ? [...runs, run] : [...runs.slice(0, place), run, ...runs.slice(place)];
}

/** What ran when from what was read: where ECS does not tell, what our record knows, if it knows anything. */
export function historyFrom({
  deployments,
  ...sources
}: Omit<HistorySources, 'deployments'> & { readonly deployments: Fact<readonly ServiceDeployment[]> }): Fact<History> {
  if (deployments.ok) return ok(historyOf({ ...sources, deployments: deployments.value }));
  const { past, running = '', at } = sources;
  const runs = recordedRuns({ past, before: at, told: new Set(), running, at, originOf: countsAs(past) });
  return runs.length === 0 ? deployments : ok({ runs, knownSince: at });
}

type OriginOf = (arn: string) => string;

/** Successful deployments of one version in a row, newest first. */
type Period = {
  readonly newest: ServiceDeployment;
  readonly oldest: ServiceDeployment;
  readonly all: readonly ServiceDeployment[];
};

/** @param good - Successful deployments, newest first. */
function periodsOf(good: readonly ServiceDeployment[], originOf: OriginOf): readonly Period[] {
  const periods: Period[] = [];
  for (const deployment of good) {
    const newer = periods.at(-1);
    // Of images nobody knows each could be the same; two known sets beside them are not.
    if (newer?.all.every((one) => isSameVersion(one, deployment, originOf))) {
      periods[periods.length - 1] = { newest: newer.newest, oldest: deployment, all: [...newer.all, deployment] };
    } else {
      periods.push({ newest: deployment, oldest: deployment, all: [deployment] });
    }
  }
  return periods;
}

function isSameVersion(a: ServiceDeployment, b: ServiceDeployment, originOf: OriginOf): boolean {
  if (a.taskDefinitionArn === null || b.taskDefinitionArn === null) return false;
  return originOf(a.taskDefinitionArn) === originOf(b.taskDefinitionArn) && !differentDigests(a.digests, b.digests);
}

/** Whether two versions of one task definition certainly ran with different images. */
export const differentDigests = (a: Digests, b: Digests): boolean =>
  [...a].some(([container, digest]) => b.has(container) && b.get(container) !== digest);

const beganAt = ({ startedAt, createdAt }: ServiceDeployment): number => startedAt ?? createdAt;

function runOfPeriod(
  { newest, oldest, all }: Period,
  periods: readonly Period[],
  { originOf, at }: { originOf: OriginOf; at: number },
): readonly Run[] {
  const ranAs = newest.taskDefinitionArn;
  if (ranAs === null) return [];
  const told = all.find(({ digests }) => digests.size > 0) ?? newest;
  const next = periods[periods.findIndex((period) => period.newest === newest) - 1];
  const steadyAt = oldest.finishedAt ?? beganAt(oldest);
  const endedAt = next === undefined ? null : beganAt(next.oldest);
  return [
    {
      arn: originOf(ranAs),
      ranAs,
      everyArn: [...new Set(all.flatMap(({ taskDefinitionArn }) => taskDefinitionArn ?? []))],
      serviceRevisionArn: told.serviceRevisionArn,
      digests: told.digests,
      startedAt: beganAt(oldest),
      steadyAt,
      endedAt,
      ms: Math.max(0, (endedAt ?? at) - steadyAt),
      atLeast: false,
      outcome: 'successful',
    },
  ];
}

function failedRun(
  deployment: ServiceDeployment,
  { originOf, stops }: { originOf: OriginOf; stops: readonly string[] },
): readonly Run[] {
  const ranAs = deployment.taskDefinitionArn;
  if (ranAs === null) return [];
  const outcome = outcomeOf(deployment, stops);
  return [
    {
      arn: originOf(ranAs),
      ranAs,
      everyArn: [ranAs],
      serviceRevisionArn: deployment.serviceRevisionArn,
      digests: deployment.digests,
      startedAt: beganAt(deployment),
      steadyAt: null,
      endedAt: outcome === 'in-progress' ? null : deployment.finishedAt,
      ms: 0,
      atLeast: false,
      outcome,
    },
  ];
}

function outcomeOf(
  { arn, status, circuitBreaker, returnedBy }: ServiceDeployment,
  stops: readonly string[],
): RunOutcome {
  if (UNDER_WAY.has(status)) return 'in-progress';
  const tripped = circuitBreaker !== null && circuitBreaker.failureCount >= circuitBreaker.threshold;
  if (status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED') {
    // Who stops a deployment has not seen whether it would have become steady.
    return !tripped && (returnedBy === 'somebody' || (returnedBy === null && stops.includes(arn)))
      ? 'stopped'
      : 'rolled-back-by-ecs';
  }
  // A breaker that may not roll back leaves its deployment stopped too.
  return (status === 'STOPPED' || status === 'STOP_REQUESTED') && !tripped ? 'stopped' : 'never-steady';
}

/** Which digests are asked for: those of a revision, or of one service revision of it. */
export type DigestQuestion = {
  readonly arn: string;
  /** Last part of a service revision's ARN, where one revision ran with different images. */
  readonly ran: string | null;
  readonly deployments: Fact<readonly ServiceDeployment[]>;
  readonly past: readonly PastRollback[];
};

/**
 * The digests of the service revision that is meant; `null` where none of this revision goes by that name. One of another
 * task definition is not meant, whoever names it.
 */
export function meantDigests({ arn, ran, deployments, past }: DigestQuestion): Digests | null {
  const meant = deploymentsOf({ arn, deployments, past }).find(
    ({ serviceRevisionArn }) => lastPart(serviceRevisionArn) === ran,
  );
  // A run that only our record knows goes by the rollback that brought it.
  const originOf = countsAs(past);
  const ours = past.find(
    ({ id, originArn, copyArn }) => id === ran && [copyArn, originArn, originOf(originArn)].includes(arn),
  );
  return meant?.digests ?? ours?.digests ?? null;
}

/**
 * The digests a revision ran with: those of the service revision meant, else of its latest successful deployment, else of
 * our record. Empty where nobody knows.
 */
export function ranDigests(question: DigestQuestion): Digests {
  const { arn, past } = question;
  const latest = deploymentsOf(question).find(({ status, digests }) => status === 'SUCCESSFUL' && digests.size > 0);
  return meantDigests(question) ?? latest?.digests ?? recordedDigests(past, arn);
}

/** Deployments of a revision and of its copies. */
function deploymentsOf({ arn, deployments, past }: Omit<DigestQuestion, 'ran'>): readonly ServiceDeployment[] {
  const originOf = countsAs(past);
  return (deployments.ok ? deployments.value : []).filter(
    ({ taskDefinitionArn }) =>
      taskDefinitionArn === arn || (taskDefinitionArn !== null && originOf(taskDefinitionArn) === arn),
  );
}

/** What our newest record of a revision knows: that it was asked for, was a copy, or was left. */
function recordedDigests(past: readonly PastRollback[], arn: string): Digests {
  const told = past.flatMap(({ originArn, copyArn, digests, leftArn, leftDigests }) => [
    ...(originArn === arn || copyArn === arn ? [digests] : []),
    ...(leftArn === arn ? [leftDigests] : []),
  ]);
  return told.find(({ size }) => size > 0) ?? new Map();
}

/** What ends with the version before, which may be the same revision with other images. */
const LEFT_AGAIN = new Set([
  'STOPPED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
]);

/**
 * Digests of the task definition that runs: those of its latest service deployment that was not left again, else those our
 * record has of a copy.
 */
export function runningDigests(
  taskDefinitionArn: string,
  deployments: Fact<readonly ServiceDeployment[]>,
  past: readonly PastRollback[],
): Digests {
  const told = (deployments.ok ? deployments.value : []).filter(
    (deployment) => deployment.taskDefinitionArn === taskDefinitionArn && deployment.digests.size > 0,
  );
  const latest = told.find(({ status }) => !LEFT_AGAIN.has(status)) ?? told[0];
  return latest?.digests ?? past.find(({ copyArn }) => copyArn === taskDefinitionArn)?.digests ?? new Map();
}

/** Median of the last five successful deployments, in milliseconds; `null` where there is none. */
export function usualDurationMs(deployments: Fact<readonly ServiceDeployment[]>): number | null {
  if (!deployments.ok) return null;
  const durations = deployments.value
    .filter(({ status, startedAt, finishedAt }) => status === 'SUCCESSFUL' && startedAt !== null && finishedAt !== null)
    .slice(0, 5)
    .map(({ startedAt, finishedAt }) => (finishedAt ?? 0) - (startedAt ?? 0))
    .sort((a, b) => a - b);
  const [low, high] = [durations[Math.ceil(durations.length / 2) - 1], durations[Math.floor(durations.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** Revision names of a history's runs, each once, newest first. */
export const revisionsOf = ({ runs }: History): readonly string[] => [
  ...new Set(runs.map(({ arn }) => revisionName(arn))),
];
