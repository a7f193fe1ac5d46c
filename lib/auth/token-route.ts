import 'server-only';
import { access } from './access';
import { JSON_HEADERS } from './headers';
import type { Pipeline } from './pipelines';

/**
 * Wraps a route handler that programs ask with a token of their own, so that identity cannot be forgotten and nothing it
 * answers is kept. Cookies count for nothing here, and tokens for nothing elsewhere.
 */
export function tokenRoute(handler: (pipelines: readonly Pipeline[], request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    const authorization = request.headers.get('authorization');
    const pipelines = access().pipelinesOf(authorization);
    if (pipelines.length > 0) return handler(pipelines, request);
    const why =
      authorization === null
        ? { error: 'no-token', message: 'Send the token of your pipeline: Authorization: Bearer <token>.' }
        : { error: 'unknown-token', message: 'This token is not configured here, or not any more.' };
    return new Response(`${JSON.stringify(why)}\n`, {
      status: 401,
      headers: { ...JSON_HEADERS, 'WWW-Authenticate': 'Bearer' },
    });
  };
}
