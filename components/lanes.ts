import type { LaneRun } from '@/lib/queries/lane-runs';

/** Part of a lane, in percent of its width. `rollout` is hatched, `ran` solid. */
export type LaneBar = { readonly kind: 'rollout' | 'ran'; readonly from: number; readonly width: number };

/** A sign on a lane, in percent of its width: how a deployment that did not last ended. */
export type LaneSign = { readonly sign: '✕' | '↺' | '■'; readonly at: number };

/** Everything one version did within a time, as it is drawn. */
export type Lane = Pick<LaneRun, 'version' | 'revision' | 'tag' | 'image'> & {
  readonly bars: readonly LaneBar[];
  readonly signs: readonly LaneSign[];
  /** How long it ran in all within what is known; 0 where it never did. */
  readonly ms: number;
  /** The latest run, which says how the version ended. */
  readonly latest: LaneRun;
};

/** The time lanes show, in milliseconds since 1970. */
export type Window = { readonly from: number; readonly to: number };

/** More than these would be a chart to study; the table has them all. */
export const MOST_LANES = 8;

/** Lanes of the versions that were deployed within a time, latest deployment first. */
export function lanesIn(runs: readonly LaneRun[], window: Window): readonly Lane[] {
  const within = runs.filter((run) => run.startedAt < window.to && (run.endedAt ?? window.to) > window.from);
  const versions = [...new Set(within.map(({ version }) => version))].slice(0, MOST_LANES);
  return versions.map((version) =>
    laneOf(
      within.filter((run) => run.version === version),
      window,
    ),
  );
}

function laneOf(runs: readonly LaneRun[], window: Window): Lane {
  const [latest] = runs as [LaneRun, ...LaneRun[]];
  return {
    version: latest.version,
    revision: latest.revision,
    tag: latest.tag,
    image: latest.image,
    bars: runs.flatMap((run) => barsOf(run, window)),
    signs: runs.flatMap((run) => signOf(run, window)),
    ms: runs.reduce((sum, { ms }) => sum + ms, 0),
    latest,
  };
}

const percent = (at: number, { from, to }: Window): number =>
  Math.round(Math.min(1, Math.max(0, (at - from) / (to - from))) * 10_000) / 100;

function bar(kind: LaneBar['kind'], [start, end]: readonly [number, number], window: Window): readonly LaneBar[] {
  if (end <= window.from || start >= window.to || end < start) return [];
  const from = percent(start, window);
  return [{ kind, from, width: Math.round((percent(end, window) - from) * 100) / 100 }];
}

/** The rollout, then the period it ran; what never became steady is a rollout alone. */
function barsOf({ startedAt, rolloutUntil, endedAt }: LaneRun, window: Window): readonly LaneBar[] {
  const end = endedAt ?? window.to;
  if (rolloutUntil === null) return bar('rollout', [startedAt, end], window);
  return [
    ...bar('rollout', [startedAt, Math.min(rolloutUntil, end)], window),
    ...bar('ran', [rolloutUntil, Math.max(rolloutUntil, end)], window),
  ];
}

const SIGNS: Readonly<Partial<Record<LaneRun['outcome'], LaneSign['sign']>>> = {
  'never-steady': '✕',
  'rolled-back-by-ecs': '↺',
  stopped: '■',
};

function signOf({ outcome, endedAt, startedAt }: LaneRun, window: Window): readonly LaneSign[] {
  const sign = SIGNS[outcome];
  const at = endedAt ?? startedAt;
  return sign === undefined || at < window.from ? [] : [{ sign, at: percent(at, window) }];
}

const DAY_MS = 86_400_000;

/** Times lanes can show, as the address names them. */
export const PERIODS = [
  { name: '24h', words: '24 h', ms: DAY_MS },
  { name: '7d', words: '7 d', ms: 7 * DAY_MS },
  { name: '30d', words: '30 d', ms: 30 * DAY_MS },
  { name: '90d', words: '90 d', ms: 90 * DAY_MS },
] as const;

export type Period = (typeof PERIODS)[number];

/** The period asked for; else the shortest from a week on in which the running version's rollout lies, so that the one before is seen. */
export function periodFor(asked: string | undefined, runs: readonly LaneRun[], now: number): Period {
  const named = PERIODS.find(({ name }) => name === asked);
  if (named !== undefined) return named;
  const current = runs.find(({ outcome }) => outcome === 'successful')?.startedAt ?? now;
  return PERIODS.slice(1).find(({ ms }) => current > now - ms * 0.95) ?? PERIODS[3];
}
