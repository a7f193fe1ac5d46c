import type { Page } from '@playwright/test';
import { findingsInEveryLook } from './axe';
import { enter, tabTo } from './by-keyboard';
import { expect, test } from './fixtures';
import { notify } from './places';
import { recordIsWhole } from './whole';
import type { World } from './world';

const PLAN = '/groups/production/rollback?image=notifications-api:release-1123&to=release-1119&bring=images';
const WORKERS = ['callbacks', 'jobs', 'letters', 'receipts', 'reporting', 'research', 'retries', 'sms'];
const EVERYONE = ['api', ...WORKERS.map((name) => `delivery-worker-${name}`)];

test.beforeEach(({ world }) => world.aws.clock({ speed: 600 }));

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const finalButton = (page: Page, count: number) =>
  page.getByRole('button', { name: `Roll back ${count} services in production` });

async function fillIn(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Errors after release' }).check();
  for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
  await page.getByLabel('Type notifications-api to confirm').fill('notifications-api');
}

/** What we alone changed, by service. */
async function updates({ aws }: World): Promise<readonly unknown[]> {
  const writes = await aws.writes();
  return writes
    .filter(({ principal, operation }) => principal.includes('ecs-rollback-writer') && operation === 'UpdateService')
    .map(({ input }) => input.service)
    .sort();
}

test('one bad image of nine services: from the overview to all of them back, and undone again', async ({
  page,
  signIn,
  world,
}) => {
  test.setTimeout(180_000);
  await signIn('operator', '/services');
  // Three presses and a name, and one for what to bring back, which the settings of api make a question.
  await page.getByRole('link', { name: /^Roll back all 9… services that run notifications-api:release-1123/ }).click();
  await expect(heading(page)).toHaveText('Roll back notifications-api in production');
  await page.getByRole('link', { name: /^Only the images/ }).click();
  await expect(heading(page)).toHaveText('Roll back notifications-api in production: 9 of 9 services chosen');
  await fillIn(page);
  await finalButton(page, 9).click();

  await expect(page).toHaveURL(/\/group-rollbacks\/gr-[0-9a-z]{8}$/);
  await expect(heading(page)).toHaveText('ECS is running release-1119 again in 9 of 9 services.', { timeout: 90_000 });
  expect(await updates(world)).toEqual(EVERYONE);

  await page.getByRole('link', { name: 'Undo: plan a return of 9 services to release-1123' }).click();
  await expect(heading(page)).toHaveText(
    /^Undo gr-\w+: return notifications-api to release-1123 in production: 9 of 9 services chosen$/,
  );
  await page.getByRole('radio', { name: 'It did not help' }).check();
  for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
  await page.getByLabel('Type notifications-api to confirm').fill('notifications-api');
  await page.getByRole('button', { name: 'Undo the rollback of 9 services in production' }).click();
  await expect(heading(page)).toHaveText('ECS is running release-1123 again in 9 of 9 services.', { timeout: 90_000 });
  expect(await updates(world)).toEqual(EVERYONE.flatMap((name) => [name, name]));
  await recordIsWhole(world);
});

test('one service that fails leaves the others done, is named, and is planned again alone', async ({
  page,
  signIn,
  world,
}) => {
  test.setTimeout(180_000);
  await world.aws.service({ ...notify('production', 'delivery-worker-jobs'), tasks: 'crash' });
  await signIn('operator', PLAN);
  await fillIn(page);
  await finalButton(page, 9).click();
  await expect(heading(page)).toHaveText('8 of 9 services run release-1119 again. 1 needs you: delivery-worker-jobs.', {
    timeout: 120_000,
  });
  await expect(page.getByRole('alert').filter({ has: heading(page) })).toBeVisible();
  // Who needs somebody comes first.
  await expect(page.getByRole('row').nth(1)).toContainText('delivery-worker-jobs');
  expect(await updates(world)).toEqual(EVERYONE);
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await expect(heading(page)).toHaveText(/^The rollback did not work\./);
  await page.getByRole('link', { name: 'See all of them' }).click();
  await page.getByRole('link', { name: 'Plan the rest again' }).click();
  await expect(heading(page)).toHaveText('Roll back notifications-api in production: 1 of 1 service chosen');
  await expect(page.getByRole('checkbox', { name: 'delivery-worker-jobs' })).toBeChecked();
  await world.aws.service({ ...notify('production', 'delivery-worker-jobs'), tasks: 'healthy' });
  await fillIn(page);
  await page.getByRole('button', { name: 'Roll back 1 service in production' }).click();
  await expect(heading(page)).toHaveText('ECS is running release-1119 again in 1 of 1 service.', { timeout: 90_000 });
  expect(await updates(world)).toEqual([...EVERYONE, 'delivery-worker-jobs'].sort());
});

test('the one people reach goes first; where ECS does not take it, none of the rest is started', async ({
  page,
  signIn,
  world,
}) => {
  await signIn('operator', PLAN);
  await page.getByRole('radio', { name: 'api first, the rest when it is steady' }).check();
  await fillIn(page);
  await world.aws.fault({ operation: 'UpdateService', fault: 'access-denied' });
  await finalButton(page, 9).click();
  await expect(heading(page)).toHaveText(/^0 of 9 services run release-1119 again\. 9 need you: api, /, {
    timeout: 60_000,
  });
  await expect(page.getByText('Not started, because api did not succeed.')).toHaveCount(8);
  expect(await updates(world)).toEqual(['api']);
  await recordIsWhole(world);
});

test('a dashboard killed in the middle of a group: nothing starts by itself, and every service is told of', async ({
  page,
  signIn,
  world,
}) => {
  test.setTimeout(180_000);
  await signIn('operator', PLAN);
  await fillIn(page);
  await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'hang', skip: 4 });
  await finalButton(page, 9).click();
  await expect(page).toHaveURL(/\/group-rollbacks\/gr-/);
  await expect.poll(async () => (await updates(world)).length, { timeout: 30_000 }).toBe(4);
  world.signal('SIGKILL');
  await world.aws.mend();
  const sent = await updates(world);
  await world.restart();
  await page.reload();
  await expect(heading(page)).toHaveText(/^4 of 9 services run release-1119 again\. 5 need you: /, { timeout: 90_000 });
  await expect(page.getByText('The tool restarted before it asked ECS.').first()).toBeVisible();
  expect(await updates(world)).toEqual(sent);
  const states = await world.query<{ state: string; reason: string | null }>('SELECT state, reason FROM rollback');
  expect(states.filter(({ reason }) => reason === 'starter-gone')).toHaveLength(5);
  expect(states.filter(({ state }) => state === 'succeeded')).toHaveLength(4);
  await recordIsWhole(world);
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('a group is pressed only with the number of services its button said', async ({ page, signIn, world }) => {
    test.setTimeout(180_000);
    await signIn('operator', PLAN);
    await page.getByRole('checkbox', { name: 'delivery-worker-sms' }).uncheck();
    await fillIn(page);
    await finalButton(page, 9).click();
    await expect(
      page.getByRole('link', { name: /^You have chosen 8 services, and the button said 9\./ }),
    ).toBeVisible();
    expect(await updates(world)).toEqual([]);
    await expect(heading(page)).toHaveText('Roll back notifications-api in production: 8 of 9 services chosen');
    await expect(page.getByRole('checkbox', { name: 'delivery-worker-sms' })).not.toBeChecked();
    await finalButton(page, 8).click();
    await expect(page).toHaveURL(/\/group-rollbacks\/gr-/);
    await expect(heading(page)).toHaveText('ECS is running release-1119 again in 8 of 8 services.', {
      timeout: 120_000,
    });
    expect(await updates(world)).toEqual(EVERYONE.filter((name) => name !== 'delivery-worker-sms'));
  });
});

test.describe('on a phone', () => {
  // The policy of the pages forbids what axe injects into them.
  test.use({ viewport: { width: 390, height: 844 }, bypassCSP: true });

  test('by keyboard alone: some of a group, its progress and a mixed outcome, for everybody', async ({
    page,
    signIn,
    world,
  }) => {
    test.setTimeout(180_000);
    await world.aws.service({ ...notify('production', 'delivery-worker-jobs'), tasks: 'crash' });
    await world.aws.clock({ speed: 20 });
    await signIn('operator', '/services');
    await enter(page, /^Roll back all 9… services that run notifications-api:release-1123/);
    await expect(heading(page)).toHaveText('Roll back notifications-api in production');
    await expect(heading(page)).toBeFocused();
    await enter(page, /^Only the images/);
    await expect(heading(page)).toHaveText(/: 9 of 9 services chosen$/);
    await tabTo(page, /^delivery-worker-sms$/);
    await page.keyboard.press('Space');
    await tabTo(page, /^Errors after release/);
    await page.keyboard.press('Space');
    await tabTo(page, /^Type notifications-api to confirm/);
    await page.keyboard.type('notifications-api');
    await enter(page, /^Roll back 8 services in production/);
    await expect(page).toHaveURL(/\/group-rollbacks\/gr-/);
    await expect(heading(page)).toHaveText('Rolling back notifications-api in production');
    await expect(heading(page)).toBeFocused();
    expect(await findingsInEveryLook(page)).toEqual([]);
    await world.aws.clock({ speed: 600 });
    await expect(heading(page)).toHaveText(/1 needs you: delivery-worker-jobs\.$/, { timeout: 120_000 });
    expect(await findingsInEveryLook(page)).toEqual([]);
    await enter(page, /^Plan the rest again/);
    // The one that was left out is offered as well, and not chosen.
    await expect(heading(page)).toHaveText(/: 1 of 2 services chosen$/);
  });
});

test('somebody who may only look sees the same plan, and no form', async ({ page, signIn }) => {
  await signIn('viewer', PLAN);
  await expect(heading(page)).toHaveText('Roll back notifications-api in production');
  await expect(page.getByText('You can view notifications-api in production but not roll it back.')).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: /^Type/ })).toHaveCount(0);
});
