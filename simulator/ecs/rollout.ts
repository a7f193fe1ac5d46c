import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import type { World } from '@/simulator/world';
import { regionsOf } from '@/simulator/world';
import { stageEnd } from './blue-green';
import { isOngoing, primaryOf } from './deployments';
import { moveDueTasks } from './due-tasks';
import { moveRecords, TURN_SECONDS } from './records';
import { schedule } from './schedule';
import { ALARM_BAKE_SECONDS } from './settle';
import type { Service, ServiceDeployment } from './state';
import { isLive } from './tasks';

/** How long stopped tasks stay visible. */
const STOPPED_VISIBLE_MS = 3_600_000;
/** How often the scheduler looks at a service that waits for nothing in particular. */
const IDLE_SECONDS = 30;

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
  moveDueTasks(moment, service);
  moveRecords(moment, service);
  const primary = primaryOf(service);
  if (primary) schedule(moment, service, primary);
  forgetStopped(moment, service);
  service.wakeAt = nextWake(moment, service);
}

function forgetStopped({ now }: Moment, service: Service): void {
  service.tasks = service.tasks.filter(({ stoppedAt }) => stoppedAt === null || now - stoppedAt < STOPPED_VISIBLE_MS);
}

/** When something happens next by itself; `null` for a service at rest that has forgotten its last tasks. */
function nextWake(moment: Moment, service: Service): number | null {
  const { world, now } = moment;
  const primary = primaryOf(service);
  const ongoing = service.serviceDeployments.filter(isOngoing);
  const misses = service.tasks.filter(isLive).length !== service.desiredCount;
  const moving = primary !== null && (primary.rolloutState === 'IN_PROGRESS' || (misses && isAlive(primary)));
  const times = [
    ...service.tasks.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt])),
    ...ongoing.flatMap((record) => recordTimes(moment, record)),
    ...(moving ? [primary.launchAfter] : []),
  ].filter((time) => time > now);
  const forgets = service.tasks.flatMap(({ stoppedAt }) =>
    stoppedAt === null ? [] : [stoppedAt + STOPPED_VISIBLE_MS],
  );
  if (times.length === 0 && (moving || ongoing.length > 0)) times.push(now + wait(world, IDLE_SECONDS));
  return [...times, ...forgets].reduce<number | null>((next, time) => Math.min(next ?? time, time), null);
}

const isAlive = ({ rolloutState }: { readonly rolloutState: string }): boolean => rolloutState !== 'FAILED';

function recordTimes(moment: Moment, record: ServiceDeployment): number[] {
  const { world } = moment;
  if (record.status === 'IN_PROGRESS') {
    const bake = record.bakingSince === null ? [] : [record.bakingSince + wait(world, ALARM_BAKE_SECONDS)];
    const hooks = record.hooks.filter(({ status }) => status === 'AWAITING_ACTION').map(({ expiresAt }) => expiresAt);
    return [...bake, ...hooks, ...(record.stage === null ? [] : [stageEnd(moment, record)])];
  }
  return record.status === 'ROLLBACK_IN_PROGRESS' ? [] : [record.updatedAt + wait(world, TURN_SECONDS)];
}
