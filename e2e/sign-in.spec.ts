import type { Page } from '@playwright/test';
import { type FarProvider, farProvider } from './far-provider';
import { answerProvider, expect, test } from './fixtures';
import { ACCOUNTS, type Account } from './world';

const SESSION = 'ecs-rollback';

const sessionOf = async (page: Page) =>
  (await page.context().cookies('http://localhost')).find(({ name }) => name === SESSION);

const beginSignIn = (page: Page) => page.getByRole('button', { name: /^Sign in with/ }).click();

/** Whose page it is, and what opens the account's menu. */
const accountOf = (page: Page) => page.locator('summary', { hasText: 'Account:' });

async function signOut(page: Page): Promise<void> {
  await accountOf(page).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  // The provider's own page goes on by itself; without script it takes a press.
  await page.waitForURL(/\/sign-in$/);
}

test.use({ throughPages: true });

test.describe('signing in', () => {
  test.use({ onlyLooks: true });

  for (const who of ['operator', 'staging', 'viewer'] as const satisfies readonly Account[]) {
    test(`brings ${who}@ to the services, under the name the provider gives`, async ({ page, signIn }) => {
      await signIn(who);
      await expect(page).toHaveURL(/\/services/);
      await expect(page.getByRole('heading', { level: 1, name: 'Services' })).toBeVisible();
      await expect(accountOf(page)).toContainText(ACCOUNTS[who].name);
    });
  }

  test('shows nobody@, who has no role, nothing but that', async ({ page, signIn }) => {
    await signIn('nobody');
    await expect(page.getByRole('heading', { name: 'You do not have access.' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(`You are signed in as ${ACCOUNTS.nobody.email}.`);
    await expect(page.locator('body')).not.toContainText('release-1123');
  });

  for (const address of [
    '/services/production/notify/api',
    '/services/production/notify/api/compare?from=428&to=421',
    '/services?target=staging',
  ]) {
    test(`returns to exactly ${address}`, async ({ page, world, signIn }) => {
      await signIn('operator', address);
      await expect(page).toHaveURL(`${world.url}${address}`);
    });
  }

  for (const elsewhere of [
    '//evil.example',
    'https://evil.example/services',
    '/\\evil.example',
    'javascript:alert(1)',
  ]) {
    test(`never leads to ${elsewhere}`, async ({ page, world, signIn }) => {
      await signIn('viewer', `/sign-in?callbackUrl=${encodeURIComponent(elsewhere)}`);
      await expect(page).toHaveURL(/\/services/);
      expect(new URL(page.url()).origin).toBe(world.url);
    });
  }

  test('says so where the provider refuses, and lets people try again', async ({ page, world }) => {
    await page.goto(`${world.url}/api/auth/callback/oidc?error=access_denied&state=made-up`);
    await expect(page.getByRole('alert').filter({ hasText: 'could not be signed in' })).toBeVisible();
    await beginSignIn(page);
    await answerProvider(page, 'viewer');
    await expect(page).toHaveURL(/\/services/);
  });

  test('takes no session that somebody else planted, and gives a new one each time', async ({ page, signIn }) => {
    const planted = 'planted.by.somebody-else';
    await page.context().addCookies([{ name: SESSION, value: planted, domain: 'localhost', path: '/' }]);
    await signIn('viewer', '/sign-in');
    const first = await sessionOf(page);
    expect(first?.value).not.toBe(planted);
    expect(first).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    await signOut(page);
    await signIn('viewer');
    expect((await sessionOf(page))?.value).not.toBe(first?.value);
  });

  test.describe('without script', () => {
    test.use({ javaScriptEnabled: false });

    test('works, to the page that was asked for', async ({ page, world, signIn }) => {
      await signIn('staging', '/services/staging/notify/api');
      await expect(page).toHaveURL(`${world.url}/services/staging/notify/api`);
    });
  });
});

const elsewhere = test.extend<{ far: FarProvider }>({
  // biome-ignore lint/correctness/noEmptyPattern: what a fixture depends on is read off its first parameter.
  far: async ({}, use) => {
    const far = await farProvider();
    await use(far);
    far.close();
  },
  settings: ({ far }, use) => use({ OIDC_ISSUER: far.issuer }),
});

for (const javaScriptEnabled of [true, false]) {
  elsewhere.describe(`a provider that sends people on${javaScriptEnabled ? '' : ', without script'}`, () => {
    elsewhere.use({ javaScriptEnabled });

    elsewhere(
      'is followed to an origin we know nothing of, and Back leads to our page',
      async ({ page, far, world }) => {
        await page.goto('/sign-in');
        await beginSignIn(page);
        await expect(page.getByRole('heading', { name: 'Sign in at head office' })).toBeVisible();
        expect(new URL(page.url()).origin).toBe(far.farther);
        await page.goBack();
        await expect(page).toHaveURL(`${world.url}/sign-in`);
      },
    );
  });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`signing out${javaScriptEnabled ? '' : ', without script'}`, () => {
    test.use({ onlyLooks: true, javaScriptEnabled, throughPages: false });

    test('is followed where the provider leads on to an origin we know nothing of', async ({ page, signIn, world }) => {
      const far = await farProvider();
      await page.route(/\/session\/end/, (route) =>
        route.fulfill({ status: 302, headers: { Location: `${far.farther}/signed-out` } }),
      );
      await signIn('viewer');
      await accountOf(page).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect(page).toHaveURL(`${far.farther}/signed-out`);
      await page.goto(`${world.url}/services`);
      await expect(page).toHaveURL(/\/sign-in/);
      far.close();
    });
  });
}

test.describe('signing out', () => {
  test.use({ onlyLooks: true });

  test('ends the session here and the one at the provider', async ({ page, signIn, world }) => {
    await signIn('operator');
    const before = await sessionOf(page);
    await signOut(page);
    expect(await sessionOf(page)).toBeUndefined();

    // The old cookie is worth nothing any more.
    await page.context().addCookies([{ name: SESSION, value: before?.value ?? '', domain: 'localhost', path: '/' }]);
    await page.goto('/services');
    await expect(page).toHaveURL(/\/sign-in/);
    await page.context().clearCookies({ name: SESSION });

    // The provider asks who is there.
    await page.goto('/sign-in');
    await beginSignIn(page);
    await expect(page.getByLabel('Password')).toBeVisible();
    expect(new URL(page.url()).origin).not.toBe(world.url);
  });

  test('is what somebody without a role is offered, to come in as someone else', async ({ page, signIn }) => {
    await signIn('nobody');
    await page.getByRole('button', { name: 'Sign in as someone else' }).click();
    await page.waitForURL(/\/sign-in/);
    await signIn('viewer');
    await expect(page.getByRole('heading', { level: 1, name: 'Services' })).toBeVisible();
  });
});

test.describe('a session that is over', () => {
  test('leads to sign-in and back to the same page', async ({ page, signIn, world }) => {
    const address = '/services/production/notify/api';
    await signIn('operator', address);
    await world.query('UPDATE session SET revoked_at = clock_timestamp()');
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Sign in again' })).toBeVisible();
    // Still signed in at the provider: it asks for nothing.
    await beginSignIn(page);
    await expect(page).toHaveURL(`${world.url}${address}`);
  });

  test.describe('for want of use', () => {
    test.use({ settings: { SESSION_IDLE_SECONDS: '5' } });

    test('is over after the time that was set', async ({ page, signIn, world }) => {
      await signIn('viewer', '/services');
      await expect
        .poll(async () => {
          const [row] = await world.query<{ idle: boolean }>(
            "SELECT last_used_at < clock_timestamp() - interval '5 seconds' AS idle FROM session",
          );
          return row?.idle;
        })
        .toBe(true);
      await page.goto('/services');
      await expect(page.getByRole('heading', { name: 'Sign in again' })).toBeVisible();
    });
  });
});
