import 'server-only';
import type { Application } from '@/lib/application';
import type { AskedOnce } from '@/lib/aws/calls';
import { confirm, getPlan, inTheWayOf, madeFrom, type NotConfirmed, type StoredPlan } from '@/lib/db/rollbacks';
import { objections, shortFormOf } from '@/lib/domain/checks/run-checks';
import type { Failure, FormProblem } from '@/lib/domain/failure';
import { sentenceOf } from '@/lib/domain/failure';
import { HOLD_WITH_ROLLBACK_HOURS, repositoryOf } from '@/lib/domain/hold';
import { mainContainerOf } from '@/lib/domain/image';
import { may, type Principal } from '@/lib/domain/permissions';
import { planFrom } from '@/lib/domain/plan';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Plan } from '@/lib/domain/plan-shape';
import { placeOf, settingOf } from '@/lib/domain/target';
import { CHECKS_SOONER_MS, PRESS_READ_MS } from '@/lib/domain/times';
import { REASONS_FOR_ROLLING_BACK, REASONS_FOR_UNDOING } from '@/lib/domain/wording';
import { fail, ok, type Result } from '@/lib/result';
import { within } from '@/lib/within';
import { decisionHash } from './plan-rollback';
import { readFacts } from './read-facts';
import { type Refused, recordRefusal } from './record-refusal';

/** What the confirm form posts: which plan was read, and what the person says to it. Never contents, never identity. */
export type Confirmation = {
  readonly plan: string;
  /** Hash of the plan as shown. */
  readonly hash: string;
  /** Checks whose warning was ticked. */
  readonly ticked: readonly string[];
  readonly reason: string;
  readonly details: string;
  /** Service name as typed. */
  readonly typed: string;
  /** Whether deployments of the service are to be held from now on. */
  readonly hold?: boolean;
};

/** The rollback a press made, or the one an earlier press of the same plan did. */
export type Confirmed = { readonly id: string; readonly again: boolean };

/**
 * Confirms a plan: reads everything again, and where the decision is the one that was shown, stores the rollback and
 * starts it. Every refusal is recorded; none of them changes anything in AWS.
 */
export function confirmRollback(
  principal: Principal,
  confirmation: Confirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  return application.starter.awaited(confirmed(principal, confirmation, application));
}

async function confirmed(
  principal: Principal,
  confirmation: Confirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  try {
    const plan = await getPlan(application.database, confirmation.plan);
    if (plan === null) return fail({ kind: 'not-found' });
    const answer = may(principal, 'look', plan.body.target, plan.body)
      ? await press(principal, plan, confirmation, application)
      : fail<Failure>({ kind: 'not-found' });
    if (!answer.ok) await recordRefusal(principal, refusedPress(plan, answer.error), application);
    return answer;
  } catch (error) {
    // Without the database nothing is stored, so nothing was started.
    application.log('database.failed', { doing: 'confirm', error });
    return fail({ kind: 'database-down' });
  }
}

async function press(
  principal: Principal,
  plan: StoredPlan,
  confirmation: Confirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  const own = plan.issuer === principal.issuer && plan.subject === principal.subject;
  if (!may(principal, 'roll-back', plan.body.target, plan.body))
    return fail({ kind: 'lost-role', target: plan.body.target });
  if (!own || plan.hash !== confirmation.hash) return fail({ kind: 'not-your-plan' });
  const pressed = await madeFrom(application.database, plan.id);
  if (pressed !== null) return ok({ id: pressed, again: true });
  if (application.starter.closing()) return fail({ kind: 'restarting' });
  if (!application.access.presses.take(principal.sessionId, plan.id)) return fail({ kind: 'too-many-presses' });
  return application.starter.oneByOne(plan.body.serviceArn, () =>
    readAndDecide(principal, plan, confirmation, application),
  );
}

async function readAndDecide(
  principal: Principal,
  plan: StoredPlan,
  confirmation: Confirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  const [before, other] = await Promise.all([
    madeFrom(application.database, plan.id),
    otherRollback(plan, application),
  ]);
  if (before !== null) return ok({ id: before, again: true });
  if (other !== null) return fail(other);
  const [renewed, drawn] = await Promise.all([application.access.renewGroups(principal), drawAgain(plan, application)]);
  if (!renewed.ok) return fail({ kind: renewed.error === 'session-over' ? 'session-over' : 'groups-unknown' });
  const person = renewed.value;
  if (!may(person, 'roll-back', plan.body.target, plan.body))
    return fail({ kind: 'lost-role', target: plan.body.target });
  const answer = drawn.ok ? await decide(person, plan, drawn.value, confirmation, application) : drawn;
  if (answer.ok) return answer;
  // Another press of the same plan may have come first; what it started is what stands in the way now.
  const first = await madeFrom(application.database, plan.id);
  if (first !== null) return ok({ id: first, again: true });
  // Whoever came first is a better reason than what they changed.
  const told = answer.error.kind === 'stale' || answer.error.kind === 'unreadable';
  return fail((told ? await otherRollback(plan, application) : null) ?? answer.error);
}

/** That somebody else's rollback is in the way, as a press is told; `null` where none is. */
async function otherRollback(plan: StoredPlan, { database, now }: Application): Promise<Failure | null> {
  const other = await inTheWayOf(database, plan);
  if (other === null) return null;
  const { id, by, startedAt: since } = other;
  return { kind: 'busy', id, service: plan.body.service, by, since, now: now() };
}

async function decide(
  person: Principal,
  stored: StoredPlan,
  plan: Plan,
  confirmation: Confirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  const objection = objectionToForm(plan, stored.body, confirmation);
  return objection === null ? store(person, stored, plan, confirmation, application) : fail(objection);
}

async function store(
  person: Principal,
  stored: StoredPlan,
  plan: Plan,
  confirmation: Confirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  const active = plan.facts.active;
  const confirmed = await confirm(application.database, application.log, {
    plan: stored,
    principal: person,
    why: confirmation.reason || null,
    details: confirmation.details.trim().slice(0, 1000) || null,
    ticked: [...new Set(confirmation.ticked)].slice(0, 50),
    owner: application.owner,
    hold: confirmation.hold ? { hours: HOLD_WITH_ROLLBACK_HOURS, repository: repositoryIn(plan) } : null,
    replaces:
      active?.state === 'watching' ? { id: active.id, reason: plan.kind === 'stop' ? 'stopped' : 'by-rollback' } : null,
  });
  if (!confirmed.ok) return notConfirmed(confirmed.error, stored.body, application);
  application.log('rollback.confirmed', {
    rollback: confirmed.value.id,
    target: stored.body.target,
    service: stored.body.service,
  });
  application.starter.start(confirmed.value, plan, person);
  return ok({ id: confirmed.value.id, again: false });
}

/** What the service runs images of: what a pipeline that knows only its image asks about. */
function repositoryIn({ facts, service, target }: Plan): string | null {
  const shown = facts.running.ok ? facts.running.value.shown : null;
  const configured = settingOf(target, placeOf(service), 'mainContainer');
  const image = shown === null ? undefined : mainContainerOf({ shown, service, configured })?.image;
  return image === undefined ? null : repositoryOf(image);
}

function notConfirmed(error: NotConfirmed, { service }: PlanBody, { now }: Application): Result<Confirmed, Failure> {
  switch (error.kind) {
    case 'already-pressed':
      return ok({ id: error.id, again: true });
    case 'session-over':
      return fail({ kind: 'session-over' });
    case 'busy':
      return fail({ kind: 'busy', id: error.id, service, by: error.by, since: error.since, now: now() });
    default:
      return error satisfies never;
  }
}

/**
 * The plan drawn from facts read now; refused where its decision is not the one that was shown.
 *
 * @param waitMs - Longest that AWS is waited for.
 * @param once - Answers shared with other plans that are drawn again for the same press.
 */
export async function drawAgain(
  { body, decision }: StoredPlan,
  application: Application,
  waitMs = PRESS_READ_MS,
  once?: AskedOnce,
): Promise<Result<Plan, Failure>> {
  const target = application.target(body.target);
  if (target === null) return fail({ kind: 'not-found' });
  const { cluster, service, wish, from } = body;
  const checksUntil = AbortSignal.timeout(waitMs - CHECKS_SOONER_MS);
  const question = { target, cluster, service, wish, expected: from.arn, checksUntil, ...(once && { once }) };
  const facts = await within(readFacts(question, application), waitMs);
  if (facts === null) return fail({ kind: 'unreadable', words: `AWS did not answer within ${waitMs / 1000} seconds.` });
  if (!facts.ok) {
    const { error } = facts;
    return fail(error.kind === 'not-found' ? error : { kind: 'unreadable', words: error.failure.words });
  }
  if (!facts.value.recordKnown) return fail({ kind: 'database-down' });
  const planned = planFrom(facts.value);
  const stale = { kind: 'stale', service: body.service, planned: body.from.name } as const;
  if (planned.kind !== 'plan') return fail({ ...stale, now: body.from.name });
  const { plan } = planned;
  if (plan.facts.active !== null && plan.facts.active.state !== 'watching') {
    const { id, by, startedAt } = plan.facts.active;
    return fail({ kind: 'busy', id, service: body.service, by, since: startedAt, now: application.now() });
  }
  return decisionHash(plan, application) === decision ? ok(plan) : fail({ ...stale, now: plan.from.name });
}

/** What is wrong with the form itself, or a check that blocks. */
function objectionToForm(plan: Plan, body: PlanBody, confirmation: Confirmation): Failure | null {
  const open = objections(plan.findings, new Set(confirmation.ticked));
  const blocking = open.filter((check) => plan.findings.get(check)?.kind === 'blocks');
  if (blocking.length > 0) {
    return { kind: 'blocked', words: blocking.flatMap((check) => plan.findings.get(check)?.words ?? []) };
  }
  const problems = [
    ...open.map((check) => {
      const short = shortFormOf(check, plan.findings.get(check));
      return { kind: 'warning-not-ticked', check, short } as const;
    }),
    ...reasonProblems(body, confirmation),
    ...nameProblems(body, confirmation.typed),
  ];
  return problems.length === 0 ? null : { kind: 'form', problems };
}

/** On protected targets a reason is given; an undo has reasons of its own. */
export function reasonProblems(
  body: Pick<PlanBody, 'protected' | 'undo' | 'forward'>,
  { reason, details }: Pick<Confirmation, 'reason' | 'details'>,
): readonly FormProblem[] {
  const reasons: readonly string[] = body.undo === null ? REASONS_FOR_ROLLING_BACK : REASONS_FOR_UNDOING;
  const missing = reason === '' ? body.protected : !reasons.includes(reason);
  const forward = body.forward && body.undo === null;
  if (missing) return [{ kind: 'reason-missing', forward }];
  return reason === 'Other' && details.trim() === '' ? [{ kind: 'details-missing', forward }] : [];
}

/** On protected targets the service's name is typed; case and blanks around it do not matter. */
export function nameProblems(body: Pick<PlanBody, 'protected' | 'service'>, typed: string): readonly FormProblem[] {
  if (!body.protected) return [];
  const given = typed.trim().toLowerCase();
  if (given === '') return [{ kind: 'name-missing', service: body.service }];
  return given === body.service.toLowerCase() ? [] : [{ kind: 'name-wrong', service: body.service }];
}

const refusedPress = ({ id, body }: StoredPlan, failure: Failure): Refused => ({
  target: body.target,
  cluster: body.cluster,
  service: body.service,
  plan: id,
  from: body.from.name,
  to: body.to.name,
  why: failure.kind,
  words: sentenceOf(failure),
});
