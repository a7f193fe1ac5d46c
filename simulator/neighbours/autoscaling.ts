import type { DescribeScalableTargetsResponse } from '@aws-sdk/client-application-auto-scaling';
import { AwsError } from '@/simulator/aws-error';
import type { Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { optionalText, texts } from '@/simulator/input';
import { page } from '@/simulator/page';

const DIMENSION = 'ecs:service:DesiredCount';

/**
 * DescribeScalableTargets, of ECS services alone: other namespaces have none.
 *
 * @see {@link https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html}
 */
export const describeScalableTargets: Operation = (call, input): DescribeScalableTargetsResponse => {
  const namespace = optionalText(input, 'ServiceNamespace');
  if (namespace === null) {
    throw invalid(
      "1 validation error detected: Value null at 'serviceNamespace' failed to satisfy constraint: Member must not be null",
    );
  }
  const wanted = texts(input, 'ResourceIds');
  const dimension = optionalText(input, 'ScalableDimension') ?? DIMENSION;
  const found = [...call.region.scalableTargets.values()]
    .filter(() => namespace === 'ecs' && dimension === DIMENSION)
    .filter(({ resourceId }) => wanted.length === 0 || wanted.includes(resourceId));
  const { items, nextToken } = page(found, ({ resourceId }) => resourceId, input, {
    size: 50,
    most: 50,
    tokenMember: 'NextToken',
    sizeMember: 'MaxResults',
    refuse: invalid,
  });
  const { account } = call.region;
  return {
    ScalableTargets: items.map(({ resourceId, minimum, maximum, createdAt }) => ({
      ServiceNamespace: 'ecs',
      ResourceId: resourceId,
      ScalableDimension: DIMENSION,
      MinCapacity: minimum,
      MaxCapacity: maximum,
      RoleARN: `arn:aws:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
      CreationTime: dateOf(call.world, createdAt),
      SuspendedState: {
        DynamicScalingInSuspended: false,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      },
    })),
    ...(nextToken !== null && { NextToken: nextToken }),
  };
};

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
