/** What a key means to a page. Keys only lead somewhere: none of them presses a final button. */
export type Meaning =
  | 'find'
  | 'next'
  | 'previous'
  | 'plan'
  | 'compare'
  | 'services'
  | 'record'
  | 'copy-link'
  | 'leave'
  | 'keys'
  | 'begin';

/** A key as the browser reports it, and where the focus is. */
export type Press = {
  readonly key: string;
  /** Ctrl, Alt or Meta is held: the browser's own. */
  readonly modified: boolean;
  /** The focus is in something that takes text or a choice. */
  readonly inField: boolean;
  /** The focus is in a row: only there arrows mean rows, elsewhere they scroll. */
  readonly inRow: boolean;
  /** `g` was pressed just before. */
  readonly begun: boolean;
};

/** Keys and what they do, as the list of keys shows them. */
export const KEYS: readonly (readonly [keys: string, words: string])[] = [
  ['/', 'Filter services, or jump to one'],
  ['j k', 'Next row, previous row (or arrows)'],
  ['Enter', 'Open'],
  ['r', 'Plan a rollback'],
  ['c', 'Compare with what runs'],
  ['g s', 'Services'],
  ['g r', 'Rollback record'],
  ['y', 'Copy the link to this page'],
  ['Esc', 'Leave a field or menu'],
  ['?', 'These keys'],
];

const ALONE: Readonly<Record<string, Meaning>> = {
  '/': 'find',
  j: 'next',
  k: 'previous',
  r: 'plan',
  c: 'compare',
  g: 'begin',
  y: 'copy-link',
  '?': 'keys',
};
const AFTER_G: Readonly<Record<string, Meaning>> = { s: 'services', r: 'record' };
const IN_ROW: Readonly<Record<string, Meaning>> = { ArrowDown: 'next', ArrowUp: 'previous' };

const of = (table: Readonly<Record<string, Meaning>>, key: string): Meaning | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;

/** What a press means; `null` leaves it to the browser. While a field has the focus only Escape means anything. */
export function meaningOf({ key, modified, inField, inRow, begun }: Press): Meaning | null {
  if (modified) return null;
  if (key === 'Escape') return 'leave';
  if (inField) return null;
  if (begun) return of(AFTER_G, key);
  return of(ALONE, key) ?? (inRow ? of(IN_ROW, key) : null);
}
