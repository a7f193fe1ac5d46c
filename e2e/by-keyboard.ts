import type { Page } from '@playwright/test';

const MOST_STEPS = 150;

/** Presses Tab until what has the focus is called so, as somebody without a pointer finds their way. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const at = document.activeElement as HTMLInputElement | null;
      return at?.getAttribute('aria-label') ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? '';
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`nothing called ${name} takes the focus`);
}

/** Goes to something and presses it. */
export async function enter(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}
