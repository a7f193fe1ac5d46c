import { expect, test } from './fixtures';
import { notify, serviceAt } from './places';

test.use({ onlyLooks: true });

test.describe('the overview', () => {
  test('shows what changed in protected targets first, with what ran before and who brought it', async ({
    page,
    signIn,
  }) => {
    await signIn('operator');
    await expect(page).toHaveTitle('Services · ECS rollback');
    const api = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'api', exact: true }) });
    await expect(api).toContainText('production');
    await expect(api).toContainText('release-1123 (428)');
    await expect(api).toContainText('was release-1119 for 6 d');
    await expect(api).toContainText('by concourse-deploy');
    await expect(api).toContainText('6 of 6');
    await expect(api).toContainText('✓ Deployed');
    // What has not changed for a day is not there until it is asked for.
    await expect(page.getByRole('link', { name: 'letters-frontend' })).toHaveCount(0);
    await expect(page.getByRole('navigation', { name: 'Show' }).locator('[aria-current]')).toHaveText(
      /^Changed in 24 h \d+$/,
    );
  });

  test('keeps every choice in the address', async ({ page, signIn }) => {
    await signIn('operator');
    await page.getByRole('link', { name: /^staging \d+$/ }).click();
    await expect(page).toHaveURL(/target=staging/);
    await page.getByRole('link', { name: /^All \d+$/ }).click();
    await expect(page).toHaveURL(/show=all/);
    await page.getByLabel('Filter', { exact: true }).fill('delivery sms');
    await page.getByRole('button', { name: 'Filter' }).click();
    await expect(page).toHaveURL(/target=staging&show=all&q=delivery\+sms/);
    await expect(page.getByRole('row')).toHaveCount(2);
    await page.getByRole('link', { name: 'Changed', exact: true }).click();
    await expect(page.getByRole('columnheader', { name: 'Changed' })).toHaveAttribute('aria-sort', 'descending');
    await page.reload();
    await expect(page.getByLabel('Filter', { exact: true })).toHaveValue('delivery sms');
    await expect(page.getByRole('row')).toHaveCount(2);
  });

  test('says that nothing matches, and where something does', async ({ page, signIn }) => {
    await signIn('operator', '/services?target=production&q=release-1124');
    await expect(page.getByText('No services match “release-1124” in production.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Clear filter' })).toBeVisible();
    await page.getByRole('link', { name: /^Search all targets \(\d+\)$/ }).click();
    await expect(page.getByRole('link', { name: 'api', exact: true })).toBeVisible();
  });

  test('leads to the plan in one step where there is a version to return to, else to the versions', async ({
    page,
    signIn,
  }) => {
    await signIn('operator', '/services?show=all&q=api');
    const api = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'api', exact: true }) });
    await expect(api.getByRole('link', { name: /^Roll back…/ })).toHaveAttribute('href', /\/rollback\?to=api%3A421/);
    await page.goto('/services?show=all&q=antivirus');
    await page.getByRole('link', { name: /^Choose a version…/ }).click();
    await expect(page.getByRole('heading', { name: 'Versions' })).toBeVisible();
  });

  test('offers no way back to somebody who may only look, nor where another tool deploys', async ({
    page,
    signIn,
    pageOf,
  }) => {
    await signIn('viewer', '/services?show=all');
    await expect(page.getByRole('link', { name: 'api', exact: true })).toBeVisible();
    await expect(page.getByRole('link', { name: /Roll back|Choose a version/ })).toHaveCount(0);
    const operator = await pageOf('operator', '/services?show=all&q=letters-frontend');
    await expect(operator.getByRole('link', { name: 'letters-frontend' })).toBeVisible();
    await expect(operator.getByRole('link', { name: /Roll back|Choose a version/ })).toHaveCount(0);
  });

  test('is cards with a full-width link each on a phone, filters folded', async ({ page, signIn }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await signIn('operator');
    const link = page.getByRole('link', { name: 'api', exact: true });
    const box = await link.boundingBox();
    expect(box?.width ?? 0).toBeGreaterThan(300);
    await expect(page.getByLabel('Filter', { exact: true })).toBeHidden();
    await page.getByText(/^Filters: production/).click();
    await expect(page.getByLabel('Filter', { exact: true })).toBeVisible();
  });
});

test.describe('the overview, while AWS changes or does not tell all', () => {
  test.use({ onlyLooks: false });

  test('names a target that cannot be read, shows what was known of it in grey and leaves it out of counts', async ({
    page,
    signIn,
    world,
  }) => {
    await signIn('operator', '/services?show=all&target=production');
    await expect(page.getByRole('link', { name: 'api', exact: true })).toBeVisible();
    await world.aws.fault({ operation: 'ListServices', fault: 'access-denied' });
    await expect(async () => {
      await page.reload();
      await expect(page.getByText(/production could not be read: access denied to ecs:ListServices\./)).toBeVisible({
        timeout: 1_000,
      });
    }).toPass({ timeout: 40_000 });
    await expect(page.getByText(/21 services known at .* are shown in grey\./)).toBeVisible();
    await expect(page.getByRole('link', { name: 'api', exact: true })).toBeVisible();
    await expect(page.getByText('production (not read)')).toBeVisible();
    await expect(page.getByText(/Counts leave out production/)).toBeVisible();
    await expect(page.getByRole('main').getByRole('link', { name: 'Tool status' })).toBeVisible();
  });

  test('stands with what it has where AWS is slow, and fills in by itself', async ({ page, signIn, world }) => {
    await world.aws.fault({ operation: 'DescribeServices', fault: 'slow', ms: 5_000, count: 6 });
    await signIn('operator', '/services?target=all&show=all');
    await expect(
      page.getByRole('main').getByText(/Still reading \d of 3 targets\. AWS is slow to answer\./),
    ).toBeVisible();
    await expect(page.getByRole('link', { name: 'api', exact: true }).first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/Still reading/)).toHaveCount(0, { timeout: 30_000 });
  });

  test('says how much is newer and moves no row until somebody asks', async ({ page, signIn, world }) => {
    await page.clock.install();
    await signIn('operator');
    await expect(page.getByRole('link', { name: 'api', exact: true })).toBeVisible();
    await world.aws.deploy({ ...notify('production', 'canary'), image: 'canary:release-58' });
    const before = await page.getByRole('row').count();
    await expect(async () => {
      await page.clock.fastForward(31_000);
      await expect(page.getByRole('status')).toHaveText('1 newer change.', { timeout: 1_000 });
    }).toPass({ timeout: 60_000 });
    await expect(page.getByRole('main').getByText('1 newer change.')).toBeVisible();
    await expect(page.getByRole('row')).toHaveCount(before);
    await page.getByRole('link', { name: 'Show', exact: true }).click();
    await expect(page.getByRole('link', { name: 'canary', exact: true })).toBeVisible();
  });

  test('answers with what was known and how old it is while AWS throttles every read', async ({
    page,
    signIn,
    world,
  }) => {
    await signIn('operator', '/services?target=production&show=all');
    await expect(page.getByRole('link', { name: 'api', exact: true })).toBeVisible();
    await page.goto(serviceAt('api'));
    await expect(page.getByRole('region', { name: 'Running now' })).toContainText('release-1123 (428)');
    await world.aws.fault({ operation: 'reads', fault: 'throttle' });
    for (const address of ['/services?target=production&show=all', serviceAt('api')]) {
      await expect(async () => {
        const answer = await page.goto(address);
        expect(answer?.status()).toBe(200);
        await expect(page.getByText('AWS asked us to slow down').first()).toBeVisible({ timeout: 1_000 });
      }).toPass({ timeout: 60_000 });
      await expect(page.getByText(/Read .* ago/).first()).toBeVisible();
      await expect(page.getByText('release-1123 (428)').first()).toBeVisible();
    }
    expect(await world.aws.writes()).toEqual([]);
  });
});
