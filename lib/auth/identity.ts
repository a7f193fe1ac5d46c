import 'server-only';
import { LRUCache } from 'lru-cache';
import type { Session, SessionEnd, Sessions } from '@/lib/db/sessions';
import { sha256 } from '@/lib/digest';
import { type Principal, rolesFrom } from '@/lib/domain/permissions';
import type { Target } from '@/lib/domain/target';
import { GROUPS_FRESH_MS } from '@/lib/domain/times';
import type { Log } from '@/lib/log';
import { fail, ok, type Result } from '@/lib/result';
import { GROUPS_LAST_MS, type Groups } from './groups';
import { sessionIdIn } from './session-cookie';

/** Why somebody who was signed in no longer is. */
export type Over = SessionEnd | 'groups';

/** Who a request comes from. */
export type Identity =
  | { readonly kind: 'person'; readonly principal: Principal }
  | { readonly kind: 'stranger' }
  | { readonly kind: 'over'; readonly why: Over }
  /** The database does not answer, and this process has not seen the session lately. */
  | { readonly kind: 'unreadable' };

/** How long a session that was read counts for looking while the database does not answer. */
const REMEMBERED_MS = 30 * 60_000;
const REMEMBERED_SESSIONS = 5_000;

export type IdentityWorld = {
  readonly sessions: Sessions;
  readonly groups: Groups;
  readonly targets: readonly Target[];
  readonly cookieSecret: string;
  /** Last use to sign-out, in seconds. */
  readonly idleSeconds: number;
  readonly log: Log;
  readonly now: () => number;
};

export type Identities = {
  /**
   * Who the session cookie's value stands for. The database is asked every time.
   *
   * @param use - Whether the request counts as use; polling does not.
   */
  identify(cookie: string | undefined, use: boolean): Promise<Identity>;
  /**
   * The principal with groups asked for now, as a press needs them: up to {@link GROUPS_FRESH_MS} old ones count while
   * the provider is silent. `groupsAt` tells which.
   */
  renewGroups(principal: Principal): Promise<Result<Principal, 'session-over' | 'groups-unreadable'>>;
};

/** Finds out who somebody is; nothing else makes a {@link Principal}. */
export function createIdentities(world: IdentityWorld): Identities {
  const remembered = new LRUCache<string, Session>({
    max: REMEMBERED_SESSIONS,
    ttl: Math.min(REMEMBERED_MS, world.idleSeconds * 1_000),
    perf: { now: world.now },
    ttlResolution: 0,
  });

  return {
    async identify(cookie, use) {
      const sid = cookie === undefined ? null : await sessionIdIn(cookie, world.cookieSecret);
      if (sid === null) return { kind: 'stranger' };
      const id = sha256(sid);
      const found = await look(sid, use, world);
      if (found === 'unreadable') return fromMemory(remembered.get(id), world);
      if (found === null || typeof found === 'string') {
        remembered.delete(id);
        return found === null ? { kind: 'stranger' } : { kind: 'over', why: found };
      }
      remembered.set(id, found);
      const session = await world.groups.freshen(found);
      return session === null ? { kind: 'over', why: 'groups' } : person(session, world);
    },

    async renewGroups({ sessionId }) {
      const session = await world.sessions.peek(sessionId);
      if (session === null) return fail('session-over');
      const renewal = await world.groups.renew(session);
      if (renewal.kind === 'denied') return fail('session-over');
      if (renewal.kind === 'renewed') return ok(principalOf(renewal.session, world));
      const young = world.now() - session.groupsAt <= GROUPS_FRESH_MS;
      return young ? ok(principalOf(session, world)) : fail('groups-unreadable');
    },
  };
}

/** The session, why it is over, or `null` where there never was one. */
async function look(
  sid: string,
  use: boolean,
  world: IdentityWorld,
): Promise<Session | SessionEnd | 'unreadable' | null> {
  try {
    return (await world.sessions.find(sid, use ? 'person' : 'polling')) ?? (await world.sessions.whyOver(sha256(sid)));
  } catch (cause) {
    world.log('database.failed', { doing: 'find a session', cause });
    return 'unreadable';
  }
}

/** What this process read lately; it counts no longer than it would while the database answers. */
function fromMemory(session: Session | undefined, world: IdentityWorld): Identity {
  const now = world.now();
  const counts =
    session !== undefined && session.expiresAt > now && now - session.groupsAt <= GROUPS_FRESH_MS + GROUPS_LAST_MS;
  return counts ? person(session, world) : { kind: 'unreadable' };
}

const person = (session: Session, world: IdentityWorld): Identity => ({
  kind: 'person',
  principal: principalOf(session, world),
});

/** The one place a principal is made. */
function principalOf(session: Session, { targets, idleSeconds }: IdentityWorld): Principal {
  const { id, issuer, subject, name, email, groups, groupsAt, expiresAt } = session;
  const roles = rolesFrom(groups, targets);
  const idleAt = session.lastUsedAt + idleSeconds * 1_000;
  const until = idleAt < expiresAt ? { at: idleAt, idle: true } : { at: expiresAt, idle: false };
  const of = { issuer, subject, name, email, groups, groupsAt };
  const members = { ...of, roles, sessionId: id, until } satisfies Partial<Principal>;
  // The mark that is missing has no value: it says that the members come from a session that counts.
  return members as Principal;
}
