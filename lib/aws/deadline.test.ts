import { describe, expect, it } from 'vitest';
import { deadlineAfter } from './deadline';

describe('a deadline', () => {
  const at = (monotonic: number, wall: number) => {
    const clocks = { monotonic: 0, wall: 1_000_000 };
    const over = deadlineAfter(3_000, { monotonic: () => clocks.monotonic, wall: () => clocks.wall });
    clocks.monotonic += monotonic;
    clocks.wall += wall;
    return over();
  };

  it('is over once either clock says so', () => {
    expect(at(2_999, 2_999)).toBe(false);
    expect(at(3_000, 2_999)).toBe(true);
    expect(at(2_999, 3_000)).toBe(true);
  });

  it('is over after a machine was suspended, which stops one clock', () => {
    expect(at(10, 60_000)).toBe(true);
  });

  it('is not put off by a wall clock that was set back', () => {
    expect(at(3_000, -60_000)).toBe(true);
  });
});
