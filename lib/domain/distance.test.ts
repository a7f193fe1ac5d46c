import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance } from './distance';

describe('the distance between two words', () => {
  it.each([
    ['api', 'api', 0],
    ['apj', 'api', 1],
    ['', 'api', 3],
    ['kitten', 'sitting', 3],
  ])('from %j to %j is %d', (from, to, letters) => {
    expect(distance(from, to)).toBe(letters);
  });

  it('is the same both ways, and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'grapheme-ascii' }), (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
