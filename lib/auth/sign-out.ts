import 'server-only';
import { cookies } from 'next/headers';
import { access } from './access';
import { isOwn } from './action';
import { SIGNED_OUT_COOKIE } from './names';
import { identity } from './principal';
import { START } from './return-address';

/** How long the sign-in page may say that somebody has just signed out, in seconds. */
const SAID_SECONDS = 600;

/**
 * Ends the session of the request at hand, everywhere, and takes its cookie away. Only for actions.
 *
 * @returns Where to go on to: the provider's own sign-out, our sign-in page, or the start for a foreign request.
 */
export async function endOwnSession(): Promise<string> {
  if (!(await isOwn())) return START;
  const { cookie, leave } = access();
  const who = await identity(false);
  const next = who.kind === 'person' ? await leave(who.principal.sessionId) : '/sign-in';
  const jar = await cookies();
  jar.set(cookie.name, '', { ...cookie.options, maxAge: 0 });
  // The proxy sees it on the page people come back to, and tells the browser to forget what it kept.
  jar.set(SIGNED_OUT_COOKIE, 'yes', { ...cookie.options, path: '/sign-in', maxAge: SAID_SECONDS });
  return next;
}
