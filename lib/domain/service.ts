/** One entry of `service.deployments`. Times are milliseconds since 1970. */
export type Deployment = {
  readonly id: string;
  /** AWS's word: `PRIMARY`, `ACTIVE` or `INACTIVE`. */
  readonly status: string;
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly pendingCount: number;
  readonly runningCount: number;
  readonly failedTasks: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** `IN_PROGRESS`, `COMPLETED` or `FAILED`; `null` behind a Classic Load Balancer. */
  readonly rolloutState: string | null;
};

/** A message ECS wrote about a service. */
export type ServiceEvent = { readonly id: string; readonly at: number; readonly message: string };

/** A service as DescribeServices reports it, reduced to what is shown and decided by. */
export type Service = {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly clusterName: string;
  /** AWS's word: `ACTIVE`, `DRAINING` or `INACTIVE`. */
  readonly status: string;
  /** `ECS`, `CODE_DEPLOY` or `EXTERNAL`. */
  readonly controller: string;
  /** `ECS` for Express services, else `CUSTOMER` or `null`. */
  readonly resourceManagementType: string | null;
  readonly schedulingStrategy: string;
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly deployments: readonly Deployment[];
  /** Service revisions that have tasks, or shall have some; none where AWS does not say. */
  readonly serviceRevisionArns: readonly string[];
  /** Newest first, at most 100; none where they were not read. */
  readonly events: readonly ServiceEvent[];
  readonly loadBalancers: readonly {
    readonly targetGroupArn: string | null;
    readonly containerName: string;
    readonly containerPort: number;
  }[];
  readonly serviceRegistries: readonly {
    readonly containerName: string | null;
    readonly containerPort: number | null;
  }[];
  readonly connectPortNames: readonly string[];
  readonly latticePortNames: readonly string[];
  readonly launchType: string | null;
  readonly capacityProviders: readonly string[];
  readonly platformFamily: string | null;
  readonly hasNetworkConfiguration: boolean;
  readonly volumeNames: readonly string[];
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** `ROLLING`, `BLUE_GREEN`, `LINEAR` or `CANARY`. */
  readonly strategy: string;
  readonly bakeMinutes: number;
  /** Lifecycle hooks of all kinds, and those of them that wait for a person. */
  readonly hookCount: number;
  readonly pauseCount: number;
  readonly circuitBreaker: { readonly enabled: boolean; readonly rollback: boolean };
  readonly alarms: { readonly enabled: boolean; readonly rollback: boolean; readonly names: readonly string[] };
  readonly createdAt: number | null;
};

/** The deployment ECS is heading for, `null` where a service lists none. */
export const primaryOf = (service: Service): Deployment | null =>
  service.deployments.find(({ status }) => status === 'PRIMARY') ?? null;

/** What a service revision runs: the images of its containers as they are written. It never changes. */
export type RunningImages = {
  readonly arn: string;
  readonly taskDefinitionArn: string;
  readonly images: readonly { readonly container: string; readonly image: string }[];
};

/** Digest by container name, as a service revision or a task recorded it. */
export type Digests = ReadonlyMap<string, string>;

/** A service deployment with the revision it deployed. Times are milliseconds since 1970. */
export type ServiceDeployment = {
  readonly arn: string;
  /** AWS's word of `ecs.md` 6.2, such as `SUCCESSFUL`; unknown ones are kept. */
  readonly status: string;
  /** What ECS says of its end; `null` where it says nothing, or was not asked. */
  readonly statusReason: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Service revision it deploys; its last part is `ran` in a plan's address. */
  readonly serviceRevisionArn: string;
  /** Task definition of that service revision; `null` where it could not be read. */
  readonly taskDefinitionArn: string | null;
  readonly digests: Digests;
  /** Service revisions it started from; empty where not read. */
  readonly sourceServiceRevisionArns: readonly string[];
  readonly circuitBreaker: { readonly failureCount: number; readonly threshold: number } | null;
  readonly waitingForHook: boolean;
  /** Who made it return: one of ECS's own guards, or somebody who asked for it; `null` where nothing tells. */
  readonly returnedBy: 'ecs' | 'somebody' | null;
  /** Service revision ECS returns to, once it says so. */
  readonly returnsToArn: string | null;
};

const RETURNING: ReadonlySet<string> = new Set([
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
]);

/** Whether a service deployment returns, or did: a stop arrived, whoever asked for it. */
export const isReturning = ({ status }: Pick<ServiceDeployment, 'status'>): boolean => RETURNING.has(status);
