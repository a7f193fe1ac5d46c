import type { State } from '@/lib/domain/rollback';
import type { ServiceHead } from '@/lib/queries/get-service';

/** One line of the steps: done, under way or to come. */
export type Step = {
  readonly icon: '✓' | '◐' | '○' | '✕';
  readonly at: number | null;
  readonly words: string;
  readonly requestId: string | null;
};

/** One side of the two bars. */
export type Bar = {
  readonly name: string;
  readonly running: number;
  readonly pending: number;
  readonly wanted: number;
};

/** What the progress route answers and the page draws; a few hundred bytes, no values. Times in ms since 1970. */
export type Progress = {
  readonly id: string;
  readonly state: State;
  readonly ended: boolean;
  readonly title: string;
  readonly heading: string;
  readonly sentence: string;
  readonly tone: 'progress' | 'good' | 'warning' | 'bad' | 'muted';
  /** True where the outcome is a failure and is announced as an alert. */
  readonly alert: boolean;
  readonly newBar: Bar | null;
  readonly oldBar: Bar | null;
  readonly counts: string | null;
  readonly steps: readonly Step[];
  readonly failing: readonly { readonly words: string; readonly said: string }[];
  readonly notes: readonly string[];
  readonly readAt: number | null;
  readonly now: number;
};

/** A rollback for ever: progress, then outcome, with the plan as pressed. */
export type RollbackPage = {
  readonly head: ServiceHead;
  readonly kind: 'copy' | 'stop';
  readonly progress: Progress;
  readonly from: string;
  readonly to: string;
  readonly runsAs: string | null;
  readonly by: { readonly name: string; readonly email: string | null; readonly session: string };
  readonly reason: string | null;
  readonly details: string | null;
  readonly confirmedAt: number;
  readonly endedAt: number | null;
  readonly planWords: readonly string[];
  readonly ticks: readonly string[];
  readonly checks: {
    readonly passed: number;
    readonly warnings: readonly string[];
    readonly notChecked: readonly string[];
  };
  readonly next: readonly { readonly words: string; readonly href: string | null }[];
  readonly undoHref: string | null;
  readonly stopHref: string | null;
  readonly closable: boolean;
  readonly byHand: readonly string[];
  readonly consoleUrl: string;
  readonly checkUrl: string | null;
  readonly pipelineUrl: string | null;
};
