import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, custom, generators, Issuer } from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProvider, startProvider } from './start';

const CLIENT = { id: 'ecs-rollback', secret: 'the secret of the client' };
const BACK = 'http://localhost:41499/api/auth/callback/oidc';
const SCOPE = 'openid profile email groups offline_access';

// A kept connection to a provider that has ended would be tried once more.
custom.setHttpOptionsDefaults({ agent: new Agent({ keepAlive: false }) });

let folder: string;
let provider: RunningProvider;
let client: Client;

const start = async (port = 0): Promise<void> => {
  const storeFile = join(folder, 'oidc.json');
  provider = await startProvider({ port, client: { ...CLIENT, redirectUris: [BACK] }, storeFile });
  const issuer = await Issuer.discover(provider.issuer);
  client = new issuer.Client({ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [BACK] });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oidc-'));
  await start();
});
afterEach(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
});

/** Follows redirects with the cookies a browser would keep, as far as the client's own address. */
function browser() {
  const jar = new Map<string, string>();
  return async function go(address: string, form?: Record<string, string>): Promise<{ url: string; body: string }> {
    const answer = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) return { url: address, body: await answer.text() };
    const url = new URL(next, address).toString();
    return url.startsWith(provider.issuer) ? go(url) : { url, body: '' };
  };
}

async function signIn(email: string, go = browser()) {
  const verifier = generators.codeVerifier();
  const checks = { code_verifier: verifier, state: generators.state(), nonce: generators.nonce() };
  const begin = client.authorizationUrl({
    scope: SCOPE,
    state: checks.state,
    nonce: checks.nonce,
    code_challenge: generators.codeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const form = await go(begin);
  const done = form.url.startsWith(BACK) ? form : await go(form.url, { email, password: 'any' });
  return client.callback(BACK, client.callbackParams(done.url), checks);
}

const setGroups = (email: string, groups: unknown): Promise<Response> =>
  fetch(`${provider.issuer}/_control/groups`, { method: 'POST', body: JSON.stringify({ email, groups }) });

describe('the provider', () => {
  it('vouches for who gave an e-mail address it knows, with groups in ID token and userinfo', async () => {
    const tokens = await signIn('Operator@notify.example ');
    const expected = { email: 'operator@notify.example', name: 'k.smith', groups: ['rollback-operators'] };
    expect(tokens.claims()).toMatchObject(expected);
    expect(await client.userinfo(tokens)).toMatchObject({ ...expected, sub: tokens.claims().sub });
  });

  it.each([
    ['staging@notify.example', ['rollback-staging', 'rollback-viewers']],
    ['viewer@notify.example', ['rollback-viewers']],
    ['nobody@notify.example', []],
  ])('gives %s the groups %j', async (email, groups) => {
    expect((await signIn(email)).claims().groups).toEqual(groups);
  });

  it('asks again for an address it does not know, or no password', async () => {
    const go = browser();
    const challenge = generators.codeChallenge(generators.codeVerifier());
    const { url } = await go(
      client.authorizationUrl({ scope: SCOPE, code_challenge: challenge, code_challenge_method: 'S256' }),
    );
    expect((await go(url)).body).toContain('operator@notify.example');
    expect((await go(url, { email: '<b>@notify.example', password: 'any' })).body).toContain('There is no account');
    expect((await go(url, { email: '<b>@notify.example', password: 'any' })).body).not.toContain('<b>');
    expect((await go(url, { email: 'viewer@notify.example', password: '' })).body).toContain('Enter your password');
  });

  it('gives no code without PKCE', async () => {
    const { url } = await browser()(client.authorizationUrl({ scope: SCOPE }));
    expect(new URL(url).searchParams.get('error')).toBe('invalid_request');
  });

  it('tells changed groups at the next refresh and the next userinfo', async () => {
    const tokens = await signIn('operator@notify.example');
    expect((await setGroups('operator@notify.example', [])).status).toBe(200);
    const fresh = await client.refresh(tokens);
    expect(fresh.claims().groups).toEqual([]);
    expect((await client.userinfo(fresh)).groups).toEqual([]);
  });

  it('refuses to change groups of nobody, or to what is no list of names', async () => {
    expect((await setGroups('other@notify.example', [])).status).toBe(404);
    expect((await setGroups('viewer@notify.example', [7])).status).toBe(400);
    expect((await setGroups('viewer@notify.example', undefined)).status).toBe(400);
  });

  it('keeps sign-ins over a restart, and signs with the same key', async () => {
    const go = browser();
    const tokens = await signIn('viewer@notify.example', go);
    await provider.close();
    await start(Number(new URL(provider.issuer).port));
    expect((await client.refresh(tokens)).claims().email).toBe('viewer@notify.example');
    // Still signed in: no form in between.
    expect((await signIn('nobody@notify.example', go)).claims().email).toBe('viewer@notify.example');
  });

  it('ends its session and what came of it when somebody signs out, and sends them back', async () => {
    const go = browser();
    const tokens = await signIn('operator@notify.example', go);
    const page = await go(
      client.endSessionUrl({ id_token_hint: tokens, post_logout_redirect_uri: 'http://localhost:41499/sign-in' }),
    );
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.body) ?? [];
    const [, action = ''] = /action="([^"]+)"/.exec(page.body) ?? [];
    expect((await go(action, { xsrf, logout: 'yes' })).url).toBe('http://localhost:41499/sign-in');
    await expect(client.refresh(tokens)).rejects.toThrow('invalid_grant');
    expect((await signIn('viewer@notify.example', go)).claims().email).toBe('viewer@notify.example');
  });

  it('sends nobody to an address the client did not name', async () => {
    const tokens = await signIn('operator@notify.example');
    const elsewhere = client.endSessionUrl({ id_token_hint: tokens, post_logout_redirect_uri: 'http://evil.example/' });
    expect((await browser()(elsewhere)).url.startsWith(provider.issuer)).toBe(true);
  });
});
