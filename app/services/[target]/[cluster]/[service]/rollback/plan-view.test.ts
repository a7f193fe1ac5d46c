import { describe, expect, it } from 'vitest';
import { facts, wish } from '@/lib/domain/fixtures';
import { planFrom } from '@/lib/domain/plan';
import type { Plan } from '@/lib/domain/plan-shape';
import { checksView, insteadOf, meetsPipeline, planWords, reasonsFor, wordsOf } from './plan-view';

const PLACE = { target: 'production', cluster: 'notify', service: 'api' };

function drawn(change: Parameters<typeof facts>[0] = {}): Plan {
  const planned = planFrom(facts({ wish: wish({ bring: 'images' }), ...change }));
  if (planned.kind !== 'plan') throw new Error(planned.kind);
  return planned.plan;
}

const plan = drawn();

describe('what a plan is called', () => {
  const words = (change: Partial<Plan>) => planWords({ ...plan, ...change }, PLACE);

  it('says where and what by its kind', () => {
    expect(words({})).toMatchObject({
      heading: 'Roll back api in production',
      title: 'Rollback plan 428 → 421',
      button: 'Roll back api in production',
      channel: 'api in production: rollback plan from release-1123 (428) to release-1119 (421)',
    });
    expect(words({ forward: true })).toMatchObject({
      heading: 'Roll forward api in production',
      button: 'Roll forward api in production',
    });
    expect(words({ undo: 'rb-7k3f9q' })).toMatchObject({
      heading: 'Undo rollback rb-7k3f9q: return api to release-1119 in production',
      button: 'Undo the rollback of api in production',
    });
    expect(words({ kind: 'stop' })).toMatchObject({ button: 'Stop the deployment of api in production' });
  });

  it('is what was wished, where it could not be planned', () => {
    const unreadable = { kind: 'unreadable', words: '…' } as const;
    expect(wordsOf(unreadable, PLACE, false).heading).toBe('Roll back api in production');
    expect(wordsOf(unreadable, PLACE, true).heading).toBe('Stop the deployment of api in production');
  });

  it('never has a button that could mean anything', () => {
    for (const change of [{}, { forward: true }, { undo: 'rb-7k3f9q' }, { kind: 'stop' }] as const) {
      expect(words(change).button).not.toMatch(/^(OK|Yes|Submit|Confirm|Proceed)/);
    }
  });
});

describe('what the checks found', () => {
  it('is counted with what was not checked', () => {
    expect(checksView(plan, PLACE).summary).toMatch(/^\d+ passed, \d+ not checked$/);
  });

  it('leads to a rollback that is in the way', () => {
    const active = { id: 'rb-other1', by: 'a.jones', startedAt: facts({}).readAt, state: 'starting' } as const;
    const { blocks, summary } = checksView(drawn({ active }), PLACE);
    expect(blocks).toMatchObject([{ link: { words: 'Watch it', href: '/rollbacks/rb-other1' } }]);
    expect(summary).toMatch(/^1 reason against it, /);
  });
});

describe('what stands in place of the form', () => {
  it('says why there is none', () => {
    expect(insteadOf('database-down')).toBe(
      'Rollbacks cannot be recorded, so none can be started. Use the commands below.',
    );
    expect(insteadOf('groups-unknown')).toBe(
      'Your groups cannot be checked just now, so no rollback can be started. Use the commands below.',
    );
    expect(insteadOf('too-many-plans')).toContain('Wait a minute');
    expect(insteadOf('viewer')).toBeNull();
    expect(insteadOf(null)).toBeNull();
  });
});

describe('an undo', () => {
  it('has reasons of its own, and no pipeline that would bring back what it left', () => {
    expect(reasonsFor({ undo: 'rb-7k3f9q' })).toEqual(['It did not help', 'The release was not the cause', 'Other']);
    expect(reasonsFor({ undo: null })).toHaveLength(4);
    expect(meetsPipeline({ undo: 'rb-7k3f9q', forward: true })).toBe(false);
    expect(meetsPipeline({ undo: null, forward: false })).toBe(true);
  });
});
