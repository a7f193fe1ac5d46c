import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { demoToken } from '@/scripts/demo-settings.mjs';
import { findingsInEveryLook, unfold } from './axe';
import { expect, test } from './fixtures';
import { press } from './press';
import type { World } from './world';

const API = '/services/production/notify/api';
const PLAN = `${API}/rollback?to=api:421&bring=images`;
const TOKEN = demoToken('production');
const ABOUT_API = 'target=production&cluster=notify&service=api';
const NEVER = 'No pipeline has asked about api. A hold will stop nothing: pause the pipeline by hand.';

test.describe.configure({ timeout: 240_000 });
test.beforeEach(({ world }) => world.aws.clock({ speed: 600 }));

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Asks as a pipeline does. */
const ask = (world: World, query: string, token: string | null = TOKEN): Promise<Response> =>
  fetch(`${world.url}/api/v1/holds?${query}`, { headers: token === null ? {} : { authorization: `Bearer ${token}` } });

const decision = async (world: World, query = ABOUT_API) =>
  (await (await ask(world, query)).json()) as {
    decision: string;
    holds: readonly Readonly<Record<string, unknown>>[];
  };

/** Runs the shipped example as a pipeline would; gives its exit code and what it said. */
async function checked(world: World, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const settings = { HOLD_URL: world.url, HOLD_TOKEN: TOKEN, HOLD_PATIENCE_SECONDS: '1', ...env };
  return promisify(execFile)('sh', ['docs/hold-check.sh', ...args], { env: { ...process.env, ...settings } }).then(
    ({ stderr }) => ({ code: 0, said: stderr }),
    ({ code, stderr }) => ({ code: Number(code), said: String(stderr) }),
  );
}

/** The database takes the dashboard in no more, and lets it not stay. */
async function stopDatabase({ query }: World): Promise<void> {
  await query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$;
     SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
}

/** Confirms the plan of a group, whatever warnings it has. */
async function pressGroup(page: Page, button: string, reason: string): Promise<void> {
  for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
  await page.getByRole('radio', { name: reason }).check();
  await page.getByLabel('Type notifications-api to confirm').fill('notifications-api');
  await page.getByRole('button', { name: button }).click();
}

const SERVICE_ARGS = ['production', 'notify', 'api'];

test('a plan suggests a hold once a pipeline asks; the pipeline is told, and an undo ends it', async ({
  page,
  signIn,
  world,
}) => {
  await signIn('operator', PLAN);
  const box = page.getByRole('checkbox', { name: 'Also hold deployments of api for 24 h' });
  await expect(box).not.toBeChecked();
  await expect(page.getByText(NEVER)).toBeVisible();
  expect(await decision(world)).toMatchObject({ decision: 'proceed', target: 'production', holds: [] });
  await page.reload();
  await expect(box).toBeChecked();
  await expect(page.getByText(/^concourse last asked at \d\d:\d\d UTC\.$/)).toBeVisible();

  await press(page, 'api');
  await page.waitForURL(/\/rollbacks\/rb-/);
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const held = await ask(world, ABOUT_API);
  expect(held.status).toBe(200);
  expect(held.headers.get('cache-control')).toBe('no-store');
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  expect(await held.json()).toEqual({
    decision: 'hold',
    checkedAt: expect.stringMatching(instant),
    target: 'production',
    holds: [
      {
        id: expect.stringMatching(/^hold-[0-9a-z]{6,12}$/),
        scope: { cluster: 'notify', service: 'api' },
        reason: 'Errors after release',
        by: 'k.smith',
        since: expect.stringMatching(instant),
        until: expect.stringMatching(instant),
        rolledBack: { from: 'release-1123', to: 'release-1119' },
        url: `${world.url}/rollbacks/${id}`,
      },
    ],
  });
  expect(await decision(world, 'target=production&image=notifications-api')).toMatchObject({ decision: 'hold' });
  expect(await decision(world, 'target=production&cluster=notify&service=admin')).toMatchObject({
    decision: 'proceed',
  });
  expect(await checked(world, SERVICE_ARGS)).toMatchObject({ code: 75, said: expect.stringContaining('on hold') });

  await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
  const sentence =
    /Deployments of api are on hold until \d+ \w+ \d\d:\d\d UTC \(k\.smith: Errors after release\)\. concourse last asked at \d\d:\d\d UTC\./;
  await expect(page.getByText(sentence)).toBeVisible();
  await page.goto(API);
  await expect(page.getByText(sentence)).toBeVisible();
  await page.goto('/services');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'api', exact: true }) });
  await expect(row).toContainText(/Deployments on hold until \d+ \w+ \d\d:\d\d UTC/);

  await page.goto(`/rollbacks/${id}`);
  await page.getByRole('link', { name: /^Undo: plan a return/ }).click();
  await expect(page.getByRole('checkbox', { name: /hold deployments/ })).toHaveCount(0);
  await page.getByRole('radio', { name: 'It did not help' }).check();
  await page.getByLabel(/^Type the service name/).fill('api');
  await page.getByRole('button', { name: /api in production$/ }).click();
  await expect.poll(async () => (await decision(world)).decision, { timeout: 30_000 }).toBe('proceed');
  expect(await checked(world, SERVICE_ARGS)).toMatchObject({
    code: 0,
    said: expect.stringContaining('nothing is on hold'),
  });
  const kinds = await world.query<{ kind: string }>("SELECT kind FROM record WHERE kind LIKE 'hold-%' ORDER BY seq");
  expect(kinds.map(({ kind }) => kind)).toEqual(['hold-created', 'hold-ended']);
});

test('one bad image of several services is held as a whole, until the last of them is undone', async ({
  page,
  signIn,
  pageOf,
  world,
}) => {
  const image = 'target=production&image=notifications-api';
  const chosen = ['delivery-worker-jobs', 'delivery-worker-sms'].map((name) => `notify/${name}`).join();
  const admin = ABOUT_API.replace('=api', '=admin');
  expect(await decision(world, image)).toMatchObject({ decision: 'proceed' });
  await signIn(
    'operator',
    `/groups/production/rollback?image=notifications-api:release-1123&to=release-1119&bring=images&services=${chosen}`,
  );
  const box = page.getByRole('checkbox', {
    name: 'Also hold deployments of every service that runs notifications-api for 24 h',
  });
  await expect(box).toBeChecked();
  await pressGroup(page, 'Roll back 2 services in production', 'Errors after release');
  await page.waitForURL(/\/group-rollbacks\/gr-/);
  const { pathname } = new URL(page.url());
  for (const query of [image, ABOUT_API, ABOUT_API.replace('=api', '=delivery-worker-sms')]) {
    expect(await decision(world, query), query).toMatchObject({
      decision: 'hold',
      holds: [
        {
          scope: { image: 'notifications-api' },
          rolledBack: { from: 'release-1123', to: 'release-1119' },
          url: `${world.url}${pathname}`,
        },
      ],
    });
  }
  expect(await decision(world, admin)).toMatchObject({ decision: 'proceed' });
  await expect(heading(page)).toHaveText('ECS is running release-1119 again in 2 of 2 services.', { timeout: 90_000 });
  await expect(
    page.getByText(/^Deployments of every service that runs notifications-api are on hold until/),
  ).toBeVisible();
  const viewer = await pageOf('viewer', pathname);
  await expect(viewer.getByText(/are on hold until/)).toBeVisible();
  await expect(viewer.getByText('Release the hold')).toHaveCount(0);

  // Released where it was made, and made again there.
  await page.getByText('Release the hold').first().click();
  await page.getByLabel('Why is it released?').fill('a fix is on its way');
  await page.getByRole('button', { name: 'Release the hold' }).click();
  await expect(page.getByText(/are on hold until/)).toHaveCount(0);
  await expect(page).toHaveURL(pathname);
  expect(await decision(world, image)).toMatchObject({ decision: 'proceed' });
  await page.getByText('Also hold deployments of every service that runs notifications-api for 24 h').first().click();
  await page.getByRole('button', { name: 'Hold deployments' }).click();
  await expect(page.getByText(/are on hold until/)).toBeVisible();
  expect(await decision(world, image)).toMatchObject({ decision: 'hold', holds: [{ url: `${world.url}${pathname}` }] });

  await page.getByRole('link', { name: 'Undo: plan a return of 2 services to release-1123' }).click();
  await expect(page.getByRole('button', { name: 'Undo the rollback of 2 services in production' })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /hold deployments/ })).toHaveCount(0);
  await pressGroup(page, 'Undo the rollback of 2 services in production', 'It did not help');
  await expect.poll(async () => (await decision(world, image)).decision, { timeout: 60_000 }).toBe('proceed');
});

test('a rollback that changed nothing leaves no hold behind', async ({ page, signIn, world }) => {
  await signIn('operator', PLAN);
  await page.getByRole('checkbox', { name: /hold deployments/ }).check();
  await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'access-denied' });
  await press(page, 'api');
  await expect(heading(page)).toHaveText('Nothing was changed in api.', { timeout: 30_000 });
  expect(await decision(world)).toMatchObject({ decision: 'proceed' });
  await expect(page.getByText('The hold ended with it')).toBeVisible();
});

test('an outcome can still hold deployments, and its page is where the hold leads', async ({ page, signIn, world }) => {
  await signIn('operator', PLAN);
  await press(page, 'api');
  await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
  expect(await decision(world)).toMatchObject({ decision: 'proceed' });
  const rollback = page.url();
  await page.getByText('Also hold deployments of api for 24 h').click();
  await expect(page.getByLabel('Why? Pipelines are told')).toHaveValue('Errors after release');
  await page.getByRole('button', { name: 'Hold deployments' }).click();
  await expect(page.getByText(/^Deployments of api are on hold until/)).toBeVisible();
  await expect(page).toHaveURL(rollback);
  expect(await decision(world)).toMatchObject({
    decision: 'hold',
    holds: [
      {
        rolledBack: { from: 'release-1123', to: 'release-1119' },
        url: rollback.replace('localhost', new URL(world.url).hostname),
      },
    ],
  });
});

test.describe('by hand, without script', () => {
  test.use({ javaScriptEnabled: false });

  test('every service of a repository is held, for longer, and released, each with a reason', async ({
    page,
    signIn,
    pageOf,
    world,
  }) => {
    await signIn('operator', API);
    await page.getByText('Hold deployments of api').click();
    await page.getByRole('radio', { name: 'Every service in production that runs notifications-api' }).check();
    await page.getByLabel('For how long?').selectOption('1 h');
    await page.getByRole('button', { name: 'Hold deployments' }).click();
    await expect(page.getByText('Say why')).toBeVisible();
    await page.getByRole('radio', { name: 'Every service in production that runs notifications-api' }).check();
    await page.getByLabel('For how long?').selectOption('1 h');
    await page.getByLabel('Why? Pipelines are told').fill('INC-204');
    await page.getByRole('button', { name: 'Hold deployments' }).click();
    const sentence =
      /Deployments of every service that runs notifications-api are on hold until .*\(k\.smith: INC-204\)\. No pipeline has asked about api\./;
    await expect(page.getByText(sentence)).toBeVisible();
    for (const query of [
      ABOUT_API,
      ABOUT_API.replace('=api', '=delivery-worker-sms'),
      'target=production&image=notifications-api',
    ]) {
      expect(await decision(world, query), query).toMatchObject({
        decision: 'hold',
        holds: [{ scope: { image: 'notifications-api' }, rolledBack: null, reason: 'INC-204' }],
      });
    }
    expect(await decision(world, ABOUT_API.replace('=api', '=admin'))).toMatchObject({ decision: 'proceed' });
    expect(await decision(world, 'target=production&image=notifications-admin')).toMatchObject({ decision: 'proceed' });
    const viewer = await pageOf('viewer', API);
    await expect(viewer.getByText(/are on hold until/)).toBeVisible();
    await expect(viewer.getByText('Release the hold')).toHaveCount(0);

    await page.goto(`${API}/rollback?to=api:421&bring=images`);
    await expect(page.getByText(/are on hold until .*\(k\.smith: INC-204\)\. concourse last asked/)).toBeVisible();
    await expect(page.getByRole('checkbox', { name: /^Also hold deployments of api/ })).not.toBeChecked();

    const [before] = (await decision(world)).holds;
    await page.goto(API);
    await page.getByText('Hold for longer').first().click();
    await page.getByLabel('For how long from now?').selectOption('7 days');
    await page.getByLabel('Why for longer?').fill('still looking');
    await page.getByRole('button', { name: 'Hold for longer' }).click();
    await expect.poll(async () => String((await decision(world)).holds[0]?.until) > String(before?.until)).toBe(true);
    await page.getByText('Release the hold').first().click();
    await page.getByLabel('Why is it released?').fill('fixed');
    await page.getByRole('button', { name: 'Release the hold' }).click();
    await expect(page.getByText(/are on hold until/)).toHaveCount(0);
    expect(await decision(world)).toMatchObject({ decision: 'proceed' });
    const entries = await world.query<{ payload: string }>(
      "SELECT payload FROM record WHERE kind LIKE 'hold-%' ORDER BY seq",
    );
    expect(entries.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      { kind: 'hold-created', repository: 'notifications-api', reason: 'INC-204', who: { name: 'k.smith' } },
      { kind: 'hold-prolonged', words: 'still looking' },
      { kind: 'hold-released', words: 'fixed' },
    ]);
  });
});

test('every other answer has its status, and the shipped example ends as it says', async ({ world, request }) => {
  const STAGING = demoToken('staging');
  const cases: readonly (readonly [string, string | null, number, string, readonly string[] | null])[] = [
    ['', TOKEN, 400, 'bad-parameters', null],
    ['target=production', TOKEN, 400, 'bad-parameters', null],
    ['target=production&cluster=notify', TOKEN, 400, 'bad-parameters', null],
    [`${ABOUT_API}&image=notifications-api`, TOKEN, 400, 'bad-parameters', null],
    [`${ABOUT_API}&target=staging`, TOKEN, 400, 'bad-parameters', null],
    [`${ABOUT_API}&force=1`, TOKEN, 400, 'bad-parameters', null],
    ['target=production&cluster=notify&service=a%20b', TOKEN, 400, 'bad-parameters', ['production', 'notify', 'a b']],
    [ABOUT_API, null, 401, 'no-token', null],
    [ABOUT_API, 'garbage', 401, 'unknown-token', SERVICE_ARGS],
    [ABOUT_API, STAGING, 403, 'wrong-target', SERVICE_ARGS],
    ['target=nowhere&cluster=notify&service=api', TOKEN, 404, 'unknown-target', ['nowhere', 'notify', 'api']],
    [
      'target=production&cluster=notify&service=nowhere',
      TOKEN,
      404,
      'unknown-service',
      ['production', 'notify', 'nowhere'],
    ],
    ['target=production&cluster=nowhere&service=api', TOKEN, 404, 'unknown-service', ['production', 'nowhere', 'api']],
  ];
  for (const [query, token, status, error, args] of cases) {
    const answer = await ask(world, query, token);
    expect([answer.status, answer.headers.get('cache-control')], query).toEqual([status, 'no-store']);
    expect(await answer.json(), query).toEqual({ error, message: expect.stringMatching(/^[A-Z].*\.$/) });
    if (args === null) continue;
    const ended = await checked(world, args, { HOLD_TOKEN: token ?? '' });
    expect(ended, query).toMatchObject({ code: 78, said: expect.stringContaining(`(${status})`) });
  }
  expect(await checked(world, ['production'])).toMatchObject({ code: 78 });
  expect(await checked(world, SERVICE_ARGS, { HOLD_TOKEN: '' })).toMatchObject({ code: 78 });
  // A token opens nothing else, and nobody's cookie opens this.
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await request.get('/services', { headers, maxRedirects: 0 })).status()).toBe(307);
  expect((await request.get('/rollbacks/rb-000000/progress', { headers })).status()).toBe(401);
  expect(await world.query("SELECT 1 FROM record WHERE kind <> 'restored'")).toEqual([]);
});

test('sixty questions a minute are answered, the next one is told when to come again', async ({ world }) => {
  for (let n = 1; n <= 60; n += 1) expect((await ask(world, ABOUT_API)).status, `question ${n}`).toBe(200);
  const refused = await ask(world, ABOUT_API);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await refused.json()).toMatchObject({ error: 'too-many-requests' });
  // Other tokens have a minute of their own.
  const staging = await ask(world, ABOUT_API.replace('production', 'staging'), demoToken('staging'));
  expect(staging.status).toBe(200);
  // Sent away is not silence: there may be a hold, so the example never goes on from it.
  expect(await checked(world, SERVICE_ARGS, { HOLD_TURNS: '0' })).toMatchObject({
    code: 78,
    said: expect.stringContaining('(429)'),
  });
  // It comes again when it was told to, and hears what there is to hear.
  await world.query("UPDATE hold_caller SET since = since - interval '50 s'");
  expect(await checked(world, SERVICE_ARGS)).toMatchObject({
    code: 0,
    said: expect.stringContaining('nothing is on hold'),
  });
});

test('without a database nobody knows, and the shipped example goes on with a warning', async ({ world }) => {
  expect((await ask(world, ABOUT_API)).status).toBe(200);
  await stopDatabase(world);
  await expect.poll(async () => (await ask(world, ABOUT_API)).status, { timeout: 30_000 }).toBe(503);
  expect(await (await ask(world, ABOUT_API)).json()).toMatchObject({ error: 'unreadable' });
  expect((await ask(world, ABOUT_API, 'garbage')).status).toBe(401);
  // A door that leads elsewhere is no silence.
  const elsewhere = createServer((_request, response) => response.writeHead(302, { location: '/login' }).end());
  await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
  const { port } = elsewhere.address() as AddressInfo;
  expect(await checked(world, SERVICE_ARGS, { HOLD_URL: `http://127.0.0.1:${port}` })).toMatchObject({
    code: 78,
    said: expect.stringContaining('HOLD_URL does not lead to the dashboard (302)'),
  });
  elsewhere.close();
  for (const url of [world.url, 'http://127.0.0.1:1']) {
    expect(await checked(world, SERVICE_ARGS, { HOLD_URL: url })).toMatchObject({
      code: 0,
      said: expect.stringContaining('WARNING: no answer for 1 s'),
    });
  }
});

test.describe('a hold', () => {
  // The policy of the pages forbids what axe injects into them.
  test.use({ bypassCSP: true });

  test('can be read and changed by everybody, light and dark, wide and narrow', async ({ page, signIn, world }) => {
    await ask(world, ABOUT_API);
    await signIn('operator', PLAN);
    expect(await findingsInEveryLook(page)).toEqual([]);
    await press(page, 'api');
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    const rollback = new URL(page.url()).pathname;
    for (const path of [API, rollback, '/services', '/services/production/notify/admin']) {
      await page.goto(path);
      await unfold(page);
      expect(await findingsInEveryLook(page)).toEqual([]);
    }
  });
});
