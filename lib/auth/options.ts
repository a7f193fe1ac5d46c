import 'server-only';
import { randomBytes } from 'node:crypto';
import type { Account, AuthOptions, Profile } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import type { Log } from '@/lib/log';
import { groupsIn } from './groups-claim';
import { ANSWER_MS, ID_TOKEN_ALGORITHM, type Provider, type Tokens } from './provider';
import { returnAddress } from './return-address';
import { sessionCookie } from './session-cookie';

/** Name of the provider in addresses: `/api/auth/callback/oidc`. */
export const PROVIDER_ID = 'oidc';

/** Somebody the provider has just vouched for. */
export type SignedIn = {
  /** Random and new with every sign-in; only its hash is stored. */
  readonly sid: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  readonly tokens: Tokens;
};

/** What next-auth is set up with. */
export type SignInSettings = {
  readonly baseUrl: string;
  readonly cookieSecret: string;
  /** Longest life of a session, in seconds. */
  readonly maxSeconds: number;
  readonly provider: Provider;
  readonly log: Log;
  /** Stores the session; a sign-in whose session was not stored has failed. */
  readonly signedIn: (who: SignedIn) => Promise<void>;
};

/** Claims we read; everything else the provider says stays where it is. */
type Claims = Profile & { readonly iss?: unknown; readonly preferred_username?: unknown };

/**
 * next-auth for one provider: authorization code with PKCE, state and nonce, ID tokens of one algorithm, and a cookie
 * that holds nothing but the random id of a session stored on the server.
 *
 * @see https://next-auth.js.org/configuration/options
 */
export async function signInOptions(settings: SignInSettings): Promise<AuthOptions> {
  const { baseUrl, provider } = settings;
  const cookie = sessionCookie(baseUrl);
  return {
    secret: settings.cookieSecret,
    useSecureCookies: cookie.options.secure,
    cookies: { sessionToken: { name: cookie.name, options: cookie.options } },
    session: { strategy: 'jwt', maxAge: settings.maxSeconds },
    jwt: { maxAge: settings.maxSeconds },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [oidc(provider, await provider.scope())],
    callbacks: {
      signIn: ({ profile }) => (profile as Claims | undefined)?.iss === provider.settings.issuer,
      redirect: ({ url }) => `${new URL(baseUrl).origin}${returnAddress(url, baseUrl)}`,
      // Called with an account at sign-in alone; anything else leaves the token as it is.
      jwt: async ({ token, account, profile }) =>
        account == null ? token : { sid: await store(settings, account, profile as Claims) },
    },
    logger: {
      error: (code, cause) => settings.log('sign-in.refused', { code, cause: causeOf(cause) }),
      warn: () => undefined,
      // Would hold tokens.
      debug: () => undefined,
    },
  };
}

function oidc({ settings, wellKnown }: Provider, scope: string): OAuthConfig<Claims> {
  return {
    id: PROVIDER_ID,
    name: 'OpenID Connect',
    type: 'oauth',
    wellKnown,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    authorization: { params: { scope } },
    idToken: true,
    // Its default is state alone.
    checks: ['pkce', 'state', 'nonce'],
    client: { id_token_signed_response_alg: ID_TOKEN_ALGORITHM },
    httpOptions: { timeout: ANSWER_MS },
    profile: (claims) => ({ id: claims.sub ?? '' }),
  };
}

async function store(settings: SignInSettings, account: Account, claims: Claims): Promise<string> {
  const { provider } = settings;
  const subject = account.providerAccountId;
  const sid = randomBytes(32).toString('base64url');
  const tokens = tokensOf(account);
  const read = await groupsAtSignIn(provider, { claims, tokens, subject });
  await settings.signedIn({
    sid,
    issuer: provider.settings.issuer,
    subject,
    name: firstText(claims.name, claims.preferred_username, claims.email) ?? subject,
    email: firstText(claims.email),
    groups: read.groups,
    tokens: read.tokens,
  });
  return sid;
}

type Vouched = { readonly claims: Claims; readonly tokens: Tokens; readonly subject: string };

async function groupsAtSignIn(provider: Provider, { claims, tokens, subject }: Vouched) {
  const { from, claim } = provider.settings.groups;
  if (from === 'id-token') return { groups: groupsIn(claims, claim), tokens };
  const answer = await provider.readGroups(tokens, subject);
  if (answer.kind === 'read') return answer;
  throw new Error(`groups were not read: ${answer.cause}`);
}

const tokensOf = (account: Account): Tokens => ({
  accessToken: account.access_token ?? null,
  refreshToken: account.refresh_token ?? null,
  idToken: account.id_token ?? null,
  expiresAt: account.expires_at ?? null,
});

/** Longest name and e-mail that are kept, in characters. */
const LONGEST = 200;

const firstText = (...candidates: readonly unknown[]): string | null =>
  candidates
    .filter((text): text is string => typeof text === 'string')
    .map((text) =>
      text
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, LONGEST),
    )
    .find((text) => text !== '') ?? null;

/** Name and message alone: the library's metadata holds what the provider sent. */
function causeOf(metadata: unknown): string {
  const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown } | null)?.error;
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
}
