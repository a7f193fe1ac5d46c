import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * What axe finds on a page, a line each. Our pages have no frames, so it need not open a page of its own to put their
 * findings together, and what passes is not written down: a third of the work.
 */
async function findings(page: Page, rules: readonly string[] | null): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  axe.options({ resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: [...rules] } }) });
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ target }) => target).join(', ')}`);
}

/** What axe says of colours: all that may differ where a page it has looked at becomes dark. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** How people look at a page. Only style depends on it, so that one loading serves for all four. */
const LOOKS = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

/** What axe finds light and dark, wide and narrow, and where the page scrolls sideways; then it looks as before. */
export async function findingsInEveryLook(page: Page): Promise<readonly string[]> {
  const before = page.viewportSize();
  const found: string[] = [];
  for (const { width, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    const rules = colorScheme === 'dark' ? OF_COLOURS : null;
    const here = [...(await findings(page, rules)), ...(wide > width ? [`${page.url()} is ${wide} px wide`] : [])];
    found.push(...here.map((finding) => `${colorScheme}, ${width} px: ${finding}`));
  }
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
  return found;
}

/** Opens what is folded away, so that it is looked at too. */
export const unfold = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const folded of document.querySelectorAll<HTMLDetailsElement>('main details')) folded.open = true;
  });

/** Letters, words and lines further apart than anybody needs. @see https://www.w3.org/WAI/WCAG22/Understanding/text-spacing */
const SPACED = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }';
const LARGE = 'html { font-size: 200% !important }';

/** Where a page scrolls sideways: 320 px wide, with letters spread too, and with text of twice its size. Leaves it so. */
export async function sideways(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  const look = async (how: string): Promise<void> => {
    const scrolls = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    if (scrolls) found.push(`${page.url()}, ${how}`);
  };
  await page.setViewportSize({ width: 320, height: 640 });
  await look('320 px wide');
  const spread = await page.addStyleTag({ content: SPACED });
  await look('letters spread');
  await spread.evaluate((style) => (style as unknown as HTMLStyleElement).remove());
  await page.setViewportSize({ width: 640, height: 640 });
  await page.addStyleTag({ content: LARGE });
  await look('text of twice its size');
  return found;
}
