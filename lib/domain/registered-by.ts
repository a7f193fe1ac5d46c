/** Sessions that name a person: an address, or whatever a role of IAM Identity Center is taken as. */
const isPerson = (role: string, session: string): boolean =>
  session.includes('@') || role.startsWith('AWSReservedSSO_');

/**
 * Who registered a revision, as people know it: a person by the session, a pipeline by its role, whose sessions are
 * numbered or named by a tool.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html}
 */
export function registeredBy(arn: string | null): string | null {
  if (arn === null) return null;
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role !== undefined && session !== undefined) return isPerson(role, session) ? session : role;
  return arn.split(/[/:]/).at(-1) ?? arn;
}
