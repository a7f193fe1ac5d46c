import type { RecordEntry } from '@/lib/db/record';
import type { Rollback } from '@/lib/db/rollbacks';
import { revisionName, revisionNumber } from '@/lib/domain/arn';
import {
  type OutcomeFacts,
  type OutcomeWords,
  outcomeWords,
  overwroteWords,
  UNKNOWN,
} from '@/lib/domain/outcome-words';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Bar, Progress } from '@/lib/domain/progress';
import type { SideCounts, StoredReading } from '@/lib/domain/reading';
import { isEnd } from '@/lib/domain/rollback';
import { stepsOfRollback } from '@/lib/domain/rollback-steps';
import { formatDuration } from '@/lib/domain/time-words';
import { T_QUARANTINE_MS } from '@/lib/domain/times';
import { shortName } from '@/lib/domain/version';
import { nameOfCopy } from '@/lib/domain/version-name';

/** Everything a rollback is told from; times are milliseconds since 1970. */
export type Told = {
  readonly rollback: Rollback;
  readonly plan: PlanBody;
  /** Oldest first. */
  readonly entries: readonly RecordEntry[];
  readonly now: number;
};

/** What is wished, as a verb: an undo and a stop are named for what they are. */
export function doingWords({ kind, undo, forward, service }: PlanBody): string {
  if (kind === 'stop') return `Stopping the deployment of ${service}`;
  if (undo !== null) return `Undoing the rollback of ${service}`;
  return `Rolling ${forward ? 'forward' : 'back'} ${service}`;
}

/** The progress of a rollback, or its outcome. */
export function progressOf(told: Told): Progress {
  const { rollback, plan, entries } = told;
  const reading = readingOf(rollback);
  const doing = doingWords(plan);
  const waitsFor = waitsForIn(entries);
  const [to, from] = [shortName(plan.to, plan.from), shortName(plan.from, plan.to)];
  return {
    id: rollback.id,
    kind: rollback.kind,
    waitsFor,
    state: rollback.state,
    ended: isEnd(rollback.state),
    doing: `${doing} in ${rollback.target}`,
    tab: `${doing} · ${rollback.target}`,
    to,
    said: saidOf(told),
    overwrote: overwroteOf(told),
    ...barsOf(told, reading),
    counts: countWords(rollback, reading),
    steps: stepsOfRollback({
      kind: rollback.kind,
      state: rollback.state,
      entries,
      by: rollback.by.name,
      why: rollback.why,
      to,
      reading,
      waitsFor,
    }),
    failing: reading?.failing ?? [],
    remarks: remarksOf(told, reading, from),
    startedAt: rollback.createdAt,
    intentAt: rollback.intentAt,
    usualMs: plan.usualMs,
    readAt: reading === null || reading.readAt === 0 ? null : reading.readAt,
    movedAt: reading === null || reading.readAt === 0 ? null : reading.movedAt,
    throttled: reading?.failure?.kind === 'throttled',
    stoppable: rollback.kind === 'copy' && rollback.state === 'watching' ? (reading?.deployment ?? null) : null,
  };
}

/** The service of its group that goes first, until something of its own has happened. */
function waitsForIn(entries: readonly RecordEntry[]): string | null {
  const [confirmed, ...rest] = entries;
  const { after = null } = (confirmed?.payload ?? {}) as { after?: string | null };
  return rest.length === 0 ? after : null;
}

/** What the keeper read last; `null` before it did. */
export const readingOf = ({ reading }: Rollback): StoredReading | null => (reading ?? null) as StoredReading | null;

/** What heads the page in place of the progress. */
export function headOfRollback(told: Told): OutcomeWords | null {
  const { state, reason } = told.rollback;
  return state === 'unknown' ? UNKNOWN : outcomeWords(state, reason, factsOf(told));
}

function saidOf(told: Told): Progress['said'] {
  const head = headOfRollback(told);
  if (head === null) return null;
  const { heading, text, tone, alert } = head;
  return { heading, text, tone, alert };
}

function overwroteOf(told: Told): Progress['overwrote'] {
  const words = overwritten(told);
  if (words === null) return null;
  const { heading, text, tone, alert } = words;
  return { heading, text, tone, alert };
}

/** That our write replaced a deployment nobody had seen; `null` where it did not. */
export function overwritten(told: Told): OutcomeWords | null {
  const entry = told.entries.find(({ kind }) => kind === 'overwrote');
  if (entry === undefined) return null;
  const { version, taskDefinition = '' } = entry.payload as { version?: Named; taskDefinition?: string };
  const named = version ?? { name: revisionName(taskDefinition), by: null };
  return overwroteWords(named, factsOf(told));
}

type Named = { readonly name: string; readonly by: string | null };

/** What an outcome's sentences are filled with. */
export function factsOf({ rollback, plan, entries, now }: Told): OutcomeFacts {
  const reading = readingOf(rollback);
  const end = entries.findLast(({ kind }) => ENDS.has(kind));
  const endedAt = rollback.endedAt ?? now;
  const payload = (end?.payload ?? {}) as { words?: string; nowRuns?: Named; who?: { name?: string } };
  return {
    kind: rollback.kind,
    service: rollback.service,
    target: rollback.target,
    from: shortName(plan.from, plan.to),
    to: shortName(plan.to, plan.from),
    fromName: plan.from.name,
    copy: rollback.copyArn === null ? null : revisionName(rollback.copyArn),
    by: rollback.by.name,
    running: reading?.running ?? null,
    desired: reading?.desired ?? null,
    others: reading === null ? null : (reading.others?.running ?? 0),
    endedAt,
    now,
    took: formatDuration(endedAt - rollback.createdAt),
    words: payload.words ?? reading?.failing[0]?.words ?? null,
    nowRuns: payload.nowRuns?.name ?? (reading?.nowRuns ? revisionName(reading.nowRuns) : null),
    nowBy: payload.nowRuns?.by ?? null,
    replacedBy: payload.who?.name ?? null,
    mayArriveUntil: rollback.intentAt === null ? null : rollback.intentAt + T_QUARANTINE_MS,
    undid: plan.undo !== null || plan.forward,
  };
}

const ENDS: ReadonlySet<string> = new Set(['ended', 'refused', 'not-sent', 'closed']);

type Bars = Pick<Progress, 'newBar' | 'oldBar'>;

/** Two sides of a rollout; none before ECS has it, and none where nothing was changed. */
function barsOf({ rollback, plan, entries }: Told, reading: StoredReading | null): Bars {
  if (rollback.state === 'not-applied' || reading === null || rollback.intentAt === null) {
    return { newBar: null, oldBar: null };
  }
  const { ours, others, desired } = reading;
  const bar = (name: string, side: SideCounts | null): Bar => ({
    name,
    running: side?.running ?? 0,
    pending: side?.pending ?? 0,
    wanted: desired,
  });
  const copy = rollback.copyArn;
  const name = copy === null ? plan.to.name : nameOfCopy(plan.to.tag, copy, plan.copiedFrom);
  return { newBar: bar(name, ours), oldBar: bar(othersName(others, plan, entries), others) };
}

/** Who the other tasks are: the version left, until somebody deploys another. */
function othersName(others: SideCounts | null, { from }: PlanBody, entries: readonly RecordEntry[]): string {
  if (others === null || others.revision === from.revision) return from.name;
  const named = entries.findLast(({ kind }) => kind === 'ended')?.payload.nowRuns as
    | (Named & { readonly revision?: string })
    | undefined;
  return named?.revision === others.revision ? `${named.name} (${revisionNumber(others.revision)})` : others.revision;
}

function countWords({ state }: Rollback, reading: StoredReading | null): string | null {
  if (reading === null || reading.readAt === 0 || state === 'not-applied') return null;
  const { desired, failedToStart, healthy } = reading;
  const health = healthy === null ? '' : ` · ${healthy} of ${desired} healthy`;
  return `Wanted ${desired} · ${failedToStart} failed to start${health}`;
}

/** What people should know besides, whatever heads the page. */
function remarksOf({ rollback, entries }: Told, reading: StoredReading | null, from: string): readonly string[] {
  const late = entries.flatMap(({ kind, payload }) =>
    kind === 'late-fact' && typeof payload.words === 'string' ? [payload.words] : [],
  );
  const { record } = reading ?? {};
  const returning = record === 'ROLLBACK_REQUESTED' || record === 'ROLLBACK_IN_PROGRESS';
  return [
    ...(rollback.state === 'watching' && reading?.waitingForHook
      ? ['Paused by a deployment hook. Continue it in the ECS console.']
      : []),
    ...(rollback.state === 'watching' && rollback.kind === 'copy' && returning ? [`ECS is putting ${from} back.`] : []),
    ...waitingWords(rollback, entries),
    ...late,
  ];
}

/** `AWS is busy. Registering the copy again in 4 s (2 of 5).` */
function waitingWords({ state }: Rollback, entries: readonly RecordEntry[]): readonly string[] {
  const last = entries.at(-1);
  if (state !== 'starting' || last === undefined || !/^register-/.test(last.kind)) return [];
  const { attempt = 2, waitMs = 0 } = last.payload as { attempt?: number; waitMs?: number };
  const why = last.kind === 'register-waiting' ? 'AWS is busy.' : 'The answer to registering did not arrive.';
  return [`${why} Registering the copy again in ${Math.round(waitMs / 1000)} s (${attempt} of 5).`];
}
