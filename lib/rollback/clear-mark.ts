import 'server-only';
import type { Application } from '@/lib/application';
import { append } from '@/lib/db/record';
import { servicePast } from '@/lib/db/service-past';
import { isClusterName, isRevisionName, isServiceName, revisionArn } from '@/lib/domain/arn';
import { type ClearFailure, sentenceOf } from '@/lib/domain/failure';
import { marksOn } from '@/lib/domain/marks';
import { may, type Principal } from '@/lib/domain/permissions';
import { fail, ok, type Result } from '@/lib/result';
import { recordRefusal } from './record-refusal';

/** Whose mark is cleared, and why. The path names the place; the reason is kept for ever. */
export type Clearing = {
  readonly target: string;
  readonly cluster: string;
  readonly service: string;
  /** `api:428`. */
  readonly revision: string;
  /** Rollback that set the mark that is shown: the revision may have been left with other images too. */
  readonly mark: string;
  readonly reason: string;
};

const LONGEST_REASON = 1000;

/**
 * Takes the "Rolled back from" mark off a version, a revision with the images it was left with, for an operator who says why: it may be suggested again. The record
 * keeps who and why; the rollbacks that set it stay as they are.
 */
export async function clearMark(
  principal: Principal,
  clearing: Clearing,
  application: Application,
): Promise<Result<null, ClearFailure>> {
  const target = application.target(clearing.target);
  const { cluster, service, revision } = clearing;
  if (target === null || !isClusterName(cluster) || !isServiceName(service) || !isRevisionName(revision))
    return fail({ kind: 'not-found' });
  const refuse = async (failure: ClearFailure): Promise<Result<never, ClearFailure>> => {
    const what = { target: target.name, cluster, service, from: revision, to: revision, clearing: revision };
    await recordRefusal(principal, { ...what, why: failure.kind, words: sentenceOf(failure) }, application);
    return fail(failure);
  };
  try {
    if (!may(principal, 'look', target.name, clearing)) return await refuse({ kind: 'not-found' });
    const renewed = await application.access.renewGroups(principal);
    if (!renewed.ok) return fail({ kind: renewed.error === 'session-over' ? 'session-over' : 'groups-unknown' });
    if (!may(renewed.value, 'roll-back', target.name, clearing))
      return await refuse({ kind: 'lost-role', target: target.name });
    if (clearing.reason.trim() === '') return fail({ kind: 'form', problems: [{ kind: 'clear-reason-missing' }] });
    return await clear(renewed.value, clearing, application);
  } catch (error) {
    application.log('database.failed', { doing: 'clear a mark', error });
    return fail({ kind: 'database-down' });
  }
}

async function clear(
  { issuer, subject, name, email }: Principal,
  { target: targetName, cluster, service, revision, mark, reason }: Clearing,
  application: Application,
): Promise<Result<null, ClearFailure>> {
  const target = application.target(targetName);
  if (target === null) return fail({ kind: 'not-found' });
  const described = await application.aws.reader(target).describeServices(cluster, [service], { priority: 'page' });
  if (!described.ok) return fail({ kind: 'unreadable', words: described.error.words });
  const [found] = described.value.services;
  if (found === undefined) return fail({ kind: 'not-found' });
  const { arn, taskDefinitionArn: running } = found;
  const past = await servicePast(application.database, arn);
  const marked = revisionArn(running, revision);
  const shown = marksOn(past, { arn: marked }).find(({ rollbackId }) => rollbackId === mark);
  if (shown === undefined) return fail({ kind: 'no-mark' });
  const cleared = marksOn(past, { arn: marked, digests: shown.digests });
  await application.database.transaction(async (tx) => {
    for (const { rollbackId } of cleared) {
      await append(tx, application.log, {
        kind: 'mark-cleared',
        rollback: rollbackId,
        target: target.name,
        cluster,
        service,
        serviceArn: arn,
        revision,
        who: { issuer, subject, name, email },
        words: reason.trim().slice(0, LONGEST_REASON),
      });
    }
  });
  return ok(null);
}
