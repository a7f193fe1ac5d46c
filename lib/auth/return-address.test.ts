import { existsSync, readdirSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { routes } from '@/lib/routes';
import { returnAddress, START } from './return-address';

const BASE = 'https://rollback.example';
const API = { target: 'production', cluster: 'notify', service: 'api' };

const HOSTILE = [
  '//evil.example',
  '///evil.example',
  '////evil.example/services',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https://evil.example',
  'https://evil.example/services',
  'HTTPS://EVIL.EXAMPLE/services',
  'http://rollback.example/services',
  'https://rollback.example:444/services',
  'https://rollback.example.evil.example/services',
  'https://rollback.example@evil.example/services',
  'https://someone:secret@rollback.example/services',
  'https://evil.example#https://rollback.example/services',
  '%2f%2fevil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '/services/..//evil.example',
  '/services/%2e%2e/%2f%2fevil.example/x',
  '/services/a/b/%0d%0aLocation:%20https:%2f%2fevil.example',
  '/services\r\nLocation: https://evil.example',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://rollback.example/services',
  'file:///etc/passwd',
  'ftp://rollback.example/services',
  '.evil.example',
  '@evil.example',
  'services',
  '',
  ' ',
  '/services/%zz/b/c',
  '/api/auth/signin',
  '/sign-in',
  '/_next/image?url=https://evil.example',
  `/services?q=${'a'.repeat(3000)}`,
];

describe('the address after sign-in', () => {
  it.each(HOSTILE)('is a page of ours when %j was asked for', (wished) => {
    expect(returnAddress(wished, BASE)).toBe(START);
  });

  it.each([undefined, null, 7, {}, ['/status'], ['//evil.example']])('is the start when %j was asked for', (wished) => {
    expect(returnAddress(wished, BASE)).toBe(START);
  });

  it.each([
    routes.services(),
    routes.services({ target: 'production', q: 'delivery worker', sort: 'age' }),
    routes.service(API, { older: '2' }),
    routes.revision(API, 'api:428'),
    routes.compare(API, { from: 'api:428', to: 'api:421' }),
    routes.plan(API, { to: 'api:421', bring: 'images' }),
    routes.rollback('rb-7k2m9q'),
    routes.record({ who: 'k.smith@notify.example' }),
    routes.recordDownload({ format: 'csv' }),
    routes.go('arn:aws:ecs:eu-west-1:111111111111:service/notify/api'),
    routes.status(),
  ])('is exactly %s when that was asked for, as a path or as a whole address', (wished) => {
    expect(returnAddress(wished, BASE)).toBe(wished);
    expect(returnAddress(`${BASE}${wished}`, BASE)).toBe(wished);
  });

  it('never holds a fragment, a host or a scheme', () => {
    expect(returnAddress('/status#//evil.example', BASE)).toBe('/status');
    expect(returnAddress('/services?next=https://evil.example', BASE)).toBe('/services?next=https://evil.example');
  });

  it('may be any page that exists', () => {
    const app = fileURLToPath(new URL('../../app/', import.meta.url));
    const pages = existsSync(app)
      ? readdirSync(app, { recursive: true, withFileTypes: true }).filter(({ name }) => name === 'page.tsx')
      : [];
    const paths = pages
      .map((page) => `/${relative(app, page.parentPath).split(sep).join('/')}`)
      .filter((path) => path !== '/' && path !== '/sign-in')
      .map((path) => path.replaceAll(/\[[^\]]+\]/g, 'x'));
    expect(paths.filter((path) => returnAddress(path, BASE) !== path)).toEqual([]);
  });
});
