import { isDeepStrictEqual } from 'node:util';
import type { Bench } from './bench';

/** One thing relied on about AWS. */
export type Check = { readonly name: string; readonly run: (bench: Bench) => Promise<void> };

/** Checks that belong together, in the order they are told. */
export type Group = { readonly title: string; readonly checks: readonly Check[] };

/** How a check ended. */
export type Outcome =
  | { readonly kind: 'pass' }
  | { readonly kind: 'deviates'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'not-supported'; readonly why: string };

/** The endpoint does something else than is relied on. */
export class Deviation extends Error {
  constructor(
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`expected ${expected}, got ${actual}`);
  }
}

/** The endpoint, or what we were given for it, cannot show the thing at all. */
export class NotSupported extends Error {}

/** A value as a report shows it. */
export function shown(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** @throws Deviation where the value is another than expected. */
export function same(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Deviation(`${what} ${shown(expected)}`, shown(actual));
}

/** @throws Deviation where the text does not match. */
export function matches(what: string, actual: string | undefined, expected: RegExp): void {
  if (!expected.test(actual ?? '')) throw new Deviation(`${what} like ${shown(expected)}`, shown(actual));
}

/** @throws Deviation where a claim does not hold; `actual` is what was seen instead. */
export function holds(expected: string, claim: boolean, actual: unknown): void {
  if (!claim) throw new Deviation(expected, shown(actual));
}

/**
 * The error a request is refused with; its name must be one of those given, its words must match.
 *
 * @throws Deviation where it is not refused, or otherwise.
 */
export async function refuses(
  request: () => Promise<unknown>,
  names: readonly string[],
  words?: RegExp,
): Promise<void> {
  const expected = `${names.join(' or ')}${words ? ` with words like ${words}` : ''}`;
  const error = await request().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error === null) throw new Deviation(expected, 'it was accepted');
  if (isUnsupported(error)) throw error;
  const { name, message } = error instanceof Error ? error : { name: 'an error', message: String(error) };
  if (!names.includes(name) || (words && !words.test(message))) throw new Deviation(expected, `${name}: ${message}`);
}

const UNKNOWN = new Set([
  'UnknownOperationException',
  'UnknownOperation',
  'InvalidAction',
  'NotImplemented',
  'NotImplementedException',
  'UnsupportedFeatureException',
  'UnsupportedOperationException',
]);

/** Whether an endpoint says by an error that it does not have the operation. */
export function isUnsupported(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return UNKNOWN.has(error.name) || statusOf(error) === 501;
}

const statusOf = (error: Error): unknown =>
  '$metadata' in error && error.$metadata !== null && typeof error.$metadata === 'object'
    ? (error.$metadata as { readonly httpStatusCode?: unknown }).httpStatusCode
    : undefined;

/** Runs one check; whatever it throws becomes an outcome. */
export async function outcomeOf(check: Check, bench: Bench): Promise<Outcome> {
  try {
    await check.run(bench);
    return { kind: 'pass' };
  } catch (error) {
    if (error instanceof Deviation) return { kind: 'deviates', expected: error.expected, actual: error.actual };
    if (error instanceof NotSupported) return { kind: 'not-supported', why: error.message };
    if (isUnsupported(error)) return { kind: 'not-supported', why: wordsOf(error) };
    return { kind: 'deviates', expected: 'an answer', actual: wordsOf(error) };
  }
}

/** An error in one line: name, status and the beginning of its words. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = statusOf(error);
  const code = 'code' in error ? String(error.code) : '';
  const words = error.message.split('\n', 1)[0]?.slice(0, 200) || code;
  return `${error.name}${status === undefined ? '' : ` (HTTP ${status})`}: ${words}`;
}
