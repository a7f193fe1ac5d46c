/** The last part of who registered a revision: the role or the session, as people know it. */
export function registeredBy(arn: string | null): string | null {
  if (arn === null) return null;
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role !== undefined && session !== undefined) return /^(botocore|aws-sdk|i-|\d)/.test(session) ? role : session;
  return arn.slice(arn.lastIndexOf('/') + 1);
}
