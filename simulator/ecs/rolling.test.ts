import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counts, nextMoves } from './rolling';

const steady: Counts = {
  desired: 6,
  minimumPercent: 100,
  maximumPercent: 200,
  newLive: 0,
  newHealthy: 0,
  oldLive: 6,
  oldHealthy: 6,
};

describe('a step of a rolling deployment', () => {
  it.each<readonly [string, Partial<Counts>, Partial<ReturnType<typeof nextMoves>>]>([
    ['starts as many as the maximum leaves room for', {}, { start: 6, stopOld: 0, stuck: false }],
    ['waits for the new to be healthy before it stops the old', { newLive: 6 }, { start: 0, stopOld: 0, stuck: false }],
    ['stops what is replaced', { newLive: 6, newHealthy: 2 }, { stopOld: 2 }],
    ['rounds the maximum down', { desired: 3, maximumPercent: 150, oldLive: 3, oldHealthy: 3 }, { start: 1 }],
    [
      'stops first where there is no room',
      { desired: 4, minimumPercent: 50, maximumPercent: 100, oldLive: 4, oldHealthy: 4 },
      { start: 0, stopOld: 2 },
    ],
    [
      'rounds the minimum up',
      { desired: 3, minimumPercent: 50, maximumPercent: 100, oldLive: 3, oldHealthy: 3 },
      { start: 0, stopOld: 1 },
    ],
    [
      'may stop the only task where the minimum is 0',
      { desired: 1, minimumPercent: 0, maximumPercent: 100, oldLive: 1, oldHealthy: 1 },
      { start: 0, stopOld: 1, stuck: false },
    ],
    [
      'stops old tasks that are not healthy without counting them',
      { desired: 2, maximumPercent: 100, oldLive: 2, oldHealthy: 1 },
      { stopOld: 1 },
    ],
    ['stops what is too much of the new', { desired: 2, newLive: 5, oldLive: 0, oldHealthy: 0 }, { stopNew: 3 }],
    ['stops all of the old at once where none are wanted', { desired: 0 }, { start: 0, stopOld: 6 }],
  ])('%s', (_case, counts, moves) => expect(nextMoves({ ...steady, ...counts })).toMatchObject(moves));

  it.each([
    [1, 100, 100],
    [3, 100, 125],
    [2, 75, 100],
  ])('has no move with %i tasks between %i and %i percent', (desired, minimumPercent, maximumPercent) => {
    const counts = { ...steady, desired, minimumPercent, maximumPercent, oldLive: desired, oldHealthy: desired };
    expect(nextMoves(counts)).toEqual({ start: 0, stopOld: 0, stopNew: 0, stuck: true });
  });

  it('never leaves minimum and maximum', () => {
    const counts = fc
      .record({
        desired: fc.nat(30),
        minimumPercent: fc.nat(100),
        maximumPercent: fc.integer({ min: 100, max: 300 }),
        newLive: fc.nat(30),
        newHealthy: fc.nat(30),
        oldLive: fc.nat(30),
        oldHealthy: fc.nat(30),
      })
      .map((given) => ({
        ...given,
        newHealthy: Math.min(given.newHealthy, given.newLive),
        oldHealthy: Math.min(given.oldHealthy, given.oldLive),
      }));
    fc.assert(
      fc.property(counts, (given) => {
        const { start, stopOld } = nextMoves(given);
        const highest = Math.floor((given.desired * given.maximumPercent) / 100);
        const lowest = Math.ceil((given.desired * given.minimumPercent) / 100);
        const live = given.newLive + given.oldLive;
        const healthy = given.newHealthy + given.oldHealthy;
        // Stopping begins with tasks that are not healthy.
        const left = healthy - Math.max(0, stopOld - (given.oldLive - given.oldHealthy));
        return (start === 0 || live + start <= highest) && (stopOld === 0 || left >= Math.min(lowest, healthy));
      }),
    );
  });

  it('reaches its end wherever the percentages leave a move', () => {
    const rule = fc.record({
      desired: fc.integer({ min: 1, max: 20 }),
      minimumPercent: fc.nat(100),
      maximumPercent: fc.integer({ min: 100, max: 200 }),
    });
    fc.assert(
      fc.property(rule, (given) => {
        const highest = Math.floor((given.desired * given.maximumPercent) / 100);
        const lowest = Math.ceil((given.desired * given.minimumPercent) / 100);
        const [fresh, old] = played(given);
        return highest > given.desired || lowest < given.desired
          ? fresh === given.desired && old === 0
          : fresh === 0 && old === given.desired;
      }),
    );
  });
});

/** Tasks of the new and the old deployment after many steps in which whatever starts becomes healthy. */
function played(given: Pick<Counts, 'desired' | 'minimumPercent' | 'maximumPercent'>): readonly [number, number] {
  let [fresh, old] = [0, given.desired];
  for (let turn = 0; turn < 60; turn++) {
    const counts = { ...given, newLive: fresh, newHealthy: fresh, oldLive: old, oldHealthy: old };
    const { start, stopOld, stopNew } = nextMoves(counts);
    fresh += start - stopNew;
    old -= stopOld;
  }
  return [fresh, old];
}
