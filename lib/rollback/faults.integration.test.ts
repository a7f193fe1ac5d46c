import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layPressGround, type PressGround } from '@/chaos/press-ground';
import { closeRollback } from './close-rollback';
import { takeOver } from './keeper';
import { lookForLateChanges } from './late-facts';
import type { PressWorld } from './press-world';
import { settle } from './settle';

// What becomes of a rollback when AWS refuses, falls silent or answers too late. Waits between attempts are shortened.

let ground: PressGround;
let world: PressWorld;

beforeEach(async () => {
  ground = await layPressGround();
  ({ world } = ground);
});
afterEach(async () => expect(await ground.close()).toMatchObject({ ok: true }));

const IMAGES = { to: 'api:421', bring: 'images' } as const;

const ends = ({ endedAt }: { readonly endedAt: number | null }): boolean => endedAt !== null;

describe('an update ECS refuses', () => {
  it.each([
    ['throttle', 'ThrottlingException: Rate exceeded'],
    ['access-denied', expect.stringContaining('ecs:UpdateService')],
  ])('with %s is sent once, and nothing was changed', async (name, words) => {
    await ground.fault('UpdateService', name);
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'refused' });
    expect(await ground.wordsOf(id)).toEqual(words);
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
  });
});

describe('an update whose answer does not say what became of it', () => {
  it.each(['drop-after-apply', 'error-after-apply', 'truncate', 'stall'])(
    'by %s, though ECS took it, is unknown, then watched, and succeeds without being sent again',
    async (name) => {
      await ground.fault('UpdateService', name);
      const id = await world.start('api', IMAGES);
      expect(await world.row(id)).toMatchObject({ state: 'unknown', endedAt: null });
      expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
      expect(await ground.kindsOf(id)).toEqual(['confirmed', 'registered', 'send-intent', 'unclear', 'seen', 'ended']);
      expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
    },
  );

  it.each(['server-error', 'drop-before-apply', 'bad-gateway-html'])(
    'by %s, and ECS did not take it, is not applied only by a reading that began 16 minutes later',
    async (name) => {
      await ground.fault('UpdateService', name);
      const id = await world.start('api', IMAGES);
      await ground.age(id, '15 min 50 s');
      await world.until(id, ({ state }) => state === 'unknown');
      await settle(await world.row(id), world.application);
      expect(await world.row(id)).toMatchObject({ state: 'unknown' });
      await ground.age(id, '11 s');
      expect(await world.until(id, ends)).toMatchObject({ state: 'not-applied', reason: 'absent' });
      expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
    },
  );

  it('proves nothing by a reading that is not complete', async () => {
    await ground.fault('UpdateService', 'server-error');
    const id = await world.start('api', IMAGES);
    await ground.age(id, '17 min');
    await ground.fault('ListServiceDeployments', 'access-denied');
    await settle(await world.row(id), world.application);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
  });

  it('because it hangs is unknown after the time a call may take', async () => {
    await ground.fault('UpdateService', 'hang', { applied: true });
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
  });

  it('can be given up after a minute by typing the name, and planned again', async () => {
    await ground.fault('UpdateService', 'server-error', { count: 1 });
    const id = await world.start('api', IMAGES);
    const closing = (typed: string) => closeRollback(world.operator, { id, typed }, world.application);
    expect(await closing('api')).toMatchObject({ ok: false, error: { kind: 'not-unknown' } });
    await ground.age(id, '61 s');
    expect(await closing('web')).toMatchObject({ ok: false, error: { kind: 'form' } });
    expect(await closing('api')).toMatchObject({ ok: true, value: { service: 'api', wish: IMAGES } });
    expect(await world.row(id)).toMatchObject({ state: 'closed' });
    const again = await world.start('api', IMAGES);
    expect(await world.until(again, ends)).toMatchObject({ state: 'succeeded' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 2, UpdateService: 2 });
  });

  it('and arrives after it was given up is named as a late fact, and the end stays as it was', async () => {
    await ground.fault('UpdateService', 'slow', { ms: 11_000 });
    const id = await world.start('api', IMAGES);
    await ground.age(id, '61 s');
    await closeRollback(world.operator, { id, typed: 'api' }, world.application);
    const { copyArn } = await world.row(id);
    const reader = world.application.aws.reader(world.application.target('production') as never);
    for (;;) {
      const read = await reader.describeServices('notify', ['api']);
      if (read.ok && read.value.services[0]?.taskDefinitionArn === copyArn) break;
    }
    const later = { ...world.application, now: () => Date.now() + 120_000 };
    await lookForLateChanges(later, new Map());
    await lookForLateChanges(later, new Map());
    expect((await ground.kindsOf(id)).filter((kind) => kind === 'late-fact')).toHaveLength(1);
    expect(await world.row(id)).toMatchObject({ state: 'closed' });
  });
});

describe('registering', () => {
  it('is repeated while AWS is busy, and says so', async () => {
    await ground.fault('RegisterTaskDefinition', 'throttle', { count: 2 });
    const id = await world.start('api', IMAGES);
    expect((await ground.kindsOf(id)).slice(0, 4)).toEqual([
      'confirmed',
      'register-waiting',
      'register-waiting',
      'registered',
    ]);
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 3, UpdateService: 1 });
  });

  it('is given up after five attempts, and ECS is not asked to change anything', async () => {
    await ground.fault('RegisterTaskDefinition', 'throttle');
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'register-failed', copyArn: null });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 5 });
  });

  it('that is denied is not repeated, and names the permission', async () => {
    await ground.fault('RegisterTaskDefinition', 'access-denied');
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'register-failed' });
    expect(await ground.wordsOf(id)).toContain('ecs:RegisterTaskDefinition');
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('whose answer is lost is done again; the spare copy is named and never deployed', async () => {
    await ground.fault('RegisterTaskDefinition', 'drop-after-apply', { count: 1 });
    const id = await world.start('api', IMAGES);
    expect(await world.until(id, ends)).toMatchObject({
      state: 'succeeded',
      copyArn: expect.stringContaining('api:430'),
    });
    const spare = (await world.record(id)).find(({ kind }) => kind === 'late-fact');
    expect(spare?.payload).toMatchObject({ copies: [expect.stringContaining('api:429')] });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 2, UpdateService: 1 });
  });

  it('that takes more than its minute ends before ECS is asked', async () => {
    const slow = await ground.other({ deadline: () => () => true });
    const id = await slow.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'too-slow' });
    expect(await ground.sent()).toEqual({});
  });
});

describe('between the press and the update', () => {
  it('a deployment of somebody else keeps it from being sent, and is named', async () => {
    await ground.control('clock', { speed: 30 });
    await ground.fault('RegisterTaskDefinition', 'slow', { ms: 800 });
    const drawn = await world.plan('api', IMAGES);
    const pressed = await world.press(drawn);
    await ground.deploy();
    const id = pressed.ok ? pressed.value.id : '';
    expect(await world.until(id, ends)).toMatchObject({
      state: 'not-applied',
      reason: 'changed',
      copyArn: expect.stringContaining('api:430'),
    });
    expect(await ground.wordsOf(id)).toBe('it now runs release-1124.');
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('a deployment that came and went does not, and is not called overwritten', async () => {
    await ground.fault('RegisterTaskDefinition', 'slow', { ms: 1_500 });
    const pressed = await world.press(await world.plan('api', IMAGES));
    await ground.fate({ tasks: 'cannot-pull' });
    await ground.deploy();
    const id = pressed.ok ? pressed.value.id : '';
    await world.until(id, ({ state }) => state === 'watching');
    expect(await ground.kindsOf(id)).toEqual(['confirmed', 'registered', 'send-intent', 'accepted']);
  });

  it('a session that is revoked keeps it from being sent', async () => {
    await ground.fault('RegisterTaskDefinition', 'slow', { ms: 800 });
    const pressed = await world.press(await world.plan('api', IMAGES));
    await ground.fresh.owner.query('UPDATE session SET revoked_at = now()');
    const id = pressed.ok ? pressed.value.id : '';
    expect(await world.until(id, ends)).toMatchObject({ state: 'not-applied', reason: 'revoked' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('a service that is deleted keeps it from being sent', async () => {
    await ground.fault('RegisterTaskDefinition', 'slow', { ms: 800 });
    const pressed = await world.press(await world.plan('api', IMAGES));
    await ground.fate({ delete: true });
    const id = pressed.ok ? pressed.value.id : '';
    expect(await world.until(id, ends)).toMatchObject({ state: 'not-applied' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('a last look that takes longer than three seconds keeps it from being sent', async () => {
    await ground.fault('DescribeServices', 'slow', { ms: 3_500, skip: 2 });
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'too-slow' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('a deployment that slips in after the last look is overwritten, and named', async () => {
    await ground.control('clock', { speed: 30 });
    await ground.fault('UpdateService', 'slow', { ms: 1_500, count: 1 });
    const drawn = await world.plan('api', IMAGES);
    const pressed = await world.press(drawn);
    const id = pressed.ok ? pressed.value.id : '';
    await ground.onTheWire('UpdateService');
    await ground.deploy();
    await world.until(id, ({ state }) => state === 'watching');
    await ground.control('clock', { speed: 1_000 });
    await world.until(id, ends);
    const overwrote = (await world.record(id)).find(({ kind }) => kind === 'overwrote');
    expect(overwrote?.payload).toMatchObject({ version: { name: 'release-1124', by: 'concourse-deploy' } });
  });
});

describe('a process that is gone', () => {
  it('while it registers: another ends the rollback, and what wakes up late sends nothing', async () => {
    await ground.fault('RegisterTaskDefinition', 'slow', { ms: 1_500 });
    const pressed = await world.press(await world.plan('api', IMAGES));
    const id = pressed.ok ? pressed.value.id : '';
    await ground.lapse(id);
    const successor = await ground.other();
    await takeOver(successor.application);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'starter-gone' });
    while (world.application.starter.inHand().includes(id)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('while it sends: another reads what became of it and never sends', async () => {
    await ground.fault('UpdateService', 'hang', { applied: true });
    const pressed = await world.press(await world.plan('api', IMAGES));
    const id = pressed.ok ? pressed.value.id : '';
    await ground.onTheWire('UpdateService');
    await ground.lapse(id);
    const successor = await ground.other();
    await takeOver(successor.application);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
    expect(await successor.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
  });
});
