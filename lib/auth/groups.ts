import 'server-only';
import { setTimeout } from 'node:timers/promises';
import type { Session, Sessions } from '@/lib/db/sessions';
import { GROUPS_FRESH_MS } from '@/lib/domain/times';
import type { Log } from '@/lib/log';
import { within } from '@/lib/within';
import type { GroupsAnswer, Provider, Tokens } from './provider';

/** How long reading goes on with the last groups once they should have been renewed. */
export const GROUPS_LAST_MS = 30 * 60_000;

/** Longest wait for the provider; a renewal that takes longer goes on for the next request. */
export const PROVIDER_WAIT_MS = 2_000;

/** How long a renewal is claimed: others wait for its result rather than use the same refresh token. */
const CLAIM_MS = 10_000;

/** How often a result somebody else is fetching is looked for. */
const LOOK_MS = 100;

/** After a provider that was silent, pages do without it for so long. */
const SILENCE_MS = 30_000;

/** What came of a renewal: the session as it stands after it, or why there is none. */
export type Renewal =
  | { readonly kind: 'renewed'; readonly session: Session }
  /** The provider stands for this sign-in no longer; the session has been ended. */
  | { readonly kind: 'denied' }
  | { readonly kind: 'silent' };

/** Keeps the groups of sessions as young as they have to be. */
export type Groups = {
  /** Asks the provider in any case, unless somebody is asking already. Waits {@link PROVIDER_WAIT_MS}. */
  renew(session: Session): Promise<Renewal>;
  /** The session with groups young enough for a page, or with the last ones while the provider is silent. */
  freshen(session: Session): Promise<Session | null>;
};

export type GroupsWorld = {
  readonly sessions: Sessions;
  readonly provider: Provider;
  readonly log: Log;
  readonly now: () => number;
};

/** Renews the groups of one session once at a time: in this process by sharing, between processes by a claim. */
export function createGroups(world: GroupsWorld): Groups {
  const underWay = new Map<string, Promise<Renewal>>();
  const silentSince = new Map<string, number>();

  const attempt = (session: Session): Promise<Renewal> => {
    const renewal = claimAndRead(session, world)
      .catch((error: unknown): Renewal => {
        world.log('groups.not-renewed', { subject: session.subject, cause: error });
        return { kind: 'silent' };
      })
      .finally(() => underWay.delete(session.id));
    underWay.set(session.id, renewal);
    return renewal;
  };

  const renew = async (session: Session): Promise<Renewal> => {
    const renewal = await within(underWay.get(session.id) ?? attempt(session), PROVIDER_WAIT_MS);
    const settled = renewal ?? { kind: 'silent' };
    if (settled.kind === 'silent') silentSince.set(session.id, world.now());
    else silentSince.delete(session.id);
    return settled;
  };

  return {
    renew,
    freshen: async (session) => {
      const now = world.now();
      for (const [id, since] of silentSince) if (now - since >= SILENCE_MS) silentSince.delete(id);
      if (now - session.groupsAt < GROUPS_FRESH_MS) return session;
      const renewal: Renewal = silentSince.has(session.id) ? { kind: 'silent' } : await renew(session);
      if (renewal.kind === 'renewed') return renewal.session;
      const tooOld = now - session.groupsAt > GROUPS_FRESH_MS + GROUPS_LAST_MS;
      return renewal.kind === 'denied' || tooOld ? null : session;
    },
  };
}

async function claimAndRead(session: Session, world: GroupsWorld): Promise<Renewal> {
  const claim = await world.sessions.claimRenewal(session.id, CLAIM_MS, session.groupsAt);
  if (claim === null) return resultOfOther(session, world);
  const answer: GroupsAnswer =
    claim.tokens === null
      ? { kind: 'silent', cause: 'no tokens' }
      : // We wrote them ourselves, and they opened.
        await world.provider.readGroups(JSON.parse(claim.tokens) as Tokens, session.subject);
  return settle(session, answer, world);
}

async function settle(session: Session, answer: GroupsAnswer, world: GroupsWorld): Promise<Renewal> {
  const { sessions, log } = world;
  if (answer.kind === 'read') {
    const renewed = await sessions.finishRenewal(session.id, {
      groups: answer.groups,
      tokens: JSON.stringify(answer.tokens),
    });
    return renewed === null ? { kind: 'denied' } : { kind: 'renewed', session: renewed };
  }
  log('groups.not-renewed', { subject: session.subject, answer: answer.kind, cause: answer.cause });
  if (answer.kind === 'denied') await sessions.end(session.id);
  else await sessions.finishRenewal(session.id, null);
  return { kind: answer.kind };
}

/** What another process that holds the claim made of it. */
async function resultOfOther(session: Session, { sessions, now }: GroupsWorld): Promise<Renewal> {
  const until = now() + CLAIM_MS;
  for (;;) {
    const seen = await sessions.peek(session.id);
    if (seen === null) return { kind: 'denied' };
    if (!seen.renewing || now() >= until) {
      return seen.groupsAt > session.groupsAt ? { kind: 'renewed', session: seen } : { kind: 'silent' };
    }
    await setTimeout(LOOK_MS);
  }
}
