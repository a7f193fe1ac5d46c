import reader from '@/docs/iam/reader-policy.json' with { type: 'json' };
import writer from '@/docs/iam/writer-policy.json' with { type: 'json' };
import { expect, test } from './fixtures';
import { press } from './press';
import type { Call } from './simulated-aws';

const PRODUCTION = '/services/production/notify';

/** IAM's prefix where it differs from the name requests are signed with. */
const PREFIX: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** Permissions that the calls of a role used. */
const usedBy = (calls: readonly Call[], role: string): readonly string[] => {
  const own = calls.filter(({ principal }) => principal.includes(`assumed-role/${role}/`));
  return [...new Set(own.map(({ service, operation }) => `${PREFIX[service] ?? service}:${operation}`))].sort();
};

const allowedBy = (policy: { readonly Statement: readonly { readonly Action: readonly string[] }[] }) =>
  policy.Statement.flatMap(({ Action }) => Action).sort();

test('The shipped policies are enough for everything people do, and hold nothing nobody uses', async ({
  page,
  world,
  signIn,
}) => {
  await signIn('operator');
  for (const path of [
    `${PRODUCTION}/api`,
    `${PRODUCTION}/api/revisions/421`,
    `${PRODUCTION}/api/compare?from=428&to=421`,
    `${PRODUCTION}/api/rollback?to=api:421&bring=everything`,
    `${PRODUCTION}/status-page/rollback?to=status-page:20`,
    // An image that is not there may be one that a cache would fetch.
    `${PRODUCTION}/antivirus/rollback?to=antivirus:56`,
  ]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  await page.goto(`${PRODUCTION}/delivery-worker-sms/rollback?to=delivery-worker-sms:306`);
  await press(page, 'delivery-worker-sms');
  await page.waitForURL(/\/rollbacks\/rb-/);
  await expect(page.getByRole('heading', { name: /ECS is running release-1119 again/ })).toBeVisible({
    timeout: 60_000,
  });
  await page.goto(`${PRODUCTION}/document-download-frontend`);
  await page.getByRole('link', { name: /^Stop this deployment/ }).click();
  await press(page, 'document-download-frontend');
  await page.waitForURL(/\/rollbacks\/rb-/);
  await expect(page.getByRole('heading', { name: /^Stopped\. ECS is running release-401 again/ })).toBeVisible({
    timeout: 60_000,
  });

  const calls = await world.aws.calls();
  expect(calls.filter(({ error }) => /AccessDenied/.test(error ?? '')).map(({ operation }) => operation)).toEqual([]);
  // Whoever asks may know who they are; every target of this scenario names its clusters, so nobody lists them.
  const reads = usedBy(calls, 'ecs-rollback-reader').filter((action) => action !== 'sts:GetCallerIdentity');
  expect([...reads, 'ecs:ListClusters'].sort()).toEqual(allowedBy(reader));
  // Asked for by RegisterTaskDefinition itself.
  const writes = [...usedBy(calls, 'ecs-rollback-writer'), 'ecs:TagResource', 'iam:PassRole'];
  expect(writes.sort()).toEqual(allowedBy(writer));
});

test('The status page names the permission that is missing', async ({ page, world, signIn }) => {
  await world.aws.fault({ operation: 'DescribeSecret', fault: 'access-denied' });
  await signIn('viewer', '/status');
  await expect(page.getByText('access denied to secretsmanager:DescribeSecret').first()).toBeVisible();
});
