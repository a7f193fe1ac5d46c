import { expect } from './fixtures';
import type { World } from './world';

/** Every line of an event that was logged. */
export const logged = async (world: World, event: string): Promise<readonly Record<string, unknown>[]> =>
  (await world.log())
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line));

/** The record is whole, in the eyes of whoever starts next. */
export async function recordIsWhole(world: World): Promise<void> {
  const before = (await logged(world, 'record.verified')).length;
  await world.restart();
  await expect.poll(async () => (await logged(world, 'record.verified')).length).toBeGreaterThan(before);
  expect(await logged(world, 'record.verify-failed')).toEqual([]);
}
