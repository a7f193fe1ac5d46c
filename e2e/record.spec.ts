import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

const NOTIFY = '/services/production/notify';

test.beforeEach(({ world }) => world.aws.clock({ speed: 600 }));

async function rollBack(page: Page, service: string, to: string, details = ''): Promise<string> {
  const address = await press(page, service, to, details);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^ECS is running/, { timeout: 60_000 });
  return address;
}

async function press(page: Page, service: string, to: string, details = ''): Promise<string> {
  await page.goto(`${NOTIFY}/${service}/rollback?to=${service}:${to}&bring=images`);
  for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
  await page.getByRole('radio', { name: 'Errors after release' }).check();
  await page.getByLabel(/^Details/).fill(details);
  await page.getByLabel(/^Type the service name/).fill(service);
  await page.getByRole('button', { name: `Roll back ${service} in production` }).click();
  await expect(page).toHaveURL(/\/rollbacks\/rb-/);
  return page.url();
}

test('is empty at first, and says so', async ({ page, signIn }) => {
  await signIn('viewer', '/record');
  await expect(page.getByText('No rollbacks yet.')).toBeVisible();
});

test('lists rollbacks and refused presses, newest first, and opens each rollback for ever', async ({
  page,
  signIn,
}) => {
  await signIn('operator', `${NOTIFY}/api/rollback?to=api:421&bring=images`);
  await page.getByRole('button', { name: 'Roll back api in production' }).click();
  await expect(page.getByRole('heading', { name: 'There is a problem' })).toBeVisible();
  const address = await rollBack(page, 'canary', '16', 'INC-204');

  await page.goto('/record');
  const rows = page.getByRole('row').filter({ has: page.getByRole('cell') });
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('canary · production');
  await expect(rows.first()).toContainText('Errors after release · INC-204');
  await expect(rows.last()).toContainText('Refused: the form was not filled in');
  await rows.first().getByRole('link').click();
  await expect(page).toHaveURL(address);
  const main = page.getByRole('main');
  await expect(main).toContainText('k.smith · operator@notify.example');
  await expect(main).toContainText(/ecs-rollback-writer\/rb-/);
  await expect(main).toContainText(/AWS request [0-9a-f-]{36}/);
});

test('is filtered by its address, and says where nothing matches', async ({ page, signIn }) => {
  await signIn('operator');
  await rollBack(page, 'canary', '16');
  await page.goto('/record');
  await page.getByLabel('Service', { exact: true }).fill('API');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/[?&]service=API/);
  await expect(page.getByText('None match.')).toBeVisible();
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/record$/);
  await page.getByLabel('Outcome', { exact: true }).selectOption('Done');
  await page.getByRole('button', { name: 'Show' }).click();
  // It is done once its tasks run, however long that takes here.
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('row').filter({ hasText: 'canary' })).toHaveCount(1, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
});

test('is downloaded as CSV whose cells are no formulas, and as JSON', async ({ page, signIn }) => {
  await signIn('operator');
  await rollBack(page, 'canary', '16', '=cmd|"/c calc"!A1');
  await page.goto('/record');
  const files: Record<string, string> = {};
  for (const format of ['CSV', 'JSON']) {
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: format, exact: true }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(`rollback-record.${format.toLowerCase()}`);
    files[format] = await readFile(await download.path(), 'utf8');
  }
  expect(files.CSV).toContain(`"'=cmd|""/c calc""!A1"`);
  expect(JSON.parse(files.JSON ?? '')).toMatchObject([{ service: 'canary', by: 'k.smith', state: 'succeeded' }]);
});

test('shows nothing of a target somebody may not look at', async ({ page, signIn, pageOf, world }) => {
  await signIn('operator');
  const address = await rollBack(page, 'canary', '16');
  await world.setGroups('nobody', ['rollback-staging']);
  const other = await pageOf('nobody', '/record');
  await expect(other.getByText('No rollbacks yet.')).toBeVisible();
  const answer = await other.goto(address);
  expect(answer?.status()).toBe(404);
  expect((await other.request.get(`${address}/progress`)).status()).toBe(404);
});

test('answers progress again only where something changed, with the age of what did not', async ({
  page,
  signIn,
  world,
}) => {
  await signIn('operator');
  // Tasks stand still, so that readings differ by their age alone.
  await world.aws.clock({ speed: 0.001 });
  const address = await press(page, 'canary', '16');
  const poll = async (tag = '') => {
    const answer = await page.request.get(`${address}/progress`, { headers: { 'If-None-Match': tag } });
    const { etag = '', 'x-read-at': readAt = '0' } = answer.headers();
    return { status: answer.status(), etag, readAt: Number(readAt), bytes: (await answer.body()).length };
  };
  let last = await poll();
  await expect(async () => {
    const next = await poll(last.etag);
    const isSame = next.status === 304 && next.readAt > last.readAt;
    if (next.status === 200) last = next;
    expect(isSame).toBe(true);
    expect(next.bytes).toBe(0);
  }).toPass({ timeout: 40_000 });
  expect(last.readAt).toBeGreaterThan(0);
});
