import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { access } from '@/lib/auth/access';
import { LARGEST_BODY_BYTES } from '@/lib/auth/body';
import { contentSecurityPolicy, type HeaderFacts, securityHeaders } from '@/lib/auth/headers';
import { ADDRESS_HEADER, SIGNED_OUT_COOKIE } from '@/lib/auth/names';
import { isOwnRequest } from '@/lib/auth/origin';
import { pageAt, START } from '@/lib/auth/return-address';
import { routes } from '@/lib/routes';

/**
 * Puts the headers on every answer, turns away what no page of ours sent and sends people without a cookie to sign-in. It
 * decides nothing about who may see what: every page, route and action asks for itself, and for the origin once more.
 */
export function proxy(request: NextRequest): NextResponse {
  const { baseUrl, formOrigins } = access();
  const facts: HeaderFacts = {
    nonce: randomBytes(16).toString('base64'),
    baseUrl,
    formOrigins: formOrigins(),
    // The compiler puts the word in; nothing of it is left in what ships.
    developing: process.env.NODE_ENV === 'development',
  };
  const answer = answerAtOnce(request) ?? goOn(request, facts);
  for (const [name, value] of Object.entries(securityHeaders(facts))) answer.headers.set(name, value);
  if (!isStatic(request.nextUrl.pathname)) answer.headers.set('Cache-Control', 'no-store');
  return answer;
}

/** Files that are the same for everybody. By name: a page that is not there looks like one and may name who asked. */
const isStatic = (path: string): boolean => path.startsWith('/_next/static/') || path === '/icon.svg';

/** What needs no page: the image optimiser we do not have, what no page of ours sent, people without a cookie. */
function answerAtOnce(request: NextRequest): NextResponse | null {
  const { pathname } = request.nextUrl;
  if (pathname.startsWith('/_next/image')) return plain(404, 'Not found');
  if (request.method === 'GET' || request.method === 'HEAD') return signInFor(request);
  if (!isOwnRequest(request.headers, access().baseUrl)) return plain(403, 'No page of this tool sent this request.');
  const length = request.headers.get('content-length');
  if (length === null && request.headers.has('transfer-encoding')) return plain(411, 'Say how long this request is.');
  return Number(length ?? 0) > LARGEST_BODY_BYTES ? plain(413, 'This request is too large.') : null;
}

const plain = (status: number, words: string): NextResponse =>
  new NextResponse(`${words}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });

function signInFor(request: NextRequest): NextResponse | null {
  const { baseUrl, cookie } = access();
  if (request.cookies.has(cookie.name)) return null;
  const page = request.nextUrl.pathname === '/' ? START : pageAt(addressOf(request), baseUrl);
  if (page === null) return null;
  return NextResponse.redirect(new URL(routes.signIn(page === START ? undefined : page), baseUrl), 307);
}

/** Path and query as the person sees them, without what the framework adds when it fetches a page. */
function addressOf({ nextUrl }: NextRequest): string {
  if (!nextUrl.searchParams.has('_rsc')) return `${nextUrl.pathname}${nextUrl.search}`;
  const query = new URLSearchParams(nextUrl.search);
  query.delete('_rsc');
  return query.size === 0 ? nextUrl.pathname : `${nextUrl.pathname}?${query}`;
}

function goOn(request: NextRequest, facts: HeaderFacts): NextResponse {
  const headers = new Headers(request.headers);
  // The framework takes the nonce for its own scripts from here.
  headers.set('Content-Security-Policy', contentSecurityPolicy(facts));
  headers.set(ADDRESS_HEADER, addressOf(request));
  // Ours whatever the client or a reverse proxy wrote: the framework compares actions' origins with it.
  headers.set('X-Forwarded-Host', new URL(facts.baseUrl).host);
  const answer = NextResponse.next({ request: { headers } });
  if (request.nextUrl.pathname === '/sign-in' && request.cookies.has(SIGNED_OUT_COOKIE)) {
    answer.headers.set('Clear-Site-Data', '"cache"');
    answer.cookies.delete({ name: SIGNED_OUT_COOKIE, path: '/sign-in' });
  }
  return answer;
}
