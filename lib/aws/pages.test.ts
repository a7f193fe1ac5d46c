import { describe, expect, it } from 'vitest';
import { fail, ok } from '@/lib/result';
import { inGroups } from './pages';

describe('asking in groups', () => {
  it('keeps the order of the items, whichever group answers first', async () => {
    const answer = await inGroups([1, 2, 3, 4, 5], 2, async (group) => {
      if (group[0] === 1) await new Promise((resolve) => setImmediate(resolve));
      return ok(group.map((item) => item * 10));
    });
    expect(answer).toEqual(ok([10, 20, 30, 40, 50]));
  });

  it('fails whole when one group fails', async () => {
    const failure = fail({ kind: 'throttled', action: 'ecs:DescribeTasks', words: 'Rate exceeded' } as const);
    expect(await inGroups([1, 2, 3], 1, async ([item]) => (item === 2 ? failure : ok([item])))).toEqual(failure);
  });

  it('asks nothing about nothing', async () => {
    expect(await inGroups([], 10, () => Promise.reject(new Error('asked')))).toEqual(ok([]));
  });

  it('asks at most five groups at once', async () => {
    let atOnce = 0;
    let most = 0;
    await inGroups(
      Array.from({ length: 20 }, (_, index) => index),
      1,
      async (group) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return ok(group);
      },
    );
    expect(most).toBe(5);
  });
});
