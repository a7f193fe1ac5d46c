import 'server-only';
import type { Application } from '@/lib/application';
import { close, getPlan, getRollbackRow } from '@/lib/db/rollbacks';
import type { Failure } from '@/lib/domain/failure';
import { may, type Principal } from '@/lib/domain/permissions';
import { fail, ok, type Result } from '@/lib/result';
import { nameProblems } from './confirm-rollback';

/** Which unknown rollback is given up, and the service's name as typed. */
export type Closing = { readonly id: string; readonly typed: string };

/**
 * Ends a rollback nobody knows the answer of, for an operator who will not wait. The first request may still arrive; the
 * page says so. Nothing is sent.
 */
export async function closeRollback(
  principal: Principal,
  { id, typed }: Closing,
  application: Application,
): Promise<Result<{ readonly id: string }, Failure>> {
  const { database, log } = application;
  const rollback = await getRollbackRow(database, id);
  if (rollback === null || !may(principal, 'look', rollback.target, rollback)) return fail({ kind: 'not-found' });
  const renewed = await application.access.renewGroups(principal);
  if (!renewed.ok) return fail({ kind: renewed.error === 'session-over' ? 'session-over' : 'groups-unknown' });
  if (!may(renewed.value, 'roll-back', rollback.target, rollback))
    return fail({ kind: 'lost-role', target: rollback.target });
  const plan = await getPlan(database, rollback.planId);
  const problems = nameProblems({ protected: true, service: plan?.body.service ?? rollback.service }, typed);
  if (problems.length > 0) return fail({ kind: 'form', problems });
  const closed = await close(database, log, id, renewed.value);
  return closed === null ? fail({ kind: 'not-unknown' }) : ok({ id });
}
