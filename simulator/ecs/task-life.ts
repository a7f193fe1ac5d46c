import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import { hexId } from '@/simulator/ids';
import { say } from './events';
import { outcomeOf } from './images';
import { knownRevision } from './lookup';
import { missingNeeds } from './needs';
import type { Deployment, Fate, Service, Task } from './state';

/** Seconds ECS takes for each step of a task's life. */
const SECONDS = {
  provisioning: 15,
  pending: 25,
  healthyBehindLoadBalancer: 40,
  healthyByContainerCheck: 40,
  /** ECS calls a task without any check healthy after this. */
  healthyUnchecked: 40,
  unhealthy: 60,
  deregistering: 2,
  draining: 50,
  stopping: 10,
} as const;

const ZONES = ['a', 'b', 'c'];

/** Starts one task of the deployment. */
export function startTask({ world, now }: Moment, service: Service, deployment: Deployment): Task {
  const chosen = service.fate;
  const applies = chosen !== null && (chosen.taskDefinition ?? deployment.taskDefinition) === deployment.taskDefinition;
  const task: Task = {
    id: hexId(world),
    deploymentId: deployment.id,
    serviceRevisionArn: deployment.serviceRevisionArn,
    taskDefinition: deployment.taskDefinition,
    zone: ZONES[service.tasks.length % ZONES.length] ?? 'a',
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    health: 'starting',
    fate: applies ? chosen.tasks : 'healthy',
    failsAfterMs: applies ? chosen.failsAfterMs : null,
    dueAt: now + wait(world, SECONDS.provisioning),
    createdAt: now,
    startedAt: null,
    stoppingAt: null,
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    exitCode: null,
    containerReason: null,
    isTarget: false,
    protectedUntil: null,
  };
  service.tasks.push(task);
  return task;
}

/** What a step of a task's life means for its service. */
export type Outcome = 'failed' | 'healthy' | 'registered' | 'deregistered' | 'moved';

/** Takes the step that is due. */
export function moveTask(moment: Moment, service: Service, task: Task): Outcome {
  const { world, now } = moment;
  if (task.lastStatus === 'PROVISIONING') {
    task.lastStatus = 'PENDING';
    task.dueAt = now + wait(world, SECONDS.pending);
    return 'moved';
  }
  if (task.lastStatus === 'PENDING') return launch(moment, service, task);
  if (task.lastStatus === 'RUNNING')
    return task.fate === 'unhealthy' ? failCheck(moment, service, task) : healthy(task);
  if (task.lastStatus === 'DEACTIVATING' && task.isTarget) {
    task.isTarget = false;
    task.dueAt = now + wait(world, SECONDS.draining);
    return 'deregistered';
  }
  if (task.lastStatus === 'DEACTIVATING') {
    task.lastStatus = 'STOPPING';
    task.dueAt = now + wait(world, SECONDS.stopping);
    return 'moved';
  }
  task.lastStatus = 'STOPPED';
  task.stoppedAt = now;
  task.dueAt = null;
  return 'moved';
}

function healthy(task: Task): 'healthy' {
  task.health = 'healthy';
  task.dueAt = null;
  return 'healthy';
}

/** Pulls the images and starts the containers. */
function launch(moment: Moment, service: Service, task: Task): Outcome {
  const { world, region, now } = moment;
  const revision = knownRevision(region, task.taskDefinition);
  const frozen = service.revisions.get(task.serviceRevisionArn ?? '');
  const outcome = outcomeOf(world, revision, frozen?.digests ?? {});
  const fate: Fate = task.fate === 'healthy' ? outcome.fate : task.fate;
  task.fate = fate === 'unhealthy' && !isChecked(service, revision.definition.containerDefinitions) ? 'healthy' : fate;
  const missing = missingNeeds(moment, revision);
  if (missing !== null) return fail(moment, task, { code: 'TaskFailedToStart', reason: missing });
  if (task.fate === 'cannot-pull') {
    const image = outcome.missingImage ?? revision.definition.containerDefinitions?.[0]?.image ?? '';
    const reason = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: not found`;
    task.containerReason = reason;
    return fail(moment, task, { code: 'TaskFailedToStart', reason });
  }
  if (frozen && Object.keys(frozen.digests).length === 0) frozen.digests = outcome.digests;
  if (task.fate === 'crash') {
    task.exitCode = 1;
    return fail(moment, task, { code: 'EssentialContainerExited', reason: 'Essential container in task exited' });
  }
  task.lastStatus = 'RUNNING';
  task.startedAt = now;
  task.isTarget = service.settings.loadBalancers.length > 0;
  task.dueAt = now + (task.fate === 'unhealthy' ? failsAfter(moment, task) : wait(world, secondsToHealth(service)));
  return task.isTarget ? 'registered' : 'moved';
}

const failsAfter = ({ world }: Moment, task: Task): number => task.failsAfterMs ?? wait(world, SECONDS.unhealthy);

const secondsToHealth = (service: Service): number =>
  service.settings.loadBalancers.length > 0 ? SECONDS.healthyBehindLoadBalancer : SECONDS.healthyUnchecked;

const isChecked = (service: Service, containers: readonly { readonly healthCheck?: unknown }[] | undefined): boolean =>
  service.settings.loadBalancers.length > 0 || (containers ?? []).some(({ healthCheck }) => healthCheck);

function failCheck(moment: Moment, service: Service, task: Task): 'failed' {
  const group = service.settings.loadBalancers[0];
  const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
  if (deployment) deployment.unhealthyStopped += 1;
  task.health = 'unhealthy';
  task.isTarget = false;
  if (group?.targetGroupArn) {
    const where = `(task ${task.id}) (port ${group.containerPort}) is unhealthy in (target-group ${group.targetGroupArn})`;
    say(moment, service, `${where} due to (reason Health checks failed with these codes: [500]).`);
    return stopFailed(moment, task, `Task failed ELB health checks in (target-group ${group.targetGroupArn})`);
  }
  say(moment, service, `(task ${task.id}) failed container health checks.`);
  return stopFailed(moment, task, 'Task failed container health checks');
}

function stopFailed({ world, now }: Moment, task: Task, reason: string): 'failed' {
  task.desiredStatus = 'STOPPED';
  task.lastStatus = 'STOPPING';
  task.stoppingAt = now;
  task.stopCode = 'ServiceSchedulerInitiated';
  task.stoppedReason = reason;
  task.dueAt = now + wait(world, SECONDS.stopping);
  return 'failed';
}

function fail({ now }: Moment, task: Task, why: { readonly code: string; readonly reason: string }): 'failed' {
  task.desiredStatus = 'STOPPED';
  task.lastStatus = 'STOPPED';
  task.health = 'unhealthy';
  task.stoppingAt = now;
  task.stoppedAt = now;
  task.stopCode = why.code;
  task.stoppedReason = why.reason;
  task.dueAt = null;
  return 'failed';
}

/** Asks a task to stop: first out of the load balancer, then the containers. */
export function stopTask(moment: Moment, task: Task, reason: string): void {
  task.desiredStatus = 'STOPPED';
  task.lastStatus = task.isTarget ? 'DEACTIVATING' : 'STOPPING';
  task.stoppingAt = moment.now;
  task.stopCode = 'ServiceSchedulerInitiated';
  task.stoppedReason = reason;
  task.dueAt = moment.now + wait(moment.world, task.isTarget ? SECONDS.deregistering : SECONDS.stopping);
}
