import 'server-only';
import { type Client, custom, errors, Issuer, type TokenSet } from 'openid-client';
import { groupsIn } from './groups-claim';

/** The one OpenID provider people sign in with. */
export type ProviderSettings = {
  /** Compared exactly with what the provider calls itself. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Which claim names the groups, and where it is read: at sign-in and later alike. */
  readonly groups: { readonly claim: string; readonly from: 'id-token' | 'userinfo' };
};

/** Tokens of one sign-in, as they are kept (encrypted) with its session. */
export type Tokens = {
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** When the access token lapses, in seconds since 1970; null where the provider did not say. */
  readonly expiresAt: number | null;
};

/** What came of asking the provider for somebody's groups. */
export type GroupsAnswer =
  | { readonly kind: 'read'; readonly groups: readonly string[]; readonly tokens: Tokens }
  /** The provider answered that it stands for this sign-in no longer. */
  | { readonly kind: 'denied'; readonly cause: string }
  /** No answer that says anything. */
  | { readonly kind: 'silent'; readonly cause: string };

export type Provider = {
  readonly settings: ProviderSettings;
  /** Address of the provider's description of itself. */
  readonly wellKnown: string;
  /** Scopes to ask for: the provider's groups and a refresh token too, where it knows such scopes. */
  scope(): Promise<string>;
  /** Origins a sign-in and a sign-out go to; the issuer's alone until the provider has answered once. */
  formOrigins(): readonly string[];
  /** Reads the groups anew with the tokens of a sign-in. Takes up to {@link ANSWER_MS} a request; never throws. */
  readGroups(tokens: Tokens, subject: string): Promise<GroupsAnswer>;
  /** Where signing out goes on to; null where the provider has no such page or does not answer. */
  signOutAddress(idToken: string | null, returnTo: string): Promise<string | null>;
  /** How long the provider takes to describe itself, in milliseconds; null when it does not. */
  answersIn(): Promise<number | null>;
};

/** Longest wait for one answer of the provider, in milliseconds. */
export const ANSWER_MS = 5_000;

/** How long the provider's description of itself is believed, in milliseconds. */
const DESCRIPTION_MS = 60 * 60_000;

/** The provider, by the standard protocol and nothing else. */
export function createProvider(settings: ProviderSettings, now: () => number = Date.now): Provider {
  const wellKnown = `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let known: { readonly client: Client; readonly at: number } | null = null;

  const discover = async (): Promise<Client> => {
    custom.setHttpOptionsDefaults({ timeout: ANSWER_MS });
    const issuer = await Issuer.discover(wellKnown);
    if (issuer.metadata.issuer !== settings.issuer) throw new Error(`the provider calls itself ${issuer.issuer}`);
    const client = new issuer.Client({
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      id_token_signed_response_alg: ID_TOKEN_ALGORITHM,
    });
    client[custom.clock_tolerance] = CLOCK_TOLERANCE_SECONDS;
    known = { client, at: now() };
    return client;
  };
  const client = async (): Promise<Client> =>
    known !== null && now() - known.at < DESCRIPTION_MS ? known.client : discover();

  return {
    settings,
    wellKnown,
    scope: () => client().then(scopeOf, () => SCOPE),
    formOrigins: () => formOriginsOf(settings.issuer, known?.client ?? null),
    readGroups: async (tokens, subject) => {
      try {
        return await readGroups(await client(), { tokens, subject, from: settings.groups, now });
      } catch (error) {
        return asAnswer(error);
      }
    },
    signOutAddress: (idToken, returnTo) =>
      client().then(
        (known) => signOutAddress(known, { idToken, returnTo }),
        () => null,
      ),
    answersIn: async () => {
      const since = now();
      return discover().then(
        () => now() - since,
        () => null,
      );
    },
  };
}

/** The one algorithm ID tokens may be signed with; `none` and shared-secret ones are refused. */
export const ID_TOKEN_ALGORITHM = 'RS256';

const CLOCK_TOLERANCE_SECONDS = 10;
const SCOPE = 'openid profile email';

function scopeOf(client: Client): string {
  const supported = client.issuer.metadata.scopes_supported;
  const wished = ['groups', 'offline_access'].filter(
    (scope) => Array.isArray(supported) && (supported as readonly unknown[]).includes(scope),
  );
  return [SCOPE, ...wished].join(' ');
}

function formOriginsOf(issuer: string, client: Client | null): readonly string[] {
  const { authorization_endpoint: signIn, end_session_endpoint: signOut } = client?.issuer.metadata ?? {};
  const places = [issuer, signIn, signOut].filter((url): url is string => url !== undefined && URL.canParse(url));
  return [...new Set(places.map((url) => new URL(url).origin))];
}

function signOutAddress(client: Client, from: { idToken: string | null; returnTo: string }): string | null {
  if (client.issuer.metadata.end_session_endpoint === undefined) return null;
  const hint = from.idToken === null ? {} : { id_token_hint: from.idToken };
  return client.endSessionUrl({ ...hint, post_logout_redirect_uri: from.returnTo });
}

type GroupsQuestion = {
  readonly tokens: Tokens;
  readonly subject: string;
  readonly from: ProviderSettings['groups'];
  readonly now: () => number;
};

async function readGroups(client: Client, question: GroupsQuestion): Promise<GroupsAnswer> {
  const { tokens, subject, from, now } = question;
  if (from.from === 'id-token') return groupsOfFreshIdToken(client, question);
  const lapsed = tokens.expiresAt !== null && tokens.expiresAt * 1000 <= now();
  const usable = lapsed && tokens.refreshToken !== null ? await refreshed(client, tokens) : tokens;
  if (usable.accessToken === null) return { kind: 'silent', cause: 'no access token' };
  const claims = await client.userinfo(usable.accessToken);
  if (claims.sub !== subject) return { kind: 'denied', cause: 'the provider answered for somebody else' };
  return { kind: 'read', groups: groupsIn(claims, from.claim), tokens: usable };
}

async function groupsOfFreshIdToken(client: Client, question: GroupsQuestion): Promise<GroupsAnswer> {
  const { tokens, subject, from } = question;
  if (tokens.refreshToken === null) return { kind: 'silent', cause: 'no refresh token' };
  const fresh = await client.refresh(tokens.refreshToken);
  if (fresh.id_token === undefined) return { kind: 'silent', cause: 'no ID token in the answer' };
  const claims = fresh.claims();
  if (claims.sub !== subject) return { kind: 'denied', cause: 'the provider answered for somebody else' };
  return { kind: 'read', groups: groupsIn(claims, from.claim), tokens: tokensOf(fresh, tokens) };
}

async function refreshed(client: Client, tokens: Tokens): Promise<Tokens> {
  if (tokens.refreshToken === null) return tokens;
  return tokensOf(await client.refresh(tokens.refreshToken), tokens);
}

/** The tokens of an answer; what it leaves out stays as it was. */
function tokensOf(answer: TokenSet, before: Tokens): Tokens {
  return {
    accessToken: answer.access_token ?? before.accessToken,
    refreshToken: answer.refresh_token ?? before.refreshToken,
    idToken: answer.id_token ?? before.idToken,
    expiresAt: answer.expires_at ?? null,
  };
}

/** A refusal of the provider ends the sign-in; anything else says nothing about it. */
function asAnswer(error: unknown): GroupsAnswer {
  const cause = error instanceof Error ? error.message : 'no answer';
  const denied = error instanceof errors.OPError && DENIALS.has(error.error ?? '');
  return { kind: denied ? 'denied' : 'silent', cause };
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 and RFC 6750, section 3.1 */
const DENIALS: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_token', 'access_denied']);
