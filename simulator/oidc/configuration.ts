import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { mistakePage, PAGE_HEADERS, signedOutPage, signOutPage } from './pages';
import { PEOPLE, type Person } from './people';
import type { Store } from './store';

/** The one dashboard that people sign in to here. */
export type Client = {
  readonly id: string;
  readonly secret: string;
  /** Addresses a sign-in may go back to. */
  readonly redirectUris: readonly string[];
};

/** Where a sign-in waits for e-mail and password. */
export const SIGN_IN_PATH = '/sign-in/';

const HOUR = 3600;

/** The library set up as a company's directory would be: authorization code with PKCE, groups in ID token and userinfo. */
export function configurationFor(client: Client, store: Store): Configuration {
  return {
    adapter: (kind) => store.adapter(kind),
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [...client.redirectUris],
        post_logout_redirect_uris: client.redirectUris.map((uri) => `${new URL(uri).origin}/sign-in`),
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [store.signingKey] },
    cookies: { keys: [store.cookieKey] },
    pkce: { required: () => true },
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    // Most directories put what was asked for into the ID token as well.
    conformIdTokenClaims: false,
    findAccount: (_context, sub) => {
      const person = PEOPLE.find((one) => one.sub === sub);
      return person && { accountId: sub, claims: () => claimsOf(person, store) };
    },
    loadExistingGrant: grantAtOnce,
    // Without asking for consent, which the library ties to the scope `offline_access`.
    issueRefreshToken: async (_context, asking) => asking.grantTypeAllowed('refresh_token'),
    // Signing out here ends what was given out.
    expiresWithSession: () => true,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => show(context, signOutPage(form)),
        postLogoutSuccessSource: (context) => show(context, signedOutPage()),
      },
    },
    interactions: { url: (_context, { uid }) => `${SIGN_IN_PATH}${uid}` },
    renderError: (context, { error, error_description: description }) =>
      show(context, mistakePage(description ?? error)),
    ttl: {
      AuthorizationCode: 60,
      AccessToken: 600,
      IdToken: HOUR,
      Interaction: HOUR,
      Session: 8 * HOUR,
      RefreshToken: 12 * HOUR,
      Grant: 12 * HOUR,
    },
  };
}

const claimsOf = (person: Person, store: Store) => ({
  sub: person.sub,
  name: person.name,
  preferred_username: person.name,
  email: person.email,
  email_verified: true,
  groups: [...(store.groupsOf(person.sub) ?? person.groups)],
});

/** A company's own client asks nobody for consent. */
async function grantAtOnce(context: KoaContextWithOIDC) {
  const { client, session, provider, requestParamOIDCScopes } = context.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  const grant =
    (known === undefined ? undefined : await provider.Grant.find(known)) ??
    new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

function show(context: KoaContextWithOIDC, html: string): void {
  context.set(PAGE_HEADERS);
  context.body = html;
}
