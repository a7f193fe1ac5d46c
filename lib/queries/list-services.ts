import type { Fact } from '@/lib/domain/facts';
import type { Target } from '@/lib/domain/target';
import type { ContainerImage } from '@/lib/domain/version';

/** One line of the overview. Times are milliseconds since 1970. */
export type ServiceRow = {
  readonly target: Target;
  readonly cluster: string;
  readonly service: string;
  /** Name of the running version, such as `release-1123 (428)`; the revision alone where its definition was not read. */
  readonly running: string;
  readonly images: readonly ContainerImage[] | null;
  /** When the PRIMARY deployment was created. */
  readonly changedAt: number | null;
  /** Role or session that registered what runs. */
  readonly by: string | null;
  /** What ran before and for how long, for rows changed in 24 h: `release-1119 for 6 d 3 h`. */
  readonly was: string | null;
  readonly sameVersionRestarted: boolean;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly state: ServiceState;
  /** Revision to return to, `family:number`; `null` where none is the last known good, or it is not known yet. */
  readonly lastKnownGood: string | null;
  readonly mayRollBack: boolean;
  /** When the reading this row comes from began. */
  readonly readAt: number;
};

/** A state as icon and word, with the tone that colours it. */
export type ServiceState = {
  readonly icon: string;
  readonly word: string;
  readonly tone: 'good' | 'progress' | 'warning' | 'bad' | 'muted';
};

export type Overview = {
  readonly rows: readonly ServiceRow[];
  /** Rows before filters, by target name. */
  readonly counts: readonly { readonly target: Target; readonly services: number }[];
  readonly clusters: readonly string[];
  readonly show: 'changed' | 'deploying' | 'too-few' | 'all';
  readonly showCounts: Readonly<Record<'changed' | 'deploying' | 'too-few' | 'all', number>>;
  /** True where nothing changed in 24 h, so that all are shown instead. */
  readonly nothingChanged: boolean;
  readonly unreadable: readonly {
    readonly target: Target;
    readonly words: string;
    readonly knownServices: number;
    readonly lastReadAt: number | null;
  }[];
  /** Names of targets still being read. */
  readonly stillReading: readonly string[];
  /** When the oldest reading shown began; `null` where nothing was read. */
  readonly readAt: number | null;
  readonly now: number;
};

/** Why a part of a page is missing, or the part. */
export type Part<T> = Fact<T>;
