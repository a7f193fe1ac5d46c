import type { Page } from '@playwright/test';
import { findings } from './axe';
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

/** Letters, words and lines further apart than anybody needs. @see https://www.w3.org/WAI/WCAG22/Understanding/text-spacing */
const SPACED = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }';

const sideways = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

test.use({ onlyLooks: true });

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test.describe(`${colorScheme}, ${width} px wide`, () => {
      // The policy of the pages forbids what axe injects into them.
      test.use({ colorScheme, viewport: { width, height: 844 }, bypassCSP: true });

      test('axe finds nothing on any page, and titles and first headings are each their own', async ({
        page,
        signIn,
      }) => {
        test.slow();
        await page.goto('/sign-in?over=age');
        expect(await findings(page)).toEqual([]);
        await signIn('operator');
        const titles: string[] = [];
        for (const address of ADDRESSES) {
          await page.goto(address);
          await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
          expect(await findings(page)).toEqual([]);
          titles.push(await page.title());
        }
        // Only views of the same page may share one.
        expect(new Set(titles).size).toBeGreaterThanOrEqual(ADDRESSES.length - 1);
      });
    });
  }
}

test.describe('at 320 px', () => {
  test.use({ viewport: { width: 320, height: 640 }, bypassCSP: true });

  test('no page scrolls sideways, with text at twice its size and letters spread too', async ({ page, signIn }) => {
    test.slow();
    await signIn('operator');
    for (const address of ADDRESSES) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect([address, await sideways(page)]).toEqual([address, false]);
      await page.addStyleTag({ content: SPACED });
      expect([address, 'spaced', await sideways(page)]).toEqual([address, 'spaced', false]);
    }
    await page.setViewportSize({ width: 640, height: 640 });
    for (const address of ADDRESSES) {
      await page.goto(address);
      await page.addStyleTag({ content: 'html { font-size: 200% !important }' });
      expect([address, 'large', await sideways(page)]).toEqual([address, 'large', false]);
    }
  });
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
