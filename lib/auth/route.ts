import 'server-only';
import type { Principal } from '@/lib/domain/permissions';
import { access } from './access';
import { JSON_HEADERS } from './headers';
import { isOwnRequest } from './origin';
import { type Counting, identity } from './principal';

/** Methods that only look. */
const LOOKING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Wraps a route handler, so that origin and identity cannot be forgotten and nothing it answers is kept.
 *
 * Strangers get 401, foreign requests that could change something 403, both without a word about what is there.
 */
export function route<Context = unknown>(
  handler: (principal: Principal, request: Request, context: Context) => Promise<Response>,
  { use = true }: Counting = {},
) {
  return async (request: Request, context: Context): Promise<Response> => {
    if (!LOOKING.has(request.method) && !isOwnRequest(request.headers, access().baseUrl)) {
      return refusal(403, { kind: 'foreign-request' });
    }
    const who = await identity(use);
    if (who.kind === 'unreadable') return refusal(503, { kind: 'unreadable' });
    if (who.kind !== 'person') return refusal(401, who);
    const answer = await handler(who.principal, request, context);
    if (!answer.headers.has('Cache-Control')) answer.headers.set('Cache-Control', 'no-store');
    return answer;
  };
}

const refusal = (status: number, why: object): Response =>
  new Response(JSON.stringify(why), { status, headers: JSON_HEADERS });
