import 'server-only';
import { decode } from 'next-auth/jwt';

/** Name and flags of the cookie that says which session a request belongs to. */
export type SessionCookie = {
  readonly name: string;
  readonly options: {
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly path: '/';
    readonly secure: boolean;
  };
};

/**
 * The session cookie of a dashboard reached at this address.
 *
 * The prefix binds it to this host and to https; on loopback http, where a browser would refuse both, it goes without.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
 */
export function sessionCookie(baseUrl: string): SessionCookie {
  const secure = new URL(baseUrl).protocol === 'https:';
  return {
    name: secure ? '__Host-ecs-rollback' : 'ecs-rollback',
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
  };
}

/** What a session's random id looks like: 256 bits. */
const SESSION_ID = /^[A-Za-z0-9_-]{43}$/;

/**
 * The session id a cookie's value holds; null where it was made by somebody else, altered, or has lapsed.
 *
 * @param secret - The one the cookie was encrypted with.
 */
export async function sessionIdIn(value: string, secret: string): Promise<string | null> {
  try {
    const token = await decode({ token: value, secret });
    return typeof token?.sid === 'string' && SESSION_ID.test(token.sid) ? token.sid : null;
  } catch {
    return null;
  }
}
