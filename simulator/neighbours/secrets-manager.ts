import type { DescribeSecretResponse } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { text } from '@/simulator/input';
import type { Secret } from './state';

/**
 * DescribeSecret, by name, ARN, or ARN without the six characters AWS adds. A secret that waits for its deletion is
 * still described.
 *
 * @see {@link https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html}
 */
export const describeSecret: Operation = (call, input): DescribeSecretResponse => {
  const id = text(input, 'SecretId');
  refuseForeign(call, id);
  const secret = [...call.region.secrets.values()].find((each) => isNamed(each, id));
  if (!secret) {
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
  const createdAt = dateOf(call.world, secret.createdAt);
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: createdAt,
    LastChangedDate: createdAt,
    VersionIdsToStages: secret.stagesByVersion,
    ...(secret.deletedAt !== null && { DeletedDate: dateOf(call.world, secret.deletedAt) }),
  };
};

const isNamed = ({ arn, name }: Secret, id: string): boolean =>
  id === name || id === arn || id === arn.replace(/-\w{6}$/, '');

/** Secrets of other accounts need a resource policy, which nothing here has. */
function refuseForeign({ principal, region }: Call, id: string): void {
  const [, , , , account] = id.split(':');
  if (account === undefined || account === region.account) return;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${principal.arn} is not authorized to perform: secretsmanager:DescribeSecret on resource: ${id} because no resource-based policy allows the secretsmanager:DescribeSecret action`,
  );
}
