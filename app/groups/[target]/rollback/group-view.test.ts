import { describe, expect, it } from 'vitest';
import type { Wish } from '@/lib/domain/facts';
import { facts, NOW, service, TARGET, unread, wish } from '@/lib/domain/fixtures';
import { planFrom } from '@/lib/domain/plan';
import { bodyOf } from '@/lib/domain/plan-body';
import type { Group, GroupMember } from '@/lib/queries/get-group';
import { ok } from '@/lib/result';
import type { DrawnMember } from '@/lib/rollback/plan-group';
import type { NotPressable } from '@/lib/rollback/plan-rollback';
import { groupView } from './group-view';

const member = (name: string, change: Partial<GroupMember> = {}): GroupMember => ({
  cluster: 'notify',
  service: name,
  repository: 'notifications-api',
  tag: 'release-1123',
  balanced: name === 'api',
  serviceOf: service(),
  running: 'release-1123 (428)',
  changedAt: NOW,
  mayRollBack: true,
  good: 'release-1119',
  wish: wish({ bring: 'images' }),
  unread: false,
  notAllSeen: false,
  unreadable: null,
  ...change,
});

const group = (members: readonly GroupMember[]): Group => ({
  target: TARGET,
  image: 'notifications-api:release-1123',
  name: 'notifications-api',
  from: 'release-1123',
  to: 'release-1119',
  tags: ['release-1119'],
  members,
  others: [],
  undoes: null,
  readAt: NOW,
  failure: null,
  unreadClusters: [],
  stillReading: false,
  now: NOW,
});

function drawn(
  { cluster, service: name, balanced, wish: wished }: GroupMember,
  notSaved: NotPressable | null = null,
  change: Parameters<typeof facts>[0] = {},
): DrawnMember {
  const asked: Wish = wished ?? wish();
  const planned = planFrom(facts({ wish: asked, ...change }));
  const plan = planned.kind === 'plan' ? planned.plan : null;
  const value = {
    planned,
    body: plan === null ? null : bodyOf(plan, asked),
    saved: plan === null || notSaved !== null ? null : { id: `plan-${name}`, hash: 'h' },
    notSaved,
    readAt: NOW,
    details: '',
    reason: '',
    byHand: plan === null ? [] : ['aws ecs …'],
  };
  return { cluster, service: name, balanced, wish: asked, drawn: ok(value) };
}

const view = (members: readonly GroupMember[], plans: readonly DrawnMember[], services?: string) =>
  groupView({ group: group(members), drawn: plans, services });

const API = member('api');
const SMS = member('delivery-worker-sms');

describe('the services of a group', () => {
  it('are all chosen that can be, and say what changes and what the checks found', () => {
    const { rows, chosen, first, plans } = view([API, SMS], [drawn(API), drawn(SMS)]);
    expect(rows[0]).toMatchObject({ key: 'notify/api', cluster: null, change: '428 → 421', why: null });
    expect(rows[0]?.state.tone).toMatch(/good|warning/);
    expect(chosen).toEqual(['notify/api', 'notify/delivery-worker-sms']);
    expect(first).toBe('api');
    expect(plans.map(({ id }) => id)).toEqual(['plan-api', 'plan-delivery-worker-sms']);
  });

  it('are those the address names, where it names some', () => {
    expect(view([API, SMS], [drawn(API), drawn(SMS)], 'notify/delivery-worker-sms').chosen).toEqual([
      'notify/delivery-worker-sms',
    ]);
  });

  it('that the address names and the group has no more are told, each with why', () => {
    const other = member('jobs', { running: 'release-1125 (204)' });
    const unreadCluster = { cluster: 'other', failure: unread().error, knownServices: 0, readAt: null };
    const shrunk: Group = { ...group([API]), others: [other], unreadClusters: [unreadCluster] };
    const services = 'notify/api,notify/jobs,other/sms,notify/gone';
    const plans = [drawn(API)];
    expect(groupView({ group: shrunk, drawn: plans, services })).toMatchObject({
      chosen: ['notify/api'],
      left: [
        'jobs is left out: it runs release-1125 (204) now.',
        'sms is left out: cluster other in production could not be read.',
        'gone is left out: it does not run release-1123 any more.',
      ],
    });
    const early = { ...shrunk, stillReading: true };
    expect(groupView({ group: early, drawn: plans, services }).left).toEqual([]);
    expect(view([API], plans).left).toEqual([]);
  });

  it('are left as they are where they never ran the tag, and while nobody knows yet', () => {
    const never = member('letters', { wish: null });
    const unknown = member('jobs', { wish: null, unread: true });
    const denied = member('sms', { wish: null, unreadable: 'AccessDeniedException' });
    const older = member('retries', { wish: null, notAllSeen: true });
    const { rows, chosen } = view([API, never, unknown, denied, older], [drawn(API)]);
    expect(rows.map(({ why }) => why)).toEqual([
      null,
      'never ran release-1119: left as it is',
      'what it ran before is still being read',
      'what it ran before could not be read: AccessDeniedException',
      'whether it ran release-1119 is not known: not all of its versions were looked at',
    ]);
    expect(chosen).toEqual(['notify/api']);
  });

  it('cannot be chosen where a check blocks, and say which', () => {
    const gone = drawn(API, null, { service: service({ status: 'DRAINING' }) });
    const { rows, chosen } = view([API], [gone]);
    expect(rows[0]).toMatchObject({ why: expect.stringContaining('is being deleted'), state: { icon: '✕' } });
    expect(chosen).toEqual([]);
  });

  it('cannot be chosen where ECS could not be read', () => {
    const { error } = unread();
    const silent = { ...drawn(API), drawn: { ok: false, error: { kind: 'unreadable', failure: error } } } as const;
    expect(view([API], [silent]).rows[0]?.why).toMatch(/^ECS could not be read: /);
  });

  it('cannot be chosen by somebody who may only look', () => {
    const shown = view([API, SMS], [drawn(API, 'viewer'), drawn(SMS, 'viewer')]);
    expect(shown).toMatchObject({ chosen: [], notSaved: 'viewer', plans: [] });
  });
});

describe('what to bring back', () => {
  it('is chosen once, by what every service that needs it says', () => {
    const open = member('api', { wish: wish({ bring: null }) });
    const { cards, choose, rows } = view([open], [drawn(open)]);
    expect(choose).toBe(true);
    expect(cards?.map(({ bring, usable }) => [bring, usable])).toEqual([
      ['images', true],
      ['everything', true],
    ]);
    expect(cards?.[0]?.lines[0]).toMatch(/^api: Image changes in /);
    expect(rows[0]?.why).toBe('choose what to bring back');
  });

  it('stands there once it is chosen, and asks no more', () => {
    expect(view([API], [drawn(API)])).toMatchObject({
      choose: false,
      cards: [{ bring: 'images' }, { bring: 'everything' }],
    });
  });
});
