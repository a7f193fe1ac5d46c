import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { accountMenu, serviceAt } from './places';

/** Presses a key of a page that has just been loaded, which listens once its script has arrived. */
async function pressUntil(page: Page, key: string, address: RegExp): Promise<void> {
  await expect(async () => {
    if (!address.test(page.url())) await page.keyboard.press(key);
    // Pressing again while the next page is on its way would ask for it anew.
    await expect(page).toHaveURL(address, { timeout: 10_000 });
  }).toPass();
}

test.use({ onlyLooks: true });

test.describe('single keys', () => {
  test('find, step through rows, open, compare and plan', async ({ page, signIn }) => {
    await signIn('operator', '/services?show=all');
    await expect(page.getByRole('link', { name: 'api', exact: true })).toBeVisible();
    await expect(async () => {
      await page.keyboard.press('/');
      await expect(page.getByLabel('Filter', { exact: true })).toBeFocused({ timeout: 500 });
    }).toPass();
    // In a field keys are text.
    await page.keyboard.type('jrgs');
    await expect(page).toHaveURL(/\/services\?show=all$/);
    await page.getByLabel('Filter', { exact: true }).fill('api');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/q=api/);
    await page.getByRole('heading', { level: 1 }).focus();
    await page.keyboard.press('j');
    await expect(page.locator('[data-row] [data-open]').first()).toBeFocused();
    await page.keyboard.press('j');
    await expect(page.locator('[data-row] [data-open]').nth(1)).toBeFocused();
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/services\/production\/notify\/[\w-]+$/);
    await page.goto(serviceAt('api'));
    await pressUntil(page, 'r', /\/rollback\?to=api%3A421/);
    await page.goto(`${serviceAt('api')}/revisions/api%3A421`);
    await pressUntil(page, 'c', /\/compare\?from=api%3A428&to=api%3A421/);
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await expect(page).toHaveURL(/\/services$/);
    await expect(async () => {
      // Heard once the page's scripts have come.
      await page.keyboard.press('g');
      await page.keyboard.press('r');
      await expect(page).toHaveURL(/\/record$/, { timeout: 2_000 });
    }).toPass();
    await page.keyboard.press('/');
    await expect(page.getByLabel('Jump to a service, ARN or console link')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByLabel('Jump to a service, ARN or console link')).not.toBeFocused();
  });

  test('are listed, and can be turned off for good', async ({ page, signIn }) => {
    await signIn('viewer', '/status');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await expect(async () => {
      // Heard once the page's scripts have come.
      await page.keyboard.press('?');
      await expect(keys).toContainText('Plan a rollback', { timeout: 500 });
    }).toPass();
    await keys.getByRole('button', { name: 'Close' }).click();
    await expect(keys).toBeHidden();
    await accountMenu(page).click();
    const off = page.getByRole('button', { name: 'Off' });
    await off.click();
    await expect(async () => {
      if (!(await off.isVisible())) await accountMenu(page).click();
      await expect(off).toHaveAttribute('aria-pressed', 'true', { timeout: 1_000 });
    }).toPass();
    await page.goto('/status');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page).toHaveURL(/\/status$/);
  });
});

test.describe('the keyboard', () => {
  test('meets the way past the header first, and lands on the heading after a navigation', async ({ page, signIn }) => {
    await signIn('operator', serviceAt('api'));
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to main content' })).toBeFocused();
    await page.getByRole('link', { name: 'See what differs' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  });

  test('never loses its focus under the band', async ({ page, signIn }) => {
    await page.setViewportSize({ width: 1280, height: 500 });
    await signIn('operator', serviceAt('api'));
    const last = page.getByText(/^ECS deployments/);
    await last.focus();
    const band = await page.getByRole('region', { name: 'Target', exact: true }).boundingBox();
    for (let steps = 0; steps < 40; steps += 1) {
      await page.keyboard.press('Shift+Tab');
      const top = await page.evaluate(() => {
        const focused = document.activeElement;
        // A region that scrolls may be higher than the window; its parts take the focus one by one.
        return focused?.matches('section') ? null : (focused?.getBoundingClientRect().top ?? null);
      });
      if (top !== null) expect(top).toBeGreaterThanOrEqual(band?.height ?? 0);
    }
  });
});
