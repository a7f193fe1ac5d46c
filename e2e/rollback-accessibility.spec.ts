import type { Page } from '@playwright/test';
import { findingsInEveryLook, sideways } from './axe';
import { expect, test } from './fixtures';
import { serviceAt } from './places';

const PLAN = `${serviceAt('api')}/rollback?to=api:421&bring=images`;
const ADDRESSES = [
  `${serviceAt('api')}/rollback`,
  `${serviceAt('api')}/rollback?to=api:421`,
  PLAN,
  `${serviceAt('api')}/rollback?to=api:421&bring=everything`,
  `${serviceAt('template-preview')}/rollback?to=template-preview:88`,
  `${serviceAt('antivirus')}/rollback?to=antivirus:56`,
  `${serviceAt('api')}/rollback?stop=not-there`,
  '/record',
  '/record?service=none',
];

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

async function press(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Errors after release' }).check();
  await page.getByLabel(/^Type the service name/).fill('api');
  await page.getByRole('button', { name: 'Roll back api in production' }).click();
  await expect(page).toHaveURL(/\/rollbacks\/rb-/);
}

test.describe('light and dark, wide and narrow, letters large and spread', () => {
  // The policy of the pages forbids what axe injects into them.
  test.use({ bypassCSP: true });

  test('axe finds nothing on plans and the record, and none scrolls sideways', async ({ page, signIn }) => {
    test.slow();
    await signIn('operator');
    for (const address of ADDRESSES) {
      await page.goto(address);
      await expect(heading(page)).toHaveCount(1);
      expect(await findingsInEveryLook(page)).toEqual([]);
      expect(await sideways(page)).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    await page.goto(PLAN);
    await page.getByRole('button', { name: 'Roll back api in production' }).click();
    await expect(page.getByRole('heading', { name: 'There is a problem' })).toBeVisible();
    expect(await findingsInEveryLook(page)).toEqual([]);
  });

  test('axe finds nothing on a rollback that runs, nor on its outcome', async ({ page, signIn, world }) => {
    test.slow();
    await world.aws.clock({ speed: 5 });
    await signIn('operator', PLAN);
    await press(page);
    await expect(page.getByRole('progressbar', { name: 'New tasks' })).toBeVisible({ timeout: 30_000 });
    expect(await findingsInEveryLook(page)).toEqual([]);
    await expect(page.getByRole('progressbar', { name: 'New tasks' })).toBeVisible();
    await world.aws.clock({ speed: 600 });
    await expect(heading(page)).toHaveText(/^ECS is running/, { timeout: 60_000 });
    expect(await findingsInEveryLook(page)).toEqual([]);
    expect(await sideways(page)).toEqual([]);
    await page.goto('/record');
    expect(await sideways(page)).toEqual([]);
  });
});

test.describe('on touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the final button is 48 px high, stands clear of Cancel and everything else is 44 px', async ({
    page,
    signIn,
  }) => {
    await signIn('operator', `${serviceAt('template-preview')}/rollback?to=template-preview:88`);
    const final = await page.getByRole('button', { name: /^Roll back template-preview/ }).boundingBox();
    const cancel = await page.getByRole('link', { name: 'Cancel' }).boundingBox();
    expect(final?.height).toBeGreaterThanOrEqual(48);
    const apart = (cancel?.y ?? 0) - ((final?.y ?? 0) + (final?.height ?? 0));
    expect(apart).toBeGreaterThanOrEqual(16);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main button, main summary, main label:has(input)')]
        .map((control) => ({ text: control.textContent, height: control.getBoundingClientRect().height }))
        .filter(({ height }) => height > 1 && height < 44),
    );
    expect(small).toEqual([]);
  });
});

test('a screen reader hears what changes, and nothing before it does', async ({ page, signIn, world }) => {
  await world.aws.clock({ speed: 20 });
  await signIn('operator', PLAN);
  await press(page);
  const status = page.getByRole('status');
  await expect(status).toHaveCount(1);
  await expect(status).toHaveText(/^(Rollback started\.|[0-6] of 6 tasks run release-1119\.)$/, { timeout: 30_000 });
  await world.aws.clock({ speed: 600 });
  await expect(status).toHaveText('ECS is running release-1119 again in api (production).', { timeout: 60_000 });
});

test('updates can be paused, and go on at once when asked to', async ({ page, signIn, world }) => {
  await world.aws.clock({ speed: 600 });
  await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'slow', ms: 2_000 });
  await signIn('operator', PLAN);
  await press(page);
  await page.getByRole('button', { name: 'Pause updates' }).click();
  await expect
    .poll(async () => (await world.query<{ state: string }>('SELECT state FROM rollback'))[0]?.state, {
      timeout: 60_000,
    })
    .toBe('succeeded');
  await expect(heading(page)).toHaveText('Rolling back api in production');
  // No timer fires from here on: what comes was asked for at once.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1_000);
  await page.getByRole('button', { name: 'Resume updates' }).click();
  await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/);
});
