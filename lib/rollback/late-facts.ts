import 'server-only';
import type { Application } from '@/lib/application';
import type { Reader } from '@/lib/aws/clients';
import { entriesOf } from '@/lib/db/record';
import { addLateFact, closedLately, getPlan, type Rollback } from '@/lib/db/rollbacks';
import { revisionName } from '@/lib/domain/arn';

const PRIORITY = { priority: 'rollback' } as const;
const MINUTE_MS = 60_000;

/** When a rollback given up while unknown is looked at again, in milliseconds after it was closed. */
export const LOOK_AGAIN_MS: readonly number[] = [MINUTE_MS, 5 * MINUTE_MS, 16 * MINUTE_MS];

/** How long looks may be late before they are left out: a process that was away looks once, not three times. */
const REMEMBERED_MS = 30 * MINUTE_MS;

/** Which of the looks is due for a rollback closed so long ago; `null` before the first. */
export const dueLook = (closedMs: number): number | null =>
  LOOK_AGAIN_MS.findLast((afterMs) => closedMs >= afterMs) ?? null;

/**
 * Reads again what was given up while unknown. The state stays as it is: an end never changes; a request that arrived
 * after all is added as a fact.
 *
 * @param looked - Last look of each rollback by id, kept by the caller.
 */
export async function lookForLateChanges(application: Application, looked: Map<string, number>): Promise<void> {
  const closed = await closedLately(application.database, REMEMBERED_MS);
  for (const id of looked.keys()) if (!closed.some((rollback) => rollback.id === id)) looked.delete(id);
  for (const rollback of closed) {
    const due = dueLook(application.now() - (rollback.endedAt ?? application.now()));
    if (due === null || looked.get(rollback.id) === due) continue;
    looked.set(rollback.id, due);
    if (await arrived(rollback, application)) {
      await addLateFact(application.database, application.log, rollback.id, {
        copies: rollback.copyArn === null ? [] : [rollback.copyArn],
        words: `The first request arrived after all: ECS runs, or ran, ${revisionName(rollback.copyArn ?? '')}.`,
      });
    }
  }
}

async function arrived(
  { copyArn, target: name, cluster, service }: Rollback,
  application: Application,
): Promise<boolean> {
  const target = application.target(name);
  if (target === null || copyArn === null) return false;
  const reader = application.aws.reader(target);
  const [described, deployments] = await Promise.all([
    reader.describeServices(cluster, [service], PRIORITY),
    reader.serviceDeployments(cluster, service, PRIORITY),
  ]);
  const listed = described.ok ? (described.value.services[0]?.deployments ?? []) : [];
  return [...listed, ...(deployments.ok ? deployments.value : [])].some(
    ({ taskDefinitionArn }) => taskDefinitionArn === copyArn,
  );
}

/** Newest revisions of a family among which copies of one rollback are looked for: one more than it may have made. */
const NEWEST = 6;

/**
 * Names copies that were registered by requests whose answers were lost. They are never deployed, but they are the
 * family's newest revisions, so people must know of them.
 */
export async function nameSpareCopies(rollback: Rollback, application: Application): Promise<void> {
  const { database, log } = application;
  const [plan, entries, target] = [
    await getPlan(database, rollback.planId),
    await entriesOf(database, rollback.id),
    application.target(rollback.target),
  ];
  if (plan === null || target === null) return;
  const known = entries.flatMap(({ kind, payload }) => (kind === 'registered' ? [payload.copy] : []));
  const copies = await copiesOf(rollback.id, plan.body.family, application.aws.reader(target));
  const spare = copies.filter((arn) => !known.includes(arn));
  if (spare.length === 0) return;
  const one = spare.length === 1;
  await addLateFact(database, log, rollback.id, {
    copies: spare,
    words: `${spare.map(revisionName).join(', ')} ${one ? 'was' : 'were'} registered by ${one ? 'a request whose answer was' : 'requests whose answers were'} lost, and ${one ? 'is' : 'are'} not used.`,
  });
}

/** Revisions of the family that carry a rollback's id. */
async function copiesOf(id: string, family: string, reader: Reader): Promise<readonly string[]> {
  const listed = await reader.listRevisions({ family, status: 'ACTIVE', limit: NEWEST }, PRIORITY);
  const arns = listed.ok ? listed.value.arns : [];
  const read = await Promise.all(arns.map((arn) => reader.describeRevision(arn, PRIORITY)));
  return read.flatMap((revision) =>
    revision.ok && revision.value.tags.some(({ key, value }) => key === 'ecs-rollback:id' && value === id)
      ? [revision.value.arn]
      : [],
  );
}

/** Whether an answer to registering was lost, so that there may be copies nobody was told of. */
export async function lostAnAnswer({ id }: Rollback, { database }: Application): Promise<boolean> {
  return (await entriesOf(database, id)).some(({ kind }) => kind === 'register-unclear');
}
