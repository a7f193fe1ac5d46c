import { describe, expect, it } from 'vitest';
import {
  type GroupProgress,
  groupWords,
  inReadingOrder,
  type MemberProgress,
  type Standing,
  standingOf,
  standsWords,
} from './group-progress';

const member = (service: string, standing: Standing): MemberProgress => ({
  id: 'rb-000000',
  cluster: 'notify',
  service,
  from: 'release-1123 (1)',
  to: 'release-1119 (2)',
  state: { icon: '✓', word: 'Done', tone: 'good' },
  standing,
  tasks: null,
  words: null,
});

const members = (back: number, others: readonly [string, Standing][] = []): readonly MemberProgress[] => [
  ...Array.from({ length: back }, (_, index) => member(`worker-${index}`, 'back')),
  ...others.map(([service, standing]) => member(service, standing)),
];

const progress = (of: readonly MemberProgress[], change: Partial<GroupProgress> = {}): GroupProgress => ({
  id: 'gr-7k3f9q',
  target: 'production',
  name: 'notifications-api',
  to: 'release-1119',
  from: 'release-1123',
  undoes: false,
  members: of,
  ended: true,
  startedAt: 0,
  ...change,
});

describe('the progress of a group', () => {
  const moving = members(11, [
    ['a', 'moving'],
    ['b', 'moving'],
    ['c', 'moving'],
    ['d', 'needs-someone'],
  ]);

  it('counts who runs it, who moves and who needs somebody', () => {
    expect(standsWords(progress(moving))).toBe('11 of 15 services run release-1119. 3 are moving. 1 needs you.');
    expect(standsWords(progress(members(1, [['a', 'moving']])))).toBe(
      '1 of 2 services runs release-1119. 1 is moving.',
    );
    expect(
      standsWords(
        progress(
          members(0, [
            ['a', 'replaced'],
            ['b', 'needs-someone'],
            ['c', 'needs-someone'],
          ]),
        ),
      ),
    ).toBe('0 of 3 services run release-1119. 1 was replaced. 2 need you.');
  });

  it('is headed by what is done, and its tab by how far it is', () => {
    expect(groupWords(progress(moving, { ended: false }))).toMatchObject({
      heading: 'Rolling back notifications-api in production',
      title: '(11 of 15) Rolling back notifications-api in production',
      alert: false,
    });
    expect(groupWords(progress(moving, { ended: false, undoes: true })).heading).toBe(
      'Undoing the rollback of notifications-api in production',
    );
  });

  it('is read with those first that need somebody', () => {
    const rows = members(1, [
      ['a', 'moving'],
      ['b', 'needs-someone'],
      ['c', 'replaced'],
    ]);
    expect(inReadingOrder(rows).map(({ standing }) => standing)).toEqual([
      'needs-someone',
      'moving',
      'replaced',
      'back',
    ]);
  });
});

describe('the outcome of a group', () => {
  it('is good where every service runs it', () => {
    expect(groupWords(progress(members(15)))).toMatchObject({
      heading: 'ECS is running release-1119 again in 15 of 15 services.',
      sentence: 'Now check that they work: health checks also passed for release-1123.',
      tone: 'good',
      alert: false,
    });
  });

  it('names who needs somebody', () => {
    expect(groupWords(progress(members(14, [['api', 'needs-someone']])))).toMatchObject({
      heading: '14 of 15 services run release-1119 again. 1 needs you: api.',
      tone: 'bad',
      alert: true,
    });
  });

  it('names four and counts the rest', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name): [string, Standing] => [name, 'needs-someone']);
    expect(groupWords(progress(members(0, many))).heading).toBe(
      '0 of 6 services run release-1119 again. 6 need you: a, b, c, d and 2 more.',
    );
  });

  it('is no alarm where somebody else took one over', () => {
    expect(groupWords(progress(members(1, [['api', 'replaced']])))).toMatchObject({
      heading: '1 of 2 services runs release-1119 again. 1 was replaced: api.',
      tone: 'warning',
      alert: false,
    });
  });
});

describe('where a rollback stands for its group', () => {
  it.each([
    ['starting', null, 'moving'],
    ['sending', null, 'moving'],
    ['watching', null, 'moving'],
    ['unknown', null, 'needs-someone'],
    ['succeeded', null, 'back'],
    ['succeeded', 'zero-tasks', 'back'],
    ['failed', 'put-back', 'needs-someone'],
    ['superseded', 'by-deployment', 'needs-someone'],
    ['superseded', 'by-rollback', 'replaced'],
    ['superseded', 'stopped', 'replaced'],
    ['not-applied', 'first-failed', 'needs-someone'],
    ['closed', null, 'needs-someone'],
  ] as const)('%s, %s is %s', (state, reason, standing) => {
    expect(standingOf(state, reason)).toBe(standing);
  });
});
