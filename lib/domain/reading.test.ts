import { describe, expect, it } from 'vitest';
import { moved, type StoredReading } from './reading';

const side = (running: number, revision = 'api:429') => ({ revision, running, pending: 0, desired: 6, failed: 0 });

const READING: StoredReading = {
  readAt: 1,
  movedAt: 1,
  failure: null,
  desired: 6,
  running: 6,
  pending: 1,
  ours: side(3),
  others: side(3, 'api:428'),
  nowRuns: 'api:429',
  healthy: 3,
  failing: [],
  failedToStart: 0,
  record: null,
  waitingForHook: false,
  deployment: null,
};

describe('tasks', () => {
  it.each<[string, Partial<StoredReading>]>([
    ['more or fewer run', { running: 7 }],
    ['more or fewer wait', { pending: 2 }],
    ['more of ours run', { ours: side(4) }],
    ['ours are listed no more', { ours: null }],
    ['fewer of the others run', { others: side(2, 'api:428') }],
    ['another deployment is primary', { nowRuns: 'api:430' }],
  ])('moved where %s', (_what, change) => {
    expect(moved(READING, { ...READING, ...change })).toBe(true);
  });

  it('moved at the first reading, and not where only time did', () => {
    expect(moved(null, READING)).toBe(true);
    expect(moved(READING, { ...READING, readAt: 2, healthy: 4, failure: null, desired: 7 })).toBe(false);
  });
});
