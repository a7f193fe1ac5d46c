import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { press } from './press';
import type { World } from './world';

// What people read of each end a rollback can come to. The simulated AWS brings it about; the dashboard only reads it.

const NOTIFY = '/services/production/notify';
const API = 'api:421&bring=images';
const SMS = 'delivery-worker-sms';
const PRODUCTION = { account: '111111111111', cluster: 'notify' } as const;
const imageOf = (release: string): string =>
  `111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:${release}`;

/** Slow enough for somebody to come between, and fast enough to come to an end. */
const SLOW = { speed: 5 };
const FAST = { speed: 600 };

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const reads = (page: Page, words: string | RegExp) => expect(heading(page)).toHaveText(words, { timeout: 60_000 });
const main = (page: Page) => page.getByRole('main');

/** Plans, presses and arrives at the rollback. */
async function rollBack(page: Page, service: string, to: string): Promise<void> {
  await page.goto(`${NOTIFY}/${service}/rollback?to=${to}`);
  await press(page, service);
  await page.waitForURL(/\/rollbacks\/rb-/);
}

const accepted = (page: Page) => expect(page.getByText('ECS accepted the change', { exact: true })).toBeVisible();

/** What somebody else does to a service meanwhile. */
const deploys = ({ aws }: World, release = 'release-1124') =>
  aws.deploy({ ...PRODUCTION, service: 'api', image: imageOf(release) });
const fares = ({ aws }: World, service: string, tasks: 'crash' | 'healthy') =>
  aws.service({ ...PRODUCTION, service, tasks });
const set = ({ aws }: World, service: string, settings: Readonly<Record<string, unknown>>) =>
  aws.service({ ...PRODUCTION, service, settings });

const breaker = (rollback: boolean) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
});

test.beforeEach(async ({ signIn, world }) => {
  await world.aws.clock(FAST);
  await signIn('operator');
});

test.describe('a rollback that failed', () => {
  test('because ECS stopped trying says how many tasks of the version left still run', async ({ page, world }) => {
    await set(world, SMS, breaker(false));
    await fares(world, SMS, 'crash');
    await rollBack(page, SMS, `${SMS}:306`);
    await reads(page, 'The rollback did not work. ECS stopped trying.');
    await expect(main(page).getByText(/^\d+ tasks? of release-1123 still runs?\.$/)).toBeVisible();
    await expect(page.getByRole('alert').filter({ has: heading(page) })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Choose another version' })).toBeVisible();
  });

  test('and whose way back failed too says to act now, and how', async ({ page, world }) => {
    await set(world, SMS, breaker(true));
    await fares(world, SMS, 'crash');
    await world.aws.clock(SLOW);
    await rollBack(page, SMS, `${SMS}:306`);
    await accepted(page);
    // Whatever ECS returns to, more tasks are wanted than still run.
    await set(world, SMS, { desiredCount: 12 });
    await world.aws.clock(FAST);
    await reads(page, 'The rollback did not work, and ECS could not return to release-1123.');
    await expect(main(page).getByText(new RegExp(`^${SMS} has \\d+ of 12 tasks\\. Act now:$`))).toBeVisible();
    await expect(main(page).getByText('aws ecs update-service').first()).toBeVisible();
  });

  test('because its service was deleted says so', async ({ page, world }) => {
    await world.aws.clock(SLOW);
    await rollBack(page, SMS, `${SMS}:306`);
    await accepted(page);
    await world.aws.service({ ...PRODUCTION, service: SMS, delete: true });
    await reads(page, `${SMS} was deleted while we watched.`);
  });
});

test('a service that wants no tasks is set, and nothing is proven', async ({ page }) => {
  await rollBack(page, 'housekeeping', 'housekeeping:11');
  await reads(page, 'housekeeping is set to release-30, but wants 0 tasks.');
  await expect(main(page).getByText('Nothing has run, so nothing is proven.')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Undo: plan a return to release-31/ })).toBeVisible();
});

test.describe('a deployment that is asked to stop', () => {
  test('and finishes first is no success, and leads to a plan back', async ({ page, world }) => {
    await world.aws.clock(SLOW);
    await deploys(world, 'release-1119');
    await world.aws.service({ ...PRODUCTION, service: 'api', finishesStopped: true });
    await page.goto(`${NOTIFY}/api`);
    await page.getByRole('link', { name: /^Stop this deployment and return to release-1123/ }).click();
    await press(page, 'api');
    await page.waitForURL(/\/rollbacks\/rb-/);
    await world.aws.clock(FAST);
    await reads(page, 'The deployment finished before it could be stopped.');
    await expect(main(page).getByText('api runs release-1119.')).toBeVisible();
    await expect(page.getByRole('link', { name: /^Roll back to release-1123/ })).toBeVisible();
  });
});

test.describe('a rollback that was replaced', () => {
  test.beforeEach(({ world }) => world.aws.clock(SLOW));

  test('by a deployment names it, and leads to the plan again', async ({ page, world }) => {
    await rollBack(page, 'api', API);
    await accepted(page);
    await deploys(world);
    await reads(page, /^Another deployment replaced this rollback at \d\d:\d\d UTC\.$/);
    await expect(main(page).getByText('api now runs release-1124, registered by concourse-deploy.')).toBeVisible();
    await expect(page.getByRole('link', { name: /^Roll back to release-1119/ })).toBeVisible();
  });

  test('by a newer rollback leads to that one', async ({ page, pageOf }) => {
    await rollBack(page, 'api', API);
    await accepted(page);
    const other = await pageOf('operator');
    await rollBack(other, 'api', 'api:419&bring=images');
    await reads(page, /^A newer rollback replaced this one at \d\d:\d\d UTC\.$/);
    await expect(main(page).getByText('k.smith started it.')).toBeVisible();
    await page.getByRole('link', { name: 'Watch it' }).click();
    await expect(page).toHaveURL(other.url());
  });

  test('by its own stop names who stopped it, and leads to how the stop ended', async ({ page, context, world }) => {
    await rollBack(page, 'api', API);
    const stop = page.getByRole('link', { name: /^Stop and return to release-1123/ });
    await expect(stop).toBeVisible({ timeout: 30_000 });
    const other = await context.newPage();
    await other.goto((await stop.getAttribute('href')) ?? '');
    await press(other, 'api');
    await other.waitForURL(/\/rollbacks\/rb-/);
    await reads(page, /^k\.smith stopped this rollback at \d\d:\d\d:\d\d UTC\.$/);
    await page.getByRole('link', { name: 'See how the stop ended' }).click();
    await expect(page).toHaveURL(other.url());
    await world.aws.clock(FAST);
    await reads(page, /^Stopped\. ECS is running release-1123 again in api \(production\)\.$/);
  });
});

test.describe('a rollback that changed nothing', () => {
  test('says why, whatever kept it from being sent', async ({ page, world }) => {
    test.slow();
    const { aws } = world;
    await aws.clock(SLOW);
    const registering = () => aws.fault({ operation: 'RegisterTaskDefinition', fault: 'slow', ms: 3_000, count: 1 });
    const says = async (words: RegExp): Promise<void> => {
      await reads(page, /^Nothing was changed in [\w-]+\.$/);
      await expect(main(page).getByText(words)).toBeVisible();
      await expect(page.getByRole('link', { name: 'Plan again' })).toBeVisible();
      await aws.mend();
    };

    await aws.fault({ operation: 'RegisterTaskDefinition', fault: 'access-denied' });
    await rollBack(page, 'delivery-worker-letters', 'delivery-worker-letters:94');
    await says(/^The copy could not be registered: AccessDenied.*ecs:RegisterTaskDefinition/);

    await aws.fault({ operation: 'UpdateService', fault: 'access-denied' });
    await rollBack(page, 'delivery-worker-jobs', 'delivery-worker-jobs:201');
    await says(/^ECS refused the change: AccessDenied.* delivery-worker-jobs:\d+ was registered and is not used\.$/);

    await registering();
    await rollBack(page, 'api', API);
    await deploys(world);
    await says(/^api changed just before the update: it now runs release-1124\. api:\d+ was registered/);

    await registering();
    await rollBack(page, SMS, `${SMS}:306`);
    await set(world, SMS, { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } });
    await says(/^A check failed just before the change: .*ECS can replace nothing\./);

    await registering();
    await rollBack(page, 'delivery-worker-research', 'delivery-worker-research:85');
    await aws.fault({ operation: 'DescribeServices', fault: 'access-denied' });
    await says(/^ECS could not be reached, so it was not asked: /);

    await registering();
    await rollBack(page, 'delivery-worker-receipts', 'delivery-worker-receipts:138');
    await aws.fault({ operation: 'DescribeServices', fault: 'slow', ms: 4_000 });
    await says(/^It took too long, so ECS was not asked\./);

    const updates = (await aws.writes()).filter(({ operation, principal }) => {
      return operation === 'UpdateService' && principal.includes('ecs-rollback-writer');
    });
    // Only the one that ECS refused.
    expect(updates).toHaveLength(1);
  });

  test('because its person was signed out, or its dashboard ended, says so', async ({ page, signIn, world }) => {
    test.slow();
    await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'slow', ms: 3_000, count: 1 });
    await rollBack(page, SMS, `${SMS}:306`);
    await world.query('UPDATE session SET revoked_at = now()');
    await page.context().clearCookies();
    await signIn('operator', new URL(page.url()).pathname);
    await reads(page, `Nothing was changed in ${SMS}.`);
    await expect(main(page).getByText(/^k\.smith was signed out before ECS was asked\./)).toBeVisible();

    await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'hang', applied: false });
    await rollBack(page, 'api', API);
    await expect
      .poll(async () => (await world.aws.writes()).filter(({ input }) => input.family === 'api').length)
      .toBeGreaterThan(0);
    world.signal('SIGKILL');
    await world.restart();
    await page.reload();
    await reads(page, 'Nothing was changed in api.');
    await expect(main(page).getByText(/^The tool restarted before it asked ECS\./)).toBeVisible();
  });

  test('because the request was lost says so, once 16 minutes prove it', async ({ page, world }) => {
    await world.aws.fault({ operation: 'UpdateService', fault: 'drop-before-apply' });
    await rollBack(page, 'api', API);
    await reads(page, 'We do not know yet if ECS took the change.');
    await world.query("UPDATE rollback SET intent_at = intent_at - interval '16 min'");
    await reads(page, 'ECS did not take the change. Nothing was changed in api.');
    await expect(main(page).getByText(/^The request was lost on the way\. api:\d+ was registered/)).toBeVisible();
  });
});

test.describe('a rollback under way', () => {
  test('that makes no progress for an hour is out of sight, and is read on', async ({ page, world }) => {
    await world.aws.clock(SLOW);
    await rollBack(page, 'api', API);
    await accepted(page);
    await world.aws.clock({ speed: 0 });
    // What moved just before it stood still may be read only now.
    await expect(async () => {
      await world.query(
        `UPDATE rollback SET reading = jsonb_set(reading, '{movedAt}', to_jsonb((reading->>'readAt')::bigint - 3600000))
          WHERE reading IS NOT NULL`,
      );
      await expect(heading(page)).toHaveText('We have lost sight of this rollback.', { timeout: 8_000 });
    }).toPass({ timeout: 60_000 });
    await expect(main(page).getByText(/^ECS made no progress for \d+ min\..*We go on reading\.$/)).toBeVisible();
    await expect(page.getByRole('link', { name: 'Look again' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Open the ECS console' }).first()).toBeVisible();
    await world.aws.clock(FAST);
    await reads(page, /^ECS is running release-1119 again/);
  });

  test('that replaced a deployment of the same moment names it', async ({ page, world }) => {
    await world.aws.clock(SLOW);
    await world.aws.fault({ operation: 'UpdateService', fault: 'slow', ms: 2_000, count: 1 });
    await rollBack(page, 'api', API);
    await expect
      .poll(async () => (await world.aws.writes()).some(({ operation }) => operation === 'UpdateService'))
      .toBe(true);
    await deploys(world);
    const notice = page
      .getByRole('alert')
      .filter({ hasText: 'This rollback replaced a deployment that started at the same moment.' });
    await expect(notice).toContainText('release-1124 was being deployed, registered by concourse-deploy.', {
      timeout: 30_000,
    });
    await world.aws.clock(FAST);
    await reads(page, /^ECS is running release-1119 again/);
    await expect(notice).toBeVisible();
  });
});
