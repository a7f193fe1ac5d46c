import { describe, expect, it } from 'vitest';
import { LIMITS, limitPerMinute } from './limits';

describe('the limit of a session', () => {
  it('refuses the seventh press within a minute and allows it again when the first is a minute old', () => {
    let now = 0;
    const presses = limitPerMinute(LIMITS.presses, () => now);
    const answers = Array.from({ length: 7 }, (_, index) => {
      now = index * 1000;
      return presses.take('somebody', `plan-${index}`);
    });
    expect(answers).toEqual([true, true, true, true, true, true, false]);
    now = 60_000;
    expect(presses.take('somebody', 'plan-8')).toBe(true);
    expect(presses.take('somebody', 'plan-9')).toBe(false);
  });

  it('counts repeats of one plan once, also when nothing more is left', () => {
    const presses = limitPerMinute(2, () => 0);
    expect([1, 2, 3].map(() => presses.take('somebody', 'a'))).toEqual([true, true, true]);
    expect(presses.take('somebody', 'b')).toBe(true);
    expect(presses.take('somebody', 'c')).toBe(false);
    expect(presses.take('somebody', 'a')).toBe(true);
  });

  it('is no matter of anybody else', () => {
    const presses = limitPerMinute(1, () => 0);
    expect(presses.take('one', 'a')).toBe(true);
    expect(presses.take('two', 'b')).toBe(true);
    expect(presses.take('one', 'c')).toBe(false);
  });
});
