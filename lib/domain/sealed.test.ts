import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Masked, Sealed } from './sealed';

/** Every way a value finds into a log, a page or a file. */
const printed = (value: object): readonly string[] => [
  String(value),
  `${value}`,
  value.toString(),
  JSON.stringify(value),
  JSON.stringify({ a: [value] }),
  inspect(value),
  inspect(value, { showHidden: true, depth: Number.POSITIVE_INFINITY, getters: true }),
  inspect({ a: [value] }, { showHidden: true, depth: 9 }),
  format('%s %o %O %j', value, value, value, value),
  Object.entries(value).join(),
  JSON.stringify({ ...value }),
  JSON.stringify(structuredClone({ ...value })),
  Reflect.ownKeys(value).map(String).join(),
  JSON.stringify(Object.getOwnPropertyDescriptors(value)),
];

const secret = fc.string({ minLength: 4 }).filter((text) => !printed(new Masked('x')).join(' ').includes(text));

describe('a sealed value', () => {
  it('is printed by no printer, whatever it holds', () => {
    fc.assert(
      fc.property(secret, (text) => {
        for (const print of printed(new Sealed({ environment: [{ name: 'A', value: text }] }))) {
          expect(print).not.toContain(text);
        }
      }),
    );
    expect(String(new Sealed('x'))).toBe('[hidden]');
  });

  it('is opened as it was', () => {
    const value = { a: 1 };
    expect(new Sealed(value).open()).toBe(value);
  });
});

describe('a masked value', () => {
  it('prints neither itself nor its fingerprint', () => {
    fc.assert(
      fc.property(secret, (print) => {
        for (const text of printed(new Masked(print))) expect(text).not.toContain(print);
      }),
    );
    expect(JSON.stringify({ value: new Masked('x') })).toBe('{"value":"[hidden]"}');
  });

  it('can be compared, and gives its print away for the decision alone', () => {
    expect(new Masked('a').equals(new Masked('a'))).toBe(true);
    expect(new Masked('a').equals(new Masked('b'))).toBe(false);
    expect(new Masked('a').equals('a')).toBe(false);
    expect(new Masked('a').fingerprint()).toBe('a');
  });
});
