import 'server-only';
import type { Application } from '@/lib/application';
import { addLateFact, closedLately, getPlan, type Rollback, registeredUnsurely } from '@/lib/db/rollbacks';
import { revisionName } from '@/lib/domain/arn';
import { isReturning } from '@/lib/domain/service';
import { nameSpareCopies } from './spare-copies';

const PRIORITY = { priority: 'rollback' } as const;
const MINUTE_MS = 60_000;

/** When what may still arrive is looked for again, in milliseconds after the rollback was closed, or began. */
export const LOOK_AGAIN_MS: readonly number[] = [MINUTE_MS, 5 * MINUTE_MS, 16 * MINUTE_MS];

/** How long looks may be late before they are left out: a process that was away looks once, not three times. */
const REMEMBERED_MS = 30 * MINUTE_MS;

/** Which of the looks is due for a rollback closed, or begun, so long ago; `null` before the first. */
export const dueLook = (agoMs: number): number | null => LOOK_AGAIN_MS.findLast((afterMs) => agoMs >= afterMs) ?? null;

/**
 * Reads again what was given up while unknown, and looks again for copies nobody was told of: a request may arrive
 * minutes after its sender has given up. States stay as they are; what arrived after all is added as a fact.
 *
 * @param looked - Last look of each kind and rollback, kept by the caller.
 */
export async function lookForLateChanges(application: Application, looked: Map<string, number>): Promise<void> {
  const { database } = application;
  const closed = await closedLately(database, REMEMBERED_MS);
  const unsure = await registeredUnsurely(database, REMEMBERED_MS);
  const looks = [
    ...closed.map((rollback) => ({
      rollback,
      name: `closed ${rollback.id}`,
      since: rollback.endedAt,
      look: lookAtClosed,
    })),
    ...unsure.map((rollback) => ({
      rollback,
      name: `copies ${rollback.id}`,
      since: rollback.createdAt,
      look: nameSpareCopies,
    })),
  ];
  for (const name of looked.keys()) if (!looks.some((one) => one.name === name)) looked.delete(name);
  for (const { rollback, name, since, look } of looks) {
    const due = dueLook(application.now() - (since ?? application.now()));
    if (due === null || looked.get(name) === due) continue;
    looked.set(name, due);
    await look(rollback, application);
  }
}

async function lookAtClosed(rollback: Rollback, application: Application): Promise<void> {
  const { database, log } = application;
  const { id, copyArn } = rollback;
  if (!(await arrived(rollback, application))) return;
  await addLateFact(database, log, id, {
    copies: copyArn === null ? [] : [copyArn],
    words: `The first request arrived after all: ECS ${copyArn === null ? 'stops, or stopped, the deployment' : `runs, or ran, ${revisionName(copyArn)}`}.`,
  });
}

async function arrived(rollback: Rollback, application: Application): Promise<boolean> {
  const { copyArn, target: name, cluster, service, planId } = rollback;
  const [target, plan] = [application.target(name), await getPlan(application.database, planId)];
  if (target === null || plan === null) return false;
  const reader = application.aws.reader(target);
  const [described, deployments] = await Promise.all([
    reader.describeServices(cluster, [service], PRIORITY),
    reader.serviceDeployments(cluster, service, PRIORITY),
  ]);
  const records = deployments.ok ? deployments.value : [];
  if (rollback.kind === 'stop') return records.some((one) => one.arn === plan.body.stopArn && isReturning(one));
  const listed = described.ok ? (described.value.services[0]?.deployments ?? []) : [];
  return [...listed, ...records].some(({ taskDefinitionArn }) => taskDefinitionArn === copyArn);
}
