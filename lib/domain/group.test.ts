import { describe, expect, it } from 'vitest';
import {
  firstOf,
  type Groupable,
  groupName,
  groupsOf,
  notInGroup,
  parseGroupImage,
  runWithTag,
  startOrder,
  toTagOf,
} from './group';

const one = (service: string, change: Partial<Groupable> = {}): Groupable => ({
  cluster: 'notify',
  service,
  repository: 'notifications-api',
  tag: 'release-1123',
  balanced: false,
  ...change,
});

const API = one('api', { balanced: true });
const names = (services: readonly Groupable[]): readonly string[] => services.map(({ service }) => service);

describe('groups of a target', () => {
  it('are the services whose main containers run the same repository and tag', () => {
    const groups = groupsOf([
      one('delivery-worker-sms'),
      API,
      one('delivery-worker-jobs', { tag: 'release-1122' }),
      one('admin', { repository: 'admin', tag: 'release-1123' }),
      one('delivery-worker-letters'),
    ]);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ image: 'notifications-api:release-1123', tag: 'release-1123' });
    expect(names(groups[0]?.members ?? [])).toEqual(['api', 'delivery-worker-letters', 'delivery-worker-sms']);
  });

  it('take services of every cluster, and none whose tag nobody knows', () => {
    const groups = groupsOf([
      one('api'),
      one('api', { cluster: 'other' }),
      one('sms', { tag: null }),
      one('x', { tag: null }),
    ]);
    expect(groups.map(({ members }) => members.map(({ cluster }) => cluster))).toEqual([['notify', 'other']]);
  });

  it('come with the largest first', () => {
    const few = ['a', 'b'].map((service) => one(service, { repository: 'few' }));
    const many = ['c', 'd', 'e'].map((service) => one(service, { repository: 'many' }));
    expect(groupsOf([...few, ...many]).map(({ repository }) => repository)).toEqual(['many', 'few']);
  });

  it('name what runs another tag of the repository', () => {
    const services = [
      API,
      one('jobs', { tag: 'release-1122' }),
      one('odd', { tag: null }),
      one('admin', { repository: 'admin' }),
    ];
    expect(names(notInGroup(services, { repository: 'notifications-api', tag: 'release-1123' }))).toEqual([
      'jobs',
      'odd',
    ]);
  });
});

describe('the order in which a group starts', () => {
  it('is load-balanced services first, then by name', () => {
    const services = [one('z'), one('b'), one('web', { balanced: true }), API];
    expect(names([...services].sort(startOrder))).toEqual(['api', 'web', 'b', 'z']);
    expect(firstOf(services)).toBe(API);
    expect(firstOf([one('z')])).toBeNull();
  });
});

describe('the tag a group goes back to', () => {
  const good = (tag: string | null, until: number | null = 1) => ({ tag, until });

  it('is last known good for most of its services', () => {
    expect(toTagOf([good('release-1119'), good('release-1118'), good('release-1119'), good(null)])).toBe(
      'release-1119',
    );
  });

  it('is the one that ran latest where as many had another', () => {
    expect(toTagOf([good('old', 5), good('new', 9)])).toBe('new');
    expect(toTagOf([good('still runs', null), good('ended', 9)])).toBe('still runs');
  });

  it('is none where no service has any', () => {
    expect(toTagOf([good(null), good(null)])).toBeNull();
    expect(toTagOf([])).toBeNull();
  });

  it('leads every service to its latest successful run of it', () => {
    const runs = [
      { run: { id: 'failed', outcome: 'never-steady' }, tag: 'release-1119' },
      { run: { id: 'later', outcome: 'successful' }, tag: 'release-1119' },
      { run: { id: 'earlier', outcome: 'successful' }, tag: 'release-1119' },
    ];
    expect(runWithTag(runs, 'release-1119')).toMatchObject({ id: 'later' });
    expect(runWithTag(runs, 'release-1118')).toBeNull();
  });
});

describe('a group in an address', () => {
  it('is repository and tag', () => {
    // No registry stands in a group's address: a dot in the first part is the repository's own.
    expect(parseGroupImage('my.team/api:v1')).toEqual({ repository: 'my.team/api', tag: 'v1' });
    expect(parseGroupImage('notify/notifications-api:release-1123')).toEqual({
      repository: 'notify/notifications-api',
      tag: 'release-1123',
    });
    expect(groupName('notify/notifications-api')).toBe('notifications-api');
  });

  it.each(['', 'notifications-api', ':x', `api@sha256:${'0'.repeat(64)}`])('is not %j', (text) => {
    expect(parseGroupImage(text)).toBeNull();
  });
});
