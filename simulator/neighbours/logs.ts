import type { DescribeLogGroupsResponse } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '@/simulator/aws-error';
import type { Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { optionalText } from '@/simulator/input';
import { page } from '@/simulator/page';

/**
 * DescribeLogGroups, in the order of their names.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html}
 */
export const describeLogGroups: Operation = (call, input): DescribeLogGroupsResponse => {
  const prefix = optionalText(input, 'logGroupNamePrefix') ?? '';
  const pattern = optionalText(input, 'logGroupNamePattern') ?? '';
  if (prefix !== '' && pattern !== '') {
    throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  }
  const found = [...call.region.logGroups.values()]
    .filter(({ name }) => name.startsWith(prefix) && name.toLowerCase().includes(pattern.toLowerCase()))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(found, ({ name }) => name, input, {
    size: 50,
    most: 50,
    tokenMember: 'nextToken',
    sizeMember: 'limit',
    refuse: invalid,
  });
  return {
    logGroups: items.map(({ name, arn, createdAt, days }) => ({
      logGroupName: name,
      // Milliseconds here, where other services send seconds.
      creationTime: dateOf(call.world, createdAt).getTime(),
      ...(days !== null && { retentionInDays: days }),
      metricFilterCount: 0,
      arn,
      storedBytes: 0,
      logGroupClass: 'STANDARD',
      logGroupArn: arn.replace(/:\*$/, ''),
    })),
    ...(nextToken !== null && { nextToken }),
  };
};

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
