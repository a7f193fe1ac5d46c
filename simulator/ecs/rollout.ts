import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import type { World } from '@/simulator/world';
import { regionsOf } from '@/simulator/world';
import { type Leave, moveShift, stageEnd } from './blue-green';
import { breakerThreshold, isOngoing, ongoingOf, primaryOf } from './deployments';
import { say, taskList } from './events';
import { failDeployment, returnToCompleted } from './give-up';
import { knownRevision } from './lookup';
import { missingRole } from './needs';
import { nextMoves } from './rolling';
import type { Deployment, Service, ServiceDeployment, Task } from './state';
import { moveTask, startTask, stopTask } from './task-life';
import { isLive, isPending, isRunning } from './tasks';

/** Seconds until a request to ECS shows its effect. */
const TURN_SECONDS = 2;
/** Seconds between two batches of starts; a rollout takes about three of them. */
const BATCH_SECONDS = 25;
const LONGEST_BACKOFF_SECONDS = 900;
/** How long stopped tasks stay visible. */
const STOPPED_VISIBLE_MS = 3_600_000;
/** How long ECS watches alarms after all tasks are in place. */
const ALARM_BAKE_SECONDS = 60;

const ROLLING: Leave = { mayStart: true, mayDrain: true };

/** Lets everything happen that is due by `now`, each thing at its own moment. */
export function catchUp(world: World, now: number): void {
  for (const region of regionsOf(world)) {
    for (const service of region.services.values()) catchUpService({ world, region, now }, service);
  }
}

/** Lets everything happen to one service that is due by now; services do not wait for each other. */
export function catchUpService({ world, region, now }: Moment, service: Service): void {
  while (service.wakeAt !== null && service.wakeAt <= now) {
    step({ world, region, now: service.wakeAt }, service);
    world.changes += 1;
  }
}

function step(moment: Moment, service: Service): void {
  for (const task of service.tasks) {
    if (task.dueAt === null || task.dueAt > moment.now) continue;
    const outcome = moveTask(moment, service, task);
    if (outcome === 'failed') countFailure(moment, service, task);
    if (outcome === 'healthy') countHealthy(service, task);
  }
  moveRecords(moment, service);
  const primary = primaryOf(service);
  if (primary) schedule(moment, service, primary);
  forgetStopped(moment, service);
  service.wakeAt = nextWake(moment, service);
}

/** Requests become actions one scheduler turn later. */
function moveRecords(moment: Moment, service: Service): void {
  const { now } = moment;
  for (const record of service.serviceDeployments.filter(isOngoing)) {
    const due = now >= record.updatedAt + wait(moment.world, TURN_SECONDS);
    if (record.status === 'STOP_REQUESTED' && due) {
      record.status = 'STOPPED';
      record.stoppedAt = now;
      record.finishedAt = now;
      record.updatedAt = now;
      if (record.breaker === 'MONITORING') record.breaker = 'MONITORING_COMPLETE';
    } else if (record.status === 'ROLLBACK_REQUESTED' && due) {
      returnToCompleted(moment, service, record, 'Service deployment rolled back because of a user request.');
    } else if (record.status === 'PENDING' && due) {
      record.status = 'IN_PROGRESS';
      record.startedAt = now;
      record.updatedAt = now;
      ignoreFiringAlarms(moment, record);
    }
  }
}

/** An alarm that fires before the deployment began says nothing about it. */
function ignoreFiringAlarms({ region }: Moment, record: ServiceDeployment): void {
  const names = record.configuration.alarms?.alarmNames ?? [];
  if (names.some((name) => region.alarms.get(name)?.state === 'ALARM')) record.alarms = 'DISABLED';
}

function countFailure(moment: Moment, service: Service, task: Task): void {
  const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
  if (!deployment) return;
  deployment.failedTasks += 1;
  deployment.consecutiveFailures += 1;
  deployment.updatedAt = moment.now;
  const gap = BATCH_SECONDS * 1.5 ** Math.max(0, deployment.consecutiveFailures - 3);
  const backoff = wait(moment.world, Math.min(LONGEST_BACKOFF_SECONDS, gap));
  deployment.launchAfter = Math.max(deployment.launchAfter, moment.now + backoff);
  const record = ongoingOf(service);
  if (!record || deployment.status !== 'PRIMARY' || deployment.rolloutState !== 'IN_PROGRESS') return;
  if (record.status === 'IN_PROGRESS') record.failureCount += 1;
  const threshold = breakerThreshold(record.configuration, service.desiredCount);
  const returning = record.status === 'ROLLBACK_IN_PROGRESS';
  const failures = returning ? deployment.consecutiveFailures : record.failureCount;
  const watched = returning || record.breaker === 'MONITORING';
  if (watched && failures >= threshold) failDeployment(moment, service, deployment, 'breaker');
  if (record.breaker === 'DISABLED' && deployment.consecutiveFailures % 5 === 0) {
    say(
      moment,
      service,
      'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    );
  }
}

function countHealthy(service: Service, task: Task): void {
  const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
  const record = ongoingOf(service);
  if (!deployment) return;
  deployment.consecutiveFailures = 0;
  const resets = record?.configuration.deploymentCircuitBreaker?.resetOnHealthyTask !== false;
  if (record && record.deploymentId === deployment.id && resets) record.failureCount = 0;
}

function schedule(moment: Moment, service: Service, primary: Deployment): void {
  const record = ongoingOf(service);
  if (primary.rolloutState === 'FAILED' || record?.status === 'PENDING') return;
  const strategy = record?.configuration.strategy ?? 'ROLLING';
  const shifting = record?.status === 'IN_PROGRESS' && strategy !== 'ROLLING';
  const leave = shifting ? moveShift(moment, service, primary, record) : ROLLING;
  if (primaryOf(service) !== primary) return;
  roll(moment, service, primary, leave);
  settle(moment, service, primary);
}

/** One turn of the scheduler: stops what is too much and starts what is missing. */
function roll(moment: Moment, service: Service, primary: Deployment, { mayDrain, mayStart }: Leave): void {
  const { now } = moment;
  const live = service.tasks.filter(isLive);
  const fresh = live.filter(({ deploymentId }) => deploymentId === primary.id);
  const old = live.filter(({ deploymentId }) => deploymentId !== primary.id);
  const isHealthy = ({ health }: Task): boolean => health === 'healthy';
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.configuration;
  const moves = nextMoves({
    desired: service.desiredCount,
    minimumPercent: minimumHealthyPercent,
    maximumPercent: mayDrain ? maximumPercent : Math.max(200, maximumPercent),
    newLive: fresh.length,
    newHealthy: fresh.filter(isHealthy).length,
    oldLive: old.length,
    oldHealthy: old.filter(isHealthy).length,
  });
  const unready = [...old].sort((a, b) => Number(isHealthy(a)) - Number(isHealthy(b)));
  const reason = `Scaling activity initiated by (deployment ${primary.id})`;
  if (mayDrain) stopSome(moment, service, unready.slice(0, moves.stopOld), reason);
  stopSome(moment, service, [...fresh].reverse().slice(0, moves.stopNew), reason);
  if (mayStart && moves.start > 0 && now >= primary.launchAfter) start(moment, service, primary, moves.start);
  if (moves.stuck && mayDrain) {
    say(
      moment,
      service,
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    );
  }
}

function start(moment: Moment, service: Service, primary: Deployment, missing: number): void {
  const role = missingRole(moment, knownRevision(moment.region, primary.taskDefinition));
  primary.launchAfter = moment.now + wait(moment.world, BATCH_SECONDS);
  if (role !== null) {
    say(
      moment,
      service,
      `failed to launch a task with (error ECS was unable to assume the role '${role}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).`,
    );
    return countUnplaced(moment, service, primary);
  }
  const batch = Math.min(missing, Math.max(2, Math.ceil(service.desiredCount / 3)));
  const tasks = Array.from({ length: batch }, () => startTask(moment, service, primary));
  primary.updatedAt = moment.now;
  service.steady = false;
  say(moment, service, `has started ${batch} tasks: ${taskList(tasks.map(({ id }) => id))}.`);
}

function countUnplaced(moment: Moment, service: Service, primary: Deployment): void {
  primary.failedTasks += 1;
  const record = ongoingOf(service);
  if (!record || primary.rolloutState !== 'IN_PROGRESS') return;
  record.failureCount += 1;
  const tripped = record.failureCount >= breakerThreshold(record.configuration, service.desiredCount);
  if (record.breaker === 'MONITORING' && tripped) failDeployment(moment, service, primary, 'breaker');
}

function stopSome(moment: Moment, service: Service, tasks: readonly Task[], reason: string): void {
  const open = tasks.filter(({ protectedUntil }) => protectedUntil === null || protectedUntil <= moment.now);
  const held = tasks.length - open.length;
  const [taskSet] = tasks.map(({ deploymentId }) => deploymentId);
  if (held > 0 && taskSet !== undefined) {
    const why = `was unable to reach steady state because (taskSet ${taskSet}) was unable to scale in due to (reason ${held} tasks under protection)`;
    say(moment, service, why);
  }
  if (open.length === 0 || taskSet === undefined) return;
  const running = open.filter(isRunning);
  const pending = open.filter(isPending);
  for (const task of open) stopTask(moment, service, task, reason);
  service.steady = false;
  if (running.length > 0) {
    say(moment, service, `has stopped ${running.length} running tasks: ${taskList(running.map(({ id }) => id))}.`);
    sayDraining(moment, service, taskSet, running.length);
  }
  if (pending.length > 0) say(moment, service, `stopped ${pending.length} pending tasks.`);
}

function sayDraining(moment: Moment, service: Service, taskSet: string, count: number): void {
  for (const { targetGroupArn } of service.settings.loadBalancers) {
    if (!targetGroupArn) continue;
    say(moment, service, `deregistered ${count} targets in (target-group ${targetGroupArn})`);
    say(moment, service, `has begun draining connections on ${count} tasks.`, taskSet);
  }
}

/** Everything is in place: the deployment is complete, drained ones vanish, the service is steady. */
function settle(moment: Moment, service: Service, primary: Deployment): void {
  const present = service.tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  const ours = present.filter(({ deploymentId }) => deploymentId === primary.id);
  const ready = ours.length === service.desiredCount && ours.every(({ health }) => health === 'healthy');
  service.deployments = service.deployments.filter(
    (deployment) => deployment === primary || present.some(({ deploymentId }) => deploymentId === deployment.id),
  );
  if (!ready || present.length > ours.length) return;
  if (primary.rolloutState === 'IN_PROGRESS' && !complete(moment, service, primary)) return;
  if (!service.steady) {
    service.steady = true;
    say(moment, service, 'has reached a steady state.');
  }
}

function complete(moment: Moment, service: Service, primary: Deployment): boolean {
  const { now } = moment;
  const record = ongoingOf(service);
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

function finish({ now }: Moment, service: Service, record: ServiceDeployment): void {
  const { desiredCount } = service;
  record.status = record.status === 'ROLLBACK_IN_PROGRESS' ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL';
  record.finishedAt = now;
  record.updatedAt = now;
  record.stage = null;
  record.finalCounts = { requested: desiredCount, running: desiredCount, pending: 0 };
  if (record.breaker === 'MONITORING') record.breaker = 'MONITORING_COMPLETE';
  if (record.alarms === 'MONITORING') record.alarms = 'MONITORING_COMPLETE';
}

function forgetStopped({ now }: Moment, service: Service): void {
  service.tasks = service.tasks.filter(({ stoppedAt }) => stoppedAt === null || now - stoppedAt < STOPPED_VISIBLE_MS);
}

/** When something happens next by itself; `null` for a service at rest. */
function nextWake(moment: Moment, service: Service): number | null {
  const { world, now } = moment;
  const primary = primaryOf(service);
  const ongoing = service.serviceDeployments.filter(isOngoing);
  const missing = service.tasks.filter(isLive).length < service.desiredCount;
  const moving = primary?.rolloutState === 'IN_PROGRESS' || (missing && primary?.rolloutState === 'COMPLETED');
  const times = [
    ...service.tasks.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt])),
    ...ongoing.flatMap((record) => recordTimes(moment, record)),
    ...(moving && primary && primary.launchAfter > now ? [primary.launchAfter] : []),
  ].filter((time) => time > now);
  if (times.length > 0) return Math.min(...times);
  return moving || ongoing.length > 0 ? now + wait(world, 30) : null;
}

function recordTimes(moment: Moment, record: ServiceDeployment): number[] {
  const { world } = moment;
  if (record.status === 'IN_PROGRESS') {
    const bake = record.bakingSince === null ? [] : [record.bakingSince + wait(world, ALARM_BAKE_SECONDS)];
    const hooks = record.hooks.filter(({ status }) => status === 'AWAITING_ACTION').map(({ expiresAt }) => expiresAt);
    return [...bake, ...hooks, ...(record.stage === null ? [] : [stageEnd(moment, record)])];
  }
  return record.status === 'ROLLBACK_IN_PROGRESS' ? [] : [record.updatedAt + wait(world, TURN_SECONDS)];
}
