import 'server-only';
import { Readable } from 'node:stream';
import type { DeserializeMiddleware, MiddlewareStack } from '@smithy/types';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Paths that AWS sent and the SDK dropped, such as `containerDefinitions[0].newField`, in the order they were sent.
 *
 * A path ends at the first member that is unknown: what lies below may hold values. `null` counts as absent.
 *
 * @param raw - The JSON as it was on the wire.
 * @param parsed - What the SDK made of it.
 */
export function unknownFields(raw: unknown, parsed: unknown, path = ''): readonly string[] {
  if (Array.isArray(raw)) {
    const items = Array.isArray(parsed) ? parsed : [];
    return raw.flatMap((item, index) => unknownFields(item, items[index], `${path}[${index}]`));
  }
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([key, value]) => {
    if (value === null) return [];
    const here = path === '' ? key : `${path}.${key}`;
    const known = memberOf(parsed, key);
    return known === undefined ? [here] : unknownFields(value, known, here);
  });
}

function memberOf(parsed: unknown, key: string): unknown {
  if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, key)) return undefined;
  return (parsed as Record<string, unknown>)[key];
}

/** The body of a call's answer as it was on the wire. */
export type RawAnswer = {
  /** Parsed JSON of the last answer; `null` where none came or it was not JSON. */
  readonly json: () => Json;
};

/**
 * Keeps the body of a command's answers while the SDK reads them, because the SDK drops members it does not know.
 * Errors pass through unharmed.
 */
export function keepRawAnswer<I extends object, O extends object>(stack: MiddlewareStack<I, O>): RawAnswer {
  let kept: Buffer | null = null;
  const capture: DeserializeMiddleware<I, O> = (next) => async (args) => {
    const out = await next(args);
    const response = out.response as { body?: AsyncIterable<Uint8Array> | null };
    if (!response.body) return out;
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    kept = Buffer.concat(chunks);
    response.body = Readable.from([kept], { objectMode: false });
    return out;
  };
  stack.add(capture, { step: 'deserialize', priority: 'low', name: 'keepRawAnswer' });
  return { json: () => parsedOrNull(kept) };
}

function parsedOrNull(body: Buffer | null): Json {
  if (body === null) return null;
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
