import type {
  DeploymentConfiguration,
  LoadBalancer,
  NetworkConfiguration,
  RegisterTaskDefinitionRequest,
  ServiceConnectConfiguration,
  ServiceRegistry,
  ServiceVolumeConfiguration,
  Tag,
  VpcLatticeConfiguration,
  Service as WireService,
} from '@aws-sdk/client-ecs';

/** What a revision says, as registered and filled; members the SDK does not know ride along. */
export type Definition = Omit<RegisterTaskDefinitionRequest, 'tags'>;

/** One revision of a family. Times are the world's milliseconds. */
export type Revision = {
  readonly family: string;
  readonly number: number;
  readonly arn: string;
  readonly definition: Definition;
  readonly compatibilities: readonly string[];
  readonly requiresAttributes: readonly string[];
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  readonly registeredAt: number;
  readonly registeredBy: string;
  deregisteredAt: number | null;
  deleteRequestedAt: number | null;
  tags: Tag[];
  /** Listed and counted, but describing it fails; ECS promises no more for an INACTIVE one. */
  describable: boolean;
};

/** A family: its counter never goes back, not even when revisions are deleted. */
export type Family = { readonly name: string; next: number; readonly revisions: Map<number, Revision> };

export type Cluster = { readonly name: string; readonly arn: string; status: 'ACTIVE' | 'INACTIVE'; tags: Tag[] };

/** How a task fares; scenarios and the control route choose, `healthy` is the rule. */
export type Fate = 'healthy' | 'unhealthy' | 'crash' | 'cannot-pull';

/** What becomes of tasks from now on, at choice for one revision and with a time to live of their own. */
type ServiceFate = {
  readonly tasks: Fate;
  readonly taskDefinition: string | null;
  /** Wall milliseconds from start to failure, at any speed; `null` leaves it to the scheduler. */
  readonly failsAfterMs: number | null;
};

type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';

/** A task. `dueAt` is when its next step is due; `null` while nothing will happen by itself. */
export type Task = {
  readonly id: string;
  readonly deploymentId: string;
  readonly serviceRevisionArn: string | null;
  readonly taskDefinition: string;
  readonly zone: string;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  health: 'starting' | 'healthy' | 'unhealthy';
  fate: Fate;
  failsAfterMs: number | null;
  dueAt: number | null;
  readonly createdAt: number;
  startedAt: number | null;
  stoppingAt: number | null;
  stoppedAt: number | null;
  stopCode: string | null;
  stoppedReason: string | null;
  exitCode: number | null;
  containerReason: string | null;
  /** Whether the load balancer sends it requests; it is taken out before it stops. */
  isTarget: boolean;
  protectedUntil: number | null;
};

/** An entry of `service.deployments`, kept after it drained so that ECS can return to it. */
export type Deployment = {
  readonly id: string;
  status: 'PRIMARY' | 'ACTIVE';
  readonly taskDefinition: string;
  readonly serviceRevisionArn: string;
  readonly serviceDeploymentArn: string;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  desiredCount: number;
  failedTasks: number;
  /** Failures that hold back the next start. */
  consecutiveFailures: number;
  /** Tasks stopped for their health since the last start. */
  unhealthyStopped: number;
  launchAfter: number;
  readonly createdAt: number;
  updatedAt: number;
  readonly settings: RevisionSettings;
};

/** Settings a service revision freezes. */
export type RevisionSettings = {
  readonly loadBalancers: readonly LoadBalancer[];
  readonly serviceRegistries: readonly ServiceRegistry[];
  readonly networkConfiguration: NetworkConfiguration | null;
  readonly serviceConnectConfiguration: ServiceConnectConfiguration | null;
  readonly volumeConfigurations: readonly ServiceVolumeConfiguration[];
  readonly vpcLatticeConfigurations: readonly VpcLatticeConfiguration[];
  readonly platformVersion: string | null;
};

export type ServiceRevision = {
  readonly arn: string;
  readonly taskDefinition: string;
  readonly createdAt: number;
  /** Image by container, as the task definition says it. */
  readonly images: Readonly<Record<string, string>>;
  /** Digest by container, established by the first task; empty before. */
  digests: Record<string, string>;
  readonly settings: RevisionSettings;
};

/** A PAUSE hook that a deployment reached. */
export type HookStop = {
  readonly id: string;
  readonly stage: string;
  status: 'AWAITING_ACTION' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  expiresAt: number;
  readonly timeoutAction: 'CONTINUE' | 'ROLLBACK';
};

export type ServiceDeployment = {
  readonly arn: string;
  readonly deploymentId: string;
  readonly targetRevisionArn: string;
  readonly sourceRevisionArns: readonly string[];
  status:
    | 'PENDING'
    | 'IN_PROGRESS'
    | 'SUCCESSFUL'
    | 'STOP_REQUESTED'
    | 'STOPPED'
    | 'ROLLBACK_REQUESTED'
    | 'ROLLBACK_IN_PROGRESS'
    | 'ROLLBACK_SUCCESSFUL'
    | 'ROLLBACK_FAILED';
  statusReason: string | null;
  readonly createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  stoppedAt: number | null;
  updatedAt: number;
  stage: string | null;
  stageSince: number;
  hooks: HookStop[];
  readonly configuration: DeploymentConfiguration;
  /** Circuit breaker: failures so far, and the limit once monitoring ended. */
  failureCount: number;
  breaker: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';
  alarms: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';
  triggeredAlarms: string[];
  rollback: { readonly reason: string; readonly startedAt: number; readonly serviceRevisionArn: string } | null;
  /** When all tasks were in place and baking began. */
  bakingSince: number | null;
  /** Counts at completion; later changes of the service do not show in a finished deployment. */
  finalCounts: { readonly requested: number; readonly running: number; readonly pending: number } | null;
};

type ServiceEvent = { readonly id: string; readonly createdAt: number; readonly message: string };

/** Members of a wire service that are kept as they came. */
type Kept = Pick<
  WireService,
  | 'launchType'
  | 'capacityProviderStrategy'
  | 'placementConstraints'
  | 'placementStrategy'
  | 'availabilityZoneRebalancing'
  | 'propagateTags'
  | 'resourceManagementType'
>;

export type Service = {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  readonly clusterArn: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  taskDefinition: string;
  desiredCount: number;
  settings: RevisionSettings;
  configuration: DeploymentConfiguration;
  kept: Kept;
  healthCheckGracePeriodSeconds: number | null;
  enableECSManagedTags: boolean;
  enableExecuteCommand: boolean;
  tags: Tag[];
  readonly createdAt: number;
  readonly createdBy: string;
  /** Newest first. */
  deployments: Deployment[];
  lastCompleted: Deployment | null;
  /** Newest first, 90 days. */
  serviceDeployments: ServiceDeployment[];
  revisions: Map<string, ServiceRevision>;
  tasks: Task[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  fate: ServiceFate | null;
  /** Whether a deployment that is asked to stop finishes all the same. */
  finishesStopped?: boolean;
  /** Whether the last thing the scheduler saw was everything in place. */
  steady: boolean;
  /** When the scheduler looks next; `null` while the service is steady. */
  wakeAt: number | null;
  /** Task sets exist with the EXTERNAL and CODE_DEPLOY controllers alone. */
  taskSetId: string | null;
};

/** An EC2 host of a cluster. */
export type ContainerInstance = {
  readonly id: string;
  readonly cluster: string;
  readonly cpu: number;
  readonly memory: number;
  readonly remainingCpu: number;
  readonly remainingMemory: number;
};

/** A task started by RunTask or a schedule rather than by a service. */
type LooseTask = { readonly task: Task; readonly cluster: string; readonly startedBy: string };

/** ECS's share of a region; services are keyed `cluster/service`. */
export type EcsState = {
  readonly clusters: Map<string, Cluster>;
  readonly services: Map<string, Service>;
  readonly families: Map<string, Family>;
  readonly looseTasks: Map<string, LooseTask>;
  readonly containerInstances: Map<string, ContainerInstance>;
};
