import type { BringCard } from '@/lib/domain/plan-shape';
import type { ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import type { ContainerImage, Version } from '@/lib/domain/version';
import type { Part, ServiceState } from '@/lib/queries/list-services';

/** Heading data every page about one service shows. */
export type ServiceHead = {
  readonly target: Target;
  readonly account: string | null;
  readonly cluster: string;
  readonly service: string;
  readonly mayRollBack: boolean;
  /** Groups that may roll back here, for the words a viewer reads. */
  readonly operators: readonly string[];
};

/** One row of the version table. */
export type VersionRow = {
  readonly revision: string;
  readonly number: number;
  /** `null` where the revision is listed but not described. */
  readonly version: Version | null;
  readonly images: readonly (ContainerImage & { readonly differsFromOlder: boolean })[];
  readonly registeredAt: number | null;
  readonly ranHere:
    | { readonly kind: 'ran'; readonly ms: number }
    | { readonly kind: 'never' }
    | { readonly kind: 'not-known' }
    | { readonly kind: 'since'; readonly at: number };
  readonly mark: 'running' | 'will-be-copied' | 'cannot-be-used' | 'rolled-back-from' | 'never-steady';
  /** The mark in words, with why where it blocks. */
  readonly words: string;
  readonly star: boolean;
  readonly deregisteredAt: number | null;
  /** `ran` of the plan's address where one revision ran with different digests. */
  readonly ran: string | null;
};

/** What ran when, for lanes and their table. `endedAt` is null while it runs. */
export type LaneRun = {
  readonly revision: string;
  readonly tag: string | null;
  readonly startedAt: number;
  readonly rolloutUntil: number | null;
  readonly endedAt: number | null;
  readonly outcome: string;
  readonly ms: number;
};

export type ServicePage = {
  readonly head: ServiceHead;
  readonly running: Part<{ readonly version: Version; readonly since: number; readonly registeredBy: string | null }>;
  readonly tasks: { readonly desired: number; readonly running: number; readonly pending: number };
  readonly healthy: Part<{ readonly healthy: number; readonly of: number }> | null;
  readonly state: ServiceState;
  readonly lastKnownGood: Part<{
    readonly version: Version;
    readonly ran: string;
    readonly until: number | null;
    readonly why: string;
  } | null>;
  /** `5 things differ: 1 image, …`; null where there is nothing to compare. */
  readonly differs: string | null;
  /** Words in place of the button where the service cannot be rolled back by this tool. */
  readonly refused: string | null;
  readonly inFlight: {
    readonly words: string;
    readonly stop: { readonly returnTo: string; readonly deployment: string } | null;
    readonly why: string | null;
  } | null;
  readonly active: { readonly id: string; readonly by: string; readonly startedAt: number } | null;
  readonly sameImage: readonly { readonly service: string; readonly cluster: string }[];
  readonly elsewhere: readonly { readonly target: string; readonly running: string }[];
  readonly lanes: Part<readonly LaneRun[]>;
  readonly versions: Part<readonly VersionRow[]>;
  /** Runs of revision numbers that ECS does not list any more, newest first. */
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  /** Value of `older` for the next 25, null at the end. */
  readonly older: string | null;
  readonly deployments: Part<readonly ServiceDeployment[]>;
  readonly events: readonly { readonly id: string; readonly at: number; readonly message: string }[];
  readonly readAt: number;
  readonly now: number;
};

export type { BringCard };
