import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledTo } from '@/lib/auth/pretend-browser';
import { CLIENT, type PretendProvider, pretendProvider, type Wrongs } from '@/lib/auth/pretend-provider';
import { ask, leadsTo, wordsOf } from './ask';
import { makeStage, type Stage } from './people';
import { PLAN } from './surface';
import { together } from './together';

let provider: PretendProvider;
let stage: Stage;

beforeAll(async () => {
  provider = await pretendProvider({ sub: 'k.smith', name: 'K. Smith', groups: ['rollback-operators'] });
  stage = await makeStage({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
  });
});
afterAll(async () => {
  await stage?.end();
  await provider?.close();
});

/** Another plan of the same person, so that one press is in nobody's way. */
const OTHER_PLAN = '/services/production/notify/delivery-worker-sms/rollback?to=delivery-worker-sms:306';

/** A browser's cookies, as its owner may have changed them. */
type Jar = Map<string, string>;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const;

async function visit(jar: Jar, url: string, question: { method?: string; body?: string } = {}) {
  const { origin, pathname, search } = new URL(url, stage.url);
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const own = question.method === 'POST' ? { ...stage.own, ...FORM } : {};
  const answer = await ask(origin, `${pathname}${search}`, {
    ...question,
    headers: { ...own, ...(cookie && { cookie }) },
  });
  for (const line of answer.headers['set-cookie'] ?? []) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  }
  return answer;
}

/** Presses the button; the address of the provider's sign-in. */
async function begin(jar: Jar, callbackUrl = '/status'): Promise<string> {
  const form = { method: 'POST', body: new URLSearchParams({ callbackUrl }).toString() };
  return ledTo((await visit(jar, '/api/auth/signin/oidc', form)).body) ?? '';
}

/** What the provider sends the browser back with. */
const atProvider = async (address: string): Promise<string> =>
  (await fetch(address, { redirect: 'manual' })).headers.get('location') ?? '';

/** A whole sign-in; where it ended, and the session's cookie if there is one. */
async function signIn(jar: Jar = new Map(), callbackUrl = '/status') {
  const answer = await visit(jar, await atProvider(await begin(jar, callbackUrl)));
  return { to: leadsTo(answer), session: jar.get('ecs-rollback') ?? null, answer };
}

describe('signing in', () => {
  it('works with a provider that does what it should', async () => {
    provider.wrongs = {};
    const { to, session, answer } = await signIn();
    expect(to).toBe(`${stage.url}/status`);
    expect(session).not.toBeNull();
    const [line = ''] = (answer.headers['set-cookie'] ?? []).filter((one) => one.startsWith('ecs-rollback='));
    expect(line).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
  });

  it('gives a new session, whatever cookie was planted, and the planted one is worth nothing', async () => {
    const first = await signIn();
    const planted = first.session ?? '';
    const victim: Jar = new Map([['ecs-rollback', planted]]);
    const second = await signIn(victim);
    expect(second.session).not.toBe(planted);
    const made: Jar = new Map([['ecs-rollback', 'planted']]);
    expect((await signIn(made)).session).not.toBe('planted');
    expect((await stage.showing('ecs-rollback=planted').ask('/status')).status).toBe(307);
  });

  const wrongs: readonly (readonly [string, Wrongs])[] = [
    ['names another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.example' }) }],
    ['is for another client', { claims: (claims) => ({ ...claims, aud: 'another-client' }) }],
    ['repeats an old nonce', { claims: (claims) => ({ ...claims, nonce: 'an-old-one' }) }],
    ['has no nonce', { claims: ({ nonce, ...claims }) => claims }],
    ['has lapsed', { claims: (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }) }],
    ['names nobody', { claims: ({ sub, ...claims }) => claims }],
    ['is signed with a key nobody published', { sign: 'foreign-key' }],
    ['is signed with the secret of the client', { sign: 'shared-secret' }],
    ['is not signed', { sign: 'none' }],
    ['comes back with a foreign state', { back: (url) => url.searchParams.set('state', 'foreign') }],
    ['comes back from another issuer', { back: (url) => url.searchParams.set('iss', 'https://evil.example') }],
    ['comes back with a code of somebody else', { back: (url) => url.searchParams.set('code', 'foreign') }],
  ];

  it.each(wrongs)('is refused when the token or the answer %s', async (_what, wrong) => {
    provider.wrongs = wrong;
    const { to, session } = await signIn();
    provider.wrongs = {};
    expect(session).toBeNull();
    expect(to).toMatch(/\/api\/auth\/error\?error=\w+$/);
  });

  it.each(['next-auth.pkce.code_verifier', 'next-auth.state', 'next-auth.nonce'])(
    'is refused in a browser that lost its %s',
    async (name) => {
      const jar: Jar = new Map();
      const back = await atProvider(await begin(jar));
      expect(jar.delete(name)).toBe(true);
      await visit(jar, back);
      expect(jar.has('ecs-rollback')).toBe(false);
    },
  );

  it('is refused in another browser than it was begun in', async () => {
    const back = await atProvider(await begin(new Map()));
    const other: Jar = new Map();
    await visit(other, back);
    expect(other.has('ecs-rollback')).toBe(false);
  });

  const foreign: readonly Readonly<Record<string, string>>[] = [
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-origin' },
  ];
  it.each(foreign)('begins for no form from elsewhere: %j', async (headers) => {
    const answer = await stage.ask('/api/auth/signin/oidc', { method: 'POST', headers: { ...FORM, ...headers } });
    expect(answer.status).toBe(403);
  });
});

/** Addresses that lead elsewhere for one reader of addresses or another. */
const HOSTILE = [
  '//evil.example',
  '///evil.example',
  '////evil.example/services',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https://evil.example',
  'https://evil.example/services',
  'https://localhost@evil.example/services',
  'https://localhost:3000.evil.example/services',
  'http://evil.example#/services',
  'HTTPS://EVIL.EXAMPLE',
  '%2f%2fevil.example',
  '/%2f/evil.example',
  '/%5cevil.example',
  '/services/..//evil.example',
  '/services\r\nLocation: https://evil.example',
  '/services%0d%0aSet-Cookie:%20ecs-rollback=x',
  'javascript:alert(1)',
  'JaVaScRiPt://localhost/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'ftp://localhost/services',
  './/evil.example',
  '〱evil.example',
  '/services/production/notify/..%2f..%2f..%2f%2fevil.example',
] as const;

describe('the address to return to', () => {
  it('is on our origin and one of our pages, whatever the form says', async () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(25);
    await together(HOSTILE, async (hostile) => {
      const { to } = await signIn(new Map(), hostile);
      expect(to, hostile).toBe(`${stage.url}/services`);
    });
  });

  it('is never another one in the page, its form, or the answer of any address of sign-in', async () => {
    await together(HOSTILE, async (hostile) => {
      const written = encodeURIComponent(hostile);
      const page = await stage.ask(`/sign-in?callbackUrl=${written}`);
      expect(page.status).toBe(200);
      const [, value] = /name="callbackUrl" value="([^"]*)"/.exec(page.body) ?? [];
      expect(value, hostile).toBe('/services');
      for (const path of ['signin', 'error', 'csrf', 'callback/oidc']) {
        const answer = await stage.ask(`/api/auth/${path}?callbackUrl=${written}&error=${written}`);
        expect(answer.status, `${path} ${hostile}`).toBeLessThan(500);
        const to = new URL(leadsTo(answer) ?? '/', stage.url);
        expect(to.origin, `${path} ${hostile}`).toBe(stage.url);
        expect(answer.headers['set-cookie']?.join() ?? '').not.toMatch(/evil\.example(?!%)/);
      }
    });
  });

  it('is not taken from a cookie either', async () => {
    await together(
      HOSTILE.filter((one) => !/[^\x21-\x7e]/.test(one)),
      async (hostile) => {
        const jar: Jar = new Map();
        const back = await atProvider(await begin(jar));
        jar.set('next-auth.callback-url', encodeURIComponent(hostile));
        expect(new URL(leadsTo(await visit(jar, back)) ?? '', stage.url).origin, hostile).toBe(stage.url);
      },
    );
  });
});

describe('signing out', () => {
  it('ends the session at once, wherever its cookie is shown', async () => {
    const { session } = await signIn();
    const person = stage.showing(`ecs-rollback=${session}`);
    expect((await person.ask('/status')).status).toBe(200);
    const { body } = await person.ask('/status');
    expect(body).toMatch(/<form[^>]* action="\/api\/auth\/sign-out"[^>]*>[\s\S]*?Sign out/);
    const cookie = `ecs-rollback=${session}`;
    const signOut = (headers: Readonly<Record<string, string>>) =>
      stage.ask('/api/auth/sign-out', { method: 'POST', headers: { ...FORM, ...headers } });
    expect((await signOut({ cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await stage.ask('/api/auth/sign-out', { headers: { cookie } })).status).toBe(404);
    expect((await person.ask('/status')).status).toBe(200);
    const answer = await signOut({ cookie, origin: stage.url });
    // The way to the provider is a page, which no `form-action` of a browser holds to origins we know.
    expect(new URL(ledTo(answer.body) ?? '').origin).toBe(provider.issuer);
    expect(answer.headers['set-cookie']?.join()).toMatch(/ecs-rollback=;/);
    expect(leadsTo(await person.ask('/status'))).toContain('over=ended');
  });

  it('tells the browser to forget what it kept', async () => {
    const answer = await stage.ask('/sign-in', { headers: { cookie: 'signed-out=yes' } });
    expect(answer.headers['clear-site-data']).toBe('"cache"');
  });
});

describe('a provider that keeps silent', () => {
  afterAll(() => {
    provider.wrongs = {};
  });

  it('lets people look on; a press counts groups read lately, refuses older ones and shows the way by hand', async () => {
    provider.person = { sub: 'k.smith', name: 'K. Smith', groups: ['rollback-operators'] };
    const { session } = await signIn();
    const person = stage.showing(`ecs-rollback=${session}`);
    const [first, second] = [await person.plan(PLAN), await person.plan(OTHER_PLAN)];
    if (first === null || second === null) throw new Error('there is nothing to press');
    provider.wrongs = { silent: ['/token', '/userinfo', '/.well-known/openid-configuration'] };
    expect(leadsTo(await person.press(second))).toMatch(/^\/rollbacks\/rb-/);

    await stage.query("UPDATE session SET groups_at = clock_timestamp() - interval '6 minutes'");
    expect((await person.ask('/status')).status).toBe(200);
    const refused = await person.press(first);
    expect([refused.status, leadsTo(refused)]).toEqual([200, null]);
    expect(wordsOf(refused)).toContain('Your groups cannot be checked just now');
    expect(refused.body).toContain('aws ecs update-service');
    expect(await stage.query('SELECT 1 FROM rollback')).toHaveLength(1);

    await stage.query("UPDATE session SET groups_at = clock_timestamp() - interval '36 minutes'");
    expect(wordsOf(await person.ask('/services?show=all'))).not.toContain('delivery-worker');
  });
});

describe('identity', () => {
  it('is issuer and subject: the same e-mail from somebody else is somebody else', async () => {
    const plans = "SELECT DISTINCT subject FROM session WHERE email = 'shared@notify.example'";
    for (const sub of ['first', 'second']) {
      provider.person = { sub, name: 'K. Smith', email: 'shared@notify.example', groups: ['rollback-operators'] };
      await signIn();
    }
    expect(await stage.query(plans)).toHaveLength(2);
    const secrets = await stage.query<{ row: string }>('SELECT session::text AS row FROM session');
    expect(secrets.map(({ row }) => row).join()).not.toMatch(/eyJ/);
  });
});
