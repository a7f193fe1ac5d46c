import { expect, test } from './fixtures';

const NOTIFY = '/services/production/notify';

/** The finding each service of the demo is there to show, in the words of its plan. */
const PLANS: Readonly<Record<string, { readonly to: string; readonly shows: readonly (string | RegExp)[] }>> = {
  'delivery-worker-sms': {
    to: 'delivery-worker-sms:306',
    shows: [/^Register a new revision of family delivery-worker-sms: 310 with the images of 306/],
  },
  'template-preview': {
    to: 'template-preview:88',
    shows: [/The tag main names another image now\. We will use the one that ran: sha256:/],
  },
  antivirus: {
    to: 'antivirus:56',
    shows: [/The image .*antivirus:release-211 no longer exists\. Tasks could not start\./],
  },
  admin: { to: 'admin:231&bring=everything', shows: [/The secret .* no longer exists\./] },
  'document-download-api': {
    to: 'document-download-api:63&bring=everything',
    shows: [/The task role .* no longer exists\./],
  },
  'status-page': { to: 'status-page:20', shows: [/status-page deploys by blue\/green/] },
  housekeeping: {
    to: 'housekeeping:11',
    shows: ['housekeeping wants 0 tasks. Nothing will run, so nothing will be proven.'],
  },
  single: { to: 'single:8', shows: ['With 1 task, at least 100% and at most 100%, ECS can replace nothing.'] },
  'upload-scanner': {
    to: 'upload-scanner:39&bring=everything',
    shows: [/The load balancer sends traffic to .*, which the new revision would not have\./],
  },
  canary: { to: 'canary:16', shows: [/^Register a new revision of family canary/] },
  'flaky-worker': {
    to: 'flaky-worker:24',
    shows: [/If release-60 cannot start, ECS will put release-61 back by itself\./],
  },
};

test('every service of the demo shows in its plan what it is there for', async ({ page, signIn }) => {
  test.slow();
  await signIn('operator');
  for (const [service, { to, shows }] of Object.entries(PLANS)) {
    await page.goto(`${NOTIFY}/${service}/rollback?to=${to}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Roll back ${service} in production`);
    for (const words of shows) await expect(page.getByRole('main').getByText(words).first(), service).toBeVisible();
  }
});

test('workers whose images alone differ ask for no choice of what to bring back', async ({ page, signIn }) => {
  await signIn('operator', `${NOTIFY}/delivery-worker-letters/rollback?to=delivery-worker-letters:94`);
  await expect(page.getByRole('heading', { name: 'What will happen' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What to bring back' })).toHaveCount(0);
});

test('every target runs the release the story says', async ({ page, signIn }) => {
  await signIn('operator');
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
