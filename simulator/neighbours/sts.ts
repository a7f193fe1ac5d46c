import { randomBytes } from 'node:crypto';
import { AwsError } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { optionalNumber, optionalText, text } from '@/simulator/input';
import type { Role, Session, World } from '@/simulator/world';
import { allowedActions } from './policies';

const NAME = /^[\w+=,.@-]{2,64}$/;
const KEEP_EXPIRED_MS = 3_600_000;

const invalid = (words: string): AwsError => new AwsError('ValidationError', words);

/** GetCallerIdentity: whoever asks may know. */
export const getCallerIdentity: Operation = ({ principal }) => ({
  Arn: principal.arn,
  UserId: principal.userId,
  Account: principal.account,
});

/**
 * AssumeRole: credentials bound to account, role, session name, source identity and expiry.
 *
 * @see {@link https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html}
 */
export const assumeRole: Operation = (call, input) => {
  const arn = text(input, 'RoleArn');
  const sessionName = text(input, 'RoleSessionName');
  const sourceIdentity = optionalText(input, 'SourceIdentity');
  refuseNames(sessionName, sourceIdentity);
  const { role, account } = requireRole(call, arn, optionalText(input, 'ExternalId'));
  const seconds = optionalNumber(input, 'DurationSeconds') ?? 3600;
  const chained = call.principal.roleActions !== null;
  refuseDuration(seconds, role.maxSessionSeconds, chained);
  const policy = optionalText(input, 'Policy');
  const session: Session = {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    token: randomBytes(48).toString('base64'),
    account,
    role: role.name,
    sessionName,
    // A source identity survives role chaining and cannot be changed.
    sourceIdentity: call.principal.sourceIdentity ?? sourceIdentity,
    sessionActions: policy === null ? null : actionsOf(policy),
    expiresAt: call.wallMs + seconds * 1000,
  };
  keep(call.world, session, call.wallMs);
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: randomBytes(30).toString('base64'),
      SessionToken: session.token,
      Expiration: new Date(session.expiresAt),
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROA${role.name.toUpperCase().replace(/[^A-Z]/g, '')}:${sessionName}`,
      Arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    },
    ...(session.sourceIdentity !== null && { SourceIdentity: session.sourceIdentity }),
    ...(policy !== null && { PackedPolicySize: Math.ceil((policy.length / 2048) * 100) }),
  };
};

function refuseNames(sessionName: string, sourceIdentity: string | null): void {
  if (!NAME.test(sessionName)) throw invalid(constraint('roleSessionName', sessionName));
  if (sourceIdentity === null) return;
  if (!NAME.test(sourceIdentity) || sourceIdentity.startsWith('aws:')) {
    throw invalid(constraint('sourceIdentity', sourceIdentity));
  }
}

const constraint = (member: string, value: string): string =>
  `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`;

function requireRole(
  call: Call,
  arn: string,
  externalId: string | null,
): { readonly role: Role; readonly account: string } {
  const [, account = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  const role = call.world.accounts.get(account)?.roles.get(name);
  const trusts = role && role.arn === arn && (role.externalId === null || role.externalId === externalId);
  if (trusts) return { role, account };
  throw new AwsError(
    'AccessDenied',
    `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
    403,
  );
}

function refuseDuration(seconds: number, most: number, chained: boolean): void {
  if (seconds < 900) {
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
    );
  }
  if (chained && seconds > 3600) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  if (seconds > most) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
}

function actionsOf(policy: string): string[] {
  if (policy.length > 2048) {
    throw invalid(
      "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048",
    );
  }
  try {
    return allowedActions(JSON.parse(policy));
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
}

function keep(world: World, session: Session, wallMs: number): void {
  for (const [key, { expiresAt }] of world.sessions) {
    if (wallMs - expiresAt > KEEP_EXPIRED_MS) world.sessions.delete(key);
  }
  world.sessions.set(session.accessKeyId, session);
  world.changes += 1;
}
