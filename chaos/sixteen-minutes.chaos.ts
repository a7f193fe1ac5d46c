import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { T_QUARANTINE_MS } from '@/lib/domain/times';
import { FULL } from './extent';
import { layPressGround } from './press-ground';

// Everything else passes times in. Once they pass by themselves: the real keeper, its real timers, the real 16 minutes.

it.runIf(FULL)(
  'a change nobody answered and ECS did not take is not applied after 16 real minutes, and not before (long)',
  async () => {
    const ground = await layPressGround();
    const { world, fresh } = ground;
    const { keeper } = world.application;
    try {
      await ground.fault('UpdateService', 'server-error');
      const id = await world.start('api', { to: 'api:421', bring: 'images' });
      keeper.begin();
      const { intentAt } = await world.row(id);
      const age = async () => {
        const [row] = await fresh.owner.query<{ ms: number }>(
          'SELECT extract(epoch FROM clock_timestamp() - intent_at)::float8 * 1000 AS ms FROM rollback',
        );
        return row?.ms ?? 0;
      };
      while ((await age()) < T_QUARANTINE_MS) {
        const { state } = await world.row(id);
        // Between the two questions the time may have come.
        if (state !== 'unknown') expect(await age()).toBeGreaterThanOrEqual(T_QUARANTINE_MS);
        await setTimeout(5_000);
      }
      await expect
        .poll(async () => (await world.row(id)).state, { timeout: 60_000, interval: 1_000 })
        .toBe('not-applied');
      const ended = await world.row(id);
      expect(ended).toMatchObject({ reason: 'absent' });
      expect((ended.endedAt ?? 0) - (intentAt ?? 0)).toBeGreaterThanOrEqual(T_QUARANTINE_MS);
      expect(await ground.kindsOf(id)).toEqual(['confirmed', 'registered', 'send-intent', 'unclear', 'ended']);
      expect(await ground.sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
    } finally {
      await keeper.end();
      expect(await ground.close()).toMatchObject({ ok: true });
    }
  },
);
