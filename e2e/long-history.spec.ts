import { expect, test } from './fixtures';
import { serviceAt } from './places';

test.describe('a long history', () => {
  test('says that nothing is there once it was looked through as a whole', async ({ page, signIn }) => {
    await signIn('operator', `${serviceAt('api')}?show=all&find=nowhere`);
    await expect(page.getByText(/“nowhere”: nothing found yet in all 428 revisions/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
    await page.getByRole('link', { name: 'Show all versions' }).click();
    await expect(page.getByRole('link', { name: 'Revision 428', exact: true })).toBeVisible();
  });
});
