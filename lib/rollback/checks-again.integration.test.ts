import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layPressGround, type PressGround } from '@/chaos/press-ground';

// Checks are asked on the plan, at the press and just before the update; what blocks at any of them ends it there.

let ground: PressGround;

beforeEach(async () => {
  ground = await layPressGround();
});
afterEach(async () => expect(await ground.close()).toMatchObject({ ok: true }));

const WORDS = 'With 1 task, at least 100% and at most 100%, ECS can replace nothing.';

/** Somebody leaves ECS no room to replace the service's only task: no deployment, and yet a check blocks from now on. */
const leaveNoRoom = () =>
  new ECSClient({}).send(
    new UpdateServiceCommand({
      cluster: 'notify',
      service: 'canary',
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 },
    }),
  );

const ends = ({ endedAt }: { readonly endedAt: number | null }): boolean => endedAt !== null;

describe('a check that blocks', () => {
  it('on the plan is named there, and a press of it does nothing', async () => {
    await leaveNoRoom();
    const drawn = await ground.world.plan('canary', { to: 'canary:16' });
    expect(drawn.body?.findings).toContainEqual(['room-to-replace', { kind: 'blocks', words: WORDS }]);
    expect(await ground.world.press(drawn)).toMatchObject({ ok: false, error: { kind: 'blocked' } });
    expect(await ground.sent()).toEqual({});
  });

  it('only at the press makes the plan another one, and nothing is done', async () => {
    const drawn = await ground.world.plan('canary', { to: 'canary:16' });
    await leaveNoRoom();
    expect(await ground.world.press(drawn)).toMatchObject({ ok: false, error: { kind: 'stale' } });
    expect(await ground.sent()).toEqual({});
  });

  it('only once the copy is registered keeps the update from being sent, and says why', async () => {
    await ground.fault('RegisterTaskDefinition', 'slow', { ms: 800 });
    const pressed = await ground.world.press(await ground.world.plan('canary', { to: 'canary:16' }));
    await leaveNoRoom();
    const id = pressed.ok ? pressed.value.id : '';
    expect(await ground.world.until(id, ends)).toMatchObject({
      state: 'not-applied',
      reason: 'check-failed',
      copyArn: expect.stringContaining('canary:18'),
    });
    expect(await ground.wordsOf(id)).toBe(WORDS);
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1 });
  });
});
