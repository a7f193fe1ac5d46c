import { wordsShown } from '@/scripts/walk-in.mjs';
import { expect, test } from './fixtures';
import { plainly, planned, rollbackOf, sent } from './press';
import { recordIsWhole } from './whole';
import type { World } from './world';

const PLAN = '/services/production/notify/api/rollback?to=api:421&bring=images';
const SIGN_INS = 25;

const ourWrites = async (world: World) =>
  (await world.aws.writes())
    .filter(({ principal }) => principal.includes('ecs-rollback-writer'))
    .map(({ operation }) => operation);

const rollbacks = (world: World) =>
  world.query<{ id: string; state: string; by_name: string }>('SELECT id, state, by_name FROM rollback');

test.describe('two people, each signed in twenty-five times, at two dashboards', () => {
  test.use({ replicas: 2 });

  test('press at once: one change goes to AWS, and everybody else reads who is rolling back', async ({ world }) => {
    test.setTimeout(240_000);
    await world.setGroups('staging', ['rollback-operators']);
    const forms = [];
    for (let count = 0; count < 2 * SIGN_INS; count += 1) {
      const browser = await plainly(world, count % 2 === 0 ? 'operator' : 'staging');
      forms.push({ browser, form: await planned(world, browser, PLAN) });
    }
    // Each of them at both dashboards, as often at the one as at the other.
    const answers = await Promise.all(
      forms.map(({ browser, form }, index) => sent(world, browser, { form, replica: Math.floor(index / 2) % 2 })),
    );
    const started = answers.filter(({ status }) => status === 303);
    const refused = answers.filter(({ status }) => status === 200);
    expect(started.map(({ headers }) => headers.get('location'))).toEqual([expect.stringMatching(/\/rollbacks\/rb-/)]);
    const [made] = await rollbacks(world);
    expect(started.map(rollbackOf)).toEqual([made?.id]);
    expect(refused).toHaveLength(2 * SIGN_INS - 1);
    for (const answer of refused)
      expect(wordsShown(answer)).toContain(`${made?.by_name} started a rollback of api at `);
    await expect
      .poll(async () => (await rollbacks(world)).map(({ state }) => state), { timeout: 60_000 })
      .toEqual(['succeeded']);
    expect(await ourWrites(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    await recordIsWhole(world);
  });

  test('send one form twenty times: it is one rollback, at one address', async ({ world }) => {
    const browser = await plainly(world, 'operator');
    const form = await planned(world, browser, PLAN);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => sent(world, browser, { form, replica: index % 2 })),
    );
    const [id, ...others] = new Set(answers.map(rollbackOf));
    expect(others).toEqual([]);
    await expect
      .poll(async () => (await rollbacks(world)).map(({ state }) => state), { timeout: 60_000 })
      .toEqual(['succeeded']);
    // Long over, it is still where its form leads.
    expect(rollbackOf(await sent(world, browser, { form, replica: 1 }))).toBe(id);
    expect(await ourWrites(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  });
});
