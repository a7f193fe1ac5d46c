/** Requests that may come at once, and how many a second after that. */
type Quota = { readonly burst: number; readonly perSecond: number; readonly operations: readonly string[] };

/**
 * Buckets of ECS by name.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html}
 */
const QUOTAS: Readonly<Record<string, Quota>> = {
  'cluster read': { burst: 50, perSecond: 20, operations: ['DescribeClusters', 'ListClusters'] },
  'service read': { burst: 100, perSecond: 20, operations: ['DescribeServices', 'ListServices'] },
  'service modify': { burst: 50, perSecond: 5, operations: ['CreateService', 'UpdateService', 'DeleteService'] },
  'task definition read': {
    burst: 50,
    perSecond: 20,
    operations: ['DescribeTaskDefinition', 'ListTaskDefinitions', 'ListTaskDefinitionFamilies'],
  },
  'task definition modify': {
    burst: 20,
    perSecond: 1,
    operations: ['RegisterTaskDefinition', 'DeregisterTaskDefinition'],
  },
  'task definition deletion': { burst: 5, perSecond: 1, operations: ['DeleteTaskDefinitions'] },
  'cluster resource read': {
    burst: 100,
    perSecond: 20,
    operations: ['ListTasks', 'DescribeTasks', 'ListContainerInstances', 'DescribeContainerInstances'],
  },
  'service deployment': {
    burst: 50,
    perSecond: 20,
    operations: ['ListServiceDeployments', 'DescribeServiceDeployments'],
  },
  'service revision': { burst: 50, perSecond: 20, operations: ['DescribeServiceRevisions'] },
  'task protection': { burst: 200, perSecond: 80, operations: ['GetTaskProtection', 'UpdateTaskProtection'] },
  'tag modify': { burst: 20, perSecond: 10, operations: ['TagResource', 'UntagResource'] },
  'tag read': { burst: 50, perSecond: 20, operations: ['ListTagsForResource'] },
};

const BUCKET_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(QUOTAS).flatMap(([bucket, { operations }]) => operations.map((operation) => [operation, bucket])),
);

/** Who asks for what. */
type Asked = {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
};

/** ECS's quotas, per account and region. */
export type Quotas = {
  /** Takes one request out of its bucket; `false` where it is empty. Other services are not counted. */
  readonly take: (asked: Asked, now: number) => boolean;
  readonly refill: () => void;
};

/** Full buckets. */
export function createQuotas(): Quotas {
  const levels = new Map<string, { tokens: number; at: number }>();
  return {
    take: ({ account, region, service, operation }, now) => {
      const bucket = service === 'ecs' ? BUCKET_OF.get(operation) : undefined;
      const quota = bucket === undefined ? undefined : QUOTAS[bucket];
      if (!quota) return true;
      const key = `${account}/${region}/${bucket}`;
      const level = levels.get(key) ?? { tokens: quota.burst, at: now };
      const tokens = Math.min(quota.burst, level.tokens + ((now - level.at) / 1000) * quota.perSecond);
      const taken = tokens >= 1;
      levels.set(key, { tokens: taken ? tokens - 1 : tokens, at: now });
      return taken;
    },
    refill: () => levels.clear(),
  };
}
