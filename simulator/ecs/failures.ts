import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import { breakerThreshold, ongoingOf } from './deployments';
import { say } from './events';
import { failDeployment } from './give-up';
import type { Deployment, Service, Task } from './state';

/** Seconds between two batches of starts; a rollout takes about three of them. */
export const BATCH_SECONDS = 25;
const LONGEST_BACKOFF_SECONDS = 900;

/** A task of a service failed: the next start waits longer, and the circuit breaker may trip. */
export function countFailure(moment: Moment, service: Service, task: Task): void {
  const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
  if (!deployment) return;
  holdBack(moment, deployment);
  watchFailures(moment, service, deployment);
}

/** A task could not even be created. */
export function countUnplaced(moment: Moment, service: Service, deployment: Deployment): void {
  holdBack(moment, deployment);
  watchFailures(moment, service, deployment);
}

function holdBack({ world, now }: Moment, deployment: Deployment): void {
  deployment.failedTasks += 1;
  deployment.consecutiveFailures += 1;
  deployment.updatedAt = now;
  const gap = BATCH_SECONDS * 1.5 ** Math.max(0, deployment.consecutiveFailures - 3);
  deployment.launchAfter = Math.max(deployment.launchAfter, now + wait(world, Math.min(LONGEST_BACKOFF_SECONDS, gap)));
}

function watchFailures(moment: Moment, service: Service, deployment: Deployment): void {
  const record = ongoingOf(service);
  if (!record || deployment.status !== 'PRIMARY' || deployment.rolloutState !== 'IN_PROGRESS') return;
  if (record.status === 'IN_PROGRESS') record.failureCount += 1;
  const returning = record.status === 'ROLLBACK_IN_PROGRESS';
  const failures = returning ? deployment.consecutiveFailures : record.failureCount;
  const watched = returning || record.breaker === 'MONITORING';
  if (watched && failures >= breakerThreshold(record.configuration, service.desiredCount)) {
    failDeployment(moment, service, deployment, 'breaker');
  } else if (!watched && deployment.consecutiveFailures % 5 === 0) {
    say(
      moment,
      service,
      'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    );
  }
}

/** A task became healthy: starts wait no longer, and the circuit breaker counts anew unless told not to. */
export function countHealthy(service: Service, task: Task): void {
  const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
  const record = ongoingOf(service);
  if (!deployment) return;
  deployment.consecutiveFailures = 0;
  const resets = record?.configuration.deploymentCircuitBreaker?.resetOnHealthyTask !== false;
  if (record?.status === 'IN_PROGRESS' && record.deploymentId === deployment.id && resets) record.failureCount = 0;
}
