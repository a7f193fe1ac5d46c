import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, leadsTo } from './ask';
import { makeStage, multipart, PEOPLE, type Person, type Stage } from './people';
import { PLAN } from './surface';

let stage: Stage;
let operator: Person;
let rollback: string;

const API = '/services/production/notify/api';
/** Text that would be markup, script or a formula to whoever does not take it for text. */
const HOSTILE = '=HYPERLINK("https://evil.example") <script>alert(1)</script>"\'><img src=x onerror=alert(1)>{{7*7}}';

beforeAll(async () => {
  stage = await makeStage();
  operator = await stage.signedIn(PEOPLE.operator);
  const form = await operator.plan(PLAN);
  const hostile = form && {
    ...form,
    entries: form.entries.map(([name, value]) => [name, name === 'details' ? HOSTILE : value] as const),
  };
  rollback = leadsTo((hostile && (await operator.press(hostile))) as Answer) ?? '';
  expect(rollback).toMatch(/^\/rollbacks\/rb-/);
});
afterAll(() => stage?.end());

const pages = (): readonly string[] => [
  '/services?show=all',
  API,
  `${API}/revisions/api:421`,
  `${API}/compare?from=api:428&to=api:421`,
  PLAN,
  rollback,
  '/record',
  '/status',
  '/nowhere',
  '/sign-in',
];

const POLICY = [
  "default-src 'none'",
  "script-src 'nonce-N' 'strict-dynamic'",
  "style-src 'self' 'nonce-N'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self' ISSUER",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

function nonceOf({ headers }: Answer): string {
  const [, nonce = ''] = /'nonce-([^']+)'/.exec(String(headers['content-security-policy'])) ?? [];
  return nonce;
}

function expectSafe(path: string, answer: Answer): void {
  const { headers } = answer;
  const nonce = nonceOf(answer);
  expect(Buffer.from(nonce, 'base64'), path).toHaveLength(16);
  const policy = String(headers['content-security-policy']);
  expect(policy.replaceAll(nonce, 'N').replaceAll(stage.around.issuer, 'ISSUER'), path).toBe(POLICY);
  expect(headers, path).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['permissions-policy'], path).toMatch(/camera=\(\).*geolocation=\(\).*usb=\(\)/);
  expect(headers['cache-control'], path).toMatch(/(^|, ?)no-store(,|$)/);
  expect(headers['x-powered-by'], path).toBeUndefined();
  expect(headers.server, path).toBeUndefined();
  // On loopback it would lock the name for everything else there.
  expect(headers['strict-transport-security'], path).toBeUndefined();
}

describe('every page', () => {
  it('has the headers that keep a browser from being used against its owner, with a nonce of its own', async () => {
    const nonces: string[] = [];
    for (const path of pages()) {
      for (let time = 0; time < 2; time += 1) {
        const answer = await operator.ask(path);
        expectSafe(path, answer);
        nonces.push(nonceOf(answer));
      }
    }
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('has its nonce on every script and style, and no script or style that needs none', async () => {
    for (const path of pages()) {
      const answer = await operator.ask(path);
      const nonce = nonceOf(answer);
      const scripts = answer.body.match(/<script\b[^>]*>/g) ?? [];
      expect(scripts.length, path).toBeGreaterThan(0);
      for (const tag of [...scripts, ...(answer.body.match(/<style\b[^>]*>/g) ?? [])])
        expect(tag, path).toContain(`nonce="${nonce}"`);
      const markup = answer.body.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '');
      expect(markup.match(/<[a-z][^>]*\s(style|on[a-z]+)\s*=/gi), path).toBeNull();
      expect(markup.match(/(href|action|src|formaction)="\s*(javascript|data:text|vbscript)/gi), path).toBeNull();
    }
  });

  it('leads out by links that say nothing of where they were followed, and never to plain http', async () => {
    for (const path of pages()) {
      const { body } = await operator.ask(path);
      const outside = (body.match(/<a\b[^>]*href="https?:[^>]*>/g) ?? []).filter((tag) => !tag.includes(stage.url));
      for (const tag of outside) {
        expect(tag, path).toContain('href="https:');
        if (tag.includes('target=')) expect(tag, path).toMatch(/rel="[^"]*noopener/);
      }
    }
  });
});

describe('every other answer', () => {
  it('has the same headers, whatever its status and whoever asks', async () => {
    const form = await multipart([['x', '1']]);
    const post = { method: 'POST', body: form.body, headers: { 'content-type': form.type } };
    const answers: readonly (readonly [string, Answer])[] = [
      ['sign-in from nowhere', await stage.ask('/services')],
      ['a route of nobody', await stage.ask('/services/newer?since=1')],
      ['a route', await operator.ask('/services/newer?since=1')],
      ['progress', await operator.ask(`${rollback}/progress`)],
      ['a download', await operator.ask('/record/download?format=json')],
      ['a file that is not there', await operator.ask('/evil.svg')],
      ['a foreign form', await operator.ask('/services', post)],
      ['health', await stage.ask('/api/health')],
      ['a part of a page', await operator.ask('/status?_rsc=x', { headers: { rsc: '1' } })],
      ['an address of sign-in', await stage.ask('/api/auth/csrf')],
      ['no address of sign-in', await stage.ask('/api/auth/session')],
      ['the image optimiser', await operator.ask('/_next/image?url=%2Ficon.svg&w=64&q=75')],
    ];
    for (const [what, answer] of answers) expectSafe(what, answer);
  });

  it('has them too where an address cannot be read, and is nothing but not found', async () => {
    const unreadable = ['%', '%E0%A4%A', '%c0%af', '%ff%', 'a%zz', '%u0041', '%E0%A4%A?_rsc=%E0%A4%A'];
    const folders = ['/', '/services/', `${API}/`, `${API}/revisions/`, '/rollbacks/', '/_next/static/', '/nowhere/'];
    for (const path of folders.flatMap((folder) => unreadable.map((name) => `${folder}${name}`))) {
      for (const person of [operator, stage]) {
        for (const answer of [await person.ask(path), await person.ask(path, { headers: { rsc: '1' } })]) {
          expect([307, 404], path).toContain(answer.status);
          expectSafe(path, answer);
        }
      }
    }
  });

  it('has nothing that fetches images for whoever asks', async () => {
    for (const path of ['/_next/image', '/_next/image/', '/_next/image?url=http://169.254.169.254/&w=64&q=75']) {
      expect([404, 308]).toContain((await operator.ask(path)).status);
    }
  });

  it('changes to no other protocol, and keeps no connection waiting for that', async () => {
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'x',
    };
    for (const path of ['/', '/_next/webpack-hmr', '/services']) {
      expect((await stage.ask(path, { headers: upgrade })).status).toBeGreaterThanOrEqual(300);
    }
  });

  it('has no source of the server among the files for browsers', async () => {
    const { body } = await operator.ask('/status');
    const files = [...new Set(body.match(/\/_next\/static\/[^"\\]+\.js/g) ?? [])];
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const answer = await stage.ask(file);
      expect(answer.body).not.toMatch(
        /sourceMappingURL=(?!data:)[^\s]+\.map|DATABASE_URL|ECS_ROLLBACK_SECRET|UpdateServiceCommand/,
      );
      expect((await stage.ask(`${file}.map`)).status).toBe(404);
    }
  });
});

describe('text that somebody wrote to be taken for something else', () => {
  it('is text on every page that shows it', async () => {
    for (const path of [rollback, '/record', `${rollback}/progress`]) {
      const { body } = await operator.ask(path);
      expect(body.replaceAll(/<script nonce[\s\S]*?<\/script>/g, ''), path).not.toMatch(/<script>alert|<img src=x/);
    }
    const { headers } = await operator.ask('/record/download?format=json');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-disposition': expect.stringMatching(/^attachment;/),
    });
    expect((await operator.ask(rollback)).body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('is no formula in a table', async () => {
    const { body, headers } = await operator.ask('/record/download?format=csv');
    expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"$/);
    expect(body).toContain('HYPERLINK');
    expect(body).not.toMatch(/(^|,|")[=+@-]HYPERLINK/m);
    expect(body).toMatch(/(^|,)"?'=HYPERLINK/m);
  });
});
