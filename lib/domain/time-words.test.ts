import { describe, expect, it } from 'vitest';
import { NOW } from './fixtures';
import { formatAgo, formatClock, formatDay, formatDuration, formatTime, formatUsual } from './time-words';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a time', () => {
  it('is UTC, with the day where it is not today’s and the year where it is not this year’s', () => {
    expect(formatTime(Date.UTC(2026, 10, 23, 2, 41), NOW)).toBe('02:41 UTC');
    expect(formatTime(Date.UTC(2026, 10, 22, 23, 10), NOW)).toBe('22 Nov 23:10 UTC');
    expect(formatTime(Date.UTC(2025, 11, 31, 0, 5), NOW)).toBe('31 Dec 2025 00:05 UTC');
    expect(formatDay(Date.UTC(2026, 8, 2), NOW)).toBe('2 Sep');
    expect(formatClock(Date.UTC(2026, 10, 23, 2, 58, 31))).toBe('02:58:31');
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [12 * SECOND + 999, '12 s'],
    [MINUTE, '1 min'],
    [4 * MINUTE + 9 * SECOND, '4 min 9 s'],
    [HOUR, '1 h'],
    [2 * HOUR + 5 * MINUTE + 30 * SECOND, '2 h 5 min'],
    [DAY, '1 d'],
    [6 * DAY + 3 * HOUR + 59 * MINUTE, '6 d 3 h'],
  ])('of %i ms is %s: its two greatest units', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});

describe('how long something usually takes', () => {
  it.each([
    [21 * SECOND, '21 s'],
    [MINUTE, '1 min'],
    [4 * MINUTE + 9 * SECOND, '4 min'],
    [4 * MINUTE + 30 * SECOND, '5 min'],
    [HOUR + 10 * MINUTE + 40 * SECOND, '1 h 11 min'],
  ])('of %i ms is said as %s', (ms, words) => {
    expect(formatUsual(ms)).toBe(words);
  });
});

describe('how long ago', () => {
  it.each([
    [4 * SECOND, '4 s ago'],
    [17 * MINUTE + 59 * SECOND, '17 min ago'],
    [9 * HOUR, '9 h ago'],
    [3 * DAY, '3 d ago'],
    [-5 * SECOND, '0 s ago'],
  ])('%i ms is %s', (ms, words) => {
    expect(formatAgo(NOW - ms, NOW)).toBe(words);
  });
});
