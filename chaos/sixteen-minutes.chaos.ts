import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { T_QUARANTINE_MS } from '@/lib/domain/times';
import { FULL } from './extent';
import { layPressGround, type PressGround } from './press-ground';

// The real keeper with its real timers. With CHAOS=full the sixteen minutes pass by themselves, too; else they are passed
// in, as everywhere.

const HOW = FULL ? 'after 16 minutes of the real clock (long)' : 'after 16 minutes, passed in';

it(`a change nobody answered and ECS did not take is not applied ${HOW}, and not before`, async () => {
  const ground = await layPressGround();
  const { world } = ground;
  const { keeper } = world.application;
  try {
    await ground.fault('UpdateService', 'server-error');
    const id = await world.start('api', { to: 'api:421', bring: 'images' });
    keeper.begin();
    if (!FULL) await ground.age(id, '15 min 50 s');
    while ((await ageOf(ground)) < T_QUARANTINE_MS) {
      const { state } = await world.row(id);
      // Between the two questions the time may have come.
      if (state !== 'unknown') expect(await ageOf(ground)).toBeGreaterThanOrEqual(T_QUARANTINE_MS);
      await setTimeout(2_000);
    }
    await expect.poll(async () => (await world.row(id)).state, { timeout: 60_000, interval: 500 }).toBe('not-applied');
    const ended = await world.row(id);
    expect(ended).toMatchObject({ reason: 'absent' });
    expect((ended.endedAt ?? 0) - (ended.intentAt ?? 0)).toBeGreaterThanOrEqual(T_QUARANTINE_MS);
    expect(await ground.kindsOf(id)).toEqual(['confirmed', 'registered', 'send-intent', 'unclear', 'ended']);
    expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
  } finally {
    await keeper.end();
    expect(await ground.close()).toMatchObject({ ok: true });
  }
});

/** Milliseconds since the intent to send, by the database's clock. */
async function ageOf({ fresh }: PressGround): Promise<number> {
  const [row] = await fresh.owner.query<{ ms: number }>(
    'SELECT extract(epoch FROM clock_timestamp() - intent_at)::float8 * 1000 AS ms FROM rollback',
  );
  return row?.ms ?? 0;
}
