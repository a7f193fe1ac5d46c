import type { AwsError } from './aws-error';
import type { Input } from './call';
import { optionalNumber, optionalText } from './input';

/** Limits of one listing, and the words of its refusals. */
export type PageRule = {
  readonly size: number;
  readonly most: number;
  readonly tokenMember: string;
  readonly sizeMember: string;
  readonly refuse: (message: string) => AwsError;
};

/** One page of `items`, with the token of the next one or `null` at the end. Tokens survive insertions before them. */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: Input,
  rule: PageRule,
): { readonly items: readonly T[]; readonly nextToken: string | null } {
  const size = optionalNumber(input, rule.sizeMember) ?? rule.size;
  if (size < 1 || size > rule.most || !Number.isInteger(size)) {
    throw rule.refuse(`${rule.sizeMember} must be between 1 and ${rule.most}`);
  }
  const start = startOf(items, keyOf, optionalText(input, rule.tokenMember), rule);
  const shown = items.slice(start, start + size);
  const last = shown.at(-1);
  const more = start + size < items.length && last !== undefined;
  return { items: shown, nextToken: more ? tokenFor(keyOf(last), start + size) : null };
}

/** A token that leads to the first page. */
export const firstToken = Buffer.from(JSON.stringify(['', 0])).toString('base64');

const tokenFor = (key: string, offset: number): string => Buffer.from(JSON.stringify([key, offset])).toString('base64');

function startOf<T>(items: readonly T[], keyOf: (item: T) => string, token: string | null, rule: PageRule): number {
  if (token === null) return 0;
  const [key, offset] = parsed(token, rule);
  const before = items[offset - 1];
  if (before !== undefined && keyOf(before) === key) return offset;
  const found = items.findIndex((item) => keyOf(item) === key);
  return found === -1 ? Math.min(offset, items.length) : found + 1;
}

function parsed(token: string, rule: PageRule): readonly [string, number] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    if (Array.isArray(value) && typeof value[0] === 'string' && Number.isSafeInteger(value[1]) && value[1] >= 0) {
      return [value[0], value[1]];
    }
  } catch {
    // Anything that is not one of our tokens is refused below.
  }
  throw rule.refuse('Invalid token');
}
