import type { Moment } from '@/simulator/call';
import { endStopped, ongoingOf, primaryOf } from './deployments';
import { say } from './events';
import type { Deployment, Service, ServiceDeployment } from './state';

/** What noticed that a deployment fails. */
type Cause = 'breaker' | 'alarm';

const EVENT = { breaker: 'tasks failed to start.', alarm: 'alarm detected.' } as const;
const ROLLOUT = {
  breaker: 'ECS deployment circuit breaker: tasks failed to start.',
  alarm: 'ECS deployment alarm: alarm detected.',
} as const;
const RECORD = {
  breaker: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
  alarm: 'Service deployment rolled back because an alarm was triggered.',
} as const;

/**
 * The deployment failed. With the detector's rollback on, ECS returns to the latest COMPLETED deployment; without one,
 * or during a return, it stays where it is.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html}
 */
export function failDeployment(moment: Moment, service: Service, deployment: Deployment, cause: Cause): void {
  const record = ongoingOf(service);
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = ROLLOUT[cause];
  deployment.updatedAt = moment.now;
  say(moment, service, `(deployment ${deployment.id}) deployment failed: ${EVENT[cause]}`);
  if (!record) return;
  if (cause === 'breaker' && record.breaker === 'MONITORING') record.breaker = 'TRIGGERED';
  if (cause === 'alarm') record.alarms = 'TRIGGERED';
  const { deploymentCircuitBreaker, alarms } = record.configuration;
  const returns = cause === 'breaker' ? deploymentCircuitBreaker?.rollback : alarms?.rollback;
  if (record.status === 'ROLLBACK_IN_PROGRESS') return endUnreturned(moment, record);
  if (returns && service.lastCompleted) return returnToCompleted(moment, service, record, RECORD[cause]);
  record.status = 'STOP_REQUESTED';
  record.statusReason = `Service deployment stopped because ${cause === 'breaker' ? 'the circuit breaker threshold was exceeded' : 'an alarm was triggered'}.`;
  record.updatedAt = moment.now;
}

function endUnreturned({ now }: Moment, record: ServiceDeployment): void {
  record.status = 'ROLLBACK_FAILED';
  record.finishedAt = now;
  record.updatedAt = now;
}

/** Goes back to the latest COMPLETED deployment, which keeps its id; without one the deployment just stops. */
export function returnToCompleted(moment: Moment, service: Service, record: ServiceDeployment, reason: string): void {
  const { now } = moment;
  const target = service.lastCompleted;
  if (!target) return stopFirst(moment, service, record);
  for (const deployment of service.deployments) {
    if (deployment !== target) deployment.status = 'ACTIVE';
  }
  service.deployments = [target, ...service.deployments.filter((deployment) => deployment !== target)];
  target.status = 'PRIMARY';
  target.rolloutState = 'IN_PROGRESS';
  target.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${target.id}.`;
  target.desiredCount = service.desiredCount;
  target.consecutiveFailures = 0;
  target.launchAfter = now;
  target.updatedAt = now;
  service.taskDefinition = target.taskDefinition;
  service.settings = target.settings;
  // Until the return is complete there is nothing ECS could return to.
  service.lastCompleted = null;
  service.steady = false;
  record.status = 'ROLLBACK_IN_PROGRESS';
  record.statusReason = reason;
  record.rollback = { reason, startedAt: now, serviceRevisionArn: target.serviceRevisionArn };
  record.failureCount = record.breaker === 'TRIGGERED' ? record.failureCount : 0;
  record.updatedAt = now;
  say(moment, service, `rolling back to deployment ${target.id}.`);
}

/** Nothing was ever complete: what was begun stays where it is. */
function stopFirst({ now }: Moment, service: Service, record: ServiceDeployment): void {
  const primary = primaryOf(service);
  if (primary) {
    primary.rolloutState = 'FAILED';
    primary.rolloutStateReason = `ECS deployment ${primary.id} stopped.`;
    primary.updatedAt = now;
  }
  endStopped(record, now);
}
