import type { Target } from '@/lib/domain/target';

/** What a group may be given on a target. */
export type Role = 'viewer' | 'operator';

/** What somebody may want to do on a target. */
export type Deed = 'look' | 'roll-back';

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
  /** Role by target name. A Map: a target called `constructor` is no way in. */
  readonly roles: ReadonlyMap<string, Role>;
  /** SHA-256 of the session's id, in hex. */
  readonly sessionId: string;
};

const ALLOWS: Readonly<Record<Role, readonly Deed[]>> = { viewer: ['look'], operator: ['look', 'roll-back'] };

/** Whether the principal may do this on the named target; a target that grants no role allows nothing. */
export function may(principal: Pick<Principal, 'roles'>, deed: Deed, target: string): boolean {
  const role = principal.roles.get(target);
  return role !== undefined && ALLOWS[role].includes(deed);
}

/** Roles that membership in groups gives; the greater one where several apply. */
export function rolesFrom(groups: readonly string[], targets: readonly Target[]): ReadonlyMap<string, Role> {
  const member = new Set(groups);
  const roles = new Map<string, Role>();
  for (const { name, operators, viewers } of targets) {
    if (viewers.some((group) => member.has(group))) roles.set(name, 'viewer');
    if (operators.some((group) => member.has(group))) roles.set(name, 'operator');
  }
  return roles;
}
