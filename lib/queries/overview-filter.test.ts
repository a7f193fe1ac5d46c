import { describe, expect, it } from 'vitest';
import { TARGET } from '@/lib/domain/fixtures';
import type { ServiceRow } from './list-services';
import { EVERY_TARGET, isChanged, isShown, matches, scopeOf, showCounts, showFor, sorted } from './overview-filter';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 3);

const production = { ...TARGET, name: 'production', protected: true };
const staging = { ...TARGET, name: 'staging', protected: false };

const row = (change: Partial<ServiceRow> = {}): ServiceRow => ({
  target: production,
  cluster: 'notify',
  service: 'api',
  running: 'release-1123 (428)',
  images: [{ container: 'app', image: 'registry/notifications-api:release-1123', short: '', tag: '', digest: null }],
  changedAt: NOW - HOUR,
  by: 'concourse-deploy',
  rolledBackBy: null,
  was: null,
  sameVersionRestarted: false,
  desiredCount: 6,
  runningCount: 6,
  state: { icon: '✓', word: 'Deployed', tone: 'good' },
  overwritten: null,
  held: null,
  lastKnownGood: null,
  mayRollBack: true,
  stale: false,
  readAt: NOW,
  ...change,
});

describe('the targets an overview shows', () => {
  it('are the protected ones where none is asked for, and all where none is protected', () => {
    expect(scopeOf({}, [staging, production])).toEqual([production]);
    expect(scopeOf({}, [staging])).toEqual([staging]);
  });

  it('are the one asked for, or all', () => {
    expect(scopeOf({ target: 'staging' }, [staging, production])).toEqual([staging]);
    expect(scopeOf({ target: EVERY_TARGET }, [staging, production])).toEqual([staging, production]);
  });

  it('are as if none was asked for where somebody may not look at it', () => {
    expect(scopeOf({ target: 'secret' }, [staging, production])).toEqual([production]);
  });
});

describe('what an overview shows', () => {
  const old = row({ changedAt: NOW - 25 * HOUR });

  it('is what changed within a day, and everything where nothing did', () => {
    expect(showFor({}, [row(), old], NOW)).toEqual({ show: 'changed', nothingChanged: false });
    expect(showFor({}, [old], NOW)).toEqual({ show: 'all', nothingChanged: true });
    expect(isChanged(row({ changedAt: null }), NOW)).toBe(false);
  });

  it('is what was asked for, and everything that matches where something is looked for', () => {
    expect(showFor({ show: 'too-few' }, [old], NOW).show).toBe('too-few');
    expect(showFor({ q: 'api' }, [row()], NOW).show).toBe('all');
    expect(showFor({ show: 'constructor' }, [row()], NOW).show).toBe('changed');
  });

  it('counts each choice, without rows of targets that cannot be read', () => {
    const few = row({ runningCount: 2 });
    const moving = row({ state: { icon: '◐', word: 'Deploying 2 of 6', tone: 'progress' } });
    expect(showCounts([row(), old, few, moving, row({ stale: true })], NOW)).toEqual({
      changed: 3,
      deploying: 1,
      'too-few': 1,
      all: 4,
    });
    expect(isShown(few, 'too-few', NOW)).toBe(true);
  });
});

describe('a row', () => {
  it.each(['api', 'API', 'production release-1123', 'notifications-api', ' notify  api '])('matches %j', (q) => {
    expect(matches(row(), q)).toBe(true);
  });

  it('matches only where every word stands somewhere', () => {
    expect(matches(row(), 'api staging')).toBe(false);
  });
});

describe('the order of rows', () => {
  const rows = [
    row({ service: 'b', target: staging, changedAt: NOW }),
    row({ service: 'c', changedAt: NOW - 2 * HOUR }),
    row({ service: 'a', changedAt: NOW - HOUR }),
  ];
  const names = (by: string | undefined) => sorted(rows, by).map(({ service }) => service);

  it('is protected targets first and the newest change first, unless another is asked for', () => {
    expect(names(undefined)).toEqual(['a', 'c', 'b']);
    expect(names('service')).toEqual(['a', 'b', 'c']);
    expect(names('changed')).toEqual(['b', 'a', 'c']);
    expect(names('toString')).toEqual(['a', 'c', 'b']);
  });
});
