import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '@/scripts/root.mjs';
import { expect, test } from './fixtures';
import { STATES } from './states';

const FOLDER = join(ROOT, 'screenshots');
/** The few that the documents show; made with `DOCUMENTS=yes`. */
const DOCUMENTS = join(ROOT, 'docs/images');

const VARIANTS = [
  { scheme: 'light', width: 1280 },
  { scheme: 'light', width: 390 },
  { scheme: 'dark', width: 1280 },
  { scheme: 'dark', width: 390 },
] as const;

const NOTIFY = '/services/production/notify';
const PLAN = `${NOTIFY}/api/rollback?to=api:421&bring=images`;
const PRODUCTION = { account: '111111111111', cluster: 'notify' } as const;

/** Takes a page as it stands in every variant. */
async function picture(page: Page, name: string, { document = false } = {}): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const { scheme, width } of VARIANTS) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(FOLDER, `${name}-${scheme}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  if (document && process.env.DOCUMENTS === 'yes') {
    await mkdir(DOCUMENTS, { recursive: true });
    await page.screenshot({
      path: join(DOCUMENTS, `${name}.png`),
      clip: { x: 0, y: 0, width: 1280, height: 1100 },
      fullPage: true,
    });
  }
}

/** Fills in the plan's form as an operator would and presses. */
async function press(page: Page, service: string, reason = 'Errors after release'): Promise<void> {
  const reasons = page.getByRole('radio', { name: reason });
  if (await reasons.count()) await reasons.check();
  for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
  const typed = page.getByLabel(/^Type the service name/);
  if (await typed.count()) await typed.fill(service);
  await page
    .getByRole('button', { name: /^(Roll (back|forward)|Undo|Stop) .*in production$|^(Undo|Stop) the/ })
    .click();
}

test('pages anybody signed in can open', async ({ page, signIn }) => {
  await page.goto('/sign-in');
  await picture(page, 'sign-in');
  await signIn('operator');
  const pages = {
    overview: '/services',
    'overview-all': '/services?target=&show=all',
    'overview-none-match': '/services?q=apii',
    service: `${NOTIFY}/api`,
    'service-being-deployed': `${NOTIFY}/document-download-frontend`,
    'service-of-code-deploy': `${NOTIFY}/letters-frontend`,
    revision: `${NOTIFY}/api/revisions/api:421`,
    compare: `${NOTIFY}/api/compare?from=api:428&to=api:421`,
    'choose-a-version': `${NOTIFY}/api/rollback`,
    'plan-choice': `${NOTIFY}/api/rollback?to=api:421`,
    plan: PLAN,
    'plan-everything': `${NOTIFY}/api/rollback?to=api:421&bring=everything`,
    'plan-tag-moved': `${NOTIFY}/template-preview/rollback?to=template-preview:88`,
    'plan-blocked': `${NOTIFY}/antivirus/rollback?to=antivirus:56`,
    record: '/record',
    status: '/status',
    go: '/go?q=arn:aws:ecs:eu-west-2:999999999999:service/notify/api',
    'not-found': `${NOTIFY}/apii`,
  };
  for (const [name, address] of Object.entries(pages)) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await picture(page, name, { document: ['service', 'plan'].includes(name) });
  }
});

test('pages of people who may do less', async ({ pageOf }) => {
  await picture(await pageOf('viewer', PLAN), 'plan-viewer');
  await picture(await pageOf('nobody', '/services'), 'no-access');
});

test('a rollback from the press to its undo', async ({ page, signIn }) => {
  await signIn('operator', PLAN);
  await page.getByRole('button', { name: 'Roll back api in production' }).click();
  await expect(page.getByRole('heading', { name: 'There is a problem' })).toBeVisible();
  await picture(page, 'plan-problems');
  await press(page, 'api');
  await expect(page).toHaveURL(/\/rollbacks\/rb-/);
  await expect(page.getByText(/[1-5] of 6 tasks run release-1119/).last()).toBeVisible();
  await picture(page, 'progress');
  await expect(page.getByRole('heading', { name: /^ECS is running release-1119 again/ })).toBeVisible({
    timeout: 60_000,
  });
  await picture(page, 'outcome-succeeded');
  await page.getByRole('link', { name: /^Undo: plan a return/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Undo rollback/ })).toBeVisible();
  await picture(page, 'plan-undo');
  await page.goto('/record');
  await picture(page, 'record-with-rollbacks');
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 718, height: 1_000 });
  await page.screenshot({ path: join(FOLDER, 'record-on-paper.png'), fullPage: true });
  await page.emulateMedia({ media: 'screen' });
  await page.goto(`${NOTIFY}/api`);
  await picture(page, 'service-rolled-back');
});

test('a rollback that ECS puts back', async ({ page, signIn }) => {
  await signIn('operator', `${NOTIFY}/flaky-worker/rollback?to=flaky-worker:24`);
  await press(page, 'flaky-worker');
  await expect(page.getByRole('heading', { name: /^The rollback did not work/ })).toBeVisible({ timeout: 120_000 });
  await picture(page, 'outcome-put-back');
});

test('an answer that was lost', async ({ page, signIn, world }) => {
  await signIn('operator', PLAN);
  await world.aws.fault({ operation: 'UpdateService', fault: 'server-error', count: 1 });
  await press(page, 'api');
  await expect(page.getByRole('heading', { name: /^We do not know yet/ })).toBeVisible({ timeout: 60_000 });
  await picture(page, 'unknown');
});

test('a deployment that replaces a rollback', async ({ page, signIn, world }) => {
  await signIn('operator', PLAN);
  await press(page, 'api');
  await expect(page.getByText('ECS accepted the change', { exact: true })).toBeVisible();
  await world.aws.deploy({
    ...PRODUCTION,
    service: 'api',
    image: `${PRODUCTION.account}.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1124`,
  });
  await expect(page.getByRole('heading', { name: /^Another deployment replaced/ })).toBeVisible({ timeout: 60_000 });
  await picture(page, 'outcome-superseded');
});

for (const [name, { words, reach }] of Object.entries(STATES)) {
  test(name, async ({ page, world, signIn }) => {
    await reach({ page, world, signIn });
    await expect(page.getByRole('main').getByText(words).first()).toBeVisible();
    await picture(page, name);
  });
}

test('pages that stand with what they have', async ({ page, signIn, world, context }) => {
  await signIn('operator', `${NOTIFY}/api`);
  await context.setOffline(true);
  await expect(page.getByText(/^You are offline/).first()).toBeVisible();
  await picture(page, 'offline');
  await context.setOffline(false);
  await world.aws.fault({ operation: 'DescribeTargetHealth', fault: 'access-denied' });
  await world.aws.fault({ operation: 'ListServices', fault: 'access-denied' });
  await expect(async () => {
    await page.goto('/services?target=all&show=all');
    await expect(page.getByText(/production could not be read/)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 45_000 });
  await picture(page, 'overview-partial');
  await page.goto(`${NOTIFY}/canary`);
  await picture(page, 'service-part-denied');
  await world.aws.mend();
  await world.aws.fault({ operation: 'DescribeImages', fault: 'access-denied' });
  await page.goto(PLAN);
  await picture(page, 'plan-not-checked');
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 718, height: 1_000 });
  await page.screenshot({ path: join(FOLDER, 'plan-on-paper.png'), fullPage: true });
  await page.emulateMedia({ media: 'screen' });
  await world.query("UPDATE session SET last_used_at = last_used_at - interval '31 minutes'");
  await page.goto(PLAN);
  await picture(page, 'sign-in-again');
});

test('services that are still being read', async ({ page, signIn, world }) => {
  await world.aws.fault({ operation: 'DescribeServices', fault: 'slow', ms: 20_000 });
  await signIn('operator', '/services?target=all&show=all');
  await expect(
    page
      .getByRole('main')
      .getByText(/^Still reading/)
      .first(),
  ).toBeVisible();
  await picture(page, 'overview-still-reading');
});

test('plans that are answered in place', async ({ page, signIn, pageOf, world }) => {
  await signIn('operator', PLAN);
  const other = await pageOf('operator', PLAN);
  await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'slow', ms: 20_000 });
  await press(other, 'api');
  await expect(other).toHaveURL(/\/rollbacks\/rb-/);
  await press(page, 'api');
  await expect(page.getByRole('alert').filter({ hasText: 'started a rollback' })).toBeVisible();
  await picture(page, 'plan-busy');
  await world.aws.mend();
  await page.goto(`${NOTIFY}/canary/rollback?to=canary:16`);
  await world.aws.deploy({
    ...PRODUCTION,
    service: 'canary',
    image: `${PRODUCTION.account}.dkr.ecr.eu-west-1.amazonaws.com/canary:release-58`,
  });
  await press(page, 'canary');
  await expect(page.getByRole('alert').filter({ hasText: 'changed while you were reading' })).toBeVisible();
  await picture(page, 'plan-stale');
  await world.aws.fault({ operation: 'DescribeServices', fault: 'access-denied' });
  await page.goto(PLAN);
  await picture(page, 'plan-unreadable');
});

test('a stop from its plan to its outcome', async ({ page, signIn, world }) => {
  await world.aws.clock({ speed: 1 });
  await world.aws.deploy({
    ...PRODUCTION,
    service: 'api',
    image: `${PRODUCTION.account}.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1119`,
  });
  await signIn('operator', `${NOTIFY}/api`);
  await page.getByRole('link', { name: /^Stop this deployment/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Stop the deployment/ })).toBeVisible();
  await picture(page, 'plan-stop');
  await press(page, 'api');
  await expect(page).toHaveURL(/\/rollbacks\/rb-/);
  await expect(page.getByText('ECS accepted the stop')).toBeVisible();
  await picture(page, 'progress-stop');
  await world.aws.clock({ speed: 600 });
  await expect(page.getByRole('heading', { name: /^Stopped\. ECS is running/ })).toBeVisible({ timeout: 60_000 });
  await picture(page, 'outcome-stopped');
});

test('a change ECS refuses, and one that is given up', async ({ page, signIn, world }) => {
  await signIn('operator', PLAN);
  await world.aws.fault({ operation: 'UpdateService', fault: 'access-denied', count: 1 });
  await press(page, 'api');
  await expect(page.getByRole('heading', { name: 'Nothing was changed in api.' })).toBeVisible();
  await picture(page, 'outcome-refused');
  await page.goto(PLAN);
  await world.aws.fault({ operation: 'UpdateService', fault: 'server-error', count: 1 });
  await press(page, 'api');
  await expect(page.getByRole('heading', { name: /^We do not know yet/ })).toBeVisible();
  const address = page.url();
  await world.query("UPDATE rollback SET intent_at = intent_at - interval '61 s' WHERE ended_at IS NULL");
  await page.reload();
  await page.getByLabel(/^Type the service name/).fill('api');
  await picture(page, 'unknown-closable');
  await page.getByRole('button', { name: 'Stop waiting and plan again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Roll back api in production' })).toBeVisible();
  await page.goto(address);
  await picture(page, 'outcome-closed');
});

test('a rollback that replaced a deployment nobody had seen', async ({ page, signIn, world }) => {
  await world.aws.clock({ speed: 1 });
  await signIn('operator', PLAN);
  await world.aws.fault({ operation: 'UpdateService', fault: 'slow', ms: 3_000, count: 1 });
  await press(page, 'api');
  await expect
    .poll(async () => (await world.aws.writes()).some(({ operation }) => operation === 'UpdateService'))
    .toBe(true);
  await world.aws.deploy({
    ...PRODUCTION,
    service: 'api',
    image: `${PRODUCTION.account}.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1124`,
  });
  await expect(page.getByText('This rollback replaced a deployment')).toBeVisible({ timeout: 60_000 });
  await picture(page, 'overwrote');
});

test('a rollback of every service of one image', async ({ page, signIn, world }) => {
  test.setTimeout(180_000);
  await world.aws.clock({ speed: 30 });
  const group = '/groups/production/rollback?image=notifications-api:release-1123&to=release-1119';
  await signIn('operator', '/groups/production');
  // A page that refreshes itself would come in the way of the next one.
  await expect(page.getByText(/^Still reading/)).toHaveCount(0, { timeout: 30_000 });
  await picture(page, 'groups');
  await page.goto('/groups/production?image=notifications-api:release-1123');
  await expect(page.getByText(/^Still reading/)).toHaveCount(0, { timeout: 30_000 });
  await picture(page, 'group');
  await page.goto(group);
  await picture(page, 'group-plan-choice');
  await page.goto(`${group}&bring=images`);
  await picture(page, 'group-plan');
  await page.getByRole('button', { name: /^Roll back 9 services/ }).click();
  await picture(page, 'group-plan-problems');
  await world.aws.service({ ...PRODUCTION, service: 'delivery-worker-jobs', tasks: 'crash' });
  await page.getByRole('radio', { name: 'Errors after release' }).check();
  await page.getByLabel('Type notifications-api to confirm').fill('notifications-api');
  await page.getByRole('button', { name: /^Roll back 9 services/ }).click();
  await page.waitForURL(/group-rollbacks/);
  await expect(page.getByText(/are moving/).first()).toBeVisible();
  await picture(page, 'group-progress');
  await world.aws.clock({ speed: 600 });
  await expect(page.getByRole('heading', { name: /1 needs you/ })).toBeVisible({ timeout: 120_000 });
  await picture(page, 'group-outcome');
  await page.goto('/record');
  await picture(page, 'group-record');
});
