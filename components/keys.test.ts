import { describe, expect, it } from 'vitest';
import { meaningOf, type Press } from './keys';

const press = (key: string, over: Partial<Press> = {}) =>
  meaningOf({ key, modified: false, inField: false, inRow: false, begun: false, ...over });

describe('keys', () => {
  it.each([
    ['/', 'find'],
    ['j', 'next'],
    ['k', 'previous'],
    ['r', 'plan'],
    ['c', 'compare'],
    ['y', 'copy-link'],
    ['?', 'keys'],
    ['g', 'begin'],
  ])('%s means %s', (key, meaning) => {
    expect(press(key)).toBe(meaning);
  });

  it('are dead while a field has the focus, but for the one that leaves it', () => {
    expect(['/', 'j', 'r', 'g', '?', 'ArrowDown'].map((key) => press(key, { inField: true }))).toEqual(
      Array(6).fill(null),
    );
    expect(press('Escape', { inField: true })).toBe('leave');
  });

  it('leave what the browser does with Ctrl, Alt and Meta alone', () => {
    expect(['r', 'c', 'k', 'Escape'].map((key) => press(key, { modified: true }))).toEqual(Array(4).fill(null));
  });

  it('take arrows only in a row, so that they scroll elsewhere', () => {
    expect(press('ArrowDown')).toBeNull();
    expect(press('ArrowDown', { inRow: true })).toBe('next');
    expect(press('ArrowUp', { inRow: true })).toBe('previous');
  });

  it('mean places after g, and nothing else', () => {
    expect(press('s', { begun: true })).toBe('services');
    expect(press('r', { begun: true })).toBe('record');
    expect(press('j', { begun: true })).toBeNull();
  });

  it('know nothing of names every object has', () => {
    expect(press('constructor')).toBeNull();
    expect(press('toString', { inRow: true, begun: true })).toBeNull();
  });
});
