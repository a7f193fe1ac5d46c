import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { serviceAt } from './places';

/** What a service of the demo is there to show: on its page, and in the plan to the version before. */
type Row = {
  readonly running: string;
  /** Last known good as its box names it; `null` where nothing qualifies. */
  readonly good: string | null;
  /** Revision before, and what its plan's address says besides. */
  readonly to: string;
  readonly shows: readonly (string | RegExp)[];
  /** Whether the plan can be pressed. */
  readonly pressable: boolean;
};

const worker = (running: number, before: number, name: string): Row => ({
  running: `release-1123 (${running})`,
  good: `release-1119 (${before})`,
  to: `${before}`,
  shows: [
    `Register a new revision of family ${name}: ${running} with the images of ${before}.`,
    /and 8 other services that run notifications-api:release-1123\./,
  ],
  pressable: true,
});

const ROWS: Readonly<Record<string, Row>> = {
  api: {
    running: 'release-1123 (428)',
    good: 'release-1119 (421)',
    to: '421&bring=everything',
    shows: [
      'Image changes in app; nginx keeps the same image.',
      'Also goes back: 2 environment variables, 1 secret, memory.',
      'Memory goes down from 2048 to 1024 MiB.',
      'Register a new revision of family api: a copy of 421.',
    ],
    pressable: true,
  },
  'delivery-worker-sms': worker(310, 306, 'delivery-worker-sms'),
  'delivery-worker-letters': worker(97, 94, 'delivery-worker-letters'),
  'delivery-worker-jobs': worker(205, 201, 'delivery-worker-jobs'),
  'delivery-worker-research': worker(88, 85, 'delivery-worker-research'),
  'delivery-worker-receipts': worker(142, 138, 'delivery-worker-receipts'),
  'template-preview': {
    running: 'main (91)',
    good: 'main (88)',
    to: '88',
    shows: [
      /The tag main names another image now\. We will use the one that ran: sha256:[0-9a-f]{8}/,
      'I have read: the tag main has moved',
    ],
    pressable: true,
  },
  antivirus: {
    running: 'release-212 (57)',
    good: null,
    to: '56',
    shows: ['The image antivirus:release-211 no longer exists. Tasks could not start.'],
    pressable: false,
  },
  admin: {
    running: 'release-2041 (233)',
    good: 'release-2040 (231)',
    to: '231&bring=everything',
    shows: ['The secret notify/zendesk-token no longer exists.'],
    pressable: false,
  },
  'document-download-api': {
    running: 'release-318 (64)',
    good: 'release-317 (63)',
    to: '63&bring=everything',
    shows: ['The task role document-download-s3-legacy no longer exists.'],
    pressable: false,
  },
  'document-download-frontend': {
    running: 'release-402 (49)',
    good: 'release-401 (48)',
    to: '48',
    shows: ['release-402 is being deployed. Rolling back will replace it.'],
    pressable: true,
  },
  'letters-frontend': {
    running: 'release-150 (33)',
    good: null,
    to: '32',
    shows: ['letters-frontend is deployed by CodeDeploy. This tool cannot roll it back. Use the CodeDeploy console.'],
    pressable: false,
  },
  'status-page': {
    running: 'release-75 (21)',
    good: 'release-74 (20)',
    to: '20',
    shows: [/status-page deploys by blue\/green with \d+ min of bake time\. Expect \d+ min or more\./],
    pressable: true,
  },
  housekeeping: {
    running: 'release-31 (12)',
    good: 'release-30 (11)',
    to: '11',
    shows: ['housekeeping wants 0 tasks. Nothing will run, so nothing will be proven.'],
    pressable: true,
  },
  single: {
    running: 'release-19 (9)',
    good: 'release-18 (8)',
    to: '8',
    shows: ['With 1 task, at least 100% and at most 100%, ECS can replace nothing.'],
    pressable: false,
  },
  'upload-scanner': {
    running: 'release-88 (40)',
    good: 'release-87 (39)',
    to: '39&bring=everything',
    shows: ['The load balancer sends traffic to app:8080, which the new revision would not have.'],
    pressable: false,
  },
  canary: {
    running: 'release-57 (17)',
    good: 'release-56 (16)',
    to: '16',
    shows: ['Register a new revision of family canary: 17 with the images of 16.'],
    pressable: true,
  },
  'flaky-worker': {
    running: 'release-61 (25)',
    good: 'release-60 (24)',
    to: '24',
    shows: ['If release-60 cannot start, ECS will put release-61 back by itself.'],
    pressable: true,
  },
};

const finalButton = (page: Page, service: string) =>
  page.getByRole('button', { name: `Roll back ${service} in production` });

test.use({ onlyLooks: true });

test.beforeEach(async ({ signIn, page }) => {
  // Who else runs an image is known from the overview.
  await signIn('operator', '/services?target=all&show=all');
  await expect(page.getByRole('link', { name: 'flaky-worker', exact: true }).first()).toBeVisible();
});

test('every service of the demo shows on its page what runs and what ran well before', async ({ page }) => {
  test.slow();
  for (const [service, { running, good }] of Object.entries(ROWS)) {
    // A page that has still to read something draws itself again, which may come between.
    await expect(() => page.goto(serviceAt(service))).toPass();
    await expect(page.getByRole('region', { name: 'Running now' }), service).toContainText(running);
    const box = page.getByRole('region', { name: 'Last known good' });
    await expect(box, service).toContainText(good ?? 'There is no suggestion.');
    const stars = page.getByRole('region', { name: 'Table of versions' }).getByRole('row', { name: /last known good/ });
    await expect(stars, service).toHaveCount(good === null ? 0 : 1);
    if (good !== null) await expect(stars).toContainText(`${/\((\d+)\)/.exec(good)?.[1]}`);
  }
});

test('every service of the demo shows in its plan what it is there for', async ({ page }) => {
  test.slow();
  for (const [service, { to, shows, pressable }] of Object.entries(ROWS)) {
    await page.goto(`${serviceAt(service)}/rollback?to=${service}:${to}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Roll back ${service} in production`);
    for (const words of shows) await expect(page.getByRole('main').getByText(words).first(), service).toBeVisible();
    await expect(finalButton(page, service), service).toHaveCount(pressable ? 1 : 0);
  }
});

test('where settings alone stand against it, only the images can still be brought back', async ({ page }) => {
  for (const [service, to] of [
    ['admin', 231],
    ['document-download-api', 63],
    ['upload-scanner', 39],
  ] as const) {
    await page.goto(`${serviceAt(service)}/rollback?to=${service}:${to}`);
    await expect(page.getByText('Choose what to bring back to see the plan.')).toBeVisible();
    await page.getByRole('link', { name: /^Only the images/ }).click();
    await expect(finalButton(page, service), service).toBeVisible();
  }
});

test('a choice that would change nothing is explained and cannot be made', async ({ page }) => {
  // Registered with the image that runs now, and never deployed.
  await page.goto(`${serviceAt('admin')}/rollback?to=admin:232`);
  await expect(page.getByText('Cannot be used: the images are the same; only settings differ.')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Only the images/ })).toHaveCount(0);
  await page.getByRole('link', { name: /^Everything in revision 232/ }).click();
  await expect(page.getByText('Revision 232 never ran here.')).toBeVisible();
  await expect(page.getByText('The secret notify/zendesk-token no longer exists.')).toBeVisible();
});

test('workers whose images alone differ ask for no choice of what to bring back', async ({ page }) => {
  await page.goto(`${serviceAt('delivery-worker-letters')}/rollback?to=delivery-worker-letters:94`);
  await expect(page.getByRole('heading', { name: 'What will happen' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What to bring back' })).toHaveCount(0);
});

test('a history of 160 revisions is read to its end, deleted ones named', async ({ page }) => {
  test.slow();
  await page.goto(serviceAt('api'));
  const rows = page.getByRole('region', { name: 'Table of versions' }).getByRole('link', { name: /^Revision \d+$/ });
  const older = page.getByRole('link', { name: 'Load older' });
  const seen = new Set<string>();
  let deleting = 0;
  for (;;) {
    await expect(rows.first()).toBeVisible();
    await expect(page.getByText('Not read yet')).toHaveCount(0);
    for (const name of await rows.allTextContents()) seen.add(name);
    deleting += await page.getByText('Is being deleted. It can still be copied now.').count();
    if ((await older.count()) === 0) break;
    const address = page.url();
    await older.click();
    await page.waitForURL((url) => url.href !== address);
  }
  expect(seen.size).toBe(160);
  expect(deleting).toBeGreaterThan(0);
});

test('every target runs the release the story says', async ({ page }) => {
  for (const [target, release] of [
    ['production', 'release-1123'],
    ['staging', 'release-1124'],
    ['preview', 'release-1125'],
  ]) {
    await page.goto(`/services/${target}/notify/api`);
    await expect(
      page
        .getByRole('main')
        .getByText(new RegExp(`^${release} \\(\\d+\\)$`))
        .first(),
    ).toBeVisible();
  }
});

test.describe('as time goes on', () => {
  test.use({ onlyLooks: false });

  test('a deployment that ECS itself takes back is shown as that', async ({ page, world }) => {
    test.slow();
    await world.aws.clock({ advanceSeconds: 900 });
    await world.aws.clock({ speed: 600 });
    await expect(async () => {
      await page.goto(serviceAt('document-download-frontend'));
      await expect(page.getByRole('region', { name: 'Running now' })).toContainText('release-401 (48)', {
        timeout: 1_000,
      });
      await expect(page.getByText(/release-402 \(49\) was rolled back by ECS\./)).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 90_000 });
  });
});
