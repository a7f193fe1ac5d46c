import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import type { AuthOptions } from 'next-auth';
import { formIn } from './body';
import { type AuthQuestion, askNextAuth } from './next-auth-request';
import { PROVIDER_ID } from './options';
import { isOwnRequest } from './origin';
import { returnAddress } from './return-address';

/** What answering `/api/auth/*` needs. */
export type AuthRoute = {
  readonly baseUrl: string;
  readonly cookieSecret: string;
  readonly options: () => Promise<AuthOptions>;
  /** Ends the session that a request's cookies, by name, stand for. */
  readonly signOut: (cookies: ReadonlyMap<string, string>) => Promise<SignedOut>;
};

/** Where somebody who signs out goes on to, and the cookies their browser is given. */
export type SignedOut = { readonly to: string; readonly cookies: readonly string[] };

/** The one address next-auth is not asked about: sessions are rows of ours. */
const SIGN_OUT = 'POST sign-out';

/** The only questions there are; each with the number of segments it may have. */
const ALLOWED: ReadonlySet<string> = new Set([
  'GET csrf',
  'GET signin',
  `GET signin/${PROVIDER_ID}`,
  `GET callback/${PROVIDER_ID}`,
  'GET error',
  `POST signin/${PROVIDER_ID}`,
  SIGN_OUT,
]);

/**
 * Answers a request to `/api/auth/*`: the few that sign somebody in or out, and 404 to everything else.
 *
 * Both are started by a form of our own page. Where it comes from is decided by its origin, which also stands for
 * the token next-auth wants: the form works without script and without a cookie set before.
 */
export async function answerAuth(request: Request, segments: readonly string[], route: AuthRoute): Promise<Response> {
  const method = request.method;
  const question = `${method} ${segments.join('/')}`;
  if ((method !== 'GET' && method !== 'POST') || !ALLOWED.has(question)) return plain(404);
  if (method === 'POST' && !isOwnRequest(request.headers, route.baseUrl)) return plain(403);
  if (question === SIGN_OUT) return signedOut(await route.signOut(new Map(sentCookies(request))), route.baseUrl);
  return askedOf(request, { method, segments }, route);
}

async function askedOf(
  request: Request,
  { method, segments }: Pick<AuthQuestion, 'method' | 'segments'>,
  route: AuthRoute,
): Promise<Response> {
  const form = method === 'POST' ? await formIn(request) : new URLSearchParams();
  if (form === null) return plain(413);
  const question: AuthQuestion = {
    method,
    segments,
    query: queryOf(request, route.baseUrl),
    body: { callbackUrl: own(form.get('callbackUrl'), route.baseUrl) },
    cookies: cookiesOf(request, route.baseUrl),
  };
  const asked = await askNextAuth(method === 'POST' ? vouched(question, route) : question, await route.options());
  const answer = method === 'POST' ? ledOn(asked, route.baseUrl, 'sign-in') : asked;
  answer.headers.set('Cache-Control', 'no-store');
  return answer;
}

function signedOut({ to, cookies }: SignedOut, baseUrl: string): Response {
  const headers = new Headers({ Location: to, 'Cache-Control': 'no-store' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return ledOn(new Response(null, { status: 303, headers }), baseUrl, 'sign-out');
}

/**
 * The way to the provider as a page that goes on by itself, without script. Browsers hold a form's whole chain of redirects
 * to `form-action`, and a provider may send people on to origins nobody here knows.
 */
function ledOn(answer: Response, baseUrl: string, what: 'sign-in' | 'sign-out'): Response {
  const to = answer.headers.get('Location');
  if (to === null || !/^https?:/.test(to) || new URL(to).origin === new URL(baseUrl).origin) return answer;
  const headers = new Headers(answer.headers);
  headers.delete('Location');
  headers.set('Content-Type', 'text/html; charset=utf-8');
  return new Response(pageLeadingTo(to, what), { headers });
}

function pageLeadingTo(address: string, what: 'sign-in' | 'sign-out'): string {
  const href = new URL(address).href.replace(/[&"'<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url=${href}">
<title>${what === 'sign-in' ? 'Sign in' : 'Sign out'} · ECS rollback</title>
<p><a href="${href}">Go on to ${what}</a></p>
`;
}

const plain = (status: number): Response => new Response(null, { status, headers: { 'Cache-Control': 'no-store' } });

/** A wished address as next-auth wants it: whole, and always one of ours. */
const own = (wished: unknown, baseUrl: string): string => `${new URL(baseUrl).origin}${returnAddress(wished, baseUrl)}`;

/** What the provider's answer and our own sign-in page send, and nothing else that somebody may write in an address. */
const ASKED: ReadonlySet<string> = new Set(['code', 'state', 'iss', 'session_state', 'error_description']);

function queryOf(request: Request, baseUrl: string): Record<string, string> {
  const query = new URL(request.url).searchParams;
  const kept = [...query].filter(([name]) => ASKED.has(name));
  const error = query.get('error');
  const callbackUrl = query.get('callbackUrl');
  return {
    ...Object.fromEntries(kept),
    // The library puts it into an address as it is.
    ...(error !== null && { error: ERROR.test(error) ? error : 'Default' }),
    ...(callbackUrl !== null && { callbackUrl: own(callbackUrl, baseUrl) }),
  };
}

/** What an error of ours or of the protocol is called. */
const ERROR = /^[A-Za-z_]{1,60}$/;

/** Cookies of next-auth's own flow; the session's and everybody else's stay out. */
function cookiesOf(request: Request, baseUrl: string): Record<string, string> {
  return Object.fromEntries(
    sentCookies(request)
      .filter(([name]) => /^(__Host-|__Secure-)?next-auth\./.test(name))
      .map(([name, value]) => [name, name.endsWith('.callback-url') ? own(value, baseUrl) : value]),
  );
}

const sentCookies = (request: Request): readonly (readonly [string, string])[] =>
  (request.headers.get('cookie') ?? '').split(/; */).map((pair) => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), decoded(pair.slice(equals + 1))];
  });

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}

/**
 * The question with the token next-auth compares with its cookie, made here because the origin has been checked.
 *
 * @see node_modules/next-auth/core/lib/csrf-token.js for the cookie's form
 */
function vouched(question: AuthQuestion, { baseUrl, cookieSecret }: AuthRoute): AuthQuestion {
  const csrfToken = randomBytes(32).toString('hex');
  const hash = createHash('sha256').update(`${csrfToken}${cookieSecret}`).digest('hex');
  const prefix = new URL(baseUrl).protocol === 'https:' ? '__Host-' : '';
  return {
    ...question,
    body: { ...question.body, csrfToken },
    cookies: { ...question.cookies, [`${prefix}next-auth.csrf-token`]: `${csrfToken}|${hash}` },
  };
}
