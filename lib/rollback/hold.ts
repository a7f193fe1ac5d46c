import 'server-only';
import type { Application } from '@/lib/application';
import { getGroupRow } from '@/lib/db/groups';
import { openHold, placeHold, prolongHold, releaseHold } from '@/lib/db/holds';
import { getRollbackRow } from '@/lib/db/rollbacks';
import { isClusterName, isGroupRollbackId, isServiceName } from '@/lib/domain/arn';
import { type Failure, type FormProblem, sentenceOf } from '@/lib/domain/failure';
import { parseGroupImage } from '@/lib/domain/group';
import { HOLD_HOURS, type Hold, type HoldScope, repositoryOf } from '@/lib/domain/hold';
import { mainContainerOf } from '@/lib/domain/image';
import { may, mayOnWholeTarget, type Principal } from '@/lib/domain/permissions';
import { settingOf, type Target } from '@/lib/domain/target';
import { fail, ok, type Result } from '@/lib/result';
import { recordRefusal } from './record-refusal';

/** A service, and what about it is to be held: itself, or every service that runs images of the same repository. */
export type Placing = {
  readonly target: string;
  readonly cluster: string;
  readonly service: string;
  readonly scope: string;
  readonly hours: number;
  readonly reason: string;
  /** Rollback it belongs to, of one service or of several; empty for none. */
  readonly rollback: string;
};

/** What is to become of a hold. */
export type Changing = { readonly id: string; readonly reason: string; readonly hours: number | null };

const LONGEST_REASON = 1000;

/** Holds deployments for an operator who says why. */
export function holdDeployments(
  principal: Principal,
  placing: Placing,
  application: Application,
): Promise<Result<null, Failure>> {
  return orDown('place a hold', application, () => place(principal, placing, application));
}

/** Releases a hold, or makes it longer where hours are given, for an operator who says why. */
export function changeHold(
  principal: Principal,
  changing: Changing,
  application: Application,
): Promise<Result<null, Failure>> {
  return orDown('change a hold', application, () => change(principal, changing, application));
}

async function orDown<T>(
  doing: string,
  { log }: Application,
  work: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  try {
    return await work();
  } catch (error) {
    log('database.failed', { doing, error });
    return fail({ kind: 'database-down' });
  }
}

async function place(principal: Principal, placing: Placing, application: Application): Promise<Result<null, Failure>> {
  const { cluster, service } = placing;
  const target = application.target(placing.target);
  if (target === null || !isClusterName(cluster) || !isServiceName(service)) return fail({ kind: 'not-found' });
  const whole = placing.scope === 'repository';
  const allowed = await allow(principal, { target: target.name, cluster, service, whole, hold: 'new' }, application);
  if (!allowed.ok) return allowed;
  const problems = problemsOf(placing.reason, placing.hours);
  if (problems.length > 0) return fail({ kind: 'form', problems });
  const made = await madeWith(placing, application);
  const repository = made.repository === null ? await repositoryNow(target, placing, application) : ok(made.repository);
  if (!repository.ok && whole) return repository;
  const known = repository.ok ? repository.value : null;
  const scope: HoldScope =
    whole && known !== null ? { kind: 'repository', repository: known } : { kind: 'service', cluster, service };
  const { rollbackId, groupId } = made;
  await application.database.transaction((tx) =>
    placeHold(tx, application.log, {
      target: target.name,
      scope,
      repository: known,
      hours: placing.hours,
      reason: placing.reason.trim().slice(0, LONGEST_REASON),
      by: allowed.value,
      ...{ rollbackId, groupId },
    }),
  );
  return ok(null);
}

/** What a hold is made with, and what that brought images of where it is a rollback of several services. */
type MadeWith = {
  readonly rollbackId: string | null;
  readonly groupId: string | null;
  readonly repository: string | null;
};

/** A rollback is named only where it is one of this service, and one of several where all of them are held. */
async function madeWith(
  { target, cluster, service, rollback, scope }: Placing,
  { database }: Application,
): Promise<MadeWith> {
  const none = { rollbackId: null, groupId: null, repository: null };
  if (isGroupRollbackId(rollback)) {
    const group = scope === 'repository' ? await getGroupRow(database, rollback) : null;
    const repository = group?.target === target ? (parseGroupImage(group.image)?.repository ?? null) : null;
    return group === null || repository === null ? none : { ...none, groupId: group.id, repository };
  }
  const row = rollback === '' ? null : await getRollbackRow(database, rollback);
  const own = row?.target === target && row.cluster === cluster && row.service === service;
  return own ? { ...none, rollbackId: row.id } : none;
}

/** What the service runs images of, as AWS says now. */
async function repositoryNow(
  target: Target,
  { cluster, service: name }: Placing,
  { aws, reads }: Application,
): Promise<Result<string | null, Failure>> {
  const described = await aws.reader(target).describeServices(cluster, [name], { priority: 'page' });
  if (!described.ok) return fail({ kind: 'unreadable', words: described.error.words });
  const service = described.value.services[0];
  if (service === undefined) return fail({ kind: 'not-found' });
  const arn = service.taskDefinitionArn;
  const summary = (await reads.summaries(target, [arn])).get(arn);
  if (!summary?.ok) return fail({ kind: 'unreadable', words: summary?.error.words ?? 'its revision is not known' });
  const configured = settingOf(target, { cluster, service: name }, 'mainContainer');
  const image = mainContainerOf({ shown: summary.value.shown, service, configured })?.image;
  return ok(image === undefined ? null : repositoryOf(image));
}

async function change(principal: Principal, changing: Changing, application: Application) {
  const { id, reason, hours } = changing;
  const { database, log } = application;
  const hold = await openHold(database, id);
  if (hold === null) return fail<Failure>({ kind: 'no-hold' });
  const allowed = await allow(principal, { ...placeIn(hold), hold: id }, application);
  if (!allowed.ok) return allowed;
  const problems = problemsOf(reason, hours);
  if (problems.length > 0) return fail<Failure>({ kind: 'form', problems });
  const what = { id, by: allowed.value, words: reason.trim().slice(0, LONGEST_REASON) };
  if (hours === null) return (await releaseHold(database, log, what)) ? ok(null) : fail<Failure>({ kind: 'no-hold' });
  const longer = await prolongHold(database, log, { ...what, hours });
  return longer ? ok(null) : fail<Failure>({ kind: 'form', problems: [{ kind: 'hold-not-longer' }] });
}

const placeIn = ({ target, scope }: Hold): Omit<Place, 'hold'> =>
  scope.kind === 'service'
    ? { target, cluster: scope.cluster, service: scope.service, whole: false }
    : { target, cluster: '', service: scope.repository, whole: true };

type Place = {
  readonly target: string;
  readonly cluster: string;
  readonly service: string;
  /** Whether every service of the target is concerned. */
  readonly whole: boolean;
  readonly hold: string;
};

/** The person with groups just renewed, if they may; refusals are recorded. */
async function allow(
  principal: Principal,
  place: Place,
  application: Application,
): Promise<Result<Principal, Failure>> {
  const { target, cluster, service, whole, hold } = place;
  const refuse = async (failure: Failure): Promise<Result<never, Failure>> => {
    const what = { target, cluster, service, from: '', to: '', hold };
    await recordRefusal(principal, { ...what, why: failure.kind, words: sentenceOf(failure) }, application);
    return fail(failure);
  };
  const allowed = (person: Principal, deed: 'look' | 'roll-back'): boolean =>
    whole ? mayOnWholeTarget(person, deed, target) : may(person, deed, target, { cluster, service });
  if (!allowed(principal, 'look')) return refuse({ kind: 'not-found' });
  const renewed = await application.access.renewGroups(principal);
  if (!renewed.ok) return fail({ kind: renewed.error === 'session-over' ? 'session-over' : 'groups-unknown' });
  return allowed(renewed.value, 'roll-back') ? ok(renewed.value) : refuse({ kind: 'lost-role', target });
}

function problemsOf(reason: string, hours: number | null): readonly FormProblem[] {
  return [
    ...(hours === null || HOLD_HOURS.some((known) => known === hours) ? [] : [{ kind: 'hold-hours-missing' } as const]),
    ...(reason.trim() === '' ? [{ kind: 'hold-reason-missing' } as const] : []),
  ];
}
