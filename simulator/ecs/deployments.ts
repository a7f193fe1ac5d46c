import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import { digitsId, shortId } from '@/simulator/ids';
import { ecsArn, knownRevision } from './lookup';
import type { Deployment, Service, ServiceDeployment, ServiceRevision } from './state';

/** Statuses in which a service deployment still moves. */
const ONGOING = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];

export const isOngoing = ({ status }: ServiceDeployment): boolean => ONGOING.includes(status);

/** The deployment ECS is heading for. */
export const primaryOf = (service: Service): Deployment | null =>
  service.deployments.find(({ status }) => status === 'PRIMARY') ?? null;

/** The service deployment that is under way, newest first, or `null`. */
export const ongoingOf = (service: Service): ServiceDeployment | null =>
  service.serviceDeployments.find(isOngoing) ?? null;

/** Deploys the service's present task definition and settings; whatever was under way is superseded. */
export function beginDeployment(moment: Moment, service: Service): Deployment {
  const { now } = moment;
  const before = primaryOf(service);
  const sources = sourcesOf(service);
  supersede(service, now);
  if (before) before.status = 'ACTIVE';
  const revision = addServiceRevision(moment, service);
  const deploymentId = `ecs-svc/${digitsId(moment.world)}`;
  const record = serviceDeploymentRecord(moment, service, { deploymentId, revision, sources });
  const deployment: Deployment = {
    id: deploymentId,
    status: 'PRIMARY',
    taskDefinition: service.taskDefinition,
    serviceRevisionArn: revision.arn,
    serviceDeploymentArn: record.arn,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${deploymentId} in progress.`,
    desiredCount: service.desiredCount,
    failedTasks: 0,
    consecutiveFailures: 0,
    unhealthyStopped: 0,
    launchAfter: now + wait(moment.world, 2),
    createdAt: now,
    updatedAt: now,
    settings: service.settings,
  };
  service.serviceDeployments.unshift(record);
  service.deployments.unshift(deployment);
  service.steady = false;
  service.wakeAt = deployment.launchAfter;
  return deployment;
}

/** Revisions that have tasks, or are about to, when a deployment begins. */
function sourcesOf(service: Service): string[] {
  const arns = service.deployments
    .filter((deployment) => deployment.status === 'PRIMARY' || service.tasks.some((task) => busy(task, deployment)))
    .map(({ serviceRevisionArn }) => serviceRevisionArn);
  return [...new Set(arns)];
}

const busy = (task: Service['tasks'][number], deployment: Deployment): boolean =>
  task.deploymentId === deployment.id && task.lastStatus !== 'STOPPED';

/** A newer deployment began: the older ones under way are asked to stop. */
function supersede(service: Service, now: number): void {
  for (const record of service.serviceDeployments.filter(isOngoing)) {
    record.updatedAt = now;
    if (record.status === 'ROLLBACK_IN_PROGRESS') {
      record.status = 'ROLLBACK_FAILED';
      record.statusReason = 'Service deployment rollback failed because a newer deployment replaced it.';
      record.finishedAt = now;
    } else if (record.status === 'ROLLBACK_REQUESTED') {
      endStopped(record, now);
    } else {
      record.status = 'STOP_REQUESTED';
      record.statusReason = 'A newer service deployment started.';
    }
  }
}

/** Ends a service deployment without success or return. */
export function endStopped(record: ServiceDeployment, now: number): void {
  record.status = 'STOPPED';
  record.stoppedAt = now;
  record.finishedAt = now;
  record.updatedAt = now;
  if (record.breaker === 'MONITORING') record.breaker = 'MONITORING_COMPLETE';
  if (record.alarms === 'MONITORING') record.alarms = 'MONITORING_COMPLETE';
}

/** Freezes the service's present task definition and settings as a service revision. */
function addServiceRevision({ world, region, now }: Moment, service: Service): ServiceRevision {
  const arn = ecsArn(region, `service-revision/${service.cluster}/${service.name}/${digitsId(world)}`);
  const { definition } = knownRevision(region, service.taskDefinition);
  const revision: ServiceRevision = {
    arn,
    taskDefinition: service.taskDefinition,
    createdAt: now,
    images: Object.fromEntries(
      (definition.containerDefinitions ?? []).map(({ name = '', image = '' }) => [name, image]),
    ),
    digests: {},
    settings: service.settings,
  };
  service.revisions.set(arn, revision);
  return revision;
}

function serviceDeploymentRecord(
  { world, region, now }: Moment,
  service: Service,
  of: { readonly deploymentId: string; readonly revision: ServiceRevision; readonly sources: readonly string[] },
): ServiceDeployment {
  const { deploymentCircuitBreaker, alarms } = service.configuration;
  return {
    arn: ecsArn(region, `service-deployment/${service.cluster}/${service.name}/${shortId(world)}`),
    deploymentId: of.deploymentId,
    targetRevisionArn: of.revision.arn,
    sourceRevisionArns: of.sources,
    status: 'PENDING',
    statusReason: null,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    stoppedAt: null,
    updatedAt: now,
    stage: null,
    stageSince: now,
    hooks: [],
    configuration: service.configuration,
    failureCount: 0,
    breaker: deploymentCircuitBreaker?.enable ? 'MONITORING' : 'DISABLED',
    alarms: alarms?.enable ? 'MONITORING' : 'DISABLED',
    triggeredAlarms: [],
    rollback: null,
    bakingSince: null,
    finalCounts: null,
  };
}

/**
 * Failures at which the circuit breaker trips.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html}
 */
export function breakerThreshold(configuration: DeploymentConfiguration, desiredCount: number): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = configuration.deploymentCircuitBreaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((value / 100) * desiredCount);
  return type === 'UNBOUNDED_PERCENT' ? Math.max(1, share) : Math.min(200, Math.max(3, share));
}
