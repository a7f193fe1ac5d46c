/**
 * A shape as the AWS SDK's clients export it: a number for a simple one, an array for a compound one, a function for one
 * that is looked up late. Of an array the first item is the kind, the fifth and sixth say what is inside.
 */
export type SdkShape = unknown;

const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const OPERATION = 9;
const LIST_OF = 64;
const MAP_OF = 128;
/** Simple shapes by the SDK's number. */
const TIMES: ReadonlySet<number> = new Set([4, 5, 6, 7]);
const PLAIN: ReadonlyMap<number, 'string' | 'number' | 'boolean'> = new Map([
  [0, 'string'],
  [1, 'number'],
  [2, 'boolean'],
]);

/** What a time is: seconds since 1970 on the wire, a date before it. */
export type Times = 'seconds' | 'dates';

/** Where an operation's result is not what the SDK expects: members it does not know, and values of another kind. */
export function misfitsOfResult(operation: SdkShape, result: unknown, times: Times): string[] {
  const shape = resolved(operation);
  if (!Array.isArray(shape) || shape[0] !== OPERATION) return ['the SDK has no such operation'];
  return misfits(shape[5], result, { path: '', times });
}

type Place = { readonly path: string; readonly times: Times };

/** The shape behind a reference, and behind the traits that may stand beside it. */
function resolved(shape: SdkShape): SdkShape {
  if (typeof shape === 'function') return resolved(shape());
  if (Array.isArray(shape) && shape.length <= 2) return resolved(shape[0]);
  // A simple shape with a name of its own.
  if (Array.isArray(shape) && shape[0] === 0) return shape[4];
  return shape;
}

function misfits(given: SdkShape, value: unknown, place: Place): string[] {
  const shape = resolved(given);
  if (typeof shape === 'number') return simpleMisfits(shape, value, place);
  if (!Array.isArray(shape)) return [`${place.path}: a shape nobody knows`];
  if (shape[0] === LIST) return listMisfits(shape[4], value, place);
  if (shape[0] === MAP) return mapMisfits(shape[5], value, place);
  if (shape[0] === STRUCTURE) return structureMisfits(shape[4], shape[5], value, place);
  return [`${place.path}: a shape nobody knows`];
}

function simpleMisfits(shape: number, value: unknown, place: Place): string[] {
  if (shape >= MAP_OF) return mapMisfits(shape - MAP_OF, value, place);
  if (shape >= LIST_OF) return listMisfits(shape - LIST_OF, value, place);
  if (TIMES.has(shape)) return isTime(value, place.times) ? [] : [`${place.path}: ${said(value)} is no time`];
  const kind = PLAIN.get(shape);
  return typeof value === kind ? [] : [`${place.path}: ${said(value)} is no ${kind ?? `shape ${shape}`}`];
}

/** Seconds between 2001 and 2286, so that milliseconds are noticed. */
const isTime = (value: unknown, times: Times): boolean =>
  times === 'dates' ? value instanceof Date : typeof value === 'number' && value > 1e9 && value < 1e10;

const said = (value: unknown): string => JSON.stringify(value) ?? String(value);

function listMisfits(item: SdkShape, value: unknown, { path, times }: Place): string[] {
  if (!Array.isArray(value)) return [`${path}: ${said(value)} is no list`];
  return value.flatMap((each, index) => misfits(item, each, { path: `${path}[${index}]`, times }));
}

function mapMisfits(item: SdkShape, value: unknown, { path, times }: Place): string[] {
  if (!isObject(value)) return [`${path}: ${said(value)} is no map`];
  return Object.entries(value).flatMap(([key, each]) => misfits(item, each, { path: `${path}.${key}`, times }));
}

function structureMisfits(
  names: readonly string[],
  shapes: readonly SdkShape[],
  value: unknown,
  place: Place,
): string[] {
  const { path, times } = place;
  if (!isObject(value)) return [`${path}: ${said(value)} is no structure`];
  return Object.entries(value).flatMap(([name, member]) => {
    const at = names.indexOf(name);
    if (at === -1) return [`${path}.${name}: the SDK does not know it`];
    // What has no value does not reach the wire.
    if (times === 'dates' && (member === undefined || member === null)) return [];
    return misfits(shapes[at], member, { path: `${path}.${name}`, times });
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
