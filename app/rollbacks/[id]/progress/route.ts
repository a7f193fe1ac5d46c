import { createHash } from 'node:crypto';
import { application } from '@/lib/application';
import { route } from '@/lib/auth/route';
import { getProgress } from '@/lib/queries/get-rollback';

type Context = { readonly params: Promise<{ readonly id: string }> };

/** A rollback's progress as JSON, for the page that shows it. Asking is not use, and costs AWS nothing. */
export const GET = route(
  async (principal, request, { params }: Context) => {
    const progress = await getProgress(principal, (await params).id, application());
    if (progress === null) return answer(404, JSON.stringify({ kind: 'not-found' }));
    if (!progress.ok) return answer(503, JSON.stringify({ kind: progress.error }));
    const body = JSON.stringify(progress.value);
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const known = request.headers.get('if-none-match') === tag;
    return known ? answer(304, null, { ETag: tag }) : answer(200, body, { ETag: tag });
  },
  { use: false },
);

// Kept nowhere but by whoever asked: `no-cache` lets a browser ask whether it still holds.
const answer = (status: number, body: string | null, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(body, {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
