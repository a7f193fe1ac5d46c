import type { Version } from '@/lib/domain/version';
import type { ServiceHead } from '@/lib/queries/get-service';
import type { Part } from '@/lib/queries/list-services';

export type RevisionPage = {
  readonly head: ServiceHead;
  readonly revision: string;
  readonly running: string;
  readonly isRunning: boolean;
  readonly version: Part<Version>;
  readonly registeredAt: number | null;
  readonly registeredBy: string | null;
  readonly deregisteredAt: number | null;
  readonly status: string | null;
  /** `6 d 3 h, until 02:37 UTC today`, `never ran here`, `not known`. */
  readonly ranHere: string;
  readonly copyOf: { readonly from: string; readonly rollbackId: string } | null;
  readonly mark: {
    readonly by: string;
    readonly at: number;
    readonly reason: string;
    readonly rollbackId: string;
  } | null;
  /** The whole definition as JSON, values as "•••". */
  readonly json: string | null;
  readonly now: number;
};
