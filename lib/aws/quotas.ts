import 'server-only';

type Quota = { readonly burst: number; readonly perSecond: number };

/**
 * What AWS publishes per account and Region as burst, and our ceiling a second: below half of the refill.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
export const QUOTAS = {
  'cluster-read': { burst: 50, perSecond: 9 },
  'service-read': { burst: 100, perSecond: 9 },
  'service-modify': { burst: 50, perSecond: 2 },
  'definition-read': { burst: 50, perSecond: 9 },
  'definition-modify': { burst: 20, perSecond: 0.4 },
  'task-read': { burst: 100, perSecond: 9 },
  'service-deployment': { burst: 50, perSecond: 9 },
  'service-revision': { burst: 50, perSecond: 9 },
  // The neighbours publish no burst; the ceilings stay below half of the lowest rate they publish.
  ecr: { burst: 40, perSecond: 4 },
  iam: { burst: 20, perSecond: 4 },
  logs: { burst: 10, perSecond: 4 },
  monitoring: { burst: 10, perSecond: 4 },
  'load-balancing': { burst: 20, perSecond: 4 },
  secrets: { burst: 40, perSecond: 9 },
  ssm: { burst: 10, perSecond: 4 },
  sts: { burst: 40, perSecond: 9 },
} as const satisfies Record<string, Quota>;

/** Calls that AWS counts together. */
export type BucketName = keyof typeof QUOTAS;

const BUCKET_OF: Readonly<Record<string, BucketName>> = {
  'ecs:ListClusters': 'cluster-read',
  'ecs:ListServices': 'service-read',
  'ecs:DescribeServices': 'service-read',
  'ecs:UpdateService': 'service-modify',
  'ecs:ListTaskDefinitions': 'definition-read',
  'ecs:DescribeTaskDefinition': 'definition-read',
  'ecs:RegisterTaskDefinition': 'definition-modify',
  'ecs:ListTasks': 'task-read',
  'ecs:DescribeTasks': 'task-read',
  'ecs:ListServiceDeployments': 'service-deployment',
  'ecs:DescribeServiceDeployments': 'service-deployment',
  'ecs:StopServiceDeployment': 'service-deployment',
  'ecs:DescribeServiceRevisions': 'service-revision',
  'ecr:DescribeImages': 'ecr',
  'ecr:DescribePullThroughCacheRules': 'ecr',
  'iam:GetRole': 'iam',
  'logs:DescribeLogGroups': 'logs',
  'cloudwatch:DescribeAlarms': 'monitoring',
  'elasticloadbalancing:DescribeTargetGroups': 'load-balancing',
  'elasticloadbalancing:DescribeTargetHealth': 'load-balancing',
  'secretsmanager:DescribeSecret': 'secrets',
  'ssm:DescribeParameters': 'ssm',
  'sts:AssumeRole': 'sts',
  'sts:GetCallerIdentity': 'sts',
};

/**
 * The bucket a permission's calls are counted in.
 *
 * @throws Error where an action was forgotten: an uncounted call is a defect.
 */
export function bucketOf(action: string): BucketName {
  const bucket = BUCKET_OF[action];
  if (bucket === undefined) throw new Error(`No quota is known for ${action}.`);
  return bucket;
}
