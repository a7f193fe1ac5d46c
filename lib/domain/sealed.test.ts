import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { Masked, Sealed } from './sealed';

describe('a masked value', () => {
  it('is the same to every bundle that holds a copy of this file', async () => {
    vi.resetModules();
    const other = await import('./sealed');
    const theirs = new other.Masked('a');
    expect(theirs).toBeInstanceOf(Masked);
    expect(new Masked('a').equals(theirs)).toBe(true);
    expect(new Masked('b').equals(theirs)).toBe(false);
    expect(theirs.fingerprint()).toBe('a');
  });

  it('is printed by nothing', () => {
    const masked = new Masked('fingerprint');
    expect([`${masked}`, JSON.stringify(masked), inspect({ masked })].join()).not.toContain('fingerprint');
  });
});

describe('a sealed value', () => {
  it('opens in every bundle that holds a copy of this file', async () => {
    vi.resetModules();
    const other = await import('./sealed');
    expect(Sealed.prototype.open.call(new other.Sealed('original'))).toBe('original');
  });

  it('is printed by nothing', () => {
    const sealed = new Sealed('original');
    expect([`${sealed}`, JSON.stringify(sealed), inspect({ sealed })].join()).not.toContain('original');
  });
});
