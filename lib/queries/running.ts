import type { Rollback } from '@/lib/db/rollbacks';
import { routes } from '@/lib/routes';

/** A rollback that is running, or those of a group that are. */
export type Running = {
  readonly href: string;
  /** What is rolled back; more than one where one press did it. */
  readonly services: readonly string[];
  readonly target: string;
  readonly startedAt: number;
  readonly by: string;
};

/** Rollbacks as the frame tells of them: those that one press started stand together, while more than one of them runs. */
export function together(
  rollbacks: readonly Pick<Rollback, 'id' | 'groupId' | 'service' | 'target' | 'createdAt' | 'by'>[],
): readonly Running[] {
  const presses = new Map<string, Running>();
  for (const { id, groupId, service, target, createdAt, by } of rollbacks) {
    const before = groupId === null ? undefined : presses.get(groupId);
    const services = [...(before?.services ?? []), service];
    const href = groupId !== null && before !== undefined ? routes.groupRollback(groupId) : routes.rollback(id);
    presses.set(groupId ?? id, { href, services, target, startedAt: createdAt, by: by.name });
  }
  return [...presses.values()];
}
