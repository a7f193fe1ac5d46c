import { isRollbackId } from './arn';

/** Sessions that name a person: an address, or whatever a role of IAM Identity Center is taken as. */
const isPerson = (role: string, session: string): boolean =>
  session.includes('@') || role.startsWith('AWSReservedSSO_');

function nameOf(role: string, session: string): string {
  if (isRollbackId(session)) return `rollback ${session}`;
  return isPerson(role, session) ? session : role;
}

/**
 * Who registered a revision, as people know it: a person by the session, a pipeline by its role, whose sessions are
 * numbered or named by a tool, and we by the rollback, whose id our sessions are called.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html}
 */
export function registeredBy(arn: string | null): string | null {
  if (arn === null) return null;
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role !== undefined && session !== undefined) return nameOf(role, session);
  return arn.split(/[/:]/).at(-1) ?? arn;
}
