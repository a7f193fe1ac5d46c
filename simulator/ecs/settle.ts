import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import { ongoingOf } from './deployments';
import { say } from './events';
import { failDeployment } from './give-up';
import type { Deployment, Service, ServiceDeployment } from './state';
import { isPending, isRunning } from './tasks';

/** How long ECS watches alarms after all tasks are in place. */
export const ALARM_BAKE_SECONDS = 60;

/** What of a deployment is in place. */
type Place = {
  /** As many tasks of the deployment as are wanted, all healthy. */
  readonly ready: boolean;
  readonly healthy: number;
  /** No task of another deployment is left, stopping ones included. */
  readonly drained: boolean;
};

/** Forgets deployments that have drained, completes the one that is in place, and says when the service is steady. */
export function settle(moment: Moment, service: Service, primary: Deployment): void {
  const present = service.tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  const ours = present.filter(({ deploymentId }) => deploymentId === primary.id);
  const healthy = ours.filter(({ health }) => health === 'healthy').length;
  service.deployments = service.deployments.filter(
    (deployment) => deployment === primary || present.some(({ deploymentId }) => deploymentId === deployment.id),
  );
  const place: Place = {
    ready: ours.length === service.desiredCount && healthy === ours.length,
    healthy,
    drained: present.length === ours.length,
  };
  if (primary.rolloutState === 'IN_PROGRESS' && !complete(moment, service, primary, place)) return;
  if (place.ready && place.drained && !service.steady) {
    service.steady = true;
    say(moment, service, 'has reached a steady state.');
  }
}

function complete(moment: Moment, service: Service, primary: Deployment, place: Place): boolean {
  const { now } = moment;
  const record = ongoingOf(service);
  if (!isInPlace(service, record, place)) return false;
  if (record?.status === 'IN_PROGRESS' && record.alarms === 'MONITORING') {
    record.bakingSince ??= now;
    const firing = (record.configuration.alarms?.alarmNames ?? []).filter(
      (name) => moment.region.alarms.get(name)?.state === 'ALARM',
    );
    if (firing.length > 0) {
      record.triggeredAlarms = firing;
      failDeployment(moment, service, primary, 'alarm');
      return false;
    }
    if (now < record.bakingSince + wait(moment.world, ALARM_BAKE_SECONDS)) return false;
  }
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = now;
  service.lastCompleted = primary;
  say(moment, service, `(deployment ${primary.id}) deployment completed.`);
  if (record) finish(moment, service, record);
  return true;
}

/** Whether a deployment may end well: by early success, or with everything new in place and everything old gone. */
function isInPlace(service: Service, record: ServiceDeployment | null, { ready, healthy, drained }: Place): boolean {
  if (hasEarlySuccess(service, healthy)) {
    const cleanup = record?.configuration.earlySuccessCriteria?.sourceServiceRevisionCleanup ?? 'BLOCKING';
    return drained || cleanup === 'DEFERRED';
  }
  return ready && drained && !isShifting(record);
}

/** A shift of traffic has stages to go through even where all tasks are in place. */
const isShifting = (record: ServiceDeployment | null): boolean =>
  record?.status === 'IN_PROGRESS' &&
  (record.configuration.strategy ?? 'ROLLING') !== 'ROLLING' &&
  record.sourceRevisionArns.length > 0 &&
  record.stage !== 'CLEAN_UP';

/**
 * Whether as many tasks are healthy as the service's early success criteria ask for; they are for rolling alone.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentEarlySuccessCriteria.html}
 */
export function hasEarlySuccess(service: Service, healthy: number): boolean {
  const record = ongoingOf(service);
  if (record?.status !== 'IN_PROGRESS') return false;
  const { strategy = 'ROLLING', earlySuccessCriteria: criteria } = record.configuration;
  if (strategy !== 'ROLLING' || !criteria?.enable) return false;
  return healthy >= Math.ceil((service.desiredCount * (criteria.healthyPercent ?? 100)) / 100);
}

function finish({ now }: Moment, service: Service, record: ServiceDeployment): void {
  const returned = record.status === 'ROLLBACK_IN_PROGRESS';
  const tasks = service.tasks.filter(({ serviceRevisionArn }) => serviceRevisionArn === record.targetRevisionArn);
  record.status = returned ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL';
  record.finishedAt = now;
  record.updatedAt = now;
  record.stage = null;
  record.finalCounts = {
    requested: returned ? 0 : service.desiredCount,
    running: tasks.filter(isRunning).length,
    pending: tasks.filter(isPending).length,
  };
  if (record.breaker === 'MONITORING') record.breaker = 'MONITORING_COMPLETE';
  if (record.alarms === 'MONITORING') record.alarms = 'MONITORING_COMPLETE';
}
