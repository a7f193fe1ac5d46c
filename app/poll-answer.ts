import { createHash } from 'node:crypto';
import type { Result } from '@/lib/result';

/**
 * The answer to a page that polls: what stands, that nothing moved since the last answer, or why there is none.
 *
 * @param beside - Headers that may change with every answer and must not make everybody fetch the rest again.
 */
export function pollAnswer(
  request: Request,
  found: Result<unknown, string> | null,
  beside: Readonly<Record<string, string>> = {},
): Response {
  if (found === null) return answer(404, JSON.stringify({ kind: 'not-found' }));
  if (!found.ok) return answer(503, JSON.stringify({ kind: found.error }));
  const body = JSON.stringify(found.value);
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { ETag: tag, ...beside };
  return holds(request.headers.get('if-none-match'), tag) ? answer(304, null, headers) : answer(200, body, headers);
}

/** Whether a tag still holds; what compresses an answer on its way may have weakened it. */
const holds = (given: string | null, tag: string): boolean => given?.replace(/^W\//, '') === tag;

// Kept nowhere but by whoever asked: `no-cache` lets a browser ask whether it still holds.
const answer = (status: number, body: string | null, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(body, {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
