import type { Page } from '@playwright/test';
import { enter, tabTo } from './by-keyboard';
import { expect, test } from './fixtures';
import { serviceAt } from './places';
import { press } from './press';

test.beforeEach(({ world }) => world.aws.clock({ speed: 600 }));

/** Rolls a service back to a revision, as an operator does, until ECS runs it. */
async function rollBack(page: Page, service: string, to: string): Promise<void> {
  await page.goto(`${serviceAt(service)}/rollback?to=${service}:${to}`);
  await press(page, service);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^ECS is running release-\d+ again/, {
    timeout: 60_000,
  });
}

/** The service's page once it shows what runs, and its revision: what all look at is read at most every few seconds. */
async function openRunning(page: Page, service: string, tag: string): Promise<number> {
  let number = 0;
  await expect(async () => {
    await page.goto(serviceAt(service));
    const running = page.getByRole('region', { name: 'Running now' }).getByText(`${tag} (`);
    number = Number(/\((\d+)/.exec((await running.textContent({ timeout: 1_000 })) ?? '')?.[1]);
    await expect(rowOf(page, number)).toContainText('● Running now', { timeout: 1_000 });
  }).toPass({ timeout: 40_000 });
  return number;
}

const rowOf = (page: Page, number: number) =>
  page
    .getByRole('region', { name: 'Table of versions' })
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: `Revision ${number}`, exact: true }) });

test('a version somebody rolled back from is marked with who and why, until an operator says why it no longer counts', async ({
  page,
  signIn,
  pageOf,
}) => {
  await signIn('operator');
  await rollBack(page, 'canary', '16');
  await openRunning(page, 'canary', 'release-56');
  await expect(rowOf(page, 17)).toContainText('↺ Rolled back from');
  await expect(rowOf(page, 17)).toContainText('k.smith');
  await expect(rowOf(page, 17)).toContainText('Errors after release');
  await expect(page.getByRole('region', { name: 'Last known good' })).not.toContainText('(17)');

  await page.goto(`${serviceAt('canary')}/rollback?to=canary:17`);
  await expect(page.getByText(/k\.smith rolled back from release-57 on .*: Errors after release\./)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Roll forward canary in production');

  const revision = `${serviceAt('canary')}/revisions/canary%3A17`;
  const viewer = await pageOf('viewer', revision);
  await expect(viewer.getByRole('heading', { name: 'Rolled back from' })).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Clear this mark' })).toHaveCount(0);

  await page.goto(revision);
  await page.getByRole('button', { name: 'Clear this mark' }).click();
  await expect(page.getByText('Say why you clear this mark')).toBeVisible();
  await page.getByLabel('Why does it no longer count?').fill('It was the database');
  await page.getByRole('button', { name: 'Clear this mark' }).click();
  await expect(page.getByRole('heading', { name: 'Rolled back from' })).toHaveCount(0);
  await page.goto(serviceAt('canary'));
  await expect(rowOf(page, 17)).not.toContainText('Rolled back from');
});

test('the mark is cleared by keyboard alone', async ({ page, signIn }) => {
  await signIn('operator');
  await rollBack(page, 'canary', '16');
  await page.goto(`${serviceAt('canary')}/revisions/canary%3A17`);
  await tabTo(page, /^Why does it no longer count/);
  await page.keyboard.type('It was the database');
  await enter(page, /^Clear this mark/);
  await expect(page.getByRole('heading', { name: 'Rolled back from' })).toHaveCount(0);
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the mark is cleared, once there is a reason', async ({ page, signIn }) => {
    await signIn('operator');
    await rollBack(page, 'canary', '16');
    await page.goto(`${serviceAt('canary')}/revisions/canary%3A17`);
    await page.getByRole('button', { name: 'Clear this mark' }).click();
    await expect(page.getByText('Say why you clear this mark')).toBeVisible();
    await page.getByLabel('Why does it no longer count?').fill('It was the database');
    await page.getByRole('button', { name: 'Clear this mark' }).click();
    await expect(page).toHaveURL(/\/revisions\/canary%3A17$/);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('canary:17');
    await expect(page.getByRole('heading', { name: 'Rolled back from' })).toHaveCount(0);
  });
});

test('going forward marks nothing: the older version that was left may have been good', async ({ page, signIn }) => {
  await signIn('operator');
  await rollBack(page, 'canary', '16');
  const left = await openRunning(page, 'canary', 'release-56');
  await page.goto(`${serviceAt('canary')}/rollback?to=canary:17`);
  await press(page, 'canary');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^ECS is running release-57 again/, {
    timeout: 60_000,
  });
  await openRunning(page, 'canary', 'release-57');
  for (const older of [16, left]) await expect(rowOf(page, older)).toContainText('Will be copied');
});
