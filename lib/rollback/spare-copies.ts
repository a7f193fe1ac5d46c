import 'server-only';
import type { Application } from '@/lib/application';
import type { Reader } from '@/lib/aws/clients';
import { entriesOf } from '@/lib/db/record';
import { addLateFact, getPlan, getRollbackRow, type Rollback } from '@/lib/db/rollbacks';
import { revisionName } from '@/lib/domain/arn';

const PRIORITY = { priority: 'rollback' } as const;

/** Newest revisions of a family among which copies of one rollback are looked for: one more than it may have made. */
const NEWEST = 6;

/**
 * Names copies of a rollback that it does not use: registered by requests whose answers were lost, or by a process that
 * was held up until another had ended the rollback. They are never deployed, but they are the family's newest revisions,
 * so people must know of them.
 */
export async function nameSpareCopies({ id }: Pick<Rollback, 'id'>, application: Application): Promise<void> {
  const { database, log } = application;
  const rollback = await getRollbackRow(database, id);
  // Until then the copy it will use is not on its row.
  if (rollback === null || rollback.state === 'starting') return;
  const [plan, entries, target] = [
    await getPlan(database, rollback.planId),
    await entriesOf(database, id),
    application.target(rollback.target),
  ];
  if (plan === null || target === null) return;
  const named = entries.flatMap(({ kind, payload }) =>
    kind === 'late-fact' && Array.isArray(payload.copies) ? (payload.copies as readonly string[]) : [],
  );
  const copies = await copiesOf(id, plan.body.family, application.aws.reader(target));
  const spare = copies.filter((arn) => arn !== rollback.copyArn && !named.includes(arn));
  if (spare.length === 0) return;
  const one = spare.length === 1;
  await addLateFact(database, log, id, {
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

/** Whether there may be copies the rollback does not use: an answer to registering was lost, or came after the end. */
export async function mayHaveSpareCopies({ id }: Pick<Rollback, 'id'>, { database }: Application): Promise<boolean> {
  const rollback = await getRollbackRow(database, id);
  const entries = await entriesOf(database, id);
  return entries.some(
    ({ kind, payload }) =>
      kind === 'register-unclear' || (kind === 'registered' && payload.copy !== (rollback?.copyArn ?? null)),
  );
}
