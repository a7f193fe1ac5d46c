import 'server-only';
import type {
  DeploymentConfiguration,
  Deployment as EcsDeployment,
  Service as EcsService,
  ServiceDeployment as EcsServiceDeployment,
  ServiceEvent as EcsServiceEvent,
  ServiceDeploymentBrief,
  ServiceRevision,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { lastPart } from '@/lib/domain/arn';
import { bytesOfCopy } from '@/lib/domain/clone';
import { maskDefinition, withoutSecrets } from '@/lib/domain/masking';
import { Sealed } from '@/lib/domain/sealed';
import {
  type Deployment,
  type Digests,
  isReturning,
  type RunningImages,
  type Service,
  type ServiceDeployment,
  type ServiceEvent,
} from '@/lib/domain/service';
import type { Revision } from '@/lib/domain/task-definition';
import { required } from './failure';
import type { Quote } from './quotations';

/** Milliseconds since 1970, `null` where AWS gave no time. */
export const timeOf = (date: Date | undefined): number | null => date?.getTime() ?? null;

/** How values are masked: the keyed hash of a text, and the variables that are clear for everybody. */
export type Masking = {
  readonly fingerprint: (text: string) => string;
  readonly showValuesOf: ReadonlySet<string>;
};

/** What describing a revision gave, and what the SDK dropped of it. */
export type Described = {
  readonly definition: TaskDefinition;
  readonly tags: readonly Tag[];
  readonly unknownFields: readonly string[];
};

/** A revision with its values masked and its original sealed. */
export function toRevision({ definition, tags, unknownFields }: Described, masking: Masking): Revision {
  return {
    arn: required(definition.taskDefinitionArn, 'the ARN of a task definition'),
    family: required(definition.family, 'the family of a task definition'),
    number: required(definition.revision, 'the number of a revision'),
    status: definition.status ?? 'ACTIVE',
    registeredAt: timeOf(definition.registeredAt),
    deregisteredAt: timeOf(definition.deregisteredAt),
    registeredBy: definition.registeredBy ?? null,
    tags: tags.flatMap(({ key, value = '' }) => (key === undefined ? [] : [{ key, value }])),
    shown: maskDefinition(definition, masking.fingerprint, masking.showValuesOf),
    original: new Sealed({ definition, tags }),
    unknownFields,
    bytes: bytesOfCopy(definition),
  };
}

/** A service as pages and decisions need it, without its events. */
export function toService(service: EcsService): Service {
  const deployments = service.deployments ?? [];
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const taskSet = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  const clusterArn = required(service.clusterArn, 'the cluster of a service');
  return {
    arn: required(service.serviceArn, 'the ARN of a service'),
    name: required(service.serviceName, 'the name of a service'),
    clusterArn,
    clusterName: lastPart(clusterArn),
    status: service.status ?? 'ACTIVE',
    controller: service.deploymentController?.type ?? 'ECS',
    resourceManagementType: service.resourceManagementType ?? null,
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    // Services of an external controller name theirs in a task set.
    taskDefinitionArn: service.taskDefinition ?? taskSet?.taskDefinition ?? '',
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    pendingCount: service.pendingCount ?? 0,
    deployments: deployments.map(toDeployment),
    serviceRevisionArns: present((service.currentServiceRevisions ?? []).map(({ arn }) => arn)),
    events: [],
    ...placeOf(service, primary),
    ...rolloutOf(service.deploymentConfiguration ?? {}, service.schedulingStrategy === 'DAEMON'),
    createdAt: timeOf(service.createdAt),
  };
}

/** One entry of `service.deployments`. */
export function toDeployment(deployment: EcsDeployment): Deployment {
  return {
    id: required(deployment.id, 'the id of a deployment'),
    status: deployment.status ?? '',
    taskDefinitionArn: deployment.taskDefinition ?? '',
    desiredCount: deployment.desiredCount ?? 0,
    pendingCount: deployment.pendingCount ?? 0,
    runningCount: deployment.runningCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: timeOf(deployment.createdAt) ?? 0,
    updatedAt: timeOf(deployment.updatedAt) ?? timeOf(deployment.createdAt) ?? 0,
    rolloutState: deployment.rolloutState ?? null,
  };
}

const WITHHELD = 'What ECS said is not shown: its task definition could not be read to take its values out.';

/**
 * What ECS said of a service, newest first.
 *
 * @param quote - How it is quoted; `null` withholds it.
 */
export function eventsOf(events: readonly EcsServiceEvent[], quote: Quote | null): readonly ServiceEvent[] {
  const said = events
    .map(({ id = '', createdAt, message = '' }) => ({ id, at: timeOf(createdAt) ?? 0, message }))
    .sort((a, b) => b.at - a.at);
  if (quote === null) return said.slice(0, 1).map(({ at }) => ({ id: 'withheld', at, message: WITHHELD }));
  return said.map((event) => ({ ...event, message: quote(event.message) }));
}

type Placement = Pick<
  Service,
  | 'loadBalancers'
  | 'serviceRegistries'
  | 'connectPortNames'
  | 'latticePortNames'
  | 'launchType'
  | 'capacityProviders'
  | 'platformFamily'
  | 'hasNetworkConfiguration'
  | 'volumeNames'
>;

function placeOf(service: EcsService, primary: EcsDeployment | undefined): Placement {
  const connect = primary?.serviceConnectConfiguration;
  return {
    loadBalancers: (service.loadBalancers ?? []).map((balancer) => ({
      targetGroupArn: balancer.targetGroupArn ?? null,
      containerName: balancer.containerName ?? '',
      containerPort: balancer.containerPort ?? 0,
    })),
    serviceRegistries: (service.serviceRegistries ?? []).map((registry) => ({
      containerName: registry.containerName ?? null,
      containerPort: registry.containerPort ?? null,
    })),
    connectPortNames: connect?.enabled ? present((connect.services ?? []).map(({ portName }) => portName)) : [],
    latticePortNames: present((primary?.vpcLatticeConfigurations ?? []).map(({ portName }) => portName)),
    launchType: service.launchType ?? null,
    capacityProviders: present((service.capacityProviderStrategy ?? []).map((item) => item.capacityProvider)),
    platformFamily: service.platformFamily ?? primary?.platformFamily ?? null,
    hasNetworkConfiguration: service.networkConfiguration?.awsvpcConfiguration !== undefined,
    volumeNames: present((primary?.volumeConfigurations ?? []).map(({ name }) => name)),
  };
}

const present = (values: readonly (string | undefined)[]): readonly string[] =>
  values.flatMap((value) => (value === undefined ? [] : [value]));

type Rollout = Pick<
  Service,
  | 'minimumHealthyPercent'
  | 'maximumPercent'
  | 'strategy'
  | 'bakeMinutes'
  | 'hookCount'
  | 'pauseCount'
  | 'circuitBreaker'
  | 'alarms'
>;

function rolloutOf(configuration: DeploymentConfiguration, isDaemon: boolean): Rollout {
  const { deploymentCircuitBreaker: breaker, alarms } = configuration;
  return {
    minimumHealthyPercent: configuration.minimumHealthyPercent ?? (isDaemon ? 0 : 100),
    maximumPercent: configuration.maximumPercent ?? (isDaemon ? 100 : 200),
    strategy: configuration.strategy ?? 'ROLLING',
    bakeMinutes: configuration.bakeTimeInMinutes ?? 0,
    hookCount: configuration.lifecycleHooks?.length ?? 0,
    pauseCount: configuration.lifecycleHooks?.filter(({ targetType }) => targetType === 'PAUSE').length ?? 0,
    circuitBreaker: { enabled: breaker?.enable ?? false, rollback: breaker?.rollback ?? false },
    alarms: {
      enabled: alarms?.enable ?? false,
      rollback: alarms?.rollback ?? false,
      names: alarms?.alarmNames ?? [],
    },
  };
}

/** What listing tells of a service deployment, before it is described. */
export type ServiceDeploymentHead = {
  readonly arn: string;
  readonly status: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly serviceRevisionArn: string;
};

/** An entry of a list of service deployments. */
export function toDeploymentHead(brief: ServiceDeploymentBrief): ServiceDeploymentHead {
  return {
    arn: required(brief.serviceDeploymentArn, 'the ARN of a service deployment'),
    status: brief.status ?? '',
    createdAt: timeOf(brief.createdAt) ?? 0,
    startedAt: timeOf(brief.startedAt),
    finishedAt: timeOf(brief.finishedAt),
    serviceRevisionArn: brief.targetServiceRevisionArn ?? '',
  };
}

/**
 * A service deployment from its list entry, with what describing it and its service revision added; without what ECS
 * says of it.
 *
 * @param described - `null` where AWS would not describe it: very old ones are only listed.
 * @param revision - `null` where its service revision was not read.
 */
export function toServiceDeployment(
  head: ServiceDeploymentHead,
  described: EcsServiceDeployment | null,
  revision: ServiceRevision | null,
): ServiceDeployment {
  const breaker = described?.deploymentCircuitBreaker;
  return {
    ...head,
    // The description was read after the list, so it knows better.
    status: described?.status ?? head.status,
    statusReason: null,
    startedAt: timeOf(described?.startedAt) ?? head.startedAt,
    finishedAt: timeOf(described?.finishedAt) ?? head.finishedAt,
    serviceRevisionArn: described?.targetServiceRevision?.arn ?? head.serviceRevisionArn,
    taskDefinitionArn: revision?.taskDefinition ?? null,
    digests: digestsOf(revision),
    sourceServiceRevisionArns: present((described?.sourceServiceRevisions ?? []).map(({ arn }) => arn)),
    circuitBreaker:
      breaker === undefined || breaker.status === 'DISABLED'
        ? null
        : { failureCount: breaker.failureCount ?? 0, threshold: breaker.threshold ?? 0 },
    waitingForHook: described?.lifecycleHookDetails?.some(({ status }) => status === 'AWAITING_ACTION') ?? false,
    returnedBy: described === null ? null : returnedBy(described),
    returnsToArn: described?.rollback?.serviceRevisionArn ?? null,
  };
}

/** What ECS names as the cause where it returned by itself; it has no field for all of them. */
const OWN_CAUSE = /circuit breaker|alarm|lifecycle hook|networking configuration/i;
const HOOK_ENDS: ReadonlySet<string> = new Set(['FAILED', 'TIMED_OUT']);

/** A return that no guard of ECS asked for was asked for by somebody. */
function returnedBy(described: EcsServiceDeployment): ServiceDeployment['returnedBy'] {
  const { status = '', statusReason, rollback, deploymentCircuitBreaker: breaker, alarms } = described;
  if (!isReturning({ status })) return null;
  const guarded =
    breaker?.status === 'TRIGGERED' ||
    (alarms?.triggeredAlarmNames ?? []).length > 0 ||
    described.lifecycleHookDetails?.some((hook) => HOOK_ENDS.has(hook.status ?? '')) ||
    [statusReason, rollback?.reason].some((reason) => OWN_CAUSE.test(reason ?? ''));
  return guarded ? 'ecs' : 'somebody';
}

function digestsOf(revision: ServiceRevision | null): Digests {
  const images = revision?.containerImages ?? [];
  return new Map(
    images.flatMap(({ containerName, imageDigest }) =>
      containerName === undefined || imageDigest === undefined ? [] : [[containerName, imageDigest] as const],
    ),
  );
}

/** What a service revision runs; `null` where AWS does not say of which definition, or not of every container. */
export function toRunningImages(revision: ServiceRevision): RunningImages | null {
  const { serviceRevisionArn: arn, taskDefinition: taskDefinitionArn, containerImages = [] } = revision;
  const images = containerImages.flatMap(({ containerName: container, image }) =>
    container === undefined || image === undefined ? [] : [{ container, image: withoutSecrets(image, []) }],
  );
  const isWhole = images.length > 0 && images.length === containerImages.length;
  return arn === undefined || taskDefinitionArn === undefined || !isWhole ? null : { arn, taskDefinitionArn, images };
}
