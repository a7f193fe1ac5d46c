import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BAND_HEX, LIGHT_BANDS } from '@/components/target-band';
import { COLOURS } from '@/lib/domain/target';

/** Every colour of the stylesheet by name, for light and dark. */
const TOKENS = new Map(
  [
    ...readFileSync(new URL('./globals.css', import.meta.url), 'utf8').matchAll(
      /--color-([\w-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));/g,
    ),
  ].map(([, name = '', light, dark, both]) => [name, { light: light ?? both ?? '', dark: dark ?? both ?? '' }]),
);

const colour = (name: string, theme: 'light' | 'dark'): string => {
  const token = TOKENS.get(name);
  if (token === undefined) throw new Error(`there is no colour ${name}`);
  return token[theme];
};

/** Relative luminance, from 0 to 1. @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const GROUNDS = ['background', 'surface'];
const TONES = ['good', 'warning', 'bad'];

/** Text and what it stands on. */
const TEXTS: readonly (readonly [text: string, ground: string])[] = [
  ...['text', 'muted', 'link', ...TONES].flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...TONES.flatMap((tone) => [
    [tone, `${tone}-tint`] as const,
    ['text', `${tone}-tint`] as const,
    ['link', `${tone}-tint`] as const,
  ]),
  ['text', 'progress-tint'],
  ['muted', 'progress-tint'],
  ['link', 'progress-tint'],
  ['on-primary', 'link'],
  ['on-final', 'final'],
  ['on-final', 'final-hover'],
];

/** Edges and pictures, and what they stand on. */
const PICTURES: readonly (readonly [picture: string, ground: string])[] = [
  ...['edge', 'old', 'link', ...TONES].flatMap((picture) => GROUNDS.map((ground) => [picture, ground] as const)),
  ['final-edge', 'background'],
];

describe.each(['light', 'dark'] as const)('the %s colours', (theme) => {
  it.each(TEXTS)('let %s be read on %s', (text, ground) => {
    expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(PICTURES)('let %s be seen on %s', (picture, ground) => {
    expect(contrast(colour(picture, theme), colour(ground, theme))).toBeGreaterThanOrEqual(3);
  });
});

describe('the bands', () => {
  it.each(COLOURS)('let their words be read on %s', (name) => {
    const text = colour(LIGHT_BANDS.has(name) ? 'on-light-band' : 'on-dark-band', 'light');
    expect(contrast(text, colour(`band-${name}`, 'light'))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(COLOURS)('are the same in the stylesheet and in the frame of the browser: %s', (name) => {
    expect(colour(`band-${name}`, 'light')).toBe(BAND_HEX[name]);
  });
});
