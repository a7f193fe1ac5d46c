import { describe, expect, it } from 'vitest';
import { askedSentence, type Hold, holdSentence, holds, holdsByDefault, hoursWords, repositoryOf } from './hold';

const NOW = Date.UTC(2026, 10, 23, 3, 10);
const HOUR_MS = 3_600_000;

const HOLD: Hold = {
  id: 'hold-4m2c8x',
  target: 'production',
  scope: { kind: 'service', cluster: 'notify', service: 'api' },
  reason: 'Errors after release',
  by: 'k.smith',
  since: Date.UTC(2026, 10, 23, 2, 58, 31),
  until: Date.UTC(2026, 10, 24, 2, 58, 31),
  rollbackId: null,
  groupRollbackId: null,
  rolledBack: null,
};
const API = { target: 'production', cluster: 'notify', service: 'api', repository: 'notifications-api' };

describe('a hold', () => {
  it('says what is held, until when, by whom and why', () => {
    expect(holdSentence(HOLD, NOW)).toBe(
      'Deployments of api are on hold until 24 Nov 02:58 UTC (k.smith: Errors after release).',
    );
    expect(holdSentence({ ...HOLD, scope: { kind: 'repository', repository: 'notifications-api' } }, NOW)).toBe(
      'Deployments of every service that runs notifications-api are on hold until 24 Nov 02:58 UTC (k.smith: Errors after release).',
    );
  });

  it('says plainly whether anybody would heed it', () => {
    expect(askedSentence('api', { pipeline: 'concourse', at: Date.UTC(2026, 10, 23, 2, 31) }, NOW)).toBe(
      'concourse last asked at 02:31 UTC.',
    );
    expect(askedSentence('api', null, NOW)).toBe(
      'No pipeline has asked about api. A hold will stop nothing: pause the pipeline by hand.',
    );
  });

  it.each([
    ['the service itself', {}, true],
    ['another service', { service: 'admin' }, false],
    ['the same name in another cluster', { cluster: 'other' }, false],
    ['the same in another target', { target: 'staging' }, false],
  ])('of a service is about %s: %o %s', (_name, change, expected) => {
    expect(holds(HOLD, { ...API, ...change })).toBe(expected);
  });

  it.each([
    ['a service that runs its images', {}, true],
    ['one of which nobody knows what it runs', { repository: null }, false],
    ['one that runs others', { repository: 'admin' }, false],
    ['one of another target', { target: 'staging' }, false],
  ])('of a repository is about %s: %o %s', (_name, change, expected) => {
    const scope = { kind: 'repository', repository: 'notifications-api' } as const;
    expect(holds({ ...HOLD, scope }, { ...API, ...change })).toBe(expected);
  });

  it('is suggested on protected targets whose pipeline asked within seven days', () => {
    const asked = (hoursAgo: number) => ({ pipeline: 'concourse', at: NOW - hoursAgo * HOUR_MS });
    expect(holdsByDefault(true, asked(1), NOW)).toBe(true);
    expect(holdsByDefault(true, asked(167), NOW)).toBe(true);
    expect(holdsByDefault(true, asked(168), NOW)).toBe(false);
    expect(holdsByDefault(true, null, NOW)).toBe(false);
    expect(holdsByDefault(false, asked(1), NOW)).toBe(false);
  });

  it('names its repository without registry, tag and digest, and its length in hours or days', () => {
    expect(repositoryOf('111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/api:release-1')).toBe('team/api');
    expect(repositoryOf('notifications-api')).toBe('notifications-api');
    expect([1, 24, 72, 168].map(hoursWords)).toEqual(['1 h', '24 h', '3 days', '7 days']);
  });
});
