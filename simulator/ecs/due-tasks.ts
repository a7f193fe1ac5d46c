import type { Moment } from '@/simulator/call';
import { say } from './events';
import { countFailure, countHealthy } from './failures';
import type { Service, Task } from './state';
import { moveTask } from './task-life';

/** Takes every step that is due in the service's tasks, and says what ECS says of several at once. */
export function moveDueTasks(moment: Moment, service: Service): void {
  const due = service.tasks.filter(({ dueAt }) => dueAt !== null && dueAt <= moment.now);
  const moved = due.map((task) => ({ task, outcome: moveTask(moment, service, task) }));
  const tasksThat = (wanted: string): Task[] =>
    moved.filter(({ outcome }) => outcome === wanted).map(({ task }) => task);
  sayRegistered(moment, service, tasksThat('registered').length);
  sayDeregistered(moment, service, tasksThat('deregistered'));
  for (const task of tasksThat('healthy')) countHealthy(service, task);
  for (const task of tasksThat('failed')) countFailure(moment, service, task);
}

function sayRegistered(moment: Moment, service: Service, count: number): void {
  if (count === 0) return;
  for (const group of targetGroups(service)) say(moment, service, `registered ${count} targets in ${group}`);
}

/** Draining is said for each deployment whose tasks leave. */
function sayDeregistered(moment: Moment, service: Service, tasks: readonly Task[]): void {
  for (const id of new Set(tasks.map(({ deploymentId }) => deploymentId))) {
    const count = tasks.filter(({ deploymentId }) => deploymentId === id).length;
    for (const group of targetGroups(service)) say(moment, service, `deregistered ${count} targets in ${group}`);
    say(moment, service, `has begun draining connections on ${count} tasks.`, id);
  }
}

const targetGroups = ({ settings }: Service): string[] =>
  settings.loadBalancers.flatMap(({ targetGroupArn }) => (targetGroupArn ? [`(target-group ${targetGroupArn})`] : []));
