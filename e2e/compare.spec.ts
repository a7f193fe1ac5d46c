import { expect, test } from './fixtures';
import { serviceAt } from './places';

const compared = (from: string, to: string): string => `${serviceAt('api')}/compare?from=${from}&to=${to}`;

test.use({ onlyLooks: true });

test.describe('a comparison', () => {
  test('says how much differs, what is the same, and everything by risk, without a value', async ({ page, signIn }) => {
    await signIn('operator', compared('api:428', 'api:421'));
    await expect(page).toHaveTitle('api · production · Compare 428 → 421 · ECS rollback');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('What changes if api goes from 428 to 421');
    await expect(page.getByText('5 things differ.')).toBeVisible();
    await expect(page.getByText(/The same: .*ports/)).toBeVisible();
    await expect(page.getByRole('heading', { level: 2 })).toHaveText([
      'Images',
      'Environment variables (app)',
      'Secrets (app): where they point, never values',
      'CPU and memory',
    ]);
    const main = page.getByRole('main');
    for (const words of [
      /notifications-api:release-1123\s*will be\s*notifications-api:release-1119/,
      /nginx\s*no change/,
      /FEATURE_BULK\s*will be removed/,
      /MAX_WORKERS\s*value changes/,
      /2048 MiB\s*will be\s*1024 MiB, half/,
    ]) {
      await expect(main).toContainText(words, { useInnerText: true });
    }
    await page.getByText('Show as JSON').click();
    await expect(page.getByRole('region', { name: 'Now, as JSON' })).toContainText('"•••"');
    expect(await page.content()).not.toContain('hK7vQe2mXw94RzpT');
  });

  test('can be swapped and chosen anew, and leads to the plan from what runs alone', async ({ page, signIn }) => {
    await signIn('operator', compared('api:428', 'api:421'));
    await expect(page.getByRole('link', { name: 'Roll back to release-1119 (421)' })).toBeVisible();
    await page.getByRole('link', { name: 'Swap' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('What changes if api goes from 421 to 428');
    await expect(page.getByRole('link', { name: /^Roll (back|forward) to/ })).toHaveCount(0);
    await page.getByLabel('From', { exact: true }).selectOption('api:428');
    await page.getByLabel('To', { exact: true }).selectOption('api:419');
    await page.getByRole('button', { name: 'Compare' }).click();
    await expect(page).toHaveURL(/from=api%3A428&to=api%3A419/);
    await expect(page.getByRole('link', { name: 'Roll back to release-1117 (419)' })).toBeVisible();
  });

  test('of equals says so, and of what was deleted too', async ({ page, signIn }) => {
    await signIn('viewer', compared('api:421', 'api:421'));
    await expect(page.getByText('Nothing differs between 421 and 421.')).toBeVisible();
    await page.goto(compared('api:428', 'api:405'));
    await expect(page.getByText('Revision 405 no longer exists.')).toBeVisible();
  });
});

test.describe('the jump box', () => {
  test('leads from a service ARN, a console link and a task definition ARN to their pages', async ({
    page,
    signIn,
  }) => {
    await signIn('operator');
    const jump = async (text: string): Promise<void> => {
      await page.getByLabel('Jump to a service, ARN or console link').fill(text);
      await page.getByRole('button', { name: 'Go' }).click();
    };
    await jump('arn:aws:ecs:eu-west-1:111111111111:service/notify/api');
    await expect(page).toHaveURL(/\/services\/production\/notify\/api$/);
    await jump(
      'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/notify/services/canary/health?region=eu-west-1',
    );
    await expect(page.getByRole('heading', { name: 'Which one do you mean?' })).toBeVisible();
    await page.getByRole('link', { name: 'canary in notify, preview' }).click();
    await expect(page).toHaveURL(/\/services\/preview\/notify\/canary$/);
    await jump('arn:aws:ecs:eu-west-1:111111111111:task-definition/api:421');
    await expect(page).toHaveURL(/\/revisions\/api%3A421$/);
    await jump(
      'https://111111111111-ab12cd34.eu-west-1.console.aws.amazon.com/ecs/v2/task-definitions/api/421/json?region=eu-west-1',
    );
    await expect(page).toHaveURL(/\/services\/production\/notify\/api\/revisions\/api%3A421$/);
    await jump('https://console.aws.amazon.com/ecs/v2/clusters/notify/tasks?region=eu-west-1');
    await expect(page).toHaveURL(/\/services\?target=all&cluster=notify&show=all$/);
    await jump('template');
    await expect(page).toHaveURL(/\/services\?target=all&show=all&q=template$/);
    await jump('arn:aws:ecs:eu-west-2:444444444444:service/notify/api');
    await expect(page.getByText("Account 444444444444 in eu-west-2 is not one of this tool's targets.")).toBeVisible();
  });
});
