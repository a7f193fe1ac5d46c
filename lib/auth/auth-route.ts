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
};

/** The only questions next-auth is asked; each with the number of segments it may have. */
const ALLOWED: ReadonlySet<string> = new Set([
  'GET csrf',
  'GET signin',
  `GET signin/${PROVIDER_ID}`,
  `GET callback/${PROVIDER_ID}`,
  'GET error',
  `POST signin/${PROVIDER_ID}`,
]);

/**
 * Answers a request to `/api/auth/*`: the few that sign somebody in, and 404 to everything else.
 *
 * A sign-in is started by a form of our own page. Where it comes from is decided by its origin, which also stands for
 * the token next-auth wants: the form works without script and without a cookie set before.
 */
export async function answerAuth(request: Request, segments: readonly string[], route: AuthRoute): Promise<Response> {
  const method = request.method;
  if ((method !== 'GET' && method !== 'POST') || !ALLOWED.has(`${method} ${segments.join('/')}`)) return plain(404);
  if (method === 'POST' && !isOwnRequest(request.headers, route.baseUrl)) return plain(403);
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
  const answer = method === 'POST' ? ledOn(asked, route.baseUrl) : asked;
  answer.headers.set('Cache-Control', 'no-store');
  return answer;
}

/**
 * The way to the provider as a page that goes on by itself, without script. Browsers hold a form's whole chain of redirects
 * to `form-action`, and a provider may send people on to origins nobody here knows.
 */
function ledOn(answer: Response, baseUrl: string): Response {
  const to = answer.headers.get('Location');
  if (to === null || !/^https?:/.test(to) || new URL(to).origin === new URL(baseUrl).origin) return answer;
  const headers = new Headers(answer.headers);
  headers.delete('Location');
  headers.set('Content-Type', 'text/html; charset=utf-8');
  return new Response(pageLeadingTo(to), { headers });
}

function pageLeadingTo(address: string): string {
  const href = new URL(address).href.replace(/[&"'<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url=${href}">
<title>Sign in · ECS rollback</title>
<p><a href="${href}">Go on to sign-in</a></p>
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
  const pairs = (request.headers.get('cookie') ?? '').split(/; */).map((pair): readonly [string, string] => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), decoded(pair.slice(equals + 1))];
  });
  return Object.fromEntries(
    pairs
      .filter(([name]) => /^(__Host-|__Secure-)?next-auth\./.test(name))
      .map(([name, value]) => [name, name.endsWith('.callback-url') ? own(value, baseUrl) : value]),
  );
}

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
