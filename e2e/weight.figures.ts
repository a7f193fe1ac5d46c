import { expect, test } from './fixtures';
import { serviceAt } from './places';
import { press } from './press';
import { type Weight, weigh } from './weight';

/** `npm run figures`: what the pages people need at night cost them, on the demo's world. */
test('figures of overview, service, plan and progress', async ({ page, signIn, world }) => {
  const plan = `${serviceAt('api')}/rollback?to=api:421&bring=images`;
  await signIn('operator', plan);
  await world.aws.clock({ speed: 20 });
  await press(page, 'api');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Rolling back/);
  await expect(page.getByRole('progressbar', { name: 'New tasks' })).toBeVisible({ timeout: 30_000 });
  const pages = { overview: '/services', service: serviceAt('api'), plan, progress: page.url() };
  const lines: Record<string, Weight> = {};
  for (const [name, address] of Object.entries(pages)) {
    // The second time, as of a dashboard somebody uses.
    await page.goto(address);
    await expect(page.getByRole('main').getByText(/^Still reading/)).toHaveCount(0, { timeout: 30_000 });
    lines[name] = await weigh(page, address);
  }
  console.table(lines);
});
