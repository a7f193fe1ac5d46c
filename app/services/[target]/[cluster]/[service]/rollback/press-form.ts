/** What was filled in, to stand there again. */
export type Kept = {
  readonly reason: string;
  readonly details: string;
  readonly typed: string;
  readonly ticked: readonly string[];
  /** Whether deployments were to be held too; left out where nothing was pressed yet. */
  readonly hold?: boolean;
  /** Services chosen of a group, and how they were to start. */
  readonly chosen?: readonly string[];
  readonly how?: string;
};

/** Why a press did nothing: at the top of the page, and beside the fields where they are what is wrong. */
export type PressAnswer = {
  readonly kind: 'not-pressed';
  readonly words: string;
  readonly problems: readonly { readonly field: string; readonly words: string }[];
  /** Rollback to watch instead. */
  readonly watch: string | null;
  readonly kept: Kept;
};

/** Id of the box for a warning. */
export const tickId = (check: string): string => `tick-${check.replace(/[^\w-]+/g, '-')}`;
