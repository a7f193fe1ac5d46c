import 'server-only';
import type { Sessions } from '@/lib/db/sessions';
import type { Target } from '@/lib/domain/target';
import type { Log } from '@/lib/log';
import { within } from '@/lib/within';
import { answerAuth, type SignedOut } from './auth-route';
import { createGroups, PROVIDER_WAIT_MS } from './groups';
import { createIdentities, type Identities } from './identity';
import { LIMITS, type Limit, limitPerMinute } from './limits';
import { type SignedIn, signInOptions } from './options';
import { type Pipeline, type PipelineToken, pipelinesOf } from './pipelines';
import { createProvider, type Provider, type ProviderSettings, type Tokens } from './provider';
import { type SessionCookie, sessionCookie } from './session-cookie';
import { signedOutCookies } from './sign-out';

/** What deciding who somebody is depends on. */
export type AccessWorld = {
  /** Origin under which people reach the dashboard. */
  readonly baseUrl: string;
  readonly cookieSecret: string;
  /** Longest life of a session, in seconds. */
  readonly maxSeconds: number;
  /** Last use to sign-out, in seconds. */
  readonly idleSeconds: number;
  readonly provider: ProviderSettings;
  readonly targets: readonly Target[];
  /** Tokens of pipelines. */
  readonly pipelines: readonly PipelineToken[];
  readonly sessions: Sessions;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** Sign-in, sessions and limits of this process. */
export type Access = Identities & {
  readonly baseUrl: string;
  readonly cookie: SessionCookie;
  readonly provider: Provider;
  /** Origins of the provider that a form of ours may lead to. */
  formOrigins(): readonly string[];
  /** Answers `/api/auth/*`. */
  answerAuth(request: Request, segments: readonly string[]): Promise<Response>;
  /** Ends a session and says where to go on to: the provider's own sign-out, or our sign-in page. */
  leave(sessionId: string): Promise<string>;
  /** Plans drawn and presses made by one session within a minute. */
  readonly plans: Limit;
  readonly presses: Limit;
  /** The pipelines a bearer token names; none where nobody is configured with it. */
  pipelinesOf(authorization: string | null): readonly Pipeline[];
};

/** Builds sign-in, sessions and limits from what the application has. */
export function createAccess(world: AccessWorld): Access {
  const { baseUrl, cookieSecret, sessions, log, now = Date.now } = world;
  const provider = createProvider(world.provider, now);
  const groups = createGroups({ sessions, provider, log, now });
  const options = () =>
    signInOptions({ baseUrl, cookieSecret, maxSeconds: world.maxSeconds, provider, log, signedIn: storeIn(world) });
  const identities = createIdentities({
    sessions,
    groups,
    targets: world.targets,
    cookieSecret,
    idleSeconds: world.idleSeconds,
    log,
    now,
  });
  const cookie = sessionCookie(baseUrl);
  const signOut = async (sent: ReadonlyMap<string, string>): Promise<SignedOut> => {
    const who = await identities.identify(sent.get(cookie.name), false);
    const to = who.kind === 'person' ? await leave(who.principal.sessionId, world, provider) : SIGN_IN_PAGE;
    return { to, cookies: signedOutCookies(cookie) };
  };
  return {
    ...identities,
    baseUrl,
    cookie,
    provider,
    formOrigins: provider.formOrigins,
    answerAuth: (request, segments) => answerAuth(request, segments, { baseUrl, cookieSecret, options, signOut }),
    leave: (sessionId) => leave(sessionId, world, provider),
    plans: limitPerMinute(LIMITS.plans, now),
    presses: limitPerMinute(LIMITS.presses, now),
    pipelinesOf: pipelinesOf(world.pipelines),
  };
}

const PLACE = Symbol.for('ecs-rollback.access');
type Place = { [PLACE]?: Access };

/** Makes this the access of the process: pages, routes and proxy are bundled apart and share only the global object. */
export function installAccess(access: Access): void {
  (globalThis as Place)[PLACE] = access;
}

/**
 * The access of this process.
 *
 * @throws Error before the application has started.
 */
export function access(): Access {
  const installed = (globalThis as Place)[PLACE];
  if (installed === undefined) throw new Error('the application has not started');
  return installed;
}

const SIGN_IN_PAGE = '/sign-in';

const storeIn =
  ({ sessions, log }: AccessWorld) =>
  async ({ sid, tokens, ...who }: SignedIn): Promise<void> => {
    await sessions.insert(sid, { ...who, tokens: JSON.stringify(tokens) });
    log('sign-in.done', { subject: who.subject });
  };

async function leave(sessionId: string, { sessions, baseUrl, log }: AccessWorld, provider: Provider): Promise<string> {
  const ended = await sessions.end(sessionId).catch((cause: unknown) => {
    log('database.failed', { doing: 'end a session', cause });
    return null;
  });
  // We wrote the tokens ourselves, and they opened.
  const tokens = ended?.tokens ? (JSON.parse(ended.tokens) as Tokens) : null;
  const address = provider.signOutAddress(tokens?.idToken ?? null, `${baseUrl}${SIGN_IN_PAGE}`);
  return (await within(address, PROVIDER_WAIT_MS)) ?? SIGN_IN_PAGE;
}
