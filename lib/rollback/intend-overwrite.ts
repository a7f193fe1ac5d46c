import 'server-only';
import type { Application } from '@/lib/application';
import { closeOverwritten } from '@/lib/db/overwrites';
import { getPlan, getRollbackRow, type Rollback } from '@/lib/db/rollbacks';
import { type Failure, sentenceOf } from '@/lib/domain/failure';
import { may, type Principal } from '@/lib/domain/permissions';
import { fail, ok, type Result } from '@/lib/result';
import { recordRefusal } from './record-refusal';

/** Which overwritten rollback is given up, and why what overwrote it was meant. */
export type Intending = { readonly id: string; readonly reason: string };

const LONGEST_REASON = 1000;

/** Where the rollback was. */
export type Intended = Pick<Rollback, 'target' | 'cluster' | 'service'>;

/** Takes an operator's word that what replaced a rollback was intended: the warning goes, the record keeps who and why. */
export async function intendOverwrite(
  principal: Principal,
  intending: Intending,
  application: Application,
): Promise<Result<Intended, Failure>> {
  try {
    return await intend(principal, intending, application);
  } catch (error) {
    application.log('database.failed', { doing: 'close an overwritten rollback', error });
    return fail({ kind: 'database-down' });
  }
}

async function intend(
  principal: Principal,
  { id, reason }: Intending,
  application: Application,
): Promise<Result<Intended, Failure>> {
  const { database, log } = application;
  const rollback = await getRollbackRow(database, id);
  const plan = rollback === null ? null : await getPlan(database, rollback.planId);
  if (rollback === null || plan === null) return fail({ kind: 'not-found' });
  const { target, cluster, service } = rollback;
  const refuse = async (failure: Failure): Promise<Result<never, Failure>> => {
    const { from, to } = plan.body;
    const what = { target, cluster, service, intending: id, from: from.name, to: to.name };
    await recordRefusal(principal, { ...what, why: failure.kind, words: sentenceOf(failure) }, application);
    return fail(failure);
  };
  if (!may(principal, 'look', target, rollback)) return refuse({ kind: 'not-found' });
  const renewed = await application.access.renewGroups(principal);
  if (!renewed.ok) return fail({ kind: renewed.error === 'session-over' ? 'session-over' : 'groups-unknown' });
  if (!may(renewed.value, 'roll-back', target, rollback)) return refuse({ kind: 'lost-role', target });
  const words = reason.trim().slice(0, LONGEST_REASON);
  if (words === '') return fail({ kind: 'form', problems: [{ kind: 'intended-reason-missing' }] });
  const closed = await closeOverwritten(database, log, { id, principal: renewed.value, words });
  return closed ? ok({ target, cluster, service }) : fail({ kind: 'no-overwrite' });
}
