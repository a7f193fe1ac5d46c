import { expect, test } from './fixtures';
import { press } from './press';
import { logged, recordIsWhole } from './whole';
import type { World } from './world';

const SMS = '/services/production/notify/delivery-worker-sms/rollback?to=delivery-worker-sms:306';
const JOBS = '/services/production/notify/delivery-worker-jobs/rollback?to=delivery-worker-jobs:201';

const answersAt = (world: World, path: string): Promise<number> =>
  fetch(`${world.urls[0]}${path}`).then(
    ({ status }) => status,
    () => 0,
  );

const writesOf = async (world: World, operation: string) =>
  (await world.aws.writes()).filter((call) => call.operation === operation);

test.describe('a dashboard that is told to end', () => {
  test('refuses presses, finishes the one under way, and the next one watches it to its end', async ({
    world,
    page,
    signIn,
    pageOf,
  }) => {
    await signIn('operator', SMS);
    const other = await pageOf('operator', JOBS);
    await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'slow', ms: 6_000, count: 1 });
    await press(page, 'delivery-worker-sms');
    await page.waitForURL(/\/rollbacks\/rb-/);
    const rollback = page.url();

    world.signal('SIGTERM');
    await expect.poll(() => answersAt(world, '/api/ready')).toBe(503);
    expect(await answersAt(world, '/api/health')).toBe(200);
    await press(other, 'delivery-worker-jobs');
    await expect(other.getByRole('alert').filter({ hasText: 'The tool is restarting' })).toBeVisible();

    await expect.poll(() => answersAt(world, '/api/health'), { timeout: 30_000 }).toBe(0);
    expect(await logged(world, 'stop.done')).toHaveLength(1);
    expect(await writesOf(world, 'UpdateService')).toHaveLength(1);
    await world.restart();
    await page.goto(rollback);
    await expect(page.getByRole('heading', { name: /ECS is running release-1119 again/ })).toBeVisible({
      timeout: 60_000,
    });
    expect(await writesOf(world, 'RegisterTaskDefinition')).toHaveLength(1);
    expect(await writesOf(world, 'UpdateService')).toHaveLength(1);
    await recordIsWhole(world);
  });
});

test.describe('a dashboard that was killed', () => {
  test('loses nothing: sessions, the rollback and the record are there again', async ({ world, page, signIn }) => {
    await signIn('operator', SMS);
    await press(page, 'delivery-worker-sms');
    await page.waitForURL(/\/rollbacks\/rb-/);
    await expect.poll(async () => (await writesOf(world, 'UpdateService')).length).toBe(1);
    const before = await world.query('SELECT * FROM record ORDER BY seq');
    world.signal('SIGKILL');
    await world.restart();
    // Still signed in, on the same page.
    await page.reload();
    await expect(page.getByRole('heading', { name: /ECS is running release-1119 again/ })).toBeVisible({
      timeout: 60_000,
    });
    const after = await world.query('SELECT * FROM record ORDER BY seq');
    expect(after.slice(0, before.length)).toEqual(before);
    expect(await writesOf(world, 'UpdateService')).toHaveLength(1);
    await recordIsWhole(world);
  });
});
