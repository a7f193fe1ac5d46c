import { expect, test } from './fixtures';
import { serviceAt } from './places';
import { press } from './press';

const PLAN = `${serviceAt('template-preview')}/rollback?to=template-preview:88`;

/** A4 between its margins, in CSS pixels. */
const PAPER = { width: 718, height: 1_000 };

test('a plan and the record on paper are whole, light, and have nothing to press', async ({ page, signIn, world }) => {
  await world.aws.clock({ speed: 600 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn('operator', PLAN);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize(PAPER);
  const main = page.getByRole('main');
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await expect(page.getByRole('region', { name: 'Target', exact: true })).toContainText('production');
  await expect(main.getByRole('heading', { name: 'Roll back template-preview in production' })).toBeVisible();
  await expect(main.getByText('The tag main names another image now.')).toBeVisible();
  // What is folded on a screen has nobody to unfold it on paper.
  await expect(main.getByText('aws ecs update-service')).toBeVisible();
  for (const pressed of ['button', 'input', 'a:text-is("Cancel")', 'nav', 'header', 'footer']) {
    expect([pressed, await page.locator(pressed).filter({ visible: true }).count()]).toEqual([pressed, 0]);
  }

  await page.emulateMedia({ media: 'screen' });
  await press(page, 'template-preview');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^ECS is running/, { timeout: 60_000 });
  await page.emulateMedia({ media: 'print' });
  await expect(main.getByText('k.smith confirmed: Errors after release')).toBeVisible();
  await expect(main.getByText('Tell ECS to run it in service template-preview.')).toBeVisible();
  await page.goto('/record');
  await expect(page.getByRole('row').filter({ hasText: 'template-preview' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Outcome' })).toBeVisible();
  await expect(page.getByLabel('Service', { exact: true })).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(
    true,
  );
  expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
});
