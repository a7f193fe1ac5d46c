import type { Page, Request } from '@playwright/test';
import { expect, test } from './fixtures';
import type { World } from './world';

const NOTIFY = '/services/production/notify';
const PLAN = `${NOTIFY}/api/rollback?to=api:421&bring=images`;
const PRODUCTION = { account: '111111111111', cluster: 'notify' } as const;
const imageOf = (tag: string): string => `111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:${tag}`;

/** Waits inside ECS pass fast, so that a rollout takes a few seconds. */
const FAST = { speed: 600 };

test.beforeEach(({ world }) => world.aws.clock(FAST));

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const finalButton = (page: Page, service: string) =>
  page.getByRole('button', { name: `Roll back ${service} in production` });

/** Fills in what the plan asks for: every tick, a reason, the name. */
async function fillIn(page: Page, service: string): Promise<void> {
  await page.getByRole('radio', { name: 'Errors after release' }).check();
  for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
  await page.getByLabel(/^Type the service name/).fill(service);
}

async function press(page: Page, service: string): Promise<void> {
  await fillIn(page, service);
  await finalButton(page, service).click();
}

/** What we alone changed: the simulated pipeline writes too. */
async function ourWrites({ aws }: World) {
  const writes = await aws.writes();
  return writes.filter(({ principal }) => principal.includes('ecs-rollback-writer'));
}

const operations = async (world: World): Promise<readonly string[]> =>
  (await ourWrites(world)).map(({ operation }) => operation);

test.describe('an operator', () => {
  test('goes from the services to a version that worked, and the record keeps it', async ({ page, signIn, world }) => {
    await signIn('operator', '/services');
    await page.getByRole('link', { name: 'api', exact: true }).first().click();
    await page.getByRole('link', { name: 'Roll back to release-1119 (421)' }).click();
    await expect(heading(page)).toHaveText('Roll back api in production');
    await expect(page.getByText('Choose what to bring back to see the plan.')).toBeVisible();
    await expect(finalButton(page, 'api')).toHaveCount(0);
    await page.getByRole('link', { name: /^Only the images/ }).click();
    await expect(page.getByText('Register a new revision of family api: 428 with the images of 421.')).toBeVisible();
    await press(page, 'api');

    await expect(page).toHaveURL(/\/rollbacks\/rb-[0-9a-z]{6,12}$/);
    await expect(heading(page)).toHaveText('ECS is running release-1119 again in api (production).', {
      timeout: 60_000,
    });
    await expect(page).toHaveTitle(/^ECS is running release-1119 again in api \(production\)/);
    await page.getByRole('link', { name: 'Rollback record' }).click();
    const row = page.getByRole('row').filter({ hasText: 'release-1123 (428) → release-1119 (421)' });
    await expect(row).toContainText('k.smith');
    await expect(row).toContainText('Errors after release');

    const writes = await ourWrites(world);
    expect(writes.map(({ operation }) => operation)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    expect(writes[1]?.input).toEqual({
      cluster: 'notify',
      service: 'api',
      taskDefinition: expect.stringMatching(/^arn:aws:ecs:eu-west-1:111111111111:task-definition\/api:\d{3}$/),
    });
  });

  test('sees the tasks move while ECS replaces them', async ({ page, signIn, world }) => {
    await world.aws.clock({ speed: 15 });
    await signIn('operator', PLAN);
    await press(page, 'api');
    await expect(page).toHaveTitle(/^\(\d of 6\) Rolling back api/);
    const bar = page.getByRole('progressbar', { name: 'New tasks' });
    await expect(bar).toHaveAttribute('aria-valuetext', /^[1-6] of 6 tasks run release-1119$/, { timeout: 30_000 });
    await expect(page.getByText('You can close this page. The rollback goes on without it.')).toBeVisible();
    await expect(page.getByRole('link', { name: /^Stop and return to release-1123/ })).toBeVisible({ timeout: 30_000 });
  });

  test('brings back everything in the revision where that is chosen', async ({ page, signIn, world }) => {
    await signIn('operator', `${NOTIFY}/api/rollback?to=api:421`);
    await page.getByRole('link', { name: /^Everything in revision 421/ }).click();
    await press(page, 'api');
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    const [register] = await ourWrites(world);
    expect(register?.input).toMatchObject({
      family: 'api',
      tags: expect.arrayContaining([{ key: 'ecs-rollback:copied-from', value: 'api:421' }]),
    });
  });

  test('goes back to a revision that is still ACTIVE by a copy all the same', async ({ page, signIn, world }) => {
    await signIn('operator', `${NOTIFY}/canary/rollback?to=canary:16`);
    await press(page, 'canary');
    await expect(heading(page)).toHaveText(/^ECS is running release-56 again in canary/, { timeout: 60_000 });
    const [, update] = await ourWrites(world);
    // Numbers are never given twice, whatever a test before this one registered.
    expect(update?.input.taskDefinition).toMatch(/:task-definition\/canary:(1[89]|[2-9]\d)$/);
  });

  test('undoes a rollback from its own page', async ({ page, signIn, world }) => {
    await signIn('operator', PLAN);
    await press(page, 'api');
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    await page.getByRole('link', { name: 'Undo: plan a return to release-1123 (428)' }).click();
    await expect(heading(page)).toHaveText(/^Undo rollback rb-\w+: return api to release-1123 in production$/);
    for (const tick of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await tick.check();
    await page.getByRole('radio', { name: 'It did not help' }).check();
    await page.getByLabel(/^Type the service name/).fill('api');
    await page.getByRole('button', { name: 'Undo the rollback of api in production' }).click();
    await expect(heading(page)).toHaveText(/^ECS is running release-1123 again/, { timeout: 60_000 });
    expect(await operations(world)).toHaveLength(4);
  });

  test('stops a deployment of the pipeline, and ECS returns by itself', async ({ page, signIn, world }) => {
    await world.aws.clock({ speed: 1 });
    await world.aws.deploy({ ...PRODUCTION, service: 'api', image: imageOf('release-1119') });
    await signIn('operator', `${NOTIFY}/api`);
    await page.getByRole('link', { name: /^Stop this deployment and return to release-1123/ }).click();
    await expect(heading(page)).toHaveText('Stop the deployment of api in production');
    await fillIn(page, 'api');
    await page.getByRole('button', { name: 'Stop the deployment of api in production' }).click();
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    await world.aws.clock(FAST);
    await expect(heading(page)).toHaveText('Stopped. ECS is running release-1123 again in api (production).', {
      timeout: 60_000,
    });
    expect(await operations(world)).toEqual(['StopServiceDeployment']);
  });

  test('reads why it did not work where ECS puts the present version back', async ({ page, signIn }) => {
    await signIn('operator', `${NOTIFY}/flaky-worker/rollback?to=flaky-worker:24`);
    await press(page, 'flaky-worker');
    await expect(heading(page)).toHaveText('The rollback did not work. ECS put release-61 back.', { timeout: 60_000 });
    await expect(page.getByRole('alert').filter({ has: heading(page) })).toContainText('Tasks of release-60');
    await expect(page.getByRole('link', { name: 'Choose another version' })).toBeVisible();
  });
});

test.describe('a plan', () => {
  test('says what is missing at the top, beside the field and in the title, and keeps what was filled in', async ({
    page,
    signIn,
    world,
  }) => {
    await signIn('operator', PLAN);
    await page.getByLabel(/^Details/).fill('INC-204');
    await page.getByLabel(/^Type the service name/).fill('web');
    await finalButton(page, 'api').click();
    const summary = page.getByRole('alert').filter({ hasText: 'There is a problem' });
    await expect(summary).toBeFocused();
    await expect(summary.getByRole('link')).toHaveText([
      'Say why you are rolling back',
      'That is not the service name. Type api to confirm',
    ]);
    await expect(page).toHaveTitle(/^Error: api · production · Rollback plan 428 → 421/);
    await expect(page.getByLabel(/^Details/)).toHaveValue('INC-204');
    await expect(page.getByLabel(/^Type the service name/)).toHaveValue('web');
    await summary.getByRole('link', { name: 'Say why you are rolling back' }).click();
    await expect(page.getByRole('radio', { name: 'Errors after release' })).toBeFocused();
    expect(await operations(world)).toEqual([]);
  });

  test('asks for a tick for every warning', async ({ page, signIn, world }) => {
    await signIn('operator', `${NOTIFY}/template-preview/rollback?to=template-preview:88`);
    await expect(page.getByText(/The tag main names another image now\. We will use the one that ran/)).toBeVisible();
    await page.getByRole('radio', { name: 'Errors after release' }).check();
    await page.getByLabel(/^Type the service name/).fill('template-preview');
    await finalButton(page, 'template-preview').click();
    const problem = page.getByRole('link', { name: /^Tick the box to show you have read/ });
    await problem.click();
    await expect(page.getByRole('checkbox', { name: /^I have read/ })).toBeFocused();
    expect(await operations(world)).toEqual([]);
  });

  test('with something that blocks has reasons and no button', async ({ page, signIn }) => {
    await signIn('operator', `${NOTIFY}/antivirus/rollback?to=antivirus:56`);
    await expect(page.getByText(/no longer exists\. Tasks could not start\./)).toBeVisible();
    await expect(finalButton(page, 'antivirus')).toHaveCount(0);
    await expect(page.getByText('Do this by hand (AWS CLI)')).toBeVisible();
  });

  test('that moved while it was read is drawn anew, and nothing is done', async ({ page, signIn, world }) => {
    await signIn('operator', PLAN);
    await page.getByRole('radio', { name: 'Slow after release' }).check();
    await page.getByLabel(/^Details/).fill('INC-204');
    await page.getByLabel(/^Type the service name/).fill('api');
    await world.aws.clock({ speed: 20 });
    await world.aws.deploy({ ...PRODUCTION, service: 'api', image: imageOf('release-1124') });
    await finalButton(page, 'api').click();
    await expect(page.getByRole('alert').filter({ hasText: 'api changed while you were reading' })).toContainText(
      'it now runs release-1124',
    );
    await expect(page.getByText('Nothing has been done. Read the new plan below.')).toBeVisible();
    await expect(page.getByText(/^release-1124 \(\d+\)$/)).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Slow after release' })).toBeChecked();
    await expect(page.getByLabel(/^Details/)).toHaveValue('INC-204');
    expect(await operations(world)).toEqual([]);
    const refused = await world.query("SELECT payload FROM record WHERE kind = 'press-refused'");
    expect(refused).toHaveLength(1);
  });

  test('that an earlier build drew does nothing, and says to load it again', async ({ page, signIn, world }) => {
    await signIn('operator', PLAN);
    await page.route(
      (url) => url.pathname.endsWith('/rollback'),
      (route) => {
        const headers = route.request().headers();
        // What a form does is named by a hash, which is another in another build.
        const action = headers['next-action']?.replaceAll(/[0-7]/g, '8');
        return route.continue(action === undefined ? {} : { headers: { ...headers, 'next-action': action } });
      },
    );
    await press(page, 'api');
    await expect(heading(page)).toHaveText('This page is out of date.');
    await expect(page.getByText('Nothing has been done.')).toBeVisible();
    expect(await operations(world)).toEqual([]);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect(heading(page)).toHaveText('Roll back api in production');
  });

  test('pressed twice is one rollback, and says so to who presses again', async ({ page, signIn, world }) => {
    await signIn('operator', PLAN);
    const sent = page.waitForRequest(isPress);
    await fillIn(page, 'api');
    await finalButton(page, 'api').dblclick();
    const request = await sent;
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    const address = page.url();
    const again = await replay(page, request);
    expect(again.headers()['x-action-redirect'] ?? again.headers().location).toContain(new URL(address).pathname);
    await page.goto(address);
    await expect(page.getByText('You already started this rollback. Here it is.')).toBeVisible();
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    expect(await operations(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  });

  test('of somebody else who is being served says who started what', async ({ page, signIn, pageOf, world }) => {
    await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'slow', ms: 4_000 });
    await signIn('operator', PLAN);
    await fillIn(page, 'api');
    const other = await pageOf('operator', PLAN);
    await press(other, 'api');
    await expect(other).toHaveURL(/\/rollbacks\/rb-/);
    await finalButton(page, 'api').click();
    const answer = page.getByRole('alert').filter({ hasText: /k\.smith started a rollback of api at/ });
    await answer.getByRole('link', { name: 'Watch it' }).click();
    await expect(page).toHaveURL(other.url());
  });
});

const isPress = (request: Request): boolean => request.method() === 'POST' && request.url().includes('/rollback?');

/** Sends a request again, with the cookies of whoever's page it is. */
async function replay(page: Page, request: Request) {
  const { host: _host, 'content-length': _length, cookie: _cookie, ...headers } = await request.allHeaders();
  const named = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
  return page.request.post(request.url(), {
    headers: named,
    data: request.postDataBuffer() ?? Buffer.alloc(0),
    maxRedirects: 0,
  });
}

test.describe('somebody who may only look', () => {
  test('reads the plan and who could press it, and has no button', async ({ page, signIn }) => {
    await signIn('viewer', PLAN);
    await expect(page.getByText(/You can view api in production but not roll it back\./)).toContainText(
      'People in rollback-operators can.',
    );
    await expect(finalButton(page, 'api')).toHaveCount(0);
    await expect(page.getByLabel(/^Type the service name/)).toHaveCount(0);
    await expect(page.getByText('Do this by hand (AWS CLI)')).toBeVisible();
  });

  test('who sends an operator’s press again is refused, recorded, and changes nothing', async ({
    page,
    signIn,
    pageOf,
    world,
  }) => {
    await signIn('operator', PLAN);
    await page.route(
      (url) => url.pathname.endsWith('/rollback'),
      (route) => (isPress(route.request()) ? route.abort() : route.continue()),
    );
    const held = page.waitForRequest(isPress);
    await press(page, 'api');
    const viewer = await pageOf('viewer', PLAN);
    const answer = await replay(viewer, await held);
    expect(answer.status()).toBe(200);
    expect(await answer.text()).toContain('You can no longer roll back in production. Nothing has been done.');
    expect(await operations(world)).toEqual([]);
    expect(await world.query("SELECT 1 FROM record WHERE kind = 'access-refused'")).toHaveLength(1);
  });
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('a rollback is planned, mended, pressed and followed to its end', async ({ page, signIn, world }) => {
    await signIn('operator', `${NOTIFY}/api/rollback?to=api:421`);
    await page.getByRole('link', { name: /^Only the images/ }).click();
    await page.getByRole('radio', { name: 'Other' }).check();
    await page.getByLabel(/^Type the service name/).fill('api');
    await finalButton(page, 'api').click();
    await expect(page.getByRole('alert').filter({ hasText: 'There is a problem' })).toBeVisible();
    await expect(page).toHaveTitle(/^Error: /);
    await expect(page.getByRole('radio', { name: 'Other' })).toBeChecked();
    await expect(page.getByLabel(/^Type the service name/)).toHaveValue('api');
    await page.getByLabel(/^Details/).fill('INC-204');
    await finalButton(page, 'api').click();
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    expect(await operations(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  });

  test('going back and pressing again leads to the rollback that was started', async ({ page, signIn, world }) => {
    await signIn('operator', PLAN);
    await fillIn(page, 'api');
    const sent = page.waitForRequest(isPress);
    await finalButton(page, 'api').click();
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    const again = await replay(page, await sent);
    expect(again.status()).toBe(303);
    expect(again.headers().location).toBe(new URL(page.url()).pathname);
    await page.reload();
    await expect(page.getByText('You already started this rollback. Here it is.')).toBeVisible();
    expect(await operations(world)).toHaveLength(2);
  });

  test('a viewer who sends an operator’s press again reads why nothing was done', async ({ page, signIn, pageOf }) => {
    await signIn('operator', PLAN);
    await fillIn(page, 'api');
    await page.route(
      (url) => url.pathname.endsWith('/rollback'),
      (route) => (isPress(route.request()) ? route.abort() : route.continue()),
    );
    const held = page.waitForRequest(isPress);
    await finalButton(page, 'api').click({ noWaitAfter: true });
    const viewer = await pageOf('viewer', PLAN);
    const answer = await replay(viewer, await held);
    expect(answer.status()).toBe(200);
    expect(await answer.text()).toContain('You can no longer roll back in production. Nothing has been done.');
  });
});

test.describe('an answer that was lost', () => {
  test('is unknown until AWS shows the change, and nothing is sent again', async ({ page, signIn, world }) => {
    await signIn('operator', PLAN);
    // The answer is held for as long as a call may take; until then ECS is made to fall silent.
    await world.aws.fault({ operation: 'UpdateService', fault: 'hang', applied: true });
    await press(page, 'api');
    await expect.poll(() => operations(world)).toContain('UpdateService');
    await world.aws.fault({ operation: 'reads', fault: 'access-denied', forMs: 15_000 });
    await expect(heading(page)).toHaveText('We do not know yet if ECS took the change.');
    await expect(page.getByText(/We are reading ECS and will not send it again\./)).toBeVisible();
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    expect(await operations(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  });

  test('can be given up by name after a minute, and planned again', async ({ page, signIn, world }) => {
    await world.aws.fault({ operation: 'UpdateService', fault: 'server-error', count: 1 });
    await signIn('operator', PLAN);
    await press(page, 'api');
    await expect(heading(page)).toHaveText('We do not know yet if ECS took the change.');
    const address = page.url();
    await world.query("UPDATE rollback SET intent_at = intent_at - interval '61 s'");
    await page.reload();
    await page.getByLabel(/^Type the service name/).fill('web');
    await page.getByRole('button', { name: 'Stop waiting and plan again' }).click();
    await expect(page.getByText('That is not the service name. Type api to confirm')).toBeVisible();
    await page.getByLabel(/^Type the service name/).fill('api');
    await page.getByRole('button', { name: 'Stop waiting and plan again' }).click();
    await expect(heading(page)).toHaveText('Roll back api in production');
    await press(page, 'api');
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
    await page.goto(address);
    await expect(heading(page)).toHaveText('Given up while unknown.');

    // What the first request asked for comes to pass after all, and is looked for a minute after it was given up.
    const [given] = await world.query<{ copy_arn: string }>("SELECT copy_arn FROM rollback WHERE state = 'closed'");
    await world.aws.deploy({ ...PRODUCTION, service: 'api', taskDefinition: given?.copy_arn ?? '' });
    await world.query(
      // What has ended changes for nobody, who owns the database aside.
      "SET session_replication_role = replica; UPDATE rollback SET ended_at = ended_at - interval '61 s' WHERE state = 'closed'",
    );
    await expect(async () => {
      await page.goto(`${NOTIFY}/api`);
      await expect(page.getByText('A rollback that was given up while unknown took effect.')).toBeVisible();
    }).toPass();
    await expect(page.getByText(/^The first request arrived after all: ECS runs, or ran, api:\d+\./)).toBeVisible();
    // Another notice may say that the newer rollback is overwritten by it.
    const notice = page.getByText(/^The first request arrived after all/).locator('xpath=..');
    await notice.getByRole('link', { name: 'See that rollback' }).click();
    await expect(page).toHaveURL(address);
    await expect(page.getByText(/^The first request arrived after all/).first()).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'k.smith gave up waiting' })).toContainText('Ended');
  });
});

test.describe('while something is missing', () => {
  test('a right that was taken away is noticed at the press', async ({ page, signIn, world }) => {
    await signIn('operator', PLAN);
    await fillIn(page, 'api');
    await world.setGroups('operator', ['rollback-viewers']);
    await finalButton(page, 'api').click();
    await expect(page.getByText('You can no longer roll back in production. Nothing has been done.')).toBeVisible();
    await expect(page.getByText(/^You can view api in production but not roll it back\./)).toBeVisible();
    await expect(finalButton(page, 'api')).toHaveCount(0);
    expect(await operations(world)).toEqual([]);
  });

  test('what AWS does not say is not checked, and needs no tick', async ({ page, signIn, world }) => {
    await world.aws.fault({ operation: 'DescribeImages', fault: 'access-denied' });
    await signIn('operator', PLAN);
    await expect(page.getByText(/not checked \(no permission to ecr:DescribeImages\)/).first()).toBeVisible();
    await press(page, 'api');
    await expect(page).toHaveURL(/\/rollbacks\/rb-/);
    await expect(heading(page)).toHaveText(/^ECS is running release-1119 again/, { timeout: 60_000 });
  });

  test('a service AWS does not tell of leaves the way by hand', async ({ page, signIn, world }) => {
    await world.aws.fault({ operation: 'DescribeServices', fault: 'access-denied' });
    await signIn('operator', PLAN);
    await expect(page.getByText(/api cannot be read just now/)).toBeVisible();
    await expect(page.getByText('aws ecs update-service')).toBeVisible();
  });
});
