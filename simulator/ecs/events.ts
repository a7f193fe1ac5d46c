import type { Moment } from '@/simulator/call';
import { uuid } from '@/simulator/ids';
import type { Service } from './state';

const MOST_EVENTS = 100;
const REPEATED_AFTER_MS = 6 * 3_600_000;

/** Adds a message to the service's events, newest first; ECS suppresses repeats for hours. */
export function say({ world, now }: Moment, service: Service, words: string, taskSet: string | null = null): void {
  const message = `(service ${service.name}${taskSet === null ? '' : `, taskSet ${taskSet}`}) ${words}`;
  const last = service.events[0];
  if (last?.message === message && now - last.createdAt < REPEATED_AFTER_MS) return;
  // Events of one moment stand a millisecond apart, so that their times tell their order.
  const createdAt = Math.max(now, (last?.createdAt ?? 0) + 1);
  service.events.unshift({ id: uuid(world), createdAt, message });
  if (service.events.length > MOST_EVENTS) service.events.length = MOST_EVENTS;
}

/** Tasks as events list them: `(task 1f…) (task 2a…)`. */
export const taskList = (ids: readonly string[]): string => ids.map((id) => `(task ${id})`).join(' ');
