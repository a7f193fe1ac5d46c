import { expect, test } from './fixtures';
import { STATES } from './states';

for (const [name, { words, reach }] of Object.entries(STATES)) {
  test(`what cannot be shown is said in its place: ${name}`, async ({ page, world, signIn }) => {
    await reach({ page, world, signIn });
    await expect(page.getByRole('main').getByText(words).first()).toBeVisible();
    // Calm: an ordinary page with one heading, and nothing to press that would fail.
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page.getByRole('button', { name: 'Roll back api in production' })).toHaveCount(0);
  });
}
