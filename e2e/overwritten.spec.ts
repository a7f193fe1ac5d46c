import type { Page } from '@playwright/test';
import { findingsInEveryLook, unfold } from './axe';
import { expect, test } from './fixtures';
import type { World } from './world';

const PLACE = { account: '111111111111', cluster: 'notify', service: 'api' } as const;
const API = '/services/production/notify/api';
const PLAN = `${API}/rollback?to=api:421&bring=images`;
const imageOf = (tag: string): string => `111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:${tag}`;

/** How long the product says that it takes, at most, while somebody watches. */
const WITHIN = { timeout: 60_000, intervals: [1_000] };

test.describe.configure({ timeout: 240_000 });
test.beforeEach(({ world }) => world.aws.clock({ speed: 600 }));

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const warning = (page: Page) => page.getByRole('heading', { level: 2 }).filter({ hasText: / at \d\d:\d\d UTC/ });

async function confirmAs(page: Page, reason: string): Promise<void> {
  for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
  await page.getByRole('radio', { name: reason, exact: true }).check();
  await page.getByLabel(/^Type the service name/).fill('api');
  await page.getByRole('button', { name: /api in production$/ }).click();
  await page.waitForURL(/\/rollbacks\/rb-/);
}

/** Rolls api back to the images of 421 and waits for the end; gives the rollback's address. */
async function rolledBack(page: Page): Promise<string> {
  await confirmAs(page, 'Errors after release');
  await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
  return new URL(page.url()).pathname;
}

/** Looks at the overview again and again, as somebody who watches does, until a page says what was found. */
async function shows(page: Page, path: string, words: RegExp): Promise<void> {
  await expect(async () => {
    await page.goto('/services');
    await page.goto(path);
    await expect(page.getByText(words).first()).toBeVisible({ timeout: 500 });
  }).toPass(WITHIN);
}

const recorded = (world: World) =>
  world.query<{ payload: string }>("SELECT payload FROM record WHERE kind = 'overwritten'");

const BACK = /^A deployment at \d\d:\d\d UTC brought release-1123 back to api\.$/;

test('the bad version comes back: every page says so within a minute, and the way back is one press', async ({
  page,
  signIn,
  world,
}) => {
  await signIn('operator', PLAN);
  const rollback = await rolledBack(page);
  await world.aws.deploy({ ...PLACE, image: imageOf('release-1123') });
  await shows(page, API, BACK);
  await expect(
    page.getByText(/Registered by concourse-deploy\. Rolled back at \d\d:\d\d UTC: Errors after release\./),
  ).toBeVisible();
  await page.goto('/services');
  await expect(
    page.getByRole('row').filter({ has: page.getByRole('link', { name: 'api', exact: true }) }),
  ).toContainText(/A deployment at \d\d:\d\d UTC brought release-1123 back to api\./);
  await page.goto('/record');
  await expect(page.getByRole('row').filter({ hasText: 'release-1119 (421)' })).toContainText(
    /brought release-1123 back to api\./,
  );
  await page.goto(rollback);
  await expect(warning(page)).toHaveText(BACK);

  await page.getByRole('link', { name: 'Roll back again to release-1119 (421)' }).click();
  await expect(heading(page)).toHaveText('Roll back api in production');
  await expect(page.getByRole('radio', { name: 'Errors after release' })).toBeChecked();
  await confirmAs(page, 'Errors after release');
  await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
  await page.goto(API);
  await expect(warning(page)).toHaveCount(0);
});

test('only the settings are replaced: it says that the images are still there', async ({ page, signIn, world }) => {
  await signIn('operator', PLAN);
  await rolledBack(page);
  // As Terraform does: today's settings are the code's, the image is the one that runs.
  await world.aws.register('api', { memory: '3072' });
  await world.aws.deploy({ ...PLACE, taskDefinition: 'api' });
  await shows(page, API, /^The settings of api were changed at \d\d:\d\d UTC; the images are still release-1119\.$/);
  const again = page.getByRole('link', { name: /^Roll back again to release-1119 \(\d+: 428 with images of 421\)$/ });
  await again.click();
  await expect(page.getByRole('button', { name: 'Roll back api in production' })).toBeVisible();
});

test('a newer version is written down and warns nobody', async ({ page, signIn, world }) => {
  await signIn('operator', PLAN);
  const rollback = await rolledBack(page);
  await world.aws.deploy({ ...PLACE, image: imageOf('release-1122') });
  await shows(page, '/record', /^release-1122 replaced the rollback at \d\d:\d\d UTC\.$/);
  await page.goto(rollback);
  await expect(page.getByText(/^release-1122 replaced the rollback at \d\d:\d\d UTC\.$/)).toBeVisible();
  await page.goto(API);
  await expect(warning(page)).toHaveCount(0);
});

test('our own undo is no news', async ({ page, signIn, world }) => {
  await signIn('operator', PLAN);
  const rollback = await rolledBack(page);
  await page.getByRole('link', { name: /^Undo: plan a return/ }).click();
  await confirmAs(page, 'It did not help');
  await expect(heading(page)).toHaveText(/^ECS is running release-1123 again/, { timeout: 60_000 });
  // Two looks' time with somebody watching, told by the looks themselves.
  const before = (await world.aws.calls()).length;
  const looks = async () => {
    await page.goto('/services');
    return (await world.aws.calls(before)).filter(({ operation }) => operation === 'ListServices').length;
  };
  await expect.poll(looks, { timeout: 90_000, intervals: [2_000] }).toBeGreaterThan(6);
  expect(await recorded(world)).toEqual([]);
  await page.goto(rollback);
  await expect(warning(page)).toHaveCount(0);
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('can be called intended, with a reason: the warning goes and the mark with it', async ({
    page,
    signIn,
    pageOf,
    world,
  }) => {
    await signIn('operator', PLAN);
    await rolledBack(page);
    await world.aws.deploy({ ...PLACE, image: imageOf('release-1123') });
    await shows(page, API, BACK);
    const viewer = await pageOf('viewer', API);
    await expect(warning(viewer)).toHaveText(BACK);
    await expect(viewer.getByText('This was intended')).toHaveCount(0);

    await page.getByText('This was intended').first().click();
    const button = page.getByRole('button', { name: 'This was intended' });
    await button.click();
    await expect(page.getByText('Say why this was intended')).toBeVisible();
    await page.getByLabel('Why was it intended?').fill('the data was wrong, not the release');
    await button.press('Enter');
    await expect(warning(page)).toHaveCount(0);
    await expect(page).toHaveURL(API);
    await page.goto('/record');
    await page.getByRole('row').filter({ hasText: 'release-1119 (421)' }).getByRole('link').click();
    await expect(
      page.getByText(/k\.smith said that it was intended: the data was wrong, not the release/),
    ).toBeVisible();
    await expect(page.getByText(/k\.smith cleared the mark on the version left/)).toBeVisible();
  });
});

test.describe('the warning', () => {
  // The policy of the pages forbids what axe injects into them.
  test.use({ bypassCSP: true });

  test('can be read and pressed by everybody, light and dark, wide and narrow', async ({ page, signIn, world }) => {
    await signIn('operator', PLAN);
    const rollback = await rolledBack(page);
    await world.aws.deploy({ ...PLACE, image: imageOf('release-1123') });
    await shows(page, API, BACK);
    for (const path of [API, rollback, '/services', '/record']) {
      await page.goto(path);
      await unfold(page);
      expect(await findingsInEveryLook(page)).toEqual([]);
    }
  });
});
