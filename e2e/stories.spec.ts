import type { Page } from '@playwright/test';
import { enter, tabTo } from './by-keyboard';
import { expect, test } from './fixtures';
import { notify, serviceAt } from './places';
import { press } from './press';
import type { World } from './world';

const SMS = `${serviceAt('delivery-worker-sms')}/rollback?to=delivery-worker-sms:306`;
const FAST = { speed: 600 };

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** A rollout whose tasks take long, so that there is something to stop. */
async function deployed(world: World): Promise<void> {
  await world.aws.clock({ speed: 1 });
  const image = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1119';
  await world.aws.deploy({ ...notify('production', 'api'), image });
}

/** What the record says for ever of who rolled back, why, and what AWS was asked. */
async function tellsWhatHappened(page: Page): Promise<void> {
  await expect(heading(page)).toHaveText('ECS is running release-1119 again in delivery-worker-sms (production).');
  const main = page.getByRole('main');
  await expect(main).toContainText('k.smith · operator@notify.example');
  await expect(main).toContainText('release-1123 (310)');
  await expect(main).toContainText('Errors after release');
  await expect(main).toContainText(/AWS request [0-9a-f-]{36}/);
}

test.use({ viewport: { width: 390, height: 844 } });

test.describe('by keyboard alone, on a phone', () => {
  test('a service is found, rolled back, watched and the rollback undone', async ({ page, signIn, world }) => {
    await world.aws.clock(FAST);
    await signIn('operator', '/services');
    await enter(page, /^api$/);
    await expect(page).toHaveURL(/\/api$/);
    await enter(page, /^Roll back to release-1119/);
    await expect(heading(page)).toBeFocused();
    await enter(page, /^Only the images/);
    await expect(page.getByRole('heading', { name: 'Checks' })).toBeVisible();
    await tabTo(page, /^Errors after release/);
    await page.keyboard.press('Space');
    await tabTo(page, /^Type the service name/);
    await page.keyboard.type('api');
    await enter(page, /^Roll back api in production/);
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    await enter(page, /^Undo: plan a return/);
    await expect(heading(page)).toHaveText(/^Undo rollback rb-/);
    for (let ticks = await page.getByRole('checkbox', { name: /^I have read/ }).count(); ticks > 0; ticks -= 1) {
      await tabTo(page, /^I have read/);
      await page.keyboard.press('Space');
    }
    await tabTo(page, /^It did not help/);
    await page.keyboard.press('Space');
    await tabTo(page, /^Type the service name/);
    await page.keyboard.type('api');
    await page.keyboard.press('Enter');
    await expect(heading(page)).toHaveText(/^ECS is running release-1123 again/, { timeout: 60_000 });
  });

  test('a deployment under way is stopped', async ({ page, signIn, world }) => {
    await deployed(world);
    await signIn('operator', serviceAt('api'));
    await enter(page, /^Stop this deployment and return to release-1123/);
    await expect(heading(page)).toHaveText('Stop the deployment of api in production');
    await tabTo(page, /^Errors after release/);
    await page.keyboard.press('Space');
    await tabTo(page, /^Type the service name/);
    await page.keyboard.type('api');
    await enter(page, /^Stop the deployment of api/);
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    await world.aws.clock(FAST);
    await expect(heading(page)).toHaveText(/^Stopped\. ECS is running release-1123 again/, { timeout: 60_000 });
  });

  test('what happened is found out later, by somebody else', async ({ page, signIn, pageOf, world }) => {
    await world.aws.clock(FAST);
    const before = await pageOf('operator', SMS);
    await press(before, 'delivery-worker-sms');
    await expect(heading(before)).toHaveText(/^ECS is running/, { timeout: 60_000 });
    await signIn('viewer', '/services');
    await enter(page, /^Menu$/);
    await enter(page, /^Rollback record$/);
    await expect(heading(page)).toHaveText('Rollback record');
    await enter(page, /UTC, rollback rb-/);
    await tellsWhatHappened(page);
  });
});

test.describe('without script, on a phone', () => {
  test.use({ javaScriptEnabled: false });

  test('a service is found, rolled back, watched and the rollback undone', async ({ page, signIn, world }) => {
    await world.aws.clock(FAST);
    await signIn('operator', '/services');
    await page.getByRole('link', { name: 'api', exact: true }).click();
    await page.getByRole('link', { name: /^Roll back to release-1119/ }).click();
    await page.getByRole('link', { name: /^Only the images/ }).click();
    await press(page, 'api');
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    await page.getByRole('link', { name: /^Undo: plan a return/ }).click();
    for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
    await page.getByRole('radio', { name: 'It did not help' }).check();
    await page.getByLabel(/^Type the service name/).fill('api');
    await page.getByRole('button', { name: 'Undo the rollback of api in production' }).click();
    await expect(heading(page)).toHaveText(/^ECS is running release-1123 again/, { timeout: 60_000 });
  });

  test('a deployment under way is stopped', async ({ page, signIn, world }) => {
    await deployed(world);
    await signIn('operator', serviceAt('api'));
    await page.getByRole('link', { name: /^Stop this deployment/ }).click();
    await press(page, 'api');
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    await world.aws.clock(FAST);
    await expect(heading(page)).toHaveText(/^Stopped\. ECS is running release-1123 again/, { timeout: 60_000 });
  });

  test('what happened is found out later, by somebody else', async ({ page, signIn, pageOf, world }) => {
    await world.aws.clock(FAST);
    const before = await pageOf('operator', SMS);
    await press(before, 'delivery-worker-sms');
    await expect(heading(before)).toHaveText(/^ECS is running/, { timeout: 60_000 });
    await signIn('viewer', '/services');
    await page.getByText('Menu', { exact: true }).click();
    await page.getByRole('link', { name: 'Rollback record' }).click();
    await page.getByRole('link', { name: /rollback rb-/ }).click();
    await tellsWhatHappened(page);
  });
});

/** Counts what somebody clicks from the services to a rollback that has started; typing the name is no click. */
async function clicksTo(page: Page, service: string, choice?: RegExp): Promise<number> {
  const way = [
    page.getByRole('link', { name: `Roll back… ${service} in production` }),
    ...(choice === undefined ? [] : [page.getByRole('link', { name: choice })]),
    page.getByRole('radio', { name: 'Errors after release' }),
  ];
  let clicks = 0;
  for (const one of way) {
    await one.click();
    clicks += 1;
  }
  await page.getByLabel(/^Type the service name/).fill(service);
  await page.getByRole('button', { name: `Roll back ${service} in production` }).click();
  await expect(page).toHaveURL(/\/rollbacks\/rb-/);
  return clicks + 1;
}

test('three clicks and a typed name lead from the services to a rollback; a choice of what to bring back is one more', async ({
  page,
  signIn,
}) => {
  await signIn('operator', '/services');
  expect(await clicksTo(page, 'delivery-worker-sms')).toBe(3);
  await page.goto('/services');
  expect(await clicksTo(page, 'api', /^Only the images/)).toBe(4);
});
