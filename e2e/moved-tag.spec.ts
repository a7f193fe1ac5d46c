import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { type Simulator, startSimulator } from '@/simulator/start';
import { accountOf } from '@/simulator/world';
import { test as base, expect } from './fixtures';
import { serviceAt } from './places';
import { press } from './press';

const ACCOUNT = '111111111111';

/** A simulated AWS within reach, because no request moves a tag to an image that had it before. */
const test = base.extend<{ readonly own: Simulator }>({
  // biome-ignore lint/correctness/noEmptyPattern: what a fixture depends on is read off its first parameter.
  own: async ({}, use) => {
    const simulator = await startSimulator({ port: 0, scenario: 'notify', speed: 600 });
    await use(simulator);
    await simulator.close();
  },
  settings: ({ own }, use) => use({ AWS_ENDPOINT_URL: own.url }),
});

/** Gives the tag `main` back to an image that had it before, and starts the running revision again. */
async function restartWithAnOlderImage({ world, url }: Simulator): Promise<void> {
  const repository = accountOf(world, ACCOUNT).regions.get('eu-west-1')?.repositories.get('template-preview');
  const images = [...(repository?.images.values() ?? [])];
  const older = images.find(({ tags }) => tags.length === 0);
  for (const image of images) image.tags = image === older ? ['main'] : [];
  const credentials = { accessKeyId: `AKIA${ACCOUNT}DEMO`, secretAccessKey: 'any' };
  const ecs = new ECSClient({ endpoint: url, region: 'eu-west-1', credentials });
  await ecs.send(
    new UpdateServiceCommand({ cluster: 'notify', service: 'template-preview', forceNewDeployment: true }),
  );
}

test('a revision that ran with other images before goes back to them, by its own row', async ({
  page,
  signIn,
  own,
}) => {
  await restartWithAnOlderImage(own);
  await signIn('operator');
  const rows = page
    .getByRole('region', { name: 'Table of versions' })
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: 'Revision 91', exact: true }) });
  await expect(async () => {
    await page.goto(serviceAt('template-preview'));
    await expect(rows).toHaveCount(2, { timeout: 1_000 });
    await expect(rows.first()).toContainText('● Running now', { timeout: 1_000 });
    await expect(rows.last()).toContainText('★', { timeout: 1_000 });
  }).toPass({ timeout: 40_000 });
  await expect(rows.last()).toContainText('Will be copied');
  await expect(rows.last()).toContainText(/app main sha256:[0-9a-f]{8}/);
  await expect(rows.last().getByRole('link', { name: /^Compare/ })).toHaveCount(0);
  await expect(page.getByRole('listitem').filter({ hasText: /^91 .*last known good/ })).toContainText(
    /with app sha256:/,
  );
  await expect(page.getByRole('region', { name: 'Last known good' })).toContainText(/main \(91\) with app sha256:/);

  await rows
    .last()
    .getByRole('link', { name: /^Roll back/ })
    .click();
  await expect(page).toHaveURL(/to=template-preview%3A91&ran=\d+$/);
  await expect(page.getByText('Register a new revision of family template-preview: a copy of 91.')).toBeVisible();
  await expect(page.getByText(/The tag main names another image now\. We will use the one that ran/)).toBeVisible();
  await press(page, 'template-preview');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^ECS is running main .*again in template-preview/, {
    timeout: 60_000,
  });
});
