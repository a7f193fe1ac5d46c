import 'server-only';
import type { Application } from '@/lib/application';
import type { Reader } from '@/lib/aws/clients';
import { advance, getPlan, type Rollback, saveReading } from '@/lib/db/rollbacks';
import { lastPart, revisionName } from '@/lib/domain/arn';
import type { ReadFailure } from '@/lib/domain/facts';
import type { PlanBody } from '@/lib/domain/plan-body';
import { type FailingTask, moved, type SideCounts, type StoredReading } from '@/lib/domain/reading';
import { type Deployment, primaryOf, type Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { type Reading, stopVerdictOf, type Verdict, verdictOf } from '@/lib/domain/verdict';
import { stopWords } from '@/lib/domain/wording';
import { type NamedVersion, nameVersion } from './name-version';
import { lookForOverwritten } from './overwritten';

const PRIORITY = { priority: 'rollback' } as const;

/** One look at a rollback that is being watched: what was read, and how it ended if that shows it. */
type Look = {
  readonly reading: StoredReading;
  readonly verdict: Verdict | null;
  /** The service as it was read; `null` where it was not, or is gone. */
  readonly service: Service | null;
};

/**
 * Reads a watched rollback's service once, keeps what was read on its row and ends it where the reading shows the end.
 * Only reads of AWS move it; a failed read moves nothing.
 */
export async function watch(rollback: Rollback, application: Application): Promise<void> {
  const { database, log, owner } = application;
  const target = application.target(rollback.target);
  const plan = await getPlan(database, rollback.planId);
  if (target === null || plan === null) return;
  const before = (rollback.reading ?? null) as StoredReading | null;
  const look = await (rollback.kind === 'stop' ? lookAtStop : lookAtCopy)(
    { rollback, plan: plan.body, target, before },
    application,
  );
  // The last reading belongs to the outcome; an ended row never changes.
  await saveReading(database, rollback.id, owner, look.reading);
  if (look.verdict === null) return;
  // Whoever should have named it when it happened may be gone.
  if (rollback.kind === 'copy') await lookForOverwritten(rollback, application);
  const { state, reason } = look.verdict;
  const nowRuns = await otherVersion(look, target, application);
  await advance(
    database,
    log,
    rollback.id,
    { from: ['watching'], to: state },
    { event: 'ended', reason, payload: { reading: look.reading, ...(nowRuns && { nowRuns }) } },
  );
}

/** Who deployed what in place of ours, named while ECS still knows it. */
async function otherVersion(
  { reading, verdict, service }: Look,
  target: Target,
  application: Application,
): Promise<NamedVersion | null> {
  const replaced = verdict?.reason === 'by-deployment' || verdict?.reason === 'finished-first';
  if (!replaced || service === null || reading.nowRuns === null) return null;
  return nameVersion({ target, service, arn: reading.nowRuns }, application);
}

type Watched = {
  readonly rollback: Rollback;
  readonly plan: PlanBody;
  readonly target: Target;
  readonly before: StoredReading | null;
};

async function lookAtCopy(watched: Watched, application: Application): Promise<Look> {
  const { rollback, plan, target, before } = watched;
  const reader = application.aws.reader(target);
  const readAt = application.now();
  const described = await reader.describeServices(rollback.cluster, [rollback.service], PRIORITY);
  if (!described.ok) return unread(before, described.error, readAt);
  const service = described.value.services[0];
  if (service === undefined || service.status === 'INACTIVE') {
    return {
      reading: { ...empty(readAt), nowRuns: null },
      verdict: verdictOf({ kind: 'gone' }, oursOf(rollback, plan)),
      service: null,
    };
  }
  const ours = service.deployments.find(({ taskDefinitionArn }) => taskDefinitionArn === rollback.copyArn) ?? null;
  const details = await readDetails({ watched, reader, service, ours });
  const reading: StoredReading = { ...countsOf(service, ours, readAt), ...details.shown };
  const kept = moved(before, reading) ? reading : { ...reading, movedAt: before?.movedAt ?? readAt };
  const primary = primaryOf(service);
  const facts: Reading = {
    kind: 'service',
    service: {
      taskDefinitionArn: service.taskDefinitionArn,
      desired: service.desiredCount,
      running: service.runningCount,
      pending: service.pendingCount,
    },
    primary,
    listed: ours !== null,
    record: details.shown.record,
    laterThanOurs: primary !== null && details.createdAt !== null && primary.createdAt > details.createdAt,
    otherTasks: details.otherTasks,
  };
  return {
    service,
    reading: kept,
    verdict: verdictOf(facts, oursOf({ ...rollback, deploymentId: ours?.id ?? rollback.deploymentId }, plan)),
  };
}

const oursOf = ({ deploymentId, copyArn }: Pick<Rollback, 'deploymentId' | 'copyArn'>, { earlier }: PlanBody) => ({
  id: deploymentId,
  copyArn: copyArn ?? '',
  earlier: new Set(earlier),
});

type Shown = Pick<StoredReading, 'failing' | 'failedToStart' | 'record' | 'waitingForHook' | 'healthy' | 'deployment'>;
type Details = {
  readonly shown: Shown;
  readonly otherTasks: number | null;
  /** When our service deployment was created, where it was read. */
  readonly createdAt: number | null;
};
type DetailQuestion = {
  readonly watched: Watched;
  readonly reader: Reader;
  readonly service: Service;
  readonly ours: Deployment | null;
};

/** What only some readings need: ECS's own record when the end is near or odd, tasks when they fail or the end is near. */
async function readDetails({ watched, reader, service, ours }: DetailQuestion): Promise<Details> {
  const { rollback } = watched;
  const primary = primaryOf(service);
  const oursIsPrimary = primary !== null && primary.taskDefinitionArn === rollback.copyArn;
  const nearTheEnd = oursIsPrimary && primary.rolloutState !== 'IN_PROGRESS';
  const odd = !oursIsPrimary || primary.rolloutState === 'FAILED' || primary.rolloutState === null;
  const slow = service.strategy !== 'ROLLING' || service.hookCount > 0;
  const failing = (ours?.failedTasks ?? 0) > 0;
  const groups = service.loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  const [records, running, stopped, health] = await Promise.all([
    odd || slow || failing || !watched.before?.deployment
      ? reader.serviceDeployments(rollback.cluster, rollback.service, PRIORITY)
      : null,
    nearTheEnd ? reader.tasks(rollback.cluster, rollback.service, 'RUNNING', PRIORITY) : null,
    failing || odd ? reader.tasks(rollback.cluster, rollback.service, 'STOPPED', PRIORITY) : null,
    groups.length > 0 ? reader.targetHealth(groups, PRIORITY) : null,
  ]);
  const record = records?.ok
    ? records.value.find(({ taskDefinitionArn }) => taskDefinitionArn === rollback.copyArn)
    : undefined;
  const otherTasks = running?.ok
    ? running.value.filter(
        ({ taskDefinitionArn, lastStatus }) => lastStatus === 'RUNNING' && taskDefinitionArn !== rollback.copyArn,
      ).length
    : null;
  const failures = stopped?.ok
    ? stopped.value.filter(({ taskDefinitionArn }) => taskDefinitionArn === rollback.copyArn).flatMap(failureOf)
    : [];
  const unique = [...new Map(failures.map((failure) => [failure.words, failure])).values()].slice(0, 3);
  return {
    shown: {
      record: record?.status ?? null,
      waitingForHook: record?.waitingForHook ?? false,
      deployment: record === undefined ? (watched.before?.deployment ?? null) : lastPart(record.arn),
      // `failedTasks` is not counted any more once a task runs; the circuit breaker's own count is.
      failedToStart: Math.max(
        ours?.failedTasks ?? 0,
        record?.circuitBreaker?.failureCount ?? 0,
        watched.before?.failedToStart ?? 0,
      ),
      failing: unique.length > 0 ? unique : (watched.before?.failing ?? []),
      healthy: health?.ok ? health.value.reduce((sum, group) => sum + group.healthy, 0) : null,
    },
    otherTasks,
    createdAt: record?.createdAt ?? null,
  };
}

type StoppedTask = {
  readonly stopCode: string | null;
  readonly stoppedReason: string | null;
  readonly containers: readonly { readonly exitCode: number | null; readonly reason: string | null }[];
};

/** Tasks that ECS stopped because it scales are no failures. */
function failureOf({ stopCode, stoppedReason, containers }: StoppedTask): readonly FailingTask[] {
  if (stopCode === 'ServiceSchedulerInitiated' && /scaling activity/i.test(stoppedReason ?? '')) return [];
  if (stopCode === 'UserInitiated') return [];
  const exitCode =
    containers.find((container) => container.exitCode !== null && container.exitCode !== 0)?.exitCode ?? null;
  const said = [stoppedReason, ...containers.map(({ reason }) => reason)].filter(Boolean).join(' · ');
  return said === '' && exitCode === null ? [] : [{ words: stopWords(said, exitCode), said }];
}

function countsOf(service: Service, ours: Deployment | null, readAt: number): StoredReading {
  const others = service.deployments.filter((deployment) => deployment !== ours);
  const first = others[0];
  return {
    ...empty(readAt),
    desired: service.desiredCount,
    running: service.runningCount,
    pending: service.pendingCount,
    ours: ours === null ? null : sideOf(ours.taskDefinitionArn, [ours]),
    others: first === undefined ? null : sideOf(first.taskDefinitionArn, others),
    nowRuns: primaryOf(service)?.taskDefinitionArn ?? service.taskDefinitionArn,
  };
}

const sideOf = (arn: string, deployments: readonly Deployment[]): SideCounts => ({
  revision: revisionName(arn),
  running: deployments.reduce((sum, { runningCount }) => sum + runningCount, 0),
  pending: deployments.reduce((sum, { pendingCount }) => sum + pendingCount, 0),
  desired: deployments.reduce((sum, { desiredCount }) => sum + desiredCount, 0),
  failed: deployments.reduce((sum, { failedTasks }) => sum + failedTasks, 0),
});

const empty = (readAt: number): StoredReading => ({
  readAt,
  movedAt: readAt,
  failure: null,
  desired: 0,
  running: 0,
  pending: 0,
  ours: null,
  others: null,
  nowRuns: null,
  healthy: null,
  failing: [],
  record: null,
  waitingForHook: false,
  deployment: null,
  failedToStart: 0,
});

const unread = (before: StoredReading | null, failure: ReadFailure, readAt: number): Look => ({
  reading: { ...(before ?? { ...empty(readAt), readAt: 0 }), failure },
  verdict: null,
  service: null,
});

/** A stop goes by the state of the service deployment it named. */
async function lookAtStop({ rollback, plan, target, before }: Watched, application: Application): Promise<Look> {
  const reader = application.aws.reader(target);
  const readAt = application.now();
  const [described, deployments] = await Promise.all([
    reader.describeServices(rollback.cluster, [rollback.service], PRIORITY),
    reader.serviceDeployments(rollback.cluster, rollback.service, PRIORITY),
  ]);
  if (!described.ok) return unread(before, described.error, readAt);
  const service = described.value.services[0];
  if (service === undefined || service.status === 'INACTIVE')
    return { reading: empty(readAt), verdict: { state: 'failed', reason: 'gone' }, service: null };
  if (!deployments.ok) return unread(before, deployments.error, readAt);
  const returning = service.deployments.find(({ taskDefinitionArn }) => taskDefinitionArn === plan.to.arn) ?? null;
  const named = deployments.value.find(({ arn }) => arn === plan.stopArn);
  const replaced = deployments.value.some(
    ({ createdAt }) => createdAt > (named?.createdAt ?? Number.POSITIVE_INFINITY),
  );
  const record = named?.status ?? null;
  const reading = { ...countsOf(service, returning, readAt), record };
  const kept = moved(before, reading) ? reading : { ...reading, movedAt: before?.movedAt ?? readAt };
  return { service, reading: kept, verdict: stopVerdictOf(record, replaced) };
}
