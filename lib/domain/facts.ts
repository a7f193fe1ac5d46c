import type { ActiveRollback, Mark, PastRollback } from '@/lib/domain/past-rollback';
import type { Service, ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import type { Revision } from '@/lib/domain/task-definition';
import type { Result } from '@/lib/result';

/**
 * Why something could not be read. `denied` names the missing permission, `unsupported` is a place this tool does not
 * look (another registry), `gone` is AWS saying that there is no such thing.
 */
export type ReadFailure = {
  readonly kind: 'denied' | 'throttled' | 'no-answer' | 'unsupported' | 'gone' | 'other';
  /** The permission that was used, such as `ecs:DescribeServices`. */
  readonly action: string;
  /** AWS's error code and message, or ours, as a quotation; already freed of masked values. */
  readonly words: string;
};

/** A fact, or why it is not known. Never an empty list in place of an unread one. */
export type Fact<T> = Result<T, ReadFailure>;

/** What the registry says of one image reference. */
export type RegistryImage = {
  /** Digest the reference names now; `null` where it names nothing. */
  readonly digest: string | null;
  /** Whether the image can be pulled: it exists and is not archived. */
  readonly usable: boolean;
  readonly pushedAt: number | null;
};

/** Whether things a definition leans on still exist, by the name it uses for them. */
export type Existence = ReadonlyMap<string, Fact<boolean>>;

/** Whether tasks may take a role: `closed` is there, and its trust policy keeps them out. */
export type RoleState = 'usable' | 'closed' | 'gone';

/** What the plan page's address asks for. */
export type Wish = {
  /** Revision to return to, `family:number`; `null` while none is chosen. */
  readonly to: string | null;
  readonly bring: 'images' | 'everything' | null;
  /** Service revision whose digests are meant; last part of its ARN. */
  readonly ran: string | null;
  /** Rollback that is undone. */
  readonly undo: string | null;
  /** Service deployment that is stopped; last part of its ARN. */
  readonly stop: string | null;
};

/** Everything a rollback decision depends on, read in one pass. Time is a fact too. */
export type RollbackFacts = {
  /** When the reading began, in milliseconds since 1970. */
  readonly readAt: number;
  readonly target: Target;
  readonly wish: Wish;
  readonly service: Service;
  readonly running: Fact<Revision>;
  readonly wanted: Fact<Revision>;
  /** Service deployments of the last 90 days, newest first. */
  readonly deployments: Fact<readonly ServiceDeployment[]>;
  /** By image reference as written, and by `repository@digest` for digests that once ran. */
  readonly images: ReadonlyMap<string, Fact<RegistryImage>>;
  readonly secrets: Existence;
  readonly roles: ReadonlyMap<string, Fact<RoleState>>;
  readonly logGroups: Existence;
  /** Target type (`ip` or `instance`) by target group ARN. */
  readonly targetTypes: ReadonlyMap<string, Fact<string>>;
  readonly firingAlarms: Fact<readonly string[]>;
  /** False while our own record cannot be read: then `active`, `marks` and `past` say nothing. */
  readonly recordKnown: boolean;
  readonly active: ActiveRollback | null;
  readonly marks: readonly Mark[];
  /** Our own rollbacks of this service, newest first. */
  readonly past: readonly PastRollback[];
  /** ARNs of service deployments that were stopped from here. */
  readonly stops: readonly string[];
  /** Names of other services of the target that run the same image. */
  readonly sameImage: readonly string[];
  /** Names of other services of the target that run the same family. */
  readonly sameFamily: readonly string[];
  readonly oldVersionDays: number;
  readonly lastKnownGoodMinutes: number;
};
