import type { Page } from '@playwright/test';

/** Confirms the plan on the page as it asks to be confirmed: warnings ticked, a reason chosen, the name typed. */
export async function press(page: Page, service: string): Promise<void> {
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('radio', { name: 'Errors after release' }).check();
  await page.getByLabel(`Type the service name to confirm: ${service}`).fill(service);
  await page.getByRole('button', { name: new RegExp(`${service} in production$`) }).click();
}
