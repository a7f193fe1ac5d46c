/** Marks the layout; a file of another layout is not read. */
const VERSION = 1;

/** A value of the table: itself, or its parts by their place in the table. */
type Entry =
  | string
  | number
  | boolean
  | null
  | readonly [kind: 'list' | 'structure' | 'map', ...parts: number[]]
  | readonly ['date', number];

/**
 * A value as text that {@link fromKeptText} brings back with its maps, its dates, and what was one object still one.
 * Every distinct value stands once in a table, so that ten thousand equal definitions take the place of one.
 */
export function toKeptText(value: unknown): string {
  const table: Entry[] = [];
  const places = new Map<unknown, number>();
  const placeOf = (item: unknown): number => {
    const known = places.get(item);
    if (known !== undefined) return known;
    const place = table.push(null) - 1;
    places.set(item, place);
    table[place] = entryOf(item, placeOf);
    return place;
  };
  placeOf(value);
  return JSON.stringify([VERSION, table]);
}

function entryOf(item: unknown, placeOf: (part: unknown) => number): Entry {
  if (item instanceof Date) return ['date', item.getTime()];
  if (item instanceof Map) return ['map', ...pairs([...item], placeOf)];
  if (Array.isArray(item)) return ['list', ...item.map(placeOf)];
  if (item !== null && typeof item === 'object') return ['structure', ...pairs(Object.entries(item), placeOf)];
  if (item === null || typeof item === 'string' || typeof item === 'boolean') return item;
  if (typeof item === 'number' && Number.isFinite(item)) return item;
  throw new Error(`a ${typeof item} cannot be kept: ${String(item)}`);
}

function pairs(entries: readonly (readonly [unknown, unknown])[], placeOf: (part: unknown) => number): number[] {
  const places: number[] = [];
  for (const [key, value] of entries) if (value !== undefined) places.push(placeOf(key), placeOf(value));
  return places;
}

/**
 * The value that {@link toKeptText} wrote.
 *
 * @throws Error where the text is not of its making.
 */
export function fromKeptText(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed) || parsed[0] !== VERSION || !Array.isArray(parsed[1])) throw new Error('another layout');
  const table: readonly Entry[] = parsed[1];
  const made = new Map<number, unknown>();
  const valueAt = (place: number): unknown => {
    if (made.has(place)) return made.get(place);
    const entry = table[place];
    if (entry === undefined) throw new Error(`nothing stands at ${place}`);
    if (entry === null || typeof entry !== 'object') return entry;
    return filled(entry, (empty) => made.set(place, empty), valueAt);
  };
  return valueAt(0);
}

/** The value of an entry, remembered before its parts are looked at, so that a part may lead back to it. */
function filled(
  [kind, ...places]: readonly [string, ...number[]],
  remember: (empty: unknown) => void,
  valueAt: (place: number) => unknown,
): unknown {
  if (kind === 'date') return remembered(new Date(places[0] ?? Number.NaN), remember);
  if (kind === 'list') {
    const list = remembered<unknown[]>([], remember);
    for (const place of places) list.push(valueAt(place));
    return list;
  }
  if (kind === 'map') {
    const map = remembered(new Map<unknown, unknown>(), remember);
    eachPair(places, valueAt, (key, value) => map.set(key, value));
    return map;
  }
  const structure = remembered<Record<string, unknown>>({}, remember);
  eachPair(places, valueAt, (key, value) => define(structure, String(key), value));
  return structure;
}

function eachPair(
  places: readonly number[],
  valueAt: (place: number) => unknown,
  take: (key: unknown, value: unknown) => void,
): void {
  for (let at = 0; at + 1 < places.length; at += 2) take(valueAt(places[at] ?? -1), valueAt(places[at + 1] ?? -1));
}

function remembered<T>(value: T, remember: (empty: unknown) => void): T {
  remember(value);
  return value;
}

/** Sets a member whatever its name: `__proto__` is a legal key of a label. */
function define(structure: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') structure[name] = value;
  else Object.defineProperty(structure, name, { value, enumerable: true, writable: true, configurable: true });
}
