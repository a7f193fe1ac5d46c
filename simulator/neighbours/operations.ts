import type { Operation } from '@/simulator/call';
import { describeImages } from './ecr';
import { assumeRole, getCallerIdentity } from './sts';

/** The services around ECS, by signing name and operation. */
export const NEIGHBOURS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  ecr: { DescribeImages: describeImages },
  sts: { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
};
