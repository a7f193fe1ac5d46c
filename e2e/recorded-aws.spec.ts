import { expect, test } from './fixtures';
import { recordedAws } from './recorded-aws';

const aws = await recordedAws();

/** Every service that is asked; nothing is left that could go to the simulated AWS. */
const SERVICES = [
  'ECS',
  'ECR',
  'STS',
  'IAM',
  'SECRETS_MANAGER',
  'SSM',
  'ELASTIC_LOAD_BALANCING_V2',
  'APPLICATION_AUTO_SCALING',
  'CLOUDWATCH',
  'CLOUDWATCH_LOGS',
];

test.use({ settings: Object.fromEntries(SERVICES.map((name) => [`AWS_ENDPOINT_URL_${name}`, aws.url])) });

test('rolls back against a server that only replays what AWS documents, with nothing of the simulator there', async ({
  page,
  signIn,
  world,
}) => {
  await signIn('operator', '/services/production/notify/web');
  await expect(page.getByRole('heading', { level: 1, name: 'web' })).toBeVisible();
  await page.getByRole('link', { name: 'Roll back to v7 (7)' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Roll back web in production' })).toBeVisible();
  await page.getByRole('radio', { name: 'Errors after release' }).check();
  await page.getByLabel(/^Type the service name/).fill('web');
  await page.getByRole('button', { name: 'Roll back web in production' }).click();
  await expect(page.getByRole('heading', { name: 'ECS is running v7 again in web (production).' })).toBeVisible({
    timeout: 45_000,
  });
  expect(await world.aws.calls()).toEqual([]);
  const [registered, updated, ...more] = aws.writes;
  expect(more).toEqual([]);
  expect(registered).toMatchObject({
    operation: 'RegisterTaskDefinition',
    input: { family: 'web', containerDefinitions: [{ name: 'web', image: expect.stringMatching(/shop\/web:v7$/) }] },
  });
  expect(updated?.operation).toBe('UpdateService');
  expect(Object.keys(updated?.input ?? {}).sort()).toEqual(['cluster', 'service', 'taskDefinition']);
});
