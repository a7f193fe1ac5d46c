import { expect, test } from './fixtures';
import { serviceAt } from './places';

test.use({ onlyLooks: true });

test.describe('a service', () => {
  test('shows what runs, what to return to and why, what differs, and one button', async ({ page, signIn }) => {
    // What runs elsewhere is known from the overview.
    await signIn('operator', '/services?target=all&show=all&q=api');
    await page.getByRole('link', { name: 'api', exact: true }).first().click();
    await expect(page).toHaveTitle('api · production · notify · ECS rollback');
    const running = page.getByRole('region', { name: 'Running now' });
    await expect(running).toContainText('release-1123 (428)');
    await expect(running).toContainText('registered by concourse-deploy');
    await expect(running).toContainText('6 of 6 tasks · 6 of 6 healthy');
    const good = page.getByRole('region', { name: 'Last known good' });
    await expect(good).toContainText('release-1119 (421)');
    await expect(good).toContainText('ran here 6 d');
    await expect(good).toContainText('Why: latest that ran an hour or more and was not rolled back from; images exist');
    await expect(page.getByText('5 things differ: 1 image, 2 environment variables, 1 secret, memory.')).toBeVisible();
    await expect(page.getByText(/The same image also runs in \d+ other services\./)).toBeVisible();
    await expect(page.getByRole('link', { name: 'Roll back to release-1119 (421)' })).toHaveAttribute(
      'href',
      /\/rollback\?to=api%3A421$/,
    );
  });

  test('marks every version: running, never steady, good, without image, deleted', async ({ page, signIn }) => {
    await signIn('operator', serviceAt('api'));
    const row = (number: number) =>
      page
        .getByRole('region', { name: 'Table of versions' })
        .getByRole('row')
        .filter({ has: page.getByRole('link', { name: `Revision ${number}`, exact: true }) });
    await expect(row(428)).toContainText('● Running now');
    await expect(row(428).getByRole('link', { name: /Roll back/ })).toHaveCount(0);
    await expect(row(427)).toContainText('✕ Never became steady');
    await expect(row(421)).toContainText('★');
    await expect(row(421)).toContainText('Will be copied');
    await expect(row(421)).toContainText(/Deregistered .* ECS cannot run it directly; a copy can run\./);
    await expect(row(412)).toContainText('✕ Cannot be used');
    await expect(row(412)).toContainText('The image notifications-api:release-1098 no longer exists.');
    await expect(row(412).getByRole('link', { name: /Roll back/ })).toHaveCount(0);
    await expect(page.getByRole('row', { name: /405–411 not found \(deleted\)/ })).toBeVisible();
    await page.getByRole('link', { name: 'Load older' }).click();
    await expect(page).toHaveURL(/older=/);
    await expect(page.getByRole('link', { name: 'Back to the newest' })).toBeVisible();
    await expect(row(428)).toHaveCount(0);
  });

  test('says what ran when in a sentence, in lanes and in a table', async ({ page, signIn }) => {
    await signIn('operator', serviceAt('api'));
    await expect(
      page.getByText(/release-1123 \(428\) has run for .* Before it, release-1119 \(421\) ran 6 d/),
    ).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: '427 release-1122' })).toContainText(
      /never became steady/i,
    );
    await page.getByRole('link', { name: '90 d' }).click();
    await expect(page).toHaveURL(/period=90d/);
    await page.getByText('Show as a table').click();
    const table = page.getByRole('region', { name: 'Table of what ran when' });
    await expect(table.getByRole('row', { name: /release-1119 \(421\)/ })).toContainText('6 d');
  });

  test('leads to the table where no version qualifies, and puts the focus there', async ({ page, signIn }) => {
    await signIn('operator', serviceAt('antivirus'));
    await expect(page.getByRole('region', { name: 'Last known good' })).toContainText('There is no suggestion.');
    await page.getByRole('link', { name: 'Choose a version to roll back to' }).click();
    await expect(page.getByRole('heading', { name: 'Versions' })).toBeFocused();
  });

  test('offers to stop a deployment that is under way, with what ECS would return to', async ({ page, signIn }) => {
    await signIn('operator', serviceAt('document-download-frontend'));
    await expect(page.getByText(/release-402 \(49\) is being deployed, \d of 4 tasks, started .* UTC\./)).toBeVisible();
    await expect(
      page.getByRole('link', { name: 'Stop this deployment and return to release-401 (48)' }),
    ).toHaveAttribute('href', /\/rollback\?stop=/);
    await expect(page.getByRole('link', { name: 'Roll back to release-401 (48)' })).toBeVisible();
  });

  test('says in place of the button that another tool deploys it', async ({ page, signIn }) => {
    await signIn('operator', serviceAt('letters-frontend'));
    await expect(
      page.getByText(
        'letters-frontend is deployed by CodeDeploy. This tool cannot roll it back. Use the CodeDeploy console.',
      ),
    ).toBeVisible();
    await expect(
      page.getByText(/ECS has no deployments of this service in the last 90 days\. Versions below/),
    ).toBeVisible();
    await expect(page.getByRole('link', { name: /Roll back/ })).toHaveCount(0);
  });

  test('tells a viewer who can, and greys nothing out', async ({ page, signIn }) => {
    await signIn('staging', serviceAt('api'));
    await expect(
      page.getByText('You can view api in production but not roll it back. People in rollback-operators can.'),
    ).toBeVisible();
    await expect(page.getByRole('link', { name: /Roll back/ })).toHaveCount(0);
    await expect(page.locator('[disabled], [aria-disabled="true"]')).toHaveCount(0);
    await page.goto(serviceAt('api', 'staging'));
    await expect(page.getByRole('link', { name: /^Roll back to/ })).toBeVisible();
  });
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'what is not there' : 'what is not there, without script', () => {
    test.use({ javaScriptEnabled });

    test('says so, with 404 and the nearest names', async ({ page, signIn }) => {
      await signIn('viewer', '/services');
      const answer = await page.goto(serviceAt('apj'));
      expect(answer?.status()).toBe(404);
      await expect(page).toHaveTitle('Not found · ECS rollback');
      await expect(page.getByRole('heading', { name: 'We cannot find that service.' })).toBeVisible();
      await expect(page.getByRole('link', { name: 'api in notify, production' })).toBeVisible();
      expect((await page.goto('/rollbacks/rb-7k3f9q'))?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'We cannot find that rollback.' })).toBeVisible();
    });
  });
}

test.describe('a service of which AWS does not tell all', () => {
  test.use({ onlyLooks: false });

  test('shows what was known, with its age, once AWS does not answer any more', async ({ page, signIn, world }) => {
    await signIn('viewer', serviceAt('api'));
    await expect(page.getByRole('region', { name: 'Running now' })).toContainText('release-1123 (428)');
    await world.aws.fault({ operation: 'DescribeServices', fault: 'access-denied' });
    await expect(async () => {
      await page.reload();
      await expect(page.getByText(/These facts are from .* UTC \(.* ago\)\./)).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 40_000 });
    await expect(page.getByRole('region', { name: 'Running now' })).toContainText('release-1123 (428)');
  });

  test('names the part that cannot be read, in its place, and the missing permission', async ({
    page,
    signIn,
    world,
  }) => {
    await world.aws.fault({ operation: 'DescribeTargetHealth', fault: 'access-denied' });
    await signIn('viewer', serviceAt('api'));
    await expect(
      page.getByText(
        'Load balancer health: not available (no permission to elasticloadbalancing:DescribeTargetHealth).',
      ),
    ).toBeVisible();
  });
});

test.describe('a revision', () => {
  test('shows images with digests, where it ran and the whole definition without values', async ({ page, signIn }) => {
    await signIn('operator', `${serviceAt('api')}/revisions/api%3A421`);
    await expect(page).toHaveTitle('api · production · Revision api:421 · ECS rollback');
    await expect(page.getByRole('row', { name: /^app/ })).toContainText('notifications-api:release-1119');
    await expect(page.getByRole('row', { name: /^app/ })).toContainText(/sha256:[0-9a-f]{64}/);
    await expect(page.getByText(/Ran here 6 d .*, until .* Registered .* by concourse-deploy\./)).toBeVisible();
    await expect(page.getByRole('link', { name: 'Compare with running (428)' })).toBeVisible();
    await page.getByText('Whole definition (values hidden)').click();
    await expect(page.getByRole('region', { name: 'Whole definition as JSON' })).toContainText('"value": "•••"');
  });

  test('that was deleted says so', async ({ page, signIn }) => {
    await signIn('operator', `${serviceAt('api')}/revisions/api%3A405`);
    await expect(page.getByText('Revision 405 no longer exists.')).toBeVisible();
    await expect(page.getByRole('link', { name: /Roll back/ })).toHaveCount(0);
  });
});
