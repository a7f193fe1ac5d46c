import { describe, expect, it } from 'vitest';
import { createBudget } from './budget';
import { heldClock } from './held-clock';
import { bucketOf } from './quotas';
import { type Priority, urgency } from './urgency';

const PLACE = { account: '111111111111', region: 'eu-west-1' };
const READ = 'ecs:DescribeServices';

/** Asks for many calls at once and counts those that were let go. */
function asking(budget: ReturnType<typeof createBudget>, times: number, priority: Priority, action = READ) {
  const asked = { granted: 0, failed: 0 };
  for (let call = 0; call < times; call += 1) {
    budget.take(PLACE, action, priority).then(
      () => {
        asked.granted += 1;
      },
      () => {
        asked.failed += 1;
      },
    );
  }
  return asked;
}

describe('the budget of calls', () => {
  it('holds 45 % of the published burst and refills at our ceiling', async () => {
    const clock = heldClock();
    const rollback = asking(createBudget(1, clock), 100, 'rollback');
    await clock.pass(0);
    expect(rollback.granted).toBe(45);
    await clock.pass(1001);
    expect(rollback.granted).toBe(54);
  });

  it('keeps a tenth from pages and half from the background', async () => {
    const clock = heldClock();
    const pages = asking(createBudget(1, clock), 100, 'page');
    const background = asking(createBudget(1, clock), 100, 'background');
    await clock.pass(0);
    expect(pages.granted).toBe(40);
    expect(background.granted).toBe(22);
  });

  it('lets a rollback go first, however many others wait', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    const background = asking(budget, 60, 'background');
    const pages = asking(budget, 60, 'page');
    const rollback = asking(budget, 1, 'rollback');
    await clock.pass(0);
    expect({ rollback: rollback.granted, background: background.granted, pages: pages.granted }).toEqual({
      rollback: 1,
      background: 22,
      pages: 18,
    });
  });

  it('lets a read go earlier once somebody more urgent waits for it too', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    const order: string[] = [];
    asking(budget, 45, 'rollback');
    const rising = urgency('background');
    void budget.take(PLACE, READ, 'page').then(() => order.push('page'));
    void budget.take(PLACE, READ, rising).then(() => order.push('risen'));
    rising.raise('rollback');
    rising.raise('background');
    await clock.pass(1_000);
    expect(order).toEqual(['risen', 'page']);
  });

  it('is divided by the processes that share the account', async () => {
    const clock = heldClock();
    const rollback = asking(createBudget(3, clock), 100, 'rollback');
    await clock.pass(0);
    expect(rollback.granted).toBe(15);
    await clock.pass(1001);
    expect(rollback.granted).toBe(18);
  });

  it('lets calls through at last, however many processes share it', async () => {
    const clock = heldClock();
    const budget = createBudget(100, clock);
    const background = asking(budget, 1, 'background', 'ecs:RegisterTaskDefinition');
    await clock.pass(0);
    expect(background.granted).toBe(1);
  });

  it('lets sixteen services of a group register in twenty seconds, behind a rollback by itself', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    const group = asking(budget, 16, 'group', 'ecs:RegisterTaskDefinition');
    await clock.pass(0);
    expect(group.granted).toBe(9);
    const alone = asking(budget, 1, 'rollback', 'ecs:RegisterTaskDefinition');
    await clock.pass(2_600);
    expect([alone.granted, group.granted]).toEqual([1, 9]);
    await clock.pass(17_400);
    expect(group.granted).toBe(16);
  });

  it('counts accounts and regions apart', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    asking(budget, 45, 'rollback');
    let elsewhere = false;
    void budget.take({ ...PLACE, region: 'eu-west-2' }, READ, 'rollback').then(() => {
      elsewhere = true;
    });
    await clock.pass(0);
    expect(elsewhere).toBe(true);
  });

  it('halves the background for a minute after a throttle', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    budget.throttled(PLACE, READ);
    const background = asking(budget, 100, 'background');
    await clock.pass(0);
    expect(background.granted).toBe(11);
    await clock.pass(10_000);
    expect(background.granted).toBe(11 + 45);
    expect(budget.usage(PLACE)?.throttled).toBe(true);
    await clock.pass(60_000);
    expect(budget.usage(PLACE)?.throttled).toBe(false);
  });

  it('counts repeats as debt that later calls wait for', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    for (let call = 0; call < 54; call += 1) budget.debit(PLACE, READ);
    const rollback = asking(budget, 1, 'rollback');
    await clock.pass(1000);
    expect(rollback.granted).toBe(0);
    await clock.pass(112);
    expect(rollback.granted).toBe(1);
  });

  it('leaves the turns of changes alone, however long and however many reads are throttled', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    for (let second = 0; second < 60; second += 1) {
      asking(budget, 30, 'page');
      budget.throttled(PLACE, READ);
      await clock.pass(1_000);
    }
    const changes = asking(budget, 22, 'rollback', 'ecs:UpdateService');
    const copies = asking(budget, 9, 'rollback', 'ecs:RegisterTaskDefinition');
    await clock.pass(0);
    expect([changes.granted, copies.granted]).toEqual([22, 9]);
  });

  it('gives up on a call that waited too long, as throttled', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    for (let call = 0; call < 1000; call += 1) budget.debit(PLACE, READ);
    const waiting = budget.take(PLACE, READ, 'rollback');
    const outcome = expect(waiting).rejects.toMatchObject({ failure: { kind: 'throttled' } });
    await clock.pass(10_000);
    await outcome;
  });

  it('forgets a caller who went away', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    asking(budget, 45, 'rollback');
    const leaving = new AbortController();
    const gone = expect(budget.take(PLACE, READ, 'rollback', leaving.signal)).rejects.toThrow('gone');
    leaving.abort(new Error('gone'));
    await gone;
    const next = asking(budget, 1, 'rollback');
    await clock.pass(112);
    expect(next.granted).toBe(1);
  });

  it('tells how much of our own ceiling is used', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    expect(budget.usage(PLACE)).toBeNull();
    asking(budget, 40, 'rollback');
    await clock.pass(0);
    expect(budget.usage(PLACE)).toEqual({
      bucket: 'service-read',
      perSecond: 4,
      ceiling: 9,
      throttled: false,
      waiting: 0,
    });
    await clock.pass(10_001);
    expect(budget.usage(PLACE)?.perSecond).toBe(0);
  });

  it('tells of what AWS throttles before what is busiest', async () => {
    const clock = heldClock();
    const budget = createBudget(1, clock);
    asking(budget, 40, 'rollback');
    budget.throttled(PLACE, 'ecs:ListClusters');
    expect(budget.usage(PLACE)).toMatchObject({ bucket: 'cluster-read', throttled: true });
  });

  it('refuses a call whose quota nobody looked up', () => {
    expect(bucketOf('ecs:UpdateService')).toBe('service-modify');
    expect(() => bucketOf('ecs:DeleteService')).toThrow('No quota is known');
  });
});
