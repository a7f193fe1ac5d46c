import { randomBytes } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { type Sessions, sessionsIn } from '@/lib/db/sessions';
import { keysFrom } from '@/lib/digest';
import { may, type Principal } from '@/lib/domain/permissions';
import type { Target } from '@/lib/domain/target';
import { type Access, createAccess } from './access';
import { ledTo, type PretendBrowser, pretendBrowser } from './pretend-browser';
import { CLIENT, type PretendProvider, pretendProvider, type Wrongs } from './pretend-provider';
import type { ProviderSettings } from './provider';

const BASE = 'http://localhost:3000';
const SECRET = randomBytes(32).toString('hex');
const keys = keysFrom(SECRET);
const target = (name: string, operators: string[], viewers: string[]) =>
  ({ name, operators, viewers, clusters: null, services: [] }) as unknown as Target;
const TARGETS = [
  target('production', ['operators'], ['viewers']),
  target('staging', ['operators', 'staging'], ['viewers']),
];

const API = { cluster: 'notify', service: 'api' };

let fresh: FreshDatabase;
let provider: PretendProvider;
let sessions: Sessions;
let access: Access;
let browser: PretendBrowser;
let ahead = 0;
const logged: string[] = [];

const dashboard = (
  from: ProviderSettings['groups']['from'] = 'id-token',
  url = BASE,
  over = sessions,
  idleSeconds = 1_800,
): Access => {
  process.env.NEXTAUTH_URL = url;
  return createAccess({
    baseUrl: url,
    cookieSecret: keys.cookieSecret,
    maxSeconds: 28_800,
    idleSeconds,
    provider: {
      issuer: provider.issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      groups: { claim: 'groups', from },
    },
    targets: TARGETS,
    pipelines: [],
    sessions: over,
    log: (event, members) => logged.push(JSON.stringify([event, members])),
    now: () => Date.now() + ahead,
  });
};

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  sessions = sessionsIn(fresh.database, {
    keys,
    log: () => undefined,
    limits: { maxSeconds: 28_800, idleSeconds: 1_800 },
  });
});
afterAll(() => fresh?.drop());

beforeEach(async () => {
  ahead = 0;
  logged.length = 0;
  provider = await pretendProvider({
    sub: 'k.smith',
    name: 'K. Smith',
    email: 'K.Smith@notify.example',
    groups: ['operators'],
  });
  access = dashboard();
  browser = pretendBrowser(access);
});
afterEach(() => provider.close());

const cookie = (): string | undefined => browser.cookies.get('ecs-rollback');
const who = (use = true) => access.identify(cookie(), use);

async function principal(): Promise<Principal> {
  const found = await who();
  if (found.kind !== 'person') throw new Error(`nobody is signed in: ${found.kind}`);
  return found.principal;
}

/** As if the groups had been read so long ago. */
const groupsAge = (minutes: number) =>
  fresh.owner.query("UPDATE session SET groups_at = clock_timestamp() - $1 * interval '1 minute'", [minutes]);

/** As if the database did not answer. */
const silentDatabase = (): Sessions => ({
  ...sessions,
  find: () => Promise.reject(new Error('timeout expired')),
  peek: () => Promise.reject(new Error('timeout expired')),
  end: () => Promise.reject(new Error('timeout expired')),
});

describe('signing in', () => {
  it('ends at the address asked for, as the person the provider vouched for', async () => {
    expect(await browser.signIn('/services/production/notify/api/rollback?to=api%3A421&bring=images')).toBe(
      `${BASE}/services/production/notify/api/rollback?to=api%3A421&bring=images`,
    );
    const person = await principal();
    expect(person).toMatchObject({
      issuer: provider.issuer,
      subject: 'k.smith',
      name: 'K. Smith',
      email: 'K.Smith@notify.example',
      groups: ['operators'],
    });
    expect(may(person, 'roll-back', 'production', API)).toBe(true);
    expect(may(person, 'look', 'somewhere-else')).toBe(false);
  });

  it('asks with PKCE, state and nonce, and for the scopes the provider knows', async () => {
    await browser.signIn();
    const asked = Object.fromEntries(provider.authorization);
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid profile email groups',
      redirect_uri: `${BASE}/api/auth/callback/oidc`,
    });
    for (const check of ['state', 'nonce', 'code_challenge']) expect(asked[check]?.length).toBeGreaterThan(20);
  });

  it('keeps nothing but a random id in the cookie, and only its hash in the database', async () => {
    await browser.signIn();
    const { decode } = await import('next-auth/jwt');
    const token = await decode({ token: cookie(), secret: keys.cookieSecret });
    expect(Object.keys(token ?? {}).sort()).toEqual(['exp', 'iat', 'jti', 'sid']);
    const rows = await fresh.owner.query<{ row: string }>('SELECT session::text AS row FROM session');
    expect(rows.filter(({ row }) => row.includes(String(token?.sid)))).toEqual([]);
  });

  it('gives a new id every time, whatever cookie came with it', async () => {
    browser.cookies.set('ecs-rollback', await encode({ token: { sid: 'x'.repeat(43) }, secret: keys.cookieSecret }));
    expect((await who()).kind).toBe('stranger');
    await browser.signIn();
    const first = await principal();
    await browser.signIn();
    const second = await principal();
    expect(second.sessionId).not.toBe(first.sessionId);
  });

  it('takes its groups from userinfo where that is configured', async () => {
    access = dashboard('userinfo');
    browser = pretendBrowser(access);
    provider.wrongs = { claims: ({ groups, ...claims }) => ({ ...claims, groups: ['operators-of-the-token'] }) };
    await browser.signIn();
    expect((await principal()).groups).toEqual(['operators']);
  });

  it('gives no groups to somebody whose claim is missing', async () => {
    provider.wrongs = { claims: ({ groups, ...claims }) => claims };
    await browser.signIn();
    const person = await principal();
    expect(person.groups).toEqual([]);
    expect(person.roles.size).toBe(0);
  });

  it('sets cookies that only this host gets, by https alone, where it is reached by https', async () => {
    access = dashboard('id-token', 'https://rollback.example');
    browser = pretendBrowser(access);
    const back = await browser.signInAt(await browser.begin());
    const response = await browser.ask(back);
    const line = response.headers.getSetCookie().find((set) => set.startsWith('__Host-ecs-rollback='));
    expect(line).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
  });

  it('works for the form the csrf endpoint gives a token to as well', async () => {
    const { csrfToken } = (await (await browser.ask('/api/auth/csrf')).json()) as { csrfToken: string };
    const response = await browser.ask('/api/auth/signin/oidc', {
      method: 'POST',
      body: new URLSearchParams({ csrfToken, callbackUrl: '/status' }).toString(),
      headers: { origin: BASE, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(ledTo(await response.text())).toContain(`${provider.issuer}/authorize?`);
  });

  it('goes on to the provider by a page of ours: browsers hold the redirects of a form to where forms may lead', async () => {
    const response = await browser.ask('/api/auth/signin/oidc', { method: 'POST', headers: { origin: BASE } });
    expect(response.status).toBe(200);
    expect(response.headers.get('location')).toBeNull();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('goes on when the provider has new keys: they are fetched again, once', async () => {
    await browser.signIn();
    const fetched = () => provider.asked.filter((path) => path === '/jwks').length;
    provider.wrongs = { rotated: true };
    const before = fetched();
    browser = pretendBrowser(access);
    await browser.signIn();
    expect(await who()).toMatchObject({ kind: 'person' });
    expect(fetched() - before).toBe(1);
  });

  it('is no sign-in where the session could not be stored', async () => {
    access = dashboard('id-token', BASE, { ...sessions, insert: () => Promise.reject(new Error('no database')) });
    browser = pretendBrowser(access);
    expect(await browser.signIn()).toBe(`${BASE}/api/auth/error?error=Callback`);
    expect(cookie()).toBeUndefined();
  });
});

describe('a sign-in that is not what it should be', () => {
  const wrongs: readonly (readonly [string, Wrongs])[] = [
    ['names another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.example' }) }],
    ['is for another client', { claims: (claims) => ({ ...claims, aud: 'another-client' }) }],
    ['is for several clients and was given to another', { claims: (c) => ({ ...c, aud: [c.aud, 'x'], azp: 'x' }) }],
    ['repeats an old nonce', { claims: (claims) => ({ ...claims, nonce: 'an-old-one' }) }],
    ['has no nonce', { claims: ({ nonce, ...claims }) => claims }],
    ['has lapsed', { claims: (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }) }],
    ['is not valid yet', { claims: (claims) => ({ ...claims, nbf: Math.floor(Date.now() / 1000) + 600 }) }],
    ['names nobody', { claims: ({ sub, ...claims }) => claims }],
    ['is signed with a key nobody published', { sign: 'foreign-key' }],
    ['is signed with the secret of the client', { sign: 'shared-secret' }],
    ['is not signed', { sign: 'none' }],
    ['comes from a provider that calls itself something else', { issuer: 'https://evil.example' }],
    ['comes back with a foreign state', { back: (url) => url.searchParams.set('state', 'foreign') }],
    ['comes back without a state', { back: (url) => url.searchParams.delete('state') }],
    ['comes back from another issuer', { back: (url) => url.searchParams.set('iss', 'https://evil.example') }],
    ['comes back with a code of somebody else', { back: (url) => url.searchParams.set('code', 'foreign') }],
    ['comes back with an error', { back: (url) => url.searchParams.set('error', 'access_denied') }],
  ];

  it.each(wrongs)('is refused when it %s', async (_what, wrong) => {
    provider.wrongs = wrong;
    expect(await browser.signIn()).toMatch(/^http:\/\/localhost:3000\/api\/auth\/error\?error=(OAuth)?Callback$/);
    expect(cookie()).toBeUndefined();
    expect(logged.filter((line) => line.startsWith('["sign-in.refused"')).length).toBeGreaterThan(0);
  });

  it('is refused when the provider is consistently another one than configured', async () => {
    const issuer = 'https://evil.example';
    provider.wrongs = { issuer, claims: (claims) => ({ ...claims, iss: issuer }) };
    expect(await browser.signIn()).toBe(`${BASE}/api/auth/error?error=AccessDenied`);
    expect(cookie()).toBeUndefined();
  });

  it.each(['next-auth.pkce.code_verifier', 'next-auth.state', 'next-auth.nonce'])(
    'is refused in a browser without its %s',
    async (name) => {
      const back = await browser.signInAt(await browser.begin());
      expect(browser.cookies.delete(name)).toBe(true);
      await browser.ask(back);
      expect(cookie()).toBeUndefined();
    },
  );

  it('is refused in another browser than it was begun in, and a second time', async () => {
    const back = await browser.signInAt(await browser.begin());
    const other = pretendBrowser(access);
    await other.ask(back);
    expect(other.cookies.has('ecs-rollback')).toBe(false);
    await browser.ask(back);
    const first = cookie();
    expect(first).toBeDefined();
    await browser.ask(back);
    expect(cookie()).toBe(first);
  });

  it('leads to the sign-in page, which says so', async () => {
    provider.wrongs = { sign: 'none' };
    const failed = await browser.ask(await browser.signIn());
    const page = await browser.ask(failed.headers.get('location') ?? '');
    expect(page.headers.get('location')).toMatch(/^\/sign-in\?callbackUrl=.+&error=OAuthCallback$/);
  });

  it('logs no token, no code and no secret', async () => {
    provider.wrongs = { sign: 'foreign-key' };
    const back = await browser.signInAt(await browser.begin());
    await browser.ask(back);
    const code = new URL(back).searchParams.get('code') ?? '';
    expect(logged.join()).not.toContain(code);
    expect(logged.join()).not.toContain(CLIENT.secret);
    expect(logged.join()).not.toMatch(/eyJ/);
  });
});

describe('the addresses of sign-in', () => {
  it.each([
    ['GET', '/api/auth/session'],
    ['GET', '/api/auth/providers'],
    ['GET', '/api/auth/signout'],
    ['GET', '/api/auth/verify-request'],
    ['GET', '/api/auth/callback/other'],
    ['GET', '/api/auth/callback/oidc/more'],
    ['GET', '/api/auth/__proto__'],
    ['GET', '/api/auth/'],
    ['POST', '/api/auth/session'],
    ['POST', '/api/auth/signout'],
    ['POST', '/api/auth/_log'],
    ['POST', '/api/auth/callback/oidc'],
    ['POST', '/api/auth/signin/other'],
    ['PUT', '/api/auth/signin/oidc'],
    ['DELETE', '/api/auth/csrf'],
  ])('do not include %s %s', async (method, path) => {
    const response = await browser.ask(path, { method, headers: { origin: BASE } });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  const foreign: readonly Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: BASE, 'sec-fetch-site': 'cross-site' },
  ];
  it.each(foreign)('begin nothing for a form from elsewhere: %j', async (headers) => {
    const response = await browser.ask('/api/auth/signin/oidc', { method: 'POST', headers });
    expect(response.status).toBe(403);
    expect(provider.asked).toEqual([]);
  });

  it('never lead elsewhere, whatever address a form, a query or a cookie names', async () => {
    for (const hostile of [
      '//evil.example',
      'https://evil.example/services',
      'javascript:alert(1)',
      '/\\evil.example',
    ]) {
      expect(await browser.signIn(hostile)).toBe(`${BASE}/services`);
      browser.cookies.set('next-auth.callback-url', hostile);
      const page = await browser.ask(`/api/auth/signin?callbackUrl=${encodeURIComponent(hostile)}`);
      expect(page.headers.get('location')).toBe(`/sign-in?callbackUrl=${encodeURIComponent(`${BASE}/services`)}`);
      expect((await browser.ask('/api/auth/csrf')).status).toBe(200);
    }
  });

  it.each(['a%0d%0aSet-Cookie:x', '%E2%82%AC', '%00', 'OAuthCallback%26over=idle', '%3Cscript%3E'])(
    'answer an error of anybody’s making by our own page and nothing of theirs: %s',
    async (error) => {
      for (const path of [`/api/auth/error?error=${error}`, `/api/auth/signin?error=${error}`]) {
        const response = await browser.ask(path);
        expect(response.status).toBe(302);
        expect(response.headers.get('location')).toMatch(
          /^(http:\/\/localhost:3000)?\/sign-in\?(callbackUrl=[^&]+&)?error=Default$/,
        );
        expect(response.headers.has('set-cookie') && response.headers.get('set-cookie')).not.toContain('x=');
      }
    },
  );

  it('read no more of a body than 64 KiB', async () => {
    const response = await browser.ask('/api/auth/signin/oidc', {
      method: 'POST',
      body: `callbackUrl=${'a'.repeat(100_000)}`,
      headers: { origin: BASE, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(response.status).toBe(413);
  });
});

describe('a session', () => {
  it('is over at once and everywhere when it is signed out, revoked or ended by the provider', async () => {
    await browser.signIn();
    const { sessionId } = await principal();
    const elsewhere = dashboard();
    const address = new URL(await access.leave(sessionId));
    expect(address.origin + address.pathname).toBe(`${provider.issuer}/end`);
    expect(address.searchParams.get('post_logout_redirect_uri')).toBe(`${BASE}/sign-in`);
    expect(address.searchParams.get('id_token_hint')?.split('.')).toHaveLength(3);
    expect(await elsewhere.identify(cookie(), true)).toEqual({ kind: 'over', why: 'ended' });

    await browser.signIn();
    await sessions.revoke('everybody');
    expect(await who()).toEqual({ kind: 'over', why: 'revoked' });
  });

  it('says whether its age or its idleness ended it', async () => {
    await browser.signIn();
    await fresh.owner.query("UPDATE session SET last_used_at = clock_timestamp() - interval '31 minutes'");
    expect(await who()).toEqual({ kind: 'over', why: 'idle' });
    await fresh.owner.query('UPDATE session SET expires_at = clock_timestamp()');
    expect(await who()).toEqual({ kind: 'over', why: 'age' });
  });

  it('is left to our own page where the provider or the database does not answer', async () => {
    await browser.signIn();
    const { sessionId } = await principal();
    expect(new URL(await dashboard('id-token', BASE, silentDatabase()).leave(sessionId)).origin).toBe(provider.issuer);
    await provider.close();
    expect(await dashboard().leave(sessionId)).toBe('/sign-in');
  });

  it('counts for looking while the database is silent, for 30 minutes after it was read', async () => {
    let silent = false;
    access = dashboard('id-token', BASE, {
      ...sessions,
      find: (sid, by) => (silent ? silentDatabase().find(sid, by) : sessions.find(sid, by)),
      peek: (id) => (silent ? silentDatabase().peek(id) : sessions.peek(id)),
    });
    browser = pretendBrowser(access);
    await browser.signIn();
    const person = await principal();
    silent = true;
    ahead = 29 * 60_000;
    expect((await principal()).sessionId).toBe(person.sessionId);
    await expect(access.renewGroups(person)).rejects.toThrow();
    ahead = 31 * 60_000;
    expect(await who()).toEqual({ kind: 'unreadable' });
    expect(await dashboard('id-token', BASE, silentDatabase()).identify(cookie(), true)).toEqual({
      kind: 'unreadable',
    });
  });

  it('counts from memory no longer than its groups and the idle limit let it', async () => {
    const session = { silent: false };
    const sometimes: Sessions = {
      ...sessions,
      find: (sid, by) => (session.silent ? silentDatabase().find(sid, by) : sessions.find(sid, by)),
    };
    access = dashboard('id-token', BASE, sometimes, 60);
    browser = pretendBrowser(access);
    await browser.signIn();
    await principal();
    session.silent = true;
    ahead = 59_000;
    expect((await who()).kind).toBe('person');
    ahead = 61_000;
    expect(await who()).toEqual({ kind: 'unreadable' });

    session.silent = false;
    ahead = 0;
    access = dashboard('id-token', BASE, sometimes);
    await groupsAge(20);
    provider.wrongs = { silent: ['/token'] };
    await principal();
    session.silent = true;
    ahead = 16 * 60_000;
    expect(await who()).toEqual({ kind: 'unreadable' });
  });

  it('is nobody without a cookie, or with one of another secret', async () => {
    expect(await access.identify(undefined, true)).toEqual({ kind: 'stranger' });
    expect(await access.identify('forged', true)).toEqual({ kind: 'stranger' });
    const forged = await encode({ token: { sid: 'a'.repeat(43) }, secret: 'another secret' });
    expect(await access.identify(forged, true)).toEqual({ kind: 'stranger' });
  });
});

describe('groups', () => {
  const tokensAsked = () => provider.asked.filter((path) => path === '/token').length;

  it.each(['id-token', 'userinfo'] as const)(
    'are read anew from %s when a page finds them older than 5 minutes',
    async (from) => {
      access = dashboard(from);
      browser = pretendBrowser(access);
      await browser.signIn();
      provider.person = { ...provider.person, groups: ['viewers'] };
      await groupsAge(4);
      expect((await principal()).groups).toEqual(['operators']);
      await groupsAge(6);
      const person = await principal();
      expect(person.groups).toEqual(['viewers']);
      expect(may(person, 'roll-back', 'production', API)).toBe(false);
    },
  );

  it('are read anew at every press, however young', async () => {
    await browser.signIn();
    const person = await principal();
    provider.person = { ...provider.person, groups: [] };
    const renewed = await access.renewGroups(person);
    expect(renewed.ok && renewed.value.roles.size).toBe(0);
  });

  it('are read by one process at a time, and a refresh token is used once', async () => {
    await browser.signIn();
    await groupsAge(6);
    const others = [access, dashboard(), dashboard()];
    const before = tokensAsked();
    const found = await Promise.all([...others, ...others].map((one) => one.identify(cookie(), true)));
    expect(found.map(({ kind }) => kind)).toEqual(Array(6).fill('person'));
    expect(tokensAsked() - before).toBe(1);
  });

  it('stay as they were for 30 minutes while the provider is silent, and only the first page waits', async () => {
    await browser.signIn();
    provider.wrongs = { silent: ['/token'] };
    await groupsAge(6);
    const since = Date.now();
    expect((await principal()).groups).toEqual(['operators']);
    const waited = Date.now() - since;
    expect(waited).toBeGreaterThan(1_500);
    expect(waited).toBeLessThan(3_000);
    await principal();
    expect(Date.now() - since - waited).toBeLessThan(500);
    await groupsAge(36);
    expect(await who()).toEqual({ kind: 'over', why: 'groups' });
  });

  it('count at a press for 5 minutes while the provider is silent, and no longer', async () => {
    await browser.signIn();
    const person = await principal();
    provider.wrongs = { noRefresh: true };
    await browser.signIn();
    await groupsAge(4);
    const young = await access.renewGroups(await principal());
    expect(young.ok && young.value.groups).toEqual(['operators']);
    await groupsAge(6);
    expect(await access.renewGroups(await principal())).toEqual({ ok: false, error: 'groups-unreadable' });
    await sessions.revoke('everybody');
    expect(await access.renewGroups(person)).toEqual({ ok: false, error: 'session-over' });
  });

  it('end the session where the provider stands for it no longer', async () => {
    await browser.signIn();
    const person = await principal();
    provider.wrongs = { refuseRefresh: true };
    expect(await access.renewGroups(person)).toEqual({ ok: false, error: 'session-over' });
    expect(await who()).toEqual({ kind: 'over', why: 'ended' });
  });

  it('of somebody else are refused', async () => {
    await browser.signIn();
    const person = await principal();
    provider.person = { sub: 'somebody-else', groups: ['operators'] };
    expect((await access.renewGroups(person)).ok).toBe(false);
  });
});
