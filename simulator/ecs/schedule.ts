import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import { type Leave, moveShift } from './blue-green';
import { ongoingOf, primaryOf } from './deployments';
import { say, taskList } from './events';
import { BATCH_SECONDS, countUnplaced } from './failures';
import { knownRevision } from './lookup';
import { missingRole } from './needs';
import { type Moves, nextMoves } from './rolling';
import { hasEarlySuccess, settle } from './settle';
import type { Deployment, Service, Task } from './state';
import { startTask, stopTask } from './task-life';
import { isLive, isPending, isRunning } from './tasks';

const ROLLING: Leave = { mayStart: true, mayDrain: true };

/** One turn of the scheduler. A failed deployment is left as it is, and one that is pending has not begun. */
export function schedule(moment: Moment, service: Service, primary: Deployment): void {
  const record = ongoingOf(service);
  if (primary.rolloutState === 'FAILED' || record?.status === 'PENDING') return;
  const strategy = record?.configuration.strategy ?? 'ROLLING';
  const shifting = record?.status === 'IN_PROGRESS' && strategy !== 'ROLLING';
  const leave = shifting ? moveShift(moment, service, primary, record) : ROLLING;
  // A hook whose time was up may have turned the service back.
  if (primaryOf(service) !== primary) return;
  roll(moment, service, primary, leave);
  settle(moment, service, primary);
}

/** Stops what is too much, then starts what is missing. */
function roll(moment: Moment, service: Service, primary: Deployment, leave: Leave): void {
  const moves = movesOf(service, primary, leave);
  const reason = `Scaling activity initiated by (deployment ${primary.id})`;
  const { fresh, old } = liveTasks(service, primary);
  if (leave.mayDrain) stopSome(moment, service, unreadyFirst(moment, old).slice(0, moves.stopOld), reason);
  stopSome(moment, service, unreadyFirst(moment, [...fresh].reverse()).slice(0, moves.stopNew), reason);
  if (leave.mayStart && moment.now >= primary.launchAfter) {
    const { start: missing } = movesOf(service, primary, leave);
    if (missing > 0) start(moment, service, primary, missing);
  }
  if (moves.stuck && leave.mayDrain) {
    say(
      moment,
      service,
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    );
  }
}

const isHealthy = ({ health }: Task): boolean => health === 'healthy';

function liveTasks(
  service: Service,
  primary: Deployment,
): { readonly fresh: readonly Task[]; readonly old: readonly Task[] } {
  const live = service.tasks.filter(isLive);
  return {
    fresh: live.filter(({ deploymentId }) => deploymentId === primary.id),
    old: live.filter(({ deploymentId }) => deploymentId !== primary.id),
  };
}

function movesOf(service: Service, primary: Deployment, { mayDrain }: Leave): Moves {
  const { fresh, old } = liveTasks(service, primary);
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.configuration;
  const moves = nextMoves({
    desired: service.desiredCount,
    minimumPercent: minimumHealthyPercent,
    // A shift of traffic runs two whole fleets, whatever rolling would allow.
    maximumPercent: mayDrain ? maximumPercent : Math.max(200, maximumPercent),
    newLive: fresh.length,
    newHealthy: fresh.filter(isHealthy).length,
    oldLive: old.length,
    oldHealthy: old.filter(isHealthy).length,
  });
  return hasEarlySuccess(service, fresh.filter(isHealthy).length) ? { ...moves, stopOld: old.length } : moves;
}

/** Tasks that do nothing yet go first, tasks under protection last. */
function unreadyFirst({ now }: Moment, tasks: readonly Task[]): Task[] {
  const rank = (task: Task): number => Number(isHealthy(task)) + (isProtected(task, now) ? 2 : 0);
  return [...tasks].sort((a, b) => rank(a) - rank(b));
}

const isProtected = ({ protectedUntil }: Task, now: number): boolean => protectedUntil !== null && protectedUntil > now;

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
  const replaced = Math.min(batch, primary.unhealthyStopped);
  const because = replaced > 0 ? ` Amazon ECS replaced ${replaced} tasks due to an unhealthy status.` : '';
  primary.unhealthyStopped -= replaced;
  primary.updatedAt = moment.now;
  service.steady = false;
  say(moment, service, `has started ${batch} tasks: ${taskList(tasks.map(({ id }) => id))}.${because}`);
}

function stopSome(moment: Moment, service: Service, tasks: readonly Task[], reason: string): void {
  const open = tasks.filter((task) => !isProtected(task, moment.now));
  const held = tasks.filter((task) => !open.includes(task));
  if (held[0]) {
    const why = `was unable to reach steady state because (taskSet ${held[0].deploymentId}) was unable to scale in due to (reason ${held.length} tasks under protection)`;
    say(moment, service, why);
  }
  if (open.length === 0) return;
  const running = open.filter(isRunning);
  const pending = open.filter(isPending);
  for (const task of open) stopTask(moment, task, reason);
  service.steady = false;
  if (running.length > 0) {
    say(moment, service, `has stopped ${running.length} running tasks: ${taskList(running.map(({ id }) => id))}.`);
  }
  if (pending.length > 0) say(moment, service, `stopped ${pending.length} pending tasks.`);
}
