import type { Operation } from '@/simulator/call';
import { describeScalableTargets } from './autoscaling';
import { describeAlarms } from './cloudwatch';
import { describeImages, describePullThroughCacheRules } from './ecr';
import { describeTargetGroupAttributes, describeTargetGroups, describeTargetHealth } from './elbv2';
import { getRole } from './iam';
import { describeLogGroups } from './logs';
import { getMetricData } from './metrics';
import { describeSecret } from './secrets-manager';
import { describeParameters } from './ssm';
import { assumeRole, getCallerIdentity } from './sts';

/** The services around ECS, by signing name and operation. */
export const NEIGHBOURS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  'application-autoscaling': { DescribeScalableTargets: describeScalableTargets },
  ecr: { DescribeImages: describeImages, DescribePullThroughCacheRules: describePullThroughCacheRules },
  elasticloadbalancing: {
    DescribeTargetGroups: describeTargetGroups,
    DescribeTargetHealth: describeTargetHealth,
    DescribeTargetGroupAttributes: describeTargetGroupAttributes,
  },
  iam: { GetRole: getRole },
  logs: { DescribeLogGroups: describeLogGroups },
  monitoring: { DescribeAlarms: describeAlarms, GetMetricData: getMetricData },
  secretsmanager: { DescribeSecret: describeSecret },
  ssm: { DescribeParameters: describeParameters },
  sts: { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
};
