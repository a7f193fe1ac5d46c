import { lastPart, revisionName } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import type { PastRollback } from '@/lib/domain/past-rollback';
import type { Digests, ServiceDeployment } from '@/lib/domain/service';

/** How a deployment of a version ended, as far as it is known. */
export type RunOutcome = 'successful' | 'never-steady' | 'rolled-back-by-ecs' | 'stopped' | 'in-progress';

/**
 * A time in which a version was deployed, and ran if it ended well. Times are milliseconds since 1970.
 *
 * `endedAt` is `null` while it still runs.
 */
export type Run = {
  /** Task definition the run counts for: a copy counts as its origin. */
  readonly arn: string;
  /** Task definition that really ran. */
  readonly ranAs: string;
  /** Service revision, whose digests are meant; last part is `ran` in a plan's address. */
  readonly serviceRevisionArn: string | null;
  readonly digests: Digests;
  /** When the rollout began. */
  readonly startedAt: number;
  /** When the rollout ended well; `null` where it did not. */
  readonly steadyAt: number | null;
  readonly endedAt: number | null;
  readonly ms: number;
  readonly outcome: RunOutcome;
};

/** What ran when, newest first, and since when our sources know everything. */
export type History = { readonly runs: readonly Run[]; readonly knownSince: number };

/** ECS keeps service deployments so long. */
const ECS_REMEMBERS_MS = 90 * 86_400_000;

const OUTCOMES: Readonly<Record<string, RunOutcome>> = {
  SUCCESSFUL: 'successful',
  ROLLBACK_SUCCESSFUL: 'rolled-back-by-ecs',
  ROLLBACK_FAILED: 'rolled-back-by-ecs',
  STOPPED: 'stopped',
  STOP_REQUESTED: 'stopped',
};

const UNDER_WAY = new Set(['PENDING', 'IN_PROGRESS', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']);

/** What history is made from. */
export type HistorySources = {
  /** Newest first, the last 90 days. */
  readonly deployments: readonly ServiceDeployment[];
  readonly past: readonly PastRollback[];
  /** When the deployments were read, in milliseconds since 1970. */
  readonly at: number;
};

/**
 * What ran when: a version's period is from the end of its successful deployment to the beginning of the next successful
 * one of another version. A copy counts as its origin.
 */
export function historyOf({ deployments, past, at }: HistorySources): History {
  const origins = new Map(
    past.flatMap(({ copyArn, originArn }) => (copyArn === null ? [] : [[copyArn, originArn] as const])),
  );
  const known = deployments.filter(({ taskDefinitionArn }) => taskDefinitionArn !== null);
  const runs = known.map((deployment, index) => runOf(deployment, known.slice(0, index), origins, at));
  return { runs, knownSince: at - ECS_REMEMBERS_MS };
}

function runOf(
  deployment: ServiceDeployment,
  newer: readonly ServiceDeployment[],
  origins: ReadonlyMap<string, string>,
  at: number,
): Run {
  const ranAs = deployment.taskDefinitionArn ?? '';
  const outcome = UNDER_WAY.has(deployment.status) ? 'in-progress' : (OUTCOMES[deployment.status] ?? 'never-steady');
  const startedAt = deployment.startedAt ?? deployment.createdAt;
  const steadyAt = outcome === 'successful' ? (deployment.finishedAt ?? startedAt) : null;
  const next = newer.filter(({ status }) => status === 'SUCCESSFUL').at(-1);
  const nextStart = next === undefined ? null : (next.startedAt ?? next.createdAt);
  const endedAt = outcome === 'successful' ? nextStart : outcome === 'in-progress' ? null : deployment.finishedAt;
  return {
    arn: origins.get(ranAs) ?? ranAs,
    ranAs,
    serviceRevisionArn: deployment.serviceRevisionArn,
    digests: deployment.digests,
    startedAt,
    steadyAt,
    endedAt,
    ms: steadyAt === null ? 0 : Math.max(0, (endedAt ?? at) - steadyAt),
    outcome,
  };
}

/** How long a revision ran here in all; `never` only where our sources cover its whole life. */
export type RanHere =
  | { readonly kind: 'ran'; readonly ms: number; readonly until: number | null }
  | { readonly kind: 'never' }
  | { readonly kind: 'not-known' };

/**
 * How long a revision ran in this service.
 *
 * @param registeredAt - When it was registered, in milliseconds since 1970; `null` where that is not known.
 */
export function ranHere(history: Fact<History>, arn: string, registeredAt: number | null): RanHere {
  if (!history.ok) return { kind: 'not-known' };
  const runs = history.value.runs.filter(
    (run) => (run.arn === arn || run.ranAs === arn) && run.outcome === 'successful',
  );
  if (runs.length > 0) {
    return { kind: 'ran', ms: runs.reduce((sum, { ms }) => sum + ms, 0), until: runs[0]?.endedAt ?? null };
  }
  return registeredAt !== null && registeredAt >= history.value.knownSince ? { kind: 'never' } : { kind: 'not-known' };
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
 * The digests a revision ran with: those of the service revision meant, else of its latest successful deployment, else of
 * our record. Empty where nobody knows.
 */
export function ranDigests({ arn, ran, deployments, past }: DigestQuestion): Digests {
  const all = deployments.ok ? deployments.value : [];
  const copies = new Set(past.filter(({ originArn }) => originArn === arn).map(({ copyArn }) => copyArn));
  const meant = ran === null ? undefined : all.find(({ serviceRevisionArn }) => lastPart(serviceRevisionArn) === ran);
  const latest = all.find(
    ({ status, taskDefinitionArn, digests }) =>
      status === 'SUCCESSFUL' && (taskDefinitionArn === arn || copies.has(taskDefinitionArn)) && digests.size > 0,
  );
  return (meant ?? latest)?.digests ?? past.find(({ originArn }) => originArn === arn)?.digests ?? new Map();
}

/** Median of the last five successful deployments, in milliseconds; `null` where there is none. */
export function usualDurationMs(deployments: Fact<readonly ServiceDeployment[]>): number | null {
  if (!deployments.ok) return null;
  const durations = deployments.value
    .filter(({ status, startedAt, finishedAt }) => status === 'SUCCESSFUL' && startedAt !== null && finishedAt !== null)
    .slice(0, 5)
    .map(({ startedAt, finishedAt }) => (finishedAt ?? 0) - (startedAt ?? 0))
    .sort((a, b) => a - b);
  return durations.length === 0 ? null : (durations[Math.floor((durations.length - 1) / 2)] ?? null);
}

/** Revision names of a history's runs, each once, newest first. */
export const revisionsOf = ({ runs }: History): readonly string[] => [
  ...new Set(runs.map(({ arn }) => revisionName(arn))),
];
