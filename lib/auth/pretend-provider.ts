import 'server-only';
import { createHash, createHmac, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody the provider knows. */
export type Person = { readonly sub: string; readonly name?: string; readonly email?: string; groups: string[] };

/** What the provider does wrong, for tests of what a sign-in refuses. */
export type Wrongs = {
  /** Changes the claims of an ID token before it is signed. */
  claims?: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Signs in another way: with a key nobody published, with the client's secret, or not at all. */
  sign?: 'foreign-key' | 'shared-secret' | 'none';
  /** Has other keys than at first, and knows the first ones no more. */
  rotated?: boolean;
  /** What discovery calls the issuer. */
  issuer?: string;
  /** Answers nothing to these paths. */
  silent?: readonly string[];
  /** Refuses every refresh token. */
  refuseRefresh?: boolean;
  /** Leaves refresh tokens out. */
  noRefresh?: boolean;
  /** Changes the address a sign-in goes back to. */
  back?: (url: URL) => void;
};

export type PretendProvider = {
  readonly issuer: string;
  person: Person;
  wrongs: Wrongs;
  /** Paths asked for, oldest first. */
  readonly asked: string[];
  /** Query of the latest authorization request. */
  authorization: URLSearchParams;
  close(): Promise<void>;
};

export const CLIENT = { id: 'ecs-rollback', secret: 'the secret of the client' } as const;

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const later = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

type Code = { readonly challenge: string; readonly nonce: string; readonly redirect: string };

/**
 * A provider over HTTP that does what it is told, wrong things too. Codes and refresh tokens work once, and a code only
 * with its PKCE verifier.
 */
export async function pretendProvider(person: Person): Promise<PretendProvider> {
  const codes = new Map<string, Code>();
  const refreshTokens = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: PretendProvider = {
    issuer,
    person,
    wrongs: {},
    asked: [],
    authorization: new URLSearchParams(),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };

  const pair = () => (provider.wrongs.rotated ? later : own);
  const kid = () => (provider.wrongs.rotated ? 'later' : 'own');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    provider.asked.push(url.pathname);
    if (provider.wrongs.silent?.includes(url.pathname)) return;
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return void json(200, description());
      case '/jwks':
        return void json(200, { keys: [{ ...pair().publicKey.export({ format: 'jwk' }), kid: kid(), alg: 'RS256' }] });
      case '/authorize':
        return void response.writeHead(302, { Location: authorize(url.searchParams) }).end();
      case '/token': {
        const [status, body] = token(new URLSearchParams(await bodyOf(request)));
        return void json(status, body);
      }
      case '/userinfo':
        return void json(200, provider.person);
      default:
        return void response.writeHead(404).end();
    }
  }

  const description = () => ({
    issuer: provider.wrongs.issuer ?? issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/end`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'groups'],
  });

  function authorize(query: URLSearchParams): string {
    provider.authorization = query;
    const code = randomBytes(16).toString('hex');
    const redirect = query.get('redirect_uri') ?? '';
    codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '', redirect });
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    provider.wrongs.back?.(back);
    return back.toString();
  }

  function token(form: URLSearchParams): readonly [number, object] {
    if (form.get('grant_type') === 'refresh_token') {
      const known = refreshTokens.delete(form.get('refresh_token') ?? '') && !provider.wrongs.refuseRefresh;
      return known ? [200, tokens({})] : [400, { error: 'invalid_grant' }];
    }
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const good = code !== undefined && code.challenge === proof && code.redirect === form.get('redirect_uri');
    return good ? [200, tokens({ nonce: code.nonce })] : [400, { error: 'invalid_grant' }];
  }

  function tokens(extra: Record<string, unknown>): object {
    const refresh = randomBytes(16).toString('hex');
    refreshTokens.add(refresh);
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: CLIENT.id, iat: now, exp: now + 3600, ...provider.person, ...extra };
    return {
      access_token: randomBytes(16).toString('hex'),
      token_type: 'Bearer',
      expires_in: 3600,
      id_token: signed(provider.wrongs.claims?.(claims) ?? claims),
      ...(provider.wrongs.noRefresh ? {} : { refresh_token: refresh }),
    };
  }

  function signed(claims: Record<string, unknown>): string {
    const { sign } = provider.wrongs;
    const rsa = (key: KeyObject) => (text: string) => createSign('RSA-SHA256').update(text).sign(key, 'base64url');
    if (sign === 'none') return compact({ alg: 'none' }, claims, () => '');
    if (sign === 'shared-secret') {
      return compact({ alg: 'HS256' }, claims, (text) =>
        createHmac('sha256', CLIENT.secret).update(text).digest('base64url'),
      );
    }
    const key = sign === 'foreign-key' ? foreign.privateKey : pair().privateKey;
    return compact({ alg: 'RS256', kid: kid() }, claims, rsa(key));
  }
  return provider;
}

function compact(header: object, claims: object, sign: (text: string) => string): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign(text)}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
