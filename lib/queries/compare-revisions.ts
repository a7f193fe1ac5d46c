import type { Change } from '@/lib/domain/change';
import type { Version } from '@/lib/domain/version';
import type { ServiceHead } from '@/lib/queries/get-service';
import type { Part } from '@/lib/queries/list-services';

export type ComparePage = {
  readonly head: ServiceHead;
  readonly from: string;
  readonly to: string;
  readonly running: string;
  /** Revisions to choose from, newest first. */
  readonly choices: readonly { readonly revision: string; readonly name: string }[];
  readonly comparison: Part<{
    readonly from: Version;
    readonly to: Version;
    readonly changes: readonly Change[];
    /** `5 things differ`, or that nothing does. */
    readonly summary: string;
    /** What is the same, in words. */
    readonly same: string;
    readonly jsonFrom: string;
    readonly jsonTo: string;
  }>;
  readonly now: number;
};
