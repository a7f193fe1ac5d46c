import { findingsInEveryLook, sideways } from './axe';
import { expect, test } from './fixtures';
import { serviceAt } from './places';

const ADDRESSES = [
  '/services',
  '/services?target=all&show=all',
  '/services?q=nothing-like-this',
  serviceAt('api'),
  serviceAt('document-download-frontend'),
  serviceAt('letters-frontend'),
  `${serviceAt('api')}/revisions/api%3A421`,
  `${serviceAt('api')}/compare?from=api:428&to=api:421`,
  serviceAt('not-there'),
  '/groups/production',
  '/groups/production?image=notifications-api:release-1123',
  '/groups/production/rollback?image=notifications-api:release-1123&to=release-1119&bring=images',
  '/go?q=arn:aws:ecs:eu-west-2:444444444444:service/notify/api',
  '/status',
];

test.use({ onlyLooks: true });

test.describe('light and dark, wide and narrow, letters large and spread', () => {
  // The policy of the pages forbids what axe injects into them.
  test.use({ bypassCSP: true });

  test('axe finds nothing on the page of somebody who signs in', async ({ page }) => {
    await page.goto('/sign-in?over=age');
    expect(await findingsInEveryLook(page)).toEqual([]);
  });

  for (const [what, addresses] of [
    ['services', ADDRESSES.slice(0, 7)],
    ['other pages', ADDRESSES.slice(7)],
  ] as const) {
    test(`${what}: axe finds nothing, none scrolls sideways, titles and first headings are each their own`, async ({
      page,
      signIn,
    }) => {
      test.slow();
      await signIn('operator');
      const titles: string[] = [];
      for (const address of addresses) {
        await page.goto(address);
        await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
        expect(await findingsInEveryLook(page)).toEqual([]);
        titles.push(await page.title());
        expect(await sideways(page)).toEqual([]);
        await page.setViewportSize({ width: 1280, height: 800 });
      }
      // Only views of the same page may share one.
      expect(new Set(titles).size).toBeGreaterThanOrEqual(addresses.length - 1);
    });
  }
});

test('in forced colours focus, edges and pictures are still there', async ({ page, signIn }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await signIn('operator', serviceAt('api'));
  await page.getByRole('link', { name: /^Roll back to release-1119/ }).focus();
  await page.keyboard.press('Shift+Tab');
  const focused = page.locator(':focus');
  await expect(focused).toHaveCSS('outline-style', 'solid');
  await expect(focused).toHaveCSS('outline-width', '3px');
  // The browser takes grounds away; what stands by its edge, its words or its sign stays.
  await expect(page.getByRole('region', { name: 'Running now' })).toHaveCSS('border-top-style', 'solid');
  await expect(page.getByRole('link', { name: /^Roll back to release-1119/ })).toHaveCSS('border-top-width', /^[1-9]/);
  await expect(page.getByRole('region', { name: 'Target', exact: true }).locator('svg')).toBeVisible();
});

test('who wants no movement sees none', async ({ page, signIn }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await signIn('operator', serviceAt('api'));
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .map((element) => ({ element, style: getComputedStyle(element) }))
      .filter(({ style }) => style.animationName !== 'none' || /[1-9]/.test(style.transitionDuration))
      .map(({ element }) => element.outerHTML.slice(0, 80)),
  );
  expect(moving).toEqual([]);
});

test.describe('on touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('what is pressed is 44 px high, and 24 px where it stands in a line of text', async ({ page, signIn }) => {
    await signIn('operator', serviceAt('api'));
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, summary, select, input:not([type=hidden]), a')]
        .filter((control) => control.checkVisibility() && !control.matches('.sr-only'))
        .map((control) => ({ control, height: control.getBoundingClientRect().height }))
        .filter(({ control, height }) => height > 1 && height < (control.matches('a') ? 20 : 44))
        .map(({ control, height }) => `${control.textContent} ${height}`),
    );
    expect(small).toEqual([]);
  });
});
