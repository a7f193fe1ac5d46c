import type { Moment } from '@/simulator/call';
import type { Region } from '@/simulator/world';
import type { Family, Service } from './state';

/** How long ECS takes to delete a revision that nothing uses; it promises no time. */
const DELETION_MS = 24 * 3_600_000;

/**
 * Removes revisions whose deletion was asked for a day ago or earlier and that no task or service refers to.
 *
 * @param families - Those somebody is about to look at; the others can wait.
 */
export function removeDeleted({ region, now }: Pick<Moment, 'region' | 'now'>, families: Iterable<Family>): void {
  for (const { revisions } of families) {
    for (const { number, arn, status, deleteRequestedAt } of revisions.values()) {
      if (status !== 'DELETE_IN_PROGRESS' || now - (deleteRequestedAt ?? now) < DELETION_MS) continue;
      if (!isUsed(region, arn)) revisions.delete(number);
    }
  }
}

const isUsed = ({ services, looseTasks }: Region, arn: string): boolean =>
  [...services.values()].some((service) => refersTo(service, arn)) ||
  [...looseTasks.values()].some(({ task }) => task.taskDefinition === arn);

const refersTo = ({ taskDefinition, deployments, lastCompleted, tasks }: Service, arn: string): boolean =>
  taskDefinition === arn ||
  lastCompleted?.taskDefinition === arn ||
  deployments.some((deployment) => deployment.taskDefinition === arn) ||
  tasks.some((task) => task.taskDefinition === arn);
