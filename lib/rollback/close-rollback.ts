import 'server-only';
import type { Application } from '@/lib/application';
import { close, getPlan, getRollbackRow, type Rollback } from '@/lib/db/rollbacks';
import type { Wish } from '@/lib/domain/facts';
import { type Failure, sentenceOf } from '@/lib/domain/failure';
import { may, type Principal } from '@/lib/domain/permissions';
import { fail, ok, type Result } from '@/lib/result';
import { nameProblems } from './confirm-rollback';
import { recordRefusal } from './record-refusal';

/** Which unknown rollback is given up, and the service's name as typed. */
export type Closing = { readonly id: string; readonly typed: string };

/** The rollback that was given up, and what had been wished: it can be planned again. */
export type Closed = Pick<Rollback, 'id' | 'target' | 'cluster' | 'service'> & { readonly wish: Wish };

/**
 * Ends a rollback nobody knows the answer of, for an operator who will not wait. The first request may still arrive; the
 * page says so. Nothing is sent.
 */
export async function closeRollback(
  principal: Principal,
  closing: Closing,
  application: Application,
): Promise<Result<Closed, Failure>> {
  try {
    return await giveUp(principal, closing, application);
  } catch (error) {
    application.log('database.failed', { doing: 'close a rollback', error });
    return fail({ kind: 'database-down' });
  }
}

async function giveUp(
  principal: Principal,
  { id, typed }: Closing,
  application: Application,
): Promise<Result<Closed, Failure>> {
  const { database, log } = application;
  const rollback = await getRollbackRow(database, id);
  const plan = rollback === null ? null : await getPlan(database, rollback.planId);
  if (rollback === null || plan === null) return fail({ kind: 'not-found' });
  const refuse = async (failure: Failure): Promise<Result<never, Failure>> => {
    const { target, cluster, service } = rollback;
    const { from, to } = plan.body;
    const what = { target, cluster, service, closing: id, from: from.name, to: to.name };
    await recordRefusal(principal, { ...what, why: failure.kind, words: sentenceOf(failure) }, application);
    return fail(failure);
  };
  if (!may(principal, 'look', rollback.target, rollback)) return refuse({ kind: 'not-found' });
  const renewed = await application.access.renewGroups(principal);
  if (!renewed.ok) return fail({ kind: renewed.error === 'session-over' ? 'session-over' : 'groups-unknown' });
  if (!may(renewed.value, 'roll-back', rollback.target, rollback)) {
    return refuse({ kind: 'lost-role', target: rollback.target });
  }
  const problems = nameProblems({ protected: true, service: rollback.service }, typed);
  if (problems.length > 0) return fail({ kind: 'form', problems });
  const closed = await close(database, log, id, renewed.value);
  if (closed === null) return fail({ kind: 'not-unknown' });
  const { target, cluster, service } = rollback;
  return ok({ id, target, cluster, service, wish: plan.body.wish });
}
