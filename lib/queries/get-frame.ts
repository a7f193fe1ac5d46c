/** What the frame of every signed-in page shows. */
export type Frame = {
  readonly company: string | null;
  readonly runbookUrl: string | null;
  readonly who: { readonly name: string; readonly email: string | null };
  /** Active rollbacks in targets this person may look at. */
  readonly running: readonly {
    readonly id: string;
    readonly service: string;
    readonly target: string;
    readonly startedAt: number;
    readonly by: string;
  }[];
  readonly version: string;
  /** Endpoint that stands in for AWS's own; null where none does. */
  readonly endpointOverride: string | null;
  readonly now: number;
};
