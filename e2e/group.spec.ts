import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import type { World } from './world';

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
});
