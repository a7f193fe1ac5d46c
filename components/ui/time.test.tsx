import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Time } from './time';

const at = Date.UTC(2026, 10, 24, 2, 58, 31);
const DAY_MS = 86_400_000;

const words = (props: Partial<Parameters<typeof Time>[0]>): string =>
  renderToStaticMarkup(<Time at={at} now={at + 1_000} {...props} />).replace(/<[^>]*>/g, '');

describe('a time on a page', () => {
  it('says how long ago it was, where it is not left out', () => {
    expect(words({})).toBe('02:58 UTC · 1 s ago');
    expect(words({ relative: false })).toBe('02:58 UTC');
  });

  it('has its day where that is not today, to the second too', () => {
    expect(words({ seconds: true, relative: false })).toBe('02:58:31 UTC');
    expect(words({ now: at + 3 * DAY_MS, seconds: true, relative: false })).toBe('24 Nov 02:58:31 UTC');
    expect(words({ now: at + 3 * DAY_MS })).toBe('24 Nov 02:58 UTC · 3 d ago');
  });
});
