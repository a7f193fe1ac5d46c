import type { State } from '@/lib/domain/rollback';

/** The rollback of a service that has not ended. */
export type ActiveRollback = {
  readonly id: string;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly state: State;
};

/** That a version was left by a rollback ECS accepted. Stays until cleared, undone or stopped. */
export type Mark = {
  readonly taskDefinitionArn: string;
  /** Digests it ran with when it was left, as far as they were known. */
  readonly digests: ReadonlyMap<string, string>;
  readonly rollbackId: string;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
};

/** One of our rollbacks, as history needs it. */
export type PastRollback = {
  readonly id: string;
  /** Name of who pressed. */
  readonly by: string;
  readonly state: State;
  /** Why it ended so, such as `put-back`; `null` where nothing more is to be said. */
  readonly reason: string | null;
  /** ARN of the copy, once registered. */
  readonly copyArn: string | null;
  /** What the copy was made from: `api:421`, or `api:428 images:421`. */
  readonly copiedFrom: string;
  /** Task definition the copy counts as: the one asked for. */
  readonly originArn: string;
  /** Task definition that was left, with the digests it ran with: what an undo returns to. */
  readonly leftArn: string;
  readonly leftDigests: ReadonlyMap<string, string>;
  /** Image tag of the origin's main container, as people knew it. */
  readonly originTag: string | null;
  /** Digests known at the press, by container name. */
  readonly digests: ReadonlyMap<string, string>;
  readonly startedAt: number;
  readonly endedAt: number | null;
};

/** The rollback of ours that brought what runs, where one did and ended well. */
export const broughtBy = (past: readonly PastRollback[], taskDefinitionArn: string): PastRollback | null =>
  past.find(({ copyArn, state }) => state === 'succeeded' && copyArn === taskDefinitionArn) ?? null;
