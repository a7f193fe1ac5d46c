import { covers, type ServicePlace, type Target } from '@/lib/domain/target';

/** What a group may be given on a target. */
export type Role = 'viewer' | 'operator';

/** What somebody may want to do on a target. */
export type Deed = 'look' | 'roll-back';

/** What somebody may do on a target: one role for all of it, or another on some of its services. */
export type Grant = Role | PartialGrant;

/** A role on the target, and what patterns say of services in its place. */
type PartialGrant = { readonly role: Role | null; readonly services: readonly ServiceGrant[] };

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
};

const ALLOWS: Readonly<Record<Role, readonly Deed[]>> = { viewer: ['look'], operator: ['look', 'roll-back'] };

/**
 * Whether the principal may do this on a service of the named target. Without a service: whether they may do it on any,
 * so that a target none of whose services they may look at does not exist for them.
 */
export function may(principal: Pick<Principal, 'roles'>, deed: Deed, target: string, place?: ServicePlace): boolean {
  const grant = principal.roles.get(target);
  if (grant === undefined) return false;
  if (typeof grant === 'string') return allows(grant, deed);
  return place === undefined ? onAny(grant, deed) : allows(roleOn(grant, place), deed);
}

const allows = (role: Role | null, deed: Deed): boolean => role !== null && ALLOWS[role].includes(deed);

const onAny = ({ role, services }: PartialGrant, deed: Deed): boolean =>
  allows(role, deed) ||
  services.some(({ operates, views }) => operates === true || (deed === 'look' && views === true));

/**
 * Whether no service of the target is hidden from the principal. Only then may a service's address show revisions of
 * another family than its own, which could be a hidden service's.
 */
export function mayLookEverywhere({ roles }: Pick<Principal, 'roles'>, target: string): boolean {
  const grant = roles.get(target);
  if (grant === undefined || typeof grant === 'string') return grant !== undefined;
  return grant.role !== null && grant.services.every(({ views }) => views !== false);
}

/** The role on one service: for operating and for looking the first pattern that says who may, else the target. */
function roleOn({ role, services }: PartialGrant, place: ServicePlace): Role | null {
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
  if (services.length === 0) return role;
  return role !== null || onAny({ role, services }, 'look') ? { role, services } : null;
}
