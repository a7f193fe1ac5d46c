import { describe, expect, it } from 'vitest';
import { dueLook } from './late-facts';

const MINUTE_MS = 60_000;

describe('looks at a rollback that was given up while unknown', () => {
  it.each([
    [0, null],
    [59_999, null],
    [MINUTE_MS, MINUTE_MS],
    [4 * MINUTE_MS, MINUTE_MS],
    [5 * MINUTE_MS, 5 * MINUTE_MS],
    [16 * MINUTE_MS - 1, 5 * MINUTE_MS],
    [25 * MINUTE_MS, 16 * MINUTE_MS],
  ])('%i ms after it was closed, the look due is %s', (closedMs, due) => {
    expect(dueLook(closedMs)).toBe(due);
  });
});
