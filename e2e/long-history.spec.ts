import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { serviceAt } from './places';

const HISTORY = `${serviceAt('api')}?show=all`;

/** Numbers of the revisions in the table, as they stand. */
const numbersOf = async (page: Page): Promise<readonly number[]> =>
  (await page.getByRole('link', { name: /^Revision \d+$/ }).allTextContents()).map((text) =>
    Number(text.match(/\d+/)?.[0]),
  );

test.describe('a long history', () => {
  test('is loaded page by page, and leads back to the newest', async ({ page, signIn }) => {
    await signIn('operator', HISTORY);
    await expect(page.getByRole('link', { name: 'Revision 428', exact: true })).toBeVisible();
    const pages = [await numbersOf(page)];
    for (let step = 0; step < 3; step += 1) {
      const last = pages.flat().at(-1) ?? 0;
      await page.getByRole('link', { name: 'Load older' }).click();
      await expect(page).toHaveURL(new RegExp(`[?&]older=${last}\\b`));
      // A page that AWS is slow for brings the rest by itself.
      await expect(page.getByText(/^Still reading/)).toHaveCount(0, { timeout: 30_000 });
      const numbers = await numbersOf(page);
      expect(numbers[0]).toBeLessThan(last);
      pages.push(numbers);
    }
    const seen = pages.flat();
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    await page.getByRole('link', { name: 'Back to the newest' }).click();
    await expect(page.getByRole('link', { name: 'Revision 428', exact: true })).toBeVisible();
  });

  test('is searched in steps that say how far they came, until somebody stops them or they find', async ({
    page,
    signIn,
    world,
  }) => {
    await signIn('operator', HISTORY);
    await world.aws.fault({ operation: 'DescribeTaskDefinition', fault: 'slow', ms: 150 });
    const before = (await world.aws.calls()).at(-1)?.n ?? 0;
    await page.getByLabel('Tag or number').fill('330');
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    const howFar = page.getByText(/^“330”: /);
    await expect(howFar).toContainText(/nothing found yet, looked through 428 to 3\d\d/);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const on = page.getByRole('link', { name: 'Search older' });
    await expect(on).toBeVisible();
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
    await world.aws.mend();
    await expect(async () => {
      await on.click({ timeout: 1_000 });
      await expect(howFar).toContainText('1 found', { timeout: 3_000 });
    }).toPass();
    await expect(page.getByRole('link', { name: 'Revision 330', exact: true })).toBeVisible();
    expect(await numbersOf(page)).toEqual([330]);
    const calls = (await world.aws.calls(before)).filter(({ operation }) => operation === 'DescribeTaskDefinition');
    // Steps of 25, of which none looks at what an earlier one has seen.
    expect(new Set(calls.map(({ input }) => input.taskDefinition)).size).toBe(calls.length);
    expect(calls.length).toBeLessThanOrEqual(5 * 25);
  });

  test('says that nothing is there once it was looked through as a whole', async ({ page, signIn }) => {
    await signIn('operator', `${HISTORY}&find=nowhere`);
    await expect(page.getByText(/“nowhere”: nothing found yet in all 428 revisions/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
    await page.getByRole('link', { name: 'Show all versions' }).click();
    await expect(page.getByRole('link', { name: 'Revision 428', exact: true })).toBeVisible();
  });
});
