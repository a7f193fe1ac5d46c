import { expect, test } from './fixtures';
import { accountMenu, serviceAt } from './places';
import { press } from './press';
import { breakPlans } from './states';

test.describe('without script, looking', () => {
  test.use({ javaScriptEnabled: false, onlyLooks: true });

  test('services are found, compared and planned', async ({ page, signIn }) => {
    await signIn('operator');
    await page.getByLabel('Filter', { exact: true }).fill('sms');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('link', { name: 'delivery-worker-sms', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Last known good' })).toContainText('release-1119 (306)');
    await page.getByRole('link', { name: 'See what differs' }).click();
    await expect(page.getByText('1 thing differs.')).toBeVisible();
    await page.getByRole('link', { name: 'Roll back to release-1119 (306)' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Roll back delivery-worker-sms in production');
  });

  test('colours are chosen and kept, on the page one is on', async ({ page, signIn }) => {
    const address = `${serviceAt('api')}?period=30d`;
    await signIn('viewer', address);
    await accountMenu(page).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await expect(page).toHaveURL(new RegExp(`${serviceAt('api')}\\?period=30d$`));
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.goto('/sign-in');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  });
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('every page says when its session ends, and has the button that puts it off', async ({
    page,
    signIn,
    world,
  }) => {
    await signIn('viewer', '/status');
    const ends = page.getByText(/^Without use you will be signed out at \d\d:\d\d UTC\.$/);
    await expect(ends).toBeVisible();
    await world.query("UPDATE session SET last_used_at = clock_timestamp() - interval '28 minutes'");
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await expect(ends).toBeVisible();
    const [row] = await world.query<{ used: boolean }>(
      "SELECT last_used_at > clock_timestamp() - interval '1 minute' AS used FROM session",
    );
    expect(row?.used).toBe(true);
    await world.query("UPDATE session SET expires_at = clock_timestamp() + interval '5 minutes'");
    await page.goto('/status');
    await expect(page.getByText(/^You will be signed out at \d\d:\d\d UTC\.$/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Stay signed in' })).toHaveCount(0);
  });

  test('a page that fails says so, with the number the log has and the way by hand', async ({
    page,
    signIn,
    world,
  }) => {
    await signIn('operator', `${serviceAt('canary')}/rollback?to=canary:16`);
    await press(page, 'canary');
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    await breakPlans(world);
    const answer = await page.reload();
    expect(answer?.status()).toBe(500);
    await expect(page.getByRole('heading', { name: 'Sorry, there is a problem with this tool.' })).toBeVisible();
    await expect(page.locator('pre')).toContainText('aws ecs update-service');
    const said = await page.getByRole('paragraph').textContent();
    const number = said?.match(/Error (\d+)\.$/)?.[1];
    expect((await world.log()).split('\n').filter((line) => line.includes('request.failed'))[0]).toContain(
      `"${number}"`,
    );
    await page.getByRole('link', { name: 'Tool status' }).click();
    await expect(page.getByRole('heading', { name: 'Tool status' })).toBeVisible();
  });

  test('a page that AWS is slow for comes by itself', async ({ page, signIn, world }) => {
    await world.aws.fault({ operation: 'DescribeServices', fault: 'slow', ms: 4_000, count: 6 });
    await signIn('operator', '/services?target=all&show=all');
    await expect(page.getByText(/Still reading/)).toBeVisible();
    await expect(page.getByRole('link', { name: 'api', exact: true }).first()).toBeVisible({ timeout: 40_000 });
  });
});
