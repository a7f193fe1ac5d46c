import type { GetRoleResponse } from '@aws-sdk/client-iam';
import { AwsError } from '@/simulator/aws-error';
import type { Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { text } from '@/simulator/input';

/**
 * GetRole: the trust policy comes URL-encoded.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html}
 */
export const getRole: Operation = (call, input): GetRoleResponse => {
  const name = text(input, 'RoleName');
  const role = call.account.roles.get(name);
  if (!role) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
  return {
    Role: {
      Path: role.path,
      RoleName: role.name,
      RoleId: `AROA${role.name
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '')
        .padEnd(17, 'X')
        .slice(0, 17)}`,
      Arn: role.arn,
      CreateDate: dateOf(call.world, role.createdAt),
      AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trustPolicy)),
      MaxSessionDuration: role.maxSessionSeconds,
    },
  };
};
