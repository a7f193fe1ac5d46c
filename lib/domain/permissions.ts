import { familyOf } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import { covers, type ServicePlace, type Target } from '@/lib/domain/target';

/** What a group may be given on a target. */
export type Role = 'viewer' | 'operator';

/** What somebody may want to do on a target. */
export type Deed = 'look' | 'roll-back';

/** What somebody may do on a target: one role for all of it, or another on some of its services. */
export type Grant = Role | PartialGrant;

/** A role on the clusters a target shows, and what patterns say of services in its place. */
type PartialGrant = {
  readonly role: Role | null;
  /** `null` for all there are. */
  readonly clusters: readonly string[] | null;
  readonly services: readonly ServiceGrant[];
};

/** Whether somebody is among the groups a pattern names; `null` where it names none. */
type ServiceGrant = { readonly pattern: string; readonly operates: boolean | null; readonly views: boolean | null };

declare const authenticated: unique symbol;

/**
 * Somebody who is signed in. Opaque: only `authenticate()` makes one, so nothing answers a person nobody asked for.
 *
 * Identity is issuer and subject, never the e-mail.
 */
export type Principal = {
  readonly [authenticated]: true;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  /** When the groups were read, in milliseconds since 1970. */
  readonly groupsAt: number;
  /** By target name, for targets that grant anything. A Map: a target called `constructor` is no way in. */
  readonly roles: ReadonlyMap<string, Grant>;
  /** SHA-256 of the session's id, in hex. */
  readonly sessionId: string;
  readonly until: SignedInUntil;
};

/** When a session ends, in milliseconds since 1970; `idle` where using it before puts that off. */
export type SignedInUntil = { readonly at: number; readonly idle: boolean };

const ALLOWS: Readonly<Record<Role, readonly Deed[]>> = { viewer: ['look'], operator: ['look', 'roll-back'] };

/**
 * Whether the principal may do this on a service of the named target. Without a service: whether they may look at any,
 * so that a target none of whose services they may look at does not exist for them.
 */
export function may(principal: Pick<Principal, 'roles'>, deed: 'look', target: string, place?: ServicePlace): boolean;
/** Rolling back is asked for one service, always. */
export function may(principal: Pick<Principal, 'roles'>, deed: Deed, target: string, place: ServicePlace): boolean;
export function may(principal: Pick<Principal, 'roles'>, deed: Deed, target: string, place?: ServicePlace): boolean {
  const grant = principal.roles.get(target);
  if (grant === undefined) return false;
  if (typeof grant === 'string') return allows(grant, deed);
  return place === undefined ? looksSomewhere(grant) : allows(roleOn(grant, place), deed);
}

/**
 * Whether the principal may do this on every service of a target, those there will be included: what concerns all of them
 * is nobody's who may not.
 */
export function mayOnWholeTarget(principal: Pick<Principal, 'roles'>, deed: Deed, target: string): boolean {
  const grant = principal.roles.get(target);
  if (grant === undefined) return false;
  if (typeof grant === 'string') return allows(grant, deed);
  // The clusters of a grant are all that its target shows.
  const { role, services } = grant;
  const less = services.some(({ operates, views }) => operates === false || (deed === 'look' && views === false));
  return !less && allows(role, deed);
}

const allows = (role: Role | null, deed: Deed): boolean => role !== null && ALLOWS[role].includes(deed);

const looksSomewhere = ({ role, services }: Omit<PartialGrant, 'clusters'>): boolean =>
  role !== null || services.some(({ operates, views }) => operates === true || views === true);

function looksEverywhere(grant: Grant | undefined): boolean {
  if (grant === undefined || typeof grant === 'string') return grant !== undefined;
  return grant.role !== null && grant.clusters === null && grant.services.every(({ views }) => views !== false);
}

/** A revision asked for at a service's address, and what is known of the service. */
export type RevisionAsked = {
  readonly arn: string;
  readonly target: string;
  readonly service: { readonly taskDefinitionArn: string };
  readonly deployments: Fact<readonly { readonly taskDefinitionArn: string | null }[]>;
};

/**
 * Whether a service's address may show a revision: one of its family, one that ran in it, or any where nothing of the
 * target is hidden. A family may be another service's, and nothing in its name says whose.
 */
export function mayReadRevision(principal: Pick<Principal, 'roles'>, asked: RevisionAsked): boolean {
  const { arn, target, service, deployments } = asked;
  if (familyOf(arn) === familyOf(service.taskDefinitionArn)) return true;
  const ran = deployments.ok && deployments.value.some(({ taskDefinitionArn }) => taskDefinitionArn === arn);
  return ran || looksEverywhere(principal.roles.get(target));
}

/** The role on one service: for operating and for looking the first pattern that says who may, else the target. */
function roleOn({ role, clusters, services }: PartialGrant, place: ServicePlace): Role | null {
  // Another cluster of the account may be another target's, with people of its own.
  if (clusters !== null && !clusters.includes(place.cluster)) return null;
  const here = services.filter(({ pattern }) => covers(pattern, place));
  const operates = here.find((grant) => grant.operates !== null)?.operates ?? role === 'operator';
  if (operates) return 'operator';
  const views = here.find((grant) => grant.views !== null)?.views ?? role !== null;
  return views ? 'viewer' : null;
}

/** What membership in groups gives, by target; the greater role where several apply, nothing where none does. */
export function rolesFrom(groups: readonly string[], targets: readonly Target[]): ReadonlyMap<string, Grant> {
  const member = new Set(groups);
  const among = (named: readonly string[]): boolean => named.some((group) => member.has(group));
  return new Map(
    targets.flatMap((target) => {
      const grant = grantOn(target, among);
      return grant === null ? [] : [[target.name, grant] as const];
    }),
  );
}

function grantOn(target: Target, among: (named: readonly string[]) => boolean): Grant | null {
  const role = among(target.operators) ? 'operator' : among(target.viewers) ? 'viewer' : null;
  const services = target.services
    .filter(({ operators, viewers }) => operators !== null || viewers !== null)
    .map(({ pattern, operators, viewers }) => ({
      pattern,
      operates: operators && among(operators),
      views: viewers && among(viewers),
    }));
  const { clusters } = target;
  if (services.length === 0 && (clusters === null || role === null)) return role;
  return looksSomewhere({ role, services }) ? { role, clusters, services } : null;
}
