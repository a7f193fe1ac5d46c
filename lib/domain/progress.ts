import type { FailingTask } from '@/lib/domain/reading';
import type { State } from '@/lib/domain/rollback';
import { formatDuration, formatMoment, formatUsual } from '@/lib/domain/time-words';
import { LOST_SIGHT_MS, pollMs, T_SETTLE_MS } from '@/lib/domain/times';
import type { StateWord } from '@/lib/domain/wording';

/** One line of what has happened, or is still to come. `at` is milliseconds since 1970, `null` for what has not happened. */
export type Step = {
  readonly icon: '✓' | '◐' | '○' | '✕' | '!';
  readonly at: number | null;
  readonly words: string;
  readonly requestId: string | null;
};

/** Tasks of one side of a rollout. */
export type Bar = {
  readonly name: string;
  readonly running: number;
  readonly pending: number;
  readonly wanted: number;
};

/** Heading, text and tone of something that heads the page. */
export type Said = {
  readonly heading: string;
  readonly text: string;
  readonly tone: StateWord['tone'];
  readonly alert: boolean;
};

/** Where the progress route says when ECS was read last, in milliseconds since 1970, and {@link Progress} does not. */
export const READ_AT_HEADER = 'X-Read-At';

/**
 * What the progress route answers and the page draws: a few hundred bytes, no values, and nothing that changes with time
 * alone. Times are milliseconds since 1970, by the server's clocks.
 */
export type Progress = {
  readonly id: string;
  readonly state: State;
  readonly ended: boolean;
  /** `Rolling back api in production`. */
  readonly doing: string;
  /** What tells one tab from another behind it: `Rolling back api · production`. */
  readonly tab: string;
  /** Version the new tasks run, and the one left. */
  readonly to: string;
  readonly kind: 'copy' | 'stop';
  /** Service of its group that goes first, while this one waits for it. */
  readonly waitsFor: string | null;
  /** What heads the page in place of the progress: an outcome, or that nobody knows yet. */
  readonly said: Said | null;
  /** Heads the page in any state, beside it. */
  readonly overwrote: Said | null;
  readonly newBar: Bar | null;
  readonly oldBar: Bar | null;
  readonly counts: string | null;
  readonly steps: readonly Step[];
  readonly failing: readonly FailingTask[];
  readonly remarks: readonly string[];
  readonly startedAt: number;
  readonly intentAt: number | null;
  readonly usualMs: number | null;
  /** When the last good reading of ECS began, and when tasks last moved in one; `null` before the first. */
  readonly readAt: number | null;
  readonly movedAt: number | null;
  readonly throttled: boolean;
  /** Our own deployment as a stop would name it, while it runs and ECS has a record of it. */
  readonly stoppable: string | null;
};

/** A progress as it is said at one moment. */
export type ProgressWords = {
  readonly title: string;
  readonly heading: string;
  readonly sentence: string;
  readonly tone: StateWord['tone'];
  readonly alert: boolean;
  readonly remarks: readonly string[];
  /** Whether nothing has been read for so long that the console is worth a look. */
  readonly outOfSight: boolean;
  /** Whether a person may give up waiting for the answer. */
  readonly closable: boolean;
};

/** What is said of a progress at `now`, in milliseconds since 1970 by the server's clock. Browser and server both ask here. */
export function progressWords(progress: Progress, now: number): ProgressWords {
  const { said, state, intentAt } = progress;
  const lost = lostSight(progress, now);
  const unread = unreadWords(progress, now);
  const head = said ?? lost;
  return {
    title: titleOf(progress, head),
    heading: head?.heading ?? progress.doing,
    sentence: head?.text ?? `${whereItStands(progress)} ${soFar(progress, now)}`,
    tone: head?.tone ?? 'progress',
    alert: head?.alert ?? false,
    remarks: [...(progress.ended ? [] : [...unread, ...slowWords(progress, now)]), ...progress.remarks],
    outOfSight: lost !== null || unread.length > 0,
    closable: state === 'unknown' && intentAt !== null && now - intentAt > T_SETTLE_MS,
  };
}

function titleOf({ newBar, tab, state, id }: Progress, head: Said | null): string {
  if (head !== null) return `${head.heading.replace(/\.$/, '')} · ${id}`;
  return state === 'watching' && newBar !== null ? `(${newBar.running} of ${newBar.wanted}) ${tab}` : tab;
}

/** Where a rollback stands, without the time it took: also what a screen reader is told. */
export function whereItStands({ state, newBar, to, kind, waitsFor }: Progress): string {
  if (state === 'starting' && waitsFor !== null) return `Waiting for ${waitsFor} to be steady.`;
  if (state === 'starting') return kind === 'stop' ? 'Asking ECS.' : 'Registering the copy.';
  if (state === 'sending') return 'Asking ECS.';
  if (newBar === null) return 'ECS accepted the change.';
  return `${newBar.running} of ${newBar.wanted} ${newBar.wanted === 1 ? 'task runs' : 'tasks run'} ${to}.`;
}

function soFar({ startedAt, usualMs }: Progress, now: number): string {
  const usual = usualMs === null ? '' : `; usually ${formatUsual(usualMs)}`;
  return `${formatDuration(Math.max(0, now - startedAt))} so far${usual}.`;
}

function lostSight({ state, movedAt, newBar }: Progress, now: number): Said | null {
  if (state !== 'watching' || movedAt === null || now - movedAt < LOST_SIGHT_MS) return null;
  const last = newBar === null ? '' : ` Last: ${newBar.running} of ${newBar.wanted} at ${formatMoment(movedAt, now)}.`;
  return {
    heading: 'We have lost sight of this rollback.',
    text: `ECS made no progress for ${Math.floor((now - movedAt) / 60_000)} min.${last} We go on reading.`,
    tone: 'warning',
    alert: false,
  };
}

const UNREAD_MS = 30_000;

function unreadWords({ state, readAt, intentAt, startedAt, throttled }: Progress, now: number): readonly string[] {
  const since = readAt ?? intentAt;
  // While nobody knows if ECS took the change, what is read is not shown, so its age is not known here.
  if (state !== 'watching' || since === null) return [];
  if (throttled) return ['AWS asked us to slow down. Updating every 30 seconds.'];
  const ms = now - since;
  // Readings are further apart once a rollback is old.
  if (ms < Math.max(UNREAD_MS, 2 * pollMs(now - startedAt))) return [];
  const seconds = Math.floor(ms / 1000);
  const long = seconds < 120 ? `${seconds} seconds` : `${Math.floor(seconds / 60)} minutes`;
  return [`We have not been able to read ECS for ${long}. The rollback may still be going on.`];
}

function slowWords({ state, usualMs, intentAt, startedAt }: Progress, now: number): readonly string[] {
  if (state !== 'watching' || usualMs === null) return [];
  return now - (intentAt ?? startedAt) > 2 * usualMs ? ['This takes longer than usual.'] : [];
}
