import { expect, test } from './fixtures';
import { accountMenu, serviceAt } from './places';

test.use({ onlyLooks: true });

test.describe('around every page', () => {
  test('stand the target in colour, word and sign, and what is overridden', async ({ page, signIn, around }) => {
    await signIn('operator', serviceAt('api'));
    const band = page.getByRole('region', { name: 'Target', exact: true });
    await expect(band).toHaveText('▲ production account 1111-1111-1111 · eu-west-1', {
      useInnerText: true,
      ignoreCase: true,
    });
    await expect(band).toHaveCSS('background-color', 'rgb(155, 28, 28)');
    await expect(page.locator('meta[name="theme-color"]')).toHaveAttribute('content', '#9b1c1c');
    await expect(page.locator('link[rel="icon"]')).toHaveAttribute('href', /^data:image\/svg\+xml,.*%239b1c1c/);
    await expect(page.getByRole('contentinfo')).toContainText(`AWS endpoint overridden: ${around.simulator}`);
    // Wherever the page is scrolled to.
    await page.getByText(/^ECS deployments/).scrollIntoViewIfNeeded();
    await expect(band).toBeInViewport();
    await page.goto(serviceAt('api', 'staging'));
    await expect(band).toHaveText(/● staging/i, { useInnerText: true });
    await expect(band).toHaveCSS('background-color', 'rgb(245, 197, 24)');
    await expect(page.locator('meta[name="theme-color"]')).toHaveAttribute('content', '#f5c518');
    await expect(page.locator('link[rel="icon"]')).toHaveAttribute('href', /^data:image\/svg\+xml,.*%23f5c518/);
    await page.getByRole('link', { name: 'Tool status' }).click();
    await expect(page.getByRole('heading', { name: 'Tool status' })).toBeVisible();
    await expect(band).toHaveCount(0);
  });

  test('is one line for a channel, and the link to the page', async ({ page, signIn, context, world }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await signIn('viewer', serviceAt('api'));
    await page.getByRole('button', { name: 'Copy for incident channel' }).click();
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    expect(await copied()).toBe(
      `api in production: running release-1123 (428), last known good release-1119 (421). ${world.url}${serviceAt('api')}`,
    );
    await page.getByRole('heading', { level: 1 }).focus();
    await page.keyboard.press('y');
    await expect.poll(copied).toBe(`${world.url}${serviceAt('api')}`);
  });

  test('colours follow the device until somebody chooses', async ({ page, signIn }) => {
    const ground = page.locator('body');
    await page.emulateMedia({ colorScheme: 'dark' });
    await signIn('viewer');
    await expect(ground).toHaveCSS('background-color', 'rgb(20, 23, 26)');
    await accountMenu(page).click();
    await page.getByRole('button', { name: 'Light' }).click();
    await expect(ground).toHaveCSS('background-color', 'rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.reload();
    await expect(ground).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  });

  test('is said that the browser has no network', async ({ page, signIn, context }) => {
    await signIn('viewer', '/status');
    await context.setOffline(true);
    const words = /^You are offline\. This page shows \d\d:\d\d:\d\d UTC\.$/;
    await expect(page.getByText(words).first()).toBeVisible();
    await expect(page.getByRole('status')).toHaveText(words);
    await context.setOffline(false);
    await expect(page.getByText(/^You are offline/)).toHaveCount(0);
  });

  test('is one region that speaks politely, on every page from its first byte', async ({ page, signIn }) => {
    await signIn('operator');
    const polite = '[role=status], [aria-live=polite]';
    for (const address of [
      '/services',
      serviceAt('api'),
      `${serviceAt('api')}/rollback?to=api:421&bring=images`,
      '/record',
      '/status',
      serviceAt('not-there'),
    ]) {
      const html = await (await page.request.get(address)).text();
      if (address !== serviceAt('not-there'))
        expect([address, html.match(/role="status"/g)]).toHaveProperty('1.length', 1);
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect([address, await page.locator(polite).count()]).toEqual([address, 1]);
    }
  });

  test('nothing is for somebody without a role, whatever they ask for', async ({ page, signIn }) => {
    await signIn('nobody');
    for (const address of [
      '/services',
      serviceAt('api'),
      serviceAt('not-there'),
      `${serviceAt('api')}/revisions/api%3A421`,
      `${serviceAt('api')}/compare?from=api:428&to=api:421`,
      `${serviceAt('api')}/rollback?to=api:421`,
      '/rollbacks/rb-7k3f9q',
      '/record',
      '/status',
      '/go?q=api',
      '/nowhere',
    ]) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You do not have access.');
      await expect(page.getByRole('main')).toContainText(
        'You are signed in as nobody@notify.example. This tool is for people in rollback-operators',
      );
      await expect(page.getByRole('button', { name: 'Sign in as someone else' })).toBeVisible();
    }
  });
});

test.describe('a session', () => {
  test.use({ onlyLooks: false });

  test('is not over for want of use before people were asked, and can be kept', async ({ page, signIn, world }) => {
    await page.clock.install();
    await signIn('viewer', '/status');
    await world.query("UPDATE session SET last_used_at = clock_timestamp() - interval '28 minutes'");
    const stay = page.getByRole('button', { name: 'Stay signed in' });
    await page.clock.fastForward('27:00');
    await expect(stay).toHaveCount(0);
    await page.clock.fastForward('01:05');
    await stay.click();
    await expect(stay).toHaveCount(0);
    const [row] = await world.query<{ used: boolean }>(
      "SELECT last_used_at > clock_timestamp() - interval '1 minute' AS used FROM session",
    );
    expect(row?.used).toBe(true);
  });
});
