import type {
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsOutput,
  DescribeTargetHealthOutput,
  TargetGroup as WireTargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '@/simulator/aws-error';
import type { Call, Input, Operation } from '@/simulator/call';
import { list, optionalText, text, texts } from '@/simulator/input';
import { page } from '@/simulator/page';
import type { TargetGroup } from './state';
import { targetsOf } from './targets';

/** A list of a form: an empty one comes as an empty text. */
const names = (input: Input, member: string): readonly string[] => (input[member] === '' ? [] : texts(input, member));

/**
 * DescribeTargetGroups: all of them, or those named; one that is missing fails the whole call.
 *
 * @see {@link https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html}
 */
export const describeTargetGroups: Operation = (call, input): DescribeTargetGroupsOutput => {
  const arns = names(input, 'TargetGroupArns');
  const byName = names(input, 'Names');
  const balancer = optionalText(input, 'LoadBalancerArn');
  const all = [...call.region.targetGroups.values()];
  const missing = arns.some((arn) => !call.region.targetGroups.has(arn));
  if (missing || byName.some((name) => !all.some((group) => group.name === name))) throw notFound();
  const found = all
    .filter(({ arn }) => arns.length === 0 || arns.includes(arn))
    .filter(({ name }) => byName.length === 0 || byName.includes(name))
    .filter(({ loadBalancerArn }) => balancer === null || loadBalancerArn === balancer);
  const { items, nextToken } = page(found, ({ arn }) => arn, input, {
    size: 400,
    most: 400,
    tokenMember: 'Marker',
    sizeMember: 'PageSize',
    refuse: (message) => new AwsError('ValidationError', message),
  });
  return { TargetGroups: items.map(wireGroup), ...(nextToken !== null && { NextMarker: nextToken }) };
};

const notFound = (): AwsError => new AwsError('TargetGroupNotFound', 'One or more target groups not found');

function requireGroup(call: Call, input: Input): TargetGroup {
  const group = call.region.targetGroups.get(text(input, 'TargetGroupArn'));
  if (!group) throw notFound();
  return group;
}

const wireGroup = (group: TargetGroup): WireTargetGroup => ({
  TargetGroupArn: group.arn,
  TargetGroupName: group.name,
  Protocol: 'HTTP',
  Port: group.port,
  VpcId: 'vpc-0f1e2d3c4b5a69788',
  HealthCheckProtocol: 'HTTP',
  HealthCheckPort: 'traffic-port',
  HealthCheckEnabled: true,
  HealthCheckIntervalSeconds: 10,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 2,
  UnhealthyThresholdCount: 2,
  HealthCheckPath: group.healthCheckPath,
  Matcher: { HttpCode: '200' },
  LoadBalancerArns: group.loadBalancerArn === '' ? [] : [group.loadBalancerArn],
  TargetType: group.targetType,
  ProtocolVersion: 'HTTP1',
  IpAddressType: 'ipv4',
});

/**
 * DescribeTargetHealth: of every target, or of those named; a named one that is not in the group is `unused`.
 *
 * @see {@link https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html}
 */
export const describeTargetHealth: Operation = (call, input): DescribeTargetHealthOutput => {
  const known = targetsOf(call, requireGroup(call, input));
  const wanted =
    input.Targets === '' ? [] : (list(input, 'Targets') as readonly Input[]).map((each) => text(each, 'Id'));
  if (wanted.length === 0) return { TargetHealthDescriptions: known };
  return {
    TargetHealthDescriptions: wanted.map(
      (id) =>
        known.find(({ Target }) => Target?.Id === id) ?? {
          Target: { Id: id },
          TargetHealth: {
            State: 'unused',
            Reason: 'Target.NotRegistered',
            Description: 'Target is not registered to the target group',
          },
        },
    ),
  };
};

/**
 * DescribeTargetGroupAttributes.
 *
 * @see {@link https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroupAttributes.html}
 */
export const describeTargetGroupAttributes: Operation = (call, input): DescribeTargetGroupAttributesOutput => {
  const { deregistrationDelaySeconds } = requireGroup(call, input);
  return {
    Attributes: [
      { Key: 'deregistration_delay.timeout_seconds', Value: String(deregistrationDelaySeconds) },
      { Key: 'stickiness.enabled', Value: 'false' },
      { Key: 'slow_start.duration_seconds', Value: '0' },
      { Key: 'load_balancing.algorithm.type', Value: 'round_robin' },
    ],
  };
};
