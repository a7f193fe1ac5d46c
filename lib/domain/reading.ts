import type { ReadFailure } from '@/lib/domain/facts';

/** Tasks of one side of a rollout. */
export type SideCounts = {
  readonly revision: string;
  readonly running: number;
  readonly pending: number;
  readonly desired: number;
  readonly failed: number;
};

/** Why tasks of our deployment stop: in words, and as AWS says it. */
export type FailingTask = { readonly words: string; readonly said: string };

/** What the keeper read last of a service in rollback, as the row keeps it: no values. Times are milliseconds since 1970. */
export type StoredReading = {
  /** When the last reading that succeeded began. */
  readonly readAt: number;
  /** When a count last changed. */
  readonly movedAt: number;
  /** Why reading fails since then; `null` while it does not. */
  readonly failure: ReadFailure | null;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Our deployment and everything else, `null` where not listed. */
  readonly ours: SideCounts | null;
  readonly others: SideCounts | null;
  /** Revision of the PRIMARY deployment. */
  readonly nowRuns: string | null;
  /** Targets behind the load balancer that answer; `null` without one, or where not read. */
  readonly healthy: number | null;
  readonly failing: readonly FailingTask[];
  /** Tasks of ours that ECS counted as failed since the rollout began. */
  readonly failedToStart: number;
  /** State of our service deployment, where it was read. */
  readonly record: string | null;
  readonly waitingForHook: boolean;
  /** Last part of our service deployment's ARN, once it was found; what a stop names. */
  readonly deployment: string | null;
};

/** Whether tasks moved between two readings. */
export const moved = (before: StoredReading | null, now: StoredReading): boolean =>
  before === null ||
  before.running !== now.running ||
  before.pending !== now.pending ||
  before.ours?.running !== now.ours?.running ||
  before.others?.running !== now.others?.running ||
  before.nowRuns !== now.nowRuns;
