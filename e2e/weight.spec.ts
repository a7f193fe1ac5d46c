import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { serviceAt } from './places';
import { press } from './press';
import { weigh } from './weight';

const PLAN = `${serviceAt('api')}/rollback?to=api:421&bring=images`;

/** Keeps what moved on the page by itself; what a person's press moves within half a second does not count. */
const watchShifts = (page: Page) =>
  page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
        if (!entry.hadRecentInput) shifts.push(entry.value);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });

const shifted = (page: Page): Promise<readonly number[]> =>
  page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.splice(0));

test.describe('a phone on a slow line', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('loads few files and little script, least of all to watch a rollback', async ({ page, signIn, world }) => {
    await world.aws.clock({ speed: 20 });
    await signIn('operator', PLAN);
    await press(page, 'api');
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    const progress = await weigh(page, page.url());
    expect(progress.ownScriptBytes).toBeGreaterThan(0);
    expect(progress.ownScriptBytes).toBeLessThanOrEqual(30_000);
    for (const address of ['/services', serviceAt('api'), PLAN]) {
      const weight = await weigh(page, address);
      expect([address, weight.ownScriptBytes <= 30_000]).toEqual([address, true]);
      expect([address, weight.bytes <= 400_000, weight.requests <= 20]).toEqual([address, true, true]);
    }
  });
});

for (const width of [1280, 390]) {
  test(`nothing moves while updates come, ${width} px wide`, async ({ page, signIn, world }) => {
    await page.setViewportSize({ width, height: 844 });
    await watchShifts(page);
    await world.aws.clock({ speed: 10 });
    await signIn('operator', PLAN);
    await press(page, 'api');
    const bar = page.getByRole('progressbar', { name: 'New tasks' });
    await expect(bar).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('link', { name: /^Stop and return/ })).toBeVisible();
    await shifted(page);
    const before = await bar.getAttribute('aria-valuetext');
    await expect(bar).not.toHaveAttribute('aria-valuetext', before ?? '', { timeout: 60_000 });
    const then = await page.getByText(/^Read \d\d:\d\d:\d\d UTC/).textContent();
    await expect(page.getByText(/^Read \d\d:\d\d:\d\d UTC/)).not.toHaveText(then ?? '');
    expect(await shifted(page)).toEqual([]);
  });
}
