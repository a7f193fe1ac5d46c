import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layPressGround, type PressGround } from '@/chaos/press-ground';
import { deadlineAfter } from '@/lib/aws/deadline';
import { T_FRESH_MS } from '@/lib/domain/times';
import { takeOver } from './keeper';
import type { PressWorld } from './press-world';
import { settle } from './settle';
import { watch } from './watch';

// What becomes of a rollback whose registering is lost on the way, and of reads that are late, old or refused.

let ground: PressGround;
let world: PressWorld;

beforeEach(async () => {
  ground = await layPressGround();
  ({ world } = ground);
});
afterEach(async () => expect(await ground.close()).toMatchObject({ ok: true }));

const IMAGES = { to: 'api:421', bring: 'images' } as const;

const ends = ({ endedAt }: { readonly endedAt: number | null }): boolean => endedAt !== null;

/** Copies that a rollback names as registered and not used. */
const spareOf = async (id: string): Promise<readonly unknown[]> =>
  (await world.record(id)).flatMap(({ kind, payload }) =>
    kind === 'late-fact' && Array.isArray(payload.copies) ? payload.copies : [],
  );

describe('a copy whose registering is unclear', () => {
  it.each<[string, object]>([
    ['drop-after-apply', {}],
    ['error-after-apply', {}],
    ['truncate', {}],
    ['stall', {}],
    ['hang', { applied: true }],
  ])(
    'by %s, though ECS registered it, is registered again; the first is named and never deployed',
    async (name, more) => {
      await ground.fault('RegisterTaskDefinition', name, { ...more, count: 1 });
      const id = await world.start('api', IMAGES);
      const row = await world.until(id, ends);
      expect(row).toMatchObject({ state: 'succeeded', copyArn: expect.stringContaining('api:430') });
      expect(await spareOf(id)).toEqual([expect.stringContaining('api:429')]);
      expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 2, UpdateService: 1 });
      expect((await world.writes()).at(-1)?.input.taskDefinition).toBe(row.copyArn);
    },
  );

  it.each<[string, object]>([
    ['server-error', {}],
    ['bad-gateway-html', {}],
    ['drop-before-apply', {}],
    ['hang', { applied: false }],
  ])('by %s, and ECS did not register it, is registered again, and no other copy is named', async (name, more) => {
    await ground.fault('RegisterTaskDefinition', name, { ...more, count: 1 });
    const id = await world.start('api', IMAGES);
    expect(await world.until(id, ends)).toMatchObject({
      state: 'succeeded',
      copyArn: expect.stringContaining('api:429'),
    });
    expect(await spareOf(id)).toEqual([]);
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 2, UpdateService: 1 });
  });

  it('each of five times is given up; every copy is named, and none is deployed', async () => {
    await ground.fault('RegisterTaskDefinition', 'error-after-apply');
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'register-failed', copyArn: null });
    expect((await spareOf(id)).map((arn) => String(arn).split('/').at(-1)).sort()).toEqual(
      [429, 430, 431, 432, 433].map((number) => `api:${number}`),
    );
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 5 });
  });
});

describe('reads that show AWS as it was before the change', () => {
  it('end nothing: neither as lost, nor as replaced, nor as done', async () => {
    await ground.fault('reads', 'stale-read', { ms: 30_000 });
    const id = await world.start('api', IMAGES);
    await watch(await world.row(id), world.application);
    expect(await world.row(id)).toMatchObject({ state: 'watching', endedAt: null });
    await ground.control('faults', null);
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
  });

  it('while the answer is unclear, prove no absence before its time', async () => {
    await ground.fault('reads', 'stale-read', { ms: 30_000 });
    await ground.fault('UpdateService', 'error-after-apply');
    const id = await world.start('api', IMAGES);
    await ground.age(id, '15 min');
    await settle(await world.row(id), world.application);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
    await ground.control('faults', null);
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
  });
});

describe('credentials that expire', () => {
  it('before the copy is registered end the rollback, and ECS is asked to change nothing', async () => {
    await ground.fault('RegisterTaskDefinition', 'expired-token');
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'register-failed' });
    expect(await ground.wordsOf(id)).toContain('ExpiredToken');
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('before the change are a refusal, sent once', async () => {
    await ground.fault('UpdateService', 'expired-token');
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'refused' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
  });

  it('while ECS is watched are renewed, and the rollback is followed to its end', async () => {
    const id = await world.start('api', IMAGES);
    await ground.fault('reads', 'expired-token', { count: 2 });
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
  });
});

describe('a process that is held up', () => {
  it('for five seconds by work of its own, after the intent to send, sends nothing', async () => {
    const blocked = await ground.other({
      deadline: (ms) => {
        const over = deadlineAfter(ms);
        if (ms === T_FRESH_MS) setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000));
        return over;
      },
    });
    const id = await blocked.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'too-slow' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it.each([-10, 10])(
    'by nothing but a clock that is %i minutes wrong takes no lease, and loses none',
    async (minutes) => {
      await ground.fault('RegisterTaskDefinition', 'slow', { ms: 1_000, count: 1 });
      const pressed = await world.press(await world.plan('api', IMAGES));
      const id = pressed.ok ? pressed.value.id : '';
      const wrong = await ground.other({ now: () => Date.now() + minutes * 60_000 });
      await takeOver(wrong.application);
      expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
      expect(await ground.kindsOf(id)).toEqual(['confirmed', 'registered', 'send-intent', 'accepted', 'ended']);

      await ground.fault('RegisterTaskDefinition', 'slow', { ms: 1_000, count: 1 });
      const operator = { ...wrong.operator, groupsAt: wrong.application.now() };
      const own = await wrong.press(await wrong.plan('canary', { to: 'canary:16' }, operator), {}, operator);
      await takeOver(world.application);
      expect(await wrong.until(own.ok ? own.value.id : '', ends)).toMatchObject({ state: 'succeeded' });
    },
  );
});

describe('a service that is gone', () => {
  it('when its plan is pressed is no plan any more, and nothing is started', async () => {
    const drawn = await world.plan('api', IMAGES);
    await ground.fate({ delete: true });
    expect(await world.press(drawn)).toMatchObject({ ok: false, error: { kind: 'stale' } });
    expect(await ground.sent()).toEqual({});
    expect(await ground.fresh.owner.query('SELECT id FROM rollback')).toEqual([]);
  });
});

describe('a check AWS does not answer', () => {
  it.each([
    ['is denied', 'access-denied'],
    ['is left without an answer', 'hang'],
  ])('because it %s is named as not checked, in the plan and in the record, and stops nothing', async (_why, name) => {
    await ground.control('faults', { service: 'ecr', operation: 'DescribeImages', fault: name });
    const drawn = await world.plan('api', IMAGES);
    const findings = drawn.planned.kind === 'plan' ? drawn.planned.plan.findings : new Map();
    expect(findings.get('images-exist')?.kind).toBe('not-checked');
    const pressed = await world.press(drawn);
    expect(pressed).toMatchObject({ ok: true });
    const id = pressed.ok ? pressed.value.id : '';
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
    const [plan] = await ground.fresh.owner.query<{ body: string }>(
      'SELECT plan.body FROM plan JOIN rollback ON plan_id = plan.id',
    );
    expect(plan?.body).toContain('not checked');
  });
});
