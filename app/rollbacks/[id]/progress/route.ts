import { createHash } from 'node:crypto';
import { application } from '@/lib/application';
import { route } from '@/lib/auth/route';
import { READ_AT_HEADER } from '@/lib/domain/progress';
import { getProgress } from '@/lib/queries/get-rollback';

type Context = { readonly params: Promise<{ readonly id: string }> };

/**
 * A rollback's progress as JSON, for the page that shows it. Asking is not use, and costs AWS nothing.
 *
 * When ECS was read last stands beside it: that changes with every reading, also where nothing else does, and must not
 * make everybody fetch the rest again.
 */
export const GET = route(
  async (principal, request, { params }: Context) => {
    const found = await getProgress(principal, (await params).id, application());
    if (found === null) return answer(404, JSON.stringify({ kind: 'not-found' }));
    if (!found.ok) return answer(503, JSON.stringify({ kind: found.error }));
    const { readAt, ...progress } = found.value;
    const body = JSON.stringify(progress);
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const headers = { ETag: tag, ...(readAt !== null && { [READ_AT_HEADER]: String(readAt) }) };
    return holds(request.headers.get('if-none-match'), tag) ? answer(304, null, headers) : answer(200, body, headers);
  },
  { use: false },
);

/** Whether a tag still holds; what compresses an answer on its way may have weakened it. */
const holds = (given: string | null, tag: string): boolean => given?.replace(/^W\//, '') === tag;

// Kept nowhere but by whoever asked: `no-cache` lets a browser ask whether it still holds.
const answer = (status: number, body: string | null, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(body, {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
