import type { Change } from '@/lib/domain/change';
import type { Draft } from '@/lib/domain/checks/draft';
import type { Findings } from '@/lib/domain/checks/run-checks';
import type { RollbackFacts } from '@/lib/domain/facts';
import type { Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import type { Revision } from '@/lib/domain/task-definition';
import type { Version } from '@/lib/domain/version';

/** A choice of what to bring back, with what it would do; `unusable` says why it cannot be chosen. */
export type BringCard = {
  readonly bring: 'images' | 'everything';
  readonly unusable: string | null;
  /** Sentences of the card, in order. */
  readonly lines: readonly string[];
};

/** What stands below the two versions: `running 17 min` and `ran here 6 d 3 h, until 02:37 UTC`. */
export type RanWords = { readonly from: string; readonly to: string };

/** What must not move between reading a plan and pressing it. Canonical JSON of this is hashed. */
export type Decision = Readonly<Record<string, unknown>>;

/** A plan that can be pressed, or shown with what blocks it. */
export type Plan = {
  readonly kind: 'copy' | 'stop';
  readonly target: Target;
  readonly service: Service;
  readonly readAt: number;
  readonly from: Version;
  readonly to: Version;
  readonly ran: RanWords;
  /** True when the version wanted is newer than the running one: every "roll back" reads "roll forward". */
  readonly forward: boolean;
  readonly undo: string | null;
  readonly bring: 'images' | 'everything';
  /** Whether people choose what to bring back; false where only images differ. */
  readonly cards: readonly BringCard[] | null;
  /** Revision the copy is made from; its sealed original is registered. `null` for a stop. */
  readonly source: Revision | null;
  /** Image to run by container name; an absent container keeps its own. */
  readonly images: ReadonlyMap<string, string>;
  /** `api:421`, or `api:428 images:421`. */
  readonly copiedFrom: string;
  /** Full ARN of the service deployment to stop; `null` for a copy. */
  readonly stopArn: string | null;
  /** What would differ from what runs now. */
  readonly changes: readonly Change[];
  /** Numbered sentences under "What will happen". */
  readonly steps: readonly string[];
  /** Sentences below them. */
  readonly notes: readonly string[];
  /** Median of the last five successful deployments in milliseconds, `null` where there is none. */
  readonly usualMs: number | null;
  readonly findings: Findings;
  readonly decision: Decision;
  /** What the plan was drawn from: checks run over it again just before the write. */
  readonly facts: RollbackFacts;
  readonly draft: Draft;
};

/** What a wish leads to: a plan, or what is missing before there can be one. */
export type Planned =
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** No version chosen: show the version table. */
  | { readonly kind: 'choose-version' }
  /** What to bring back is not chosen; cards and differences are shown, nothing below. */
  | {
      readonly kind: 'choose-bring';
      readonly from: Version;
      readonly to: Version;
      readonly ran: RanWords;
      readonly forward: boolean;
      readonly cards: readonly BringCard[];
      readonly changes: readonly Change[];
    }
  /** One of the definitions cannot be read, so nothing can be planned; `words` name it. */
  | { readonly kind: 'unreadable'; readonly words: string };
