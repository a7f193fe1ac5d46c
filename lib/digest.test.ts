import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, keysFrom, sha256 } from './digest';

const keys = keysFrom('a secret of at least thirty-two bytes');

describe('canonical JSON', () => {
  it('is the same whatever order keys were added in', () => {
    expect(canonical({ b: 1, a: { d: [1, { y: 2, x: 1 }], c: null } })).toBe(
      '{"a":{"c":null,"d":[1,{"x":1,"y":2}]},"b":1}',
    );
  });

  it('leaves out what is undefined and keeps what is empty', () => {
    expect(canonical({ a: undefined, b: '', c: [], d: {} })).toBe('{"b":"","c":[],"d":{}}');
  });

  it('reads back as the value it was made from', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('keys from one secret', () => {
  it('fingerprint a value so that the plain hash does not find it', () => {
    expect(keys.fingerprint('hunter2')).not.toBe(sha256('hunter2'));
    expect(keys.fingerprint('hunter2')).toBe(keysFrom('a secret of at least thirty-two bytes').fingerprint('hunter2'));
    expect(keys.fingerprint('hunter2')).not.toBe(
      keysFrom('another secret of thirty-two bytes....').fingerprint('hunter2'),
    );
  });

  it('open an encrypted text only beside its own context', () => {
    const sealed = keys.encrypt('refresh-token', 'session-1');
    expect(keys.decrypt(sealed, 'session-1')).toBe('refresh-token');
    expect(keys.decrypt(sealed, 'session-2')).toBeNull();
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(keys.decrypt(sealed, 'session-1')).toBeNull();
  });
});
