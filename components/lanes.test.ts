import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LaneRun } from '@/lib/queries/lane-runs';
import { lanesIn, MOST_LANES, periodFor } from './lanes';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 3);
const window = { from: NOW - 24 * HOUR, to: NOW };

const run = (over: Partial<LaneRun>): LaneRun => ({
  version: over.revision ?? 'api:421',
  revision: 'api:421',
  image: null,
  tag: 'release-1119',
  startedAt: NOW - 10 * HOUR,
  rolloutUntil: NOW - 9 * HOUR,
  endedAt: NOW - HOUR,
  outcome: 'successful',
  ms: 8 * HOUR,
  ...over,
});

describe('lanes', () => {
  it('draw a rollout hatched and the time it ran solid, one after the other', () => {
    const day = { from: NOW - 20 * HOUR, to: NOW };
    expect(lanesIn([run({})], day)[0]?.bars).toEqual([
      { kind: 'rollout', from: 50, width: 5 },
      { kind: 'ran', from: 55, width: 40 },
    ]);
  });

  it('reach to the end while a version runs', () => {
    const [lane] = lanesIn([run({ endedAt: null })], window);
    const last = lane?.bars.at(-1);
    expect((last?.from ?? 0) + (last?.width ?? 0)).toBeCloseTo(100);
  });

  it('begin at the edge where a version began before the time shown', () => {
    const [lane] = lanesIn([run({ startedAt: NOW - 900 * HOUR, rolloutUntil: NOW - 899 * HOUR })], window);
    expect(lane?.bars).toEqual([{ kind: 'ran', from: 0, width: 95.83 }]);
  });

  it('put a sign where a deployment ended that did not last, and no solid bar', () => {
    const [lane] = lanesIn([run({ outcome: 'never-steady', rolloutUntil: null, ms: 0 })], window);
    expect(lane?.signs).toEqual([{ sign: '✕', at: 95.83 }]);
    expect(lane?.bars.map(({ kind }) => kind)).toEqual(['rollout']);
  });

  it('give a version that ran twice one lane with the time of both', () => {
    const again = run({
      startedAt: NOW - 20 * HOUR,
      rolloutUntil: NOW - 19 * HOUR,
      endedAt: NOW - 15 * HOUR,
      ms: HOUR,
    });
    const lanes = lanesIn([run({}), run({ revision: 'api:420' }), again], window);
    expect(lanes.map(({ revision }) => revision)).toEqual(['api:421', 'api:420']);
    expect(lanes[0]?.ms).toBe(9 * HOUR);
  });

  it('leave out what lies outside the time shown', () => {
    expect(lanesIn([run({ endedAt: NOW - 25 * HOUR, startedAt: NOW - 40 * HOUR })], window)).toEqual([]);
  });

  it('stay within their width and number whatever happened', () => {
    const time = fc.integer({ min: NOW - 100 * 24 * HOUR, max: NOW + HOUR });
    const any = fc.record({
      revision: fc.integer({ min: 1, max: 20 }).map((number) => `api:${number}`),
      startedAt: time,
      rolloutUntil: fc.option(time),
      endedAt: fc.option(time),
      outcome: fc.constantFrom<LaneRun['outcome']>('successful', 'never-steady', 'stopped', 'in-progress'),
    });
    fc.assert(
      fc.property(fc.array(any), (runs) => {
        const lanes = lanesIn(runs.map(run), window);
        const bars = lanes.flatMap((lane) => lane.bars);
        expect(lanes.length).toBeLessThanOrEqual(MOST_LANES);
        expect(bars.every(({ from, width }) => from >= 0 && width >= 0 && from + width <= 100.011)).toBe(true);
      }),
    );
  });
});

describe('the time lanes show', () => {
  it('is the one asked for', () => {
    expect(periodFor('24h', [], NOW).name).toBe('24h');
  });

  it('is long enough to see what ran before, where nothing is asked for', () => {
    expect(periodFor(undefined, [run({})], NOW).name).toBe('7d');
    expect(periodFor('constructor', [run({ startedAt: NOW - 20 * 24 * HOUR })], NOW).name).toBe('30d');
    expect(periodFor(undefined, [run({ startedAt: NOW - 89 * 24 * HOUR })], NOW).name).toBe('90d');
  });
});
