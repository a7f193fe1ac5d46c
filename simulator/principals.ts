import { AwsError } from './aws-error';
import type { Principal } from './call';
import type { World } from './world';

/** What a request says about who signed it, read from its `authorization` header. */
export type Signature = {
  readonly accessKeyId: string;
  readonly token: string | null;
  readonly region: string;
  readonly service: string;
};

/** Parses AWS's signature header; `null` for anything else. */
export function signatureOf(authorization: string | undefined, token: string | null): Signature | null {
  const found = /Credential=([^/,\s]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request/.exec(authorization ?? '');
  if (!found) return null;
  const [, accessKeyId = '', , region = '', service = ''] = found;
  return { accessKeyId, token, region, service };
}

/** Services that answer in XML, with error codes of their own. */
export const isQuery = (service: string): boolean => ['sts', 'iam', 'elasticloadbalancing'].includes(service);

/** The principal behind a key: everything in its account for `AKIA…DEMO`, else what AssumeRole bound the key to. */
export function principalOf(world: World, signature: Signature, wallMs: number): Principal {
  const [, account] = /^AKIA(\d{12})DEMO$/.exec(signature.accessKeyId) ?? [];
  if (account !== undefined) return owner(account);
  const session = world.sessions.get(signature.accessKeyId);
  const role = session && world.accounts.get(session.account)?.roles.get(session.role);
  if (!session || !role || session.token !== signature.token) throw unknownKey(signature.service);
  if (session.expiresAt <= wallMs) throw expiredToken(signature.service);
  return {
    arn: `arn:aws:sts::${session.account}:assumed-role/${session.role}/${session.sessionName}`,
    account: session.account,
    userId: `AROA${session.role.toUpperCase().replace(/[^A-Z]/g, '')}:${session.sessionName}`,
    roleActions: role.actions,
    sessionActions: session.sessionActions,
    sourceIdentity: session.sourceIdentity,
  };
}

const owner = (account: string): Principal => ({
  arn: `arn:aws:iam::${account}:user/demo`,
  account,
  userId: `AIDA${account}DEMO`,
  roleActions: null,
  sessionActions: null,
  sourceIdentity: null,
});

const unknownKey = (service: string): AwsError =>
  isQuery(service)
    ? new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403)
    : new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');

/** What AWS says to a key whose time is over. */
export const expiredToken = (service: string): AwsError =>
  isQuery(service)
    ? new AwsError('ExpiredToken', 'The security token included in the request is expired', 403)
    : new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
