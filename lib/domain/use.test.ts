import { describe, expect, it } from 'vitest';
import { isUse } from './use';

const made = (headers: Readonly<Record<string, string>> = {}, ...cookies: readonly string[]): boolean =>
  isUse(new Headers(headers), new Set(cookies));

const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

describe('a request', () => {
  it('is use where somebody made it, or nothing says otherwise', () => {
    expect(made()).toBe(true);
    expect(made({ ...NAVIGATION, 'sec-fetch-user': '?1' })).toBe(true);
    expect(made({ 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' })).toBe(true);
  });

  it('is none where a page asked for itself again, with script or without', () => {
    expect(made({}, 'by-itself')).toBe(false);
    expect(made(NAVIGATION)).toBe(false);
  });

  it('is none where a browser only fetches ahead', () => {
    expect(made({ 'sec-purpose': 'prefetch;prerender' })).toBe(false);
    expect(made({ purpose: 'prefetch' })).toBe(false);
  });
});
