import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layPressGround, type PressGround } from '@/chaos/press-ground';
import { takeOver } from './keeper';
import { type PressWorld, TARGET } from './press-world';
import { settle } from './settle';

// What becomes of a stop when AWS refuses, falls silent or answers too late, and when the deployment does not wait.

let ground: PressGround;
let world: PressWorld;

beforeEach(async () => {
  ground = await layPressGround();
  ({ world } = ground);
  // A deployment that is under way for as long as a test needs it to be.
  await ground.control('clock', { speed: 5 });
  await ground.deploy();
});
afterEach(async () => expect(await ground.close()).toMatchObject({ ok: true }));

const ends = ({ endedAt }: { readonly endedAt: number | null }): boolean => endedAt !== null;
const ONCE = { StopServiceDeployment: 1 };

/** Deployments of the service, the newest first. */
async function deployments() {
  const read = await world.application.aws.reader(TARGET).serviceDeployments('notify', 'api');
  if (!read.ok) throw new Error(read.error.words);
  return [...read.value].sort((one, other) => other.createdAt - one.createdAt);
}

async function wish(): Promise<{ readonly stop: string }> {
  const [newest] = await deployments();
  return { stop: newest?.arn.split('/').at(-1) ?? '' };
}

const hurry = () => ground.control('clock', { speed: 1_000 });

describe('a stop ECS refuses', () => {
  it.each(['throttle', 'access-denied', 'expired-token'])(
    'with %s is sent once, and nothing was changed',
    async (name) => {
      await ground.fault('StopServiceDeployment', name);
      const id = await world.start('api', await wish());
      expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'refused', copyArn: null });
      expect(await ground.sent()).toEqual(ONCE);
    },
  );
});

describe('a stop whose answer does not say what became of it', () => {
  it.each<[string, object]>([
    ['drop-after-apply', {}],
    ['error-after-apply', {}],
    ['truncate', {}],
    ['stall', {}],
    ['hang', { applied: true }],
  ])('by %s, though ECS took it, is unknown, then watched to its end, and not sent again', async (name, more) => {
    await ground.fault('StopServiceDeployment', name, more);
    const id = await world.start('api', await wish());
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
    await hurry();
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await ground.kindsOf(id)).toEqual(['confirmed', 'send-intent', 'unclear', 'seen', 'ended']);
    expect(await ground.sent()).toEqual(ONCE);
  });

  it.each<[string, object]>([
    ['server-error', {}],
    ['bad-gateway-html', {}],
    ['drop-before-apply', {}],
    ['hang', { applied: false }],
  ])('by %s, and ECS did not take it, is not applied only by a reading 16 minutes later', async (name, more) => {
    await ground.fault('StopServiceDeployment', name, more);
    const id = await world.start('api', await wish());
    await ground.age(id, '15 min 45 s');
    await settle(await world.row(id), world.application);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
    await ground.age(id, '20 s');
    expect(await world.until(id, ends)).toMatchObject({ state: 'not-applied', reason: 'absent' });
    expect(await ground.sent()).toEqual(ONCE);
  });
});

describe('a stop whose deployment does not wait for it', () => {
  it('and has finished by the time ECS is asked sends nothing', async () => {
    const named = await world.plan('api', await wish());
    await ground.fault('ListServiceDeployments', 'slow', { ms: 1_500, skip: 1, count: 1 });
    const pressed = await world.press(named);
    await hurry();
    const id = pressed.ok ? pressed.value.id : '';
    expect(await world.until(id, ends)).toMatchObject({ state: 'not-applied', reason: 'changed' });
    expect(await ground.sent()).toEqual({});
  });

  it('and was replaced by another never stops that one', async () => {
    const named = await world.plan('api', await wish());
    await ground.deploy();
    expect(await world.press(named)).toMatchObject({ ok: false, error: { kind: 'stale' } });
    expect(await ground.sent()).toEqual({});
    expect((await deployments())[0]).toMatchObject({ status: expect.stringMatching(/PENDING|IN_PROGRESS/) });
  });
});

describe('a process that is gone while it stops', () => {
  it('is followed by another that reads what became of it and never sends', async () => {
    await ground.fault('StopServiceDeployment', 'hang', { applied: true });
    const pressed = await world.press(await world.plan('api', await wish()));
    const id = pressed.ok ? pressed.value.id : '';
    await ground.onTheWire('StopServiceDeployment');
    await ground.lapse(id);
    const successor = await ground.other();
    await takeOver(successor.application);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
    await hurry();
    expect(await successor.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await ground.sent()).toEqual(ONCE);
  });
});
