import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@/scripts/root.mjs';

const BUILD_ID = readFileSync(join(ROOT, '.next/standalone/.next/BUILD_ID'), 'utf8').trim();
const DEEP = (name: string): string => Array(7).fill(name).join(':');

/** A state the framework's router would send, which names as fresh everything but one part of a page. */
const TREE = encodeURIComponent(
  JSON.stringify(['', { children: ['services', { children: ['__PAGE__', {}, null, 'refetch'] }] }, null, null, true]),
);

/** Headers that have opened doors of this or another framework, or tell a server that somebody else asks. */
export const HEADER_TRICKS: readonly Readonly<Record<string, string>>[] = [
  {},
  { rsc: '1' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
  { rsc: '1', 'next-router-prefetch': '2' },
  { rsc: '1', 'next-router-state-tree': TREE, 'next-url': '/services' },
  { rsc: '1', 'next-hmr-refresh': '1' },
  { 'x-nextjs-data': '1' },
  { 'x-middleware-subrequest': 'middleware' },
  { 'x-middleware-subrequest': DEEP('middleware') },
  { 'x-middleware-subrequest': DEEP('src/middleware') },
  { 'x-middleware-subrequest': DEEP('proxy') },
  { 'x-middleware-subrequest': DEEP('src/proxy'), 'x-middleware-subrequest-id': '1' },
  { 'x-middleware-next': '1', 'x-middleware-rewrite': '/services', 'x-middleware-override-headers': 'cookie' },
  { 'x-middleware-request-cookie': 'ecs-rollback=1', 'x-middleware-override-headers': 'cookie' },
  { 'x-matched-path': '/services', 'x-now-route-matches': '1=production' },
  { 'x-invoke-path': '/services', 'x-invoke-status': '200', 'x-invoke-output': '/services' },
  { 'x-prerender-revalidate': '1', 'x-prerender-revalidate-if-generated': '1' },
  { 'x-original-url': '/api/health', 'x-rewrite-url': '/api/health' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' },
  { host: 'evil.example' },
  { 'x-ecs-rollback-address': '/services', 'x-ecs-rollback-principal': 'operator' },
  { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzaWQiOiJ4In0.' },
  { 'x-http-method-override': 'POST', 'x-method-override': 'POST' },
  { 'sec-purpose': 'prefetch;prerender', purpose: 'prefetch' },
  { range: 'bytes=0-10', 'if-none-match': '*' },
];

/** Ways to write an address that may mean the same page to one part of a server and another to the next. */
export function pathTricks(address: string): readonly string[] {
  const [path = '/', query] = address.split('?');
  const search = query === undefined ? '' : `?${query}`;
  const and = query === undefined ? '?' : '&';
  const bare = path.replace(/\/$/, '');
  return [
    `${path}${search}${and}_rsc=abc12`,
    `${bare}.rsc${search}`,
    `${bare}.json${search}`,
    `${bare}/index.rsc${search}`,
    `${bare}.segments/_tree.segment.rsc${search}`,
    `/${path}${search}`,
    `${bare}/${search}`,
    `${bare}/.${search}`,
    `/.${path}${search}`,
    `/%2e${path}${search}`,
    `/x/%2e%2e${path}${search}`,
    `/x/..${path}${search}`,
    `/x/..%2f${path.slice(1)}${search}`,
    `/_next/static/..${path}${search}`,
    `/_next/static/%2e%2e/%2e%2e${path}${search}`,
    `/_next/data/${BUILD_ID}${bare}.json${search}`,
    `/icon.svg/..${path}${search}`,
    `/api/health/..${path}${search}`,
    `/api/health/%2e%2e/..${path}${search}`,
    `${path.replaceAll('/', '%2f')}${search}`,
    `${path.replaceAll('/', '\\')}${search}`,
    `${path.toUpperCase()}${search}`,
    `${bare};x=1${search}`,
    `${bare}%00${search}`,
    `${bare}%20${search}`,
    `${bare}%0d%0ax:y${search}`,
    `${path}${search}#x`,
  ];
}

/** Everything but looking. */
export const METHODS = ['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'] as const;
