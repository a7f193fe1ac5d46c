import type { CheckName } from '@/lib/domain/checks/run-checks';
import type { Plan, Planned } from '@/lib/domain/plan-shape';
import type { ServiceHead, ServicePage } from '@/lib/queries/get-service';

/** What the plan page draws. `saved` is null where the plan could not be stored, so nothing can be pressed. */
export type PlanPage = {
  readonly head: ServiceHead;
  readonly planned: Planned;
  readonly saved: { readonly id: string; readonly hash: string } | null;
  /** Words in place of the final form: database down, groups unknown, viewer. */
  readonly refused: string | null;
  readonly warnings: readonly { readonly check: CheckName; readonly words: string; readonly short: string }[];
  readonly blocks: readonly { readonly check: CheckName; readonly words: string }[];
  readonly notChecked: readonly { readonly check: CheckName; readonly words: string }[];
  readonly passed: readonly { readonly check: CheckName; readonly words: string }[];
  /** `ran here 6 d 3 h, until 02:37 UTC` below "To", `running 17 min` below "From". */
  readonly fromWords: string;
  readonly toWords: string;
  readonly usual: string | null;
  readonly byHand: readonly string[];
  readonly reasons: readonly string[];
  /** Versions to choose from where the address names none. */
  readonly versions: ServicePage | null;
  readonly sameImage: readonly { readonly service: string; readonly cluster: string }[];
  readonly now: number;
};

export type { Plan };
