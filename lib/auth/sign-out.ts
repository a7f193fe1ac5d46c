import 'server-only';
import { SIGNED_OUT_COOKIE } from './names';
import type { SessionCookie } from './session-cookie';

/** How long the sign-in page may say that somebody has just signed out, in seconds. */
const SAID_SECONDS = 600;

/** The cookies of a browser that signs out: its session's goes, and our sign-in page is told. */
export function signedOutCookies({ name, options }: SessionCookie): readonly string[] {
  const flags = `HttpOnly; SameSite=Lax${options.secure ? '; Secure' : ''}`;
  return [
    `${name}=; Path=${options.path}; Max-Age=0; ${flags}`,
    // The proxy sees it on the page people come back to, and tells the browser to forget what it kept.
    `${SIGNED_OUT_COOKIE}=yes; Path=/sign-in; Max-Age=${SAID_SECONDS}; ${flags}`,
  ];
}
