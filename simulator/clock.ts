import type { Service } from './ecs/state';
import type { World } from './world';

/** Speed at which a rollout of six tasks takes about twenty seconds. */
export const DEMO_SPEED = 10;

/** The slowest a world can run: for anybody watching it stands still. */
const PAUSED = 1e-6;

/** The world's own time for a wall clock time, both in milliseconds. */
export const worldTime = (world: World, wallMs: number): number => wallMs - world.clock.offsetMs;

/** The wall clock date of a moment in the world's own time. */
export const dateOf = (world: World, worldMs: number): Date => new Date(worldMs + world.clock.offsetMs);

/** How long a wait of ECS lasts in this world, in milliseconds of the wall clock. */
export const wait = (world: World, seconds: number): number => (seconds * 1000) / world.clock.speed;

/** Lets time have passed: what has happened so far moves back, and what is due comes nearer. */
export function advance(world: World, seconds: number): void {
  world.clock.offsetMs -= seconds * 1000;
  world.changes += 1;
}

/** Changes how fast ECS's waits pass, those under way included. Zero stands still. */
export function setSpeed(world: World, speed: number, now: number): void {
  const before = world.clock.speed;
  const after = Math.max(speed, PAUSED);
  world.clock.speed = after;
  const moved = (due: number, factor = before / after): number => (due > now ? now + (due - now) * factor : due);
  // What lasts a time of the wall clock knows only running and standing still.
  const fixed = Math.min(1, before) / Math.min(1, after);
  for (const service of servicesOf(world)) {
    for (const deployment of service.deployments) deployment.launchAfter = moved(deployment.launchAfter);
    for (const task of service.tasks) {
      const isFixed = task.failsAfterMs !== null && task.lastStatus === 'RUNNING';
      if (task.dueAt !== null) task.dueAt = moved(task.dueAt, isFixed ? fixed : undefined);
    }
    for (const { hooks } of service.serviceDeployments) {
      for (const hook of hooks) hook.expiresAt = moved(hook.expiresAt);
    }
    // The scheduler finds out by itself when to look next.
    if (service.wakeAt !== null) service.wakeAt = now;
  }
  world.changes += 1;
}

const servicesOf = (world: World): Service[] =>
  [...world.accounts.values()]
    .flatMap((account) => [...account.regions.values()])
    .flatMap((region) => [...region.services.values()]);
