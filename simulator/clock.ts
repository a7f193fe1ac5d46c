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
  world.clock.speed = Math.max(speed, PAUSED);
  const factor = before / world.clock.speed;
  const moved = (due: number): number => (due > now ? now + (due - now) * factor : due);
  for (const account of world.accounts.values()) {
    for (const region of account.regions.values()) {
      for (const service of region.services.values()) {
        if (service.wakeAt !== null) service.wakeAt = moved(service.wakeAt);
        for (const deployment of service.deployments) deployment.launchAfter = moved(deployment.launchAfter);
        for (const task of service.tasks) if (task.dueAt !== null) task.dueAt = moved(task.dueAt);
      }
    }
  }
  world.changes += 1;
}
