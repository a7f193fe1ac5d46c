import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Application } from '@/lib/application';
import type { AskedOnce } from '@/lib/aws/calls';
import { getRollbackRow, savePlan as storePlan } from '@/lib/db/rollbacks';
import { canonical } from '@/lib/digest';
import { isClusterName, isRevisionName, isServiceName, revisionArn } from '@/lib/domain/arn';
import { byHand } from '@/lib/domain/by-hand';
import type { RollbackFacts, Wish } from '@/lib/domain/facts';
import { may, mayReadRevision, type Principal } from '@/lib/domain/permissions';
import { planFrom } from '@/lib/domain/plan';
import { bodyOf, type PlanBody, type PlanGroup } from '@/lib/domain/plan-body';
import type { Plan, Planned } from '@/lib/domain/plan-shape';
import { GROUPS_FRESH_MS } from '@/lib/domain/times';
import { fail, ok, type Result } from '@/lib/result';
import { type NoService, readFacts } from './read-facts';

/** The plan page's question, as its address has it. */
export type PlanQuestion = {
  readonly target: string;
  readonly cluster: string;
  readonly service: string;
  readonly wish: Wish;
  readonly sameImage: readonly string[];
  readonly sameFamily?: readonly string[];
  /** An overwritten rollback of this service that is to be repeated: what was said of it stands in the form again. */
  readonly again?: string | null;
  /** The group it is drawn with; all of one drawing count as one plan. */
  readonly group?: PlanGroup;
  /** Answers shared with the other plans of that drawing. */
  readonly once?: AskedOnce;
};

/** Why a drawn plan cannot be pressed. */
export type NotPressable = 'viewer' | 'groups-unknown' | 'database-down' | 'too-many-plans';

/** A plan drawn from facts just read; `saved` is `null` where it cannot be pressed, and `notSaved` says why. */
export type DrawnPlan = {
  readonly planned: Planned;
  readonly body: PlanBody | null;
  readonly saved: { readonly id: string; readonly hash: string } | null;
  readonly notSaved: NotPressable | null;
  /** When the facts were read, in milliseconds since 1970. */
  readonly readAt: number;
  /** What was said of the rollback that is undone or repeated; empty for any other plan. */
  readonly details: string;
  /** Why the rollback that is repeated was started. */
  readonly reason: string;
  readonly byHand: readonly string[];
};

/**
 * Draws the plan for what is wished. For an operator it writes one plan row, which never changes, and nothing else.
 *
 * A target the principal may not look at is `not-found`, like one that does not exist.
 */
export async function planRollback(
  principal: Principal,
  question: PlanQuestion,
  application: Application,
): Promise<Result<DrawnPlan, NoService>> {
  const target = application.target(question.target);
  if (target === null || !may(principal, 'look', target.name, question)) return fail({ kind: 'not-found' });
  if (!isClusterName(question.cluster) || !isServiceName(question.service) || !sane(question.wish)) {
    return fail({ kind: 'not-found' });
  }
  const facts = await readFacts({ ...question, target }, application);
  if (!facts.ok) return facts;
  const { readAt } = facts.value;
  const { to } = question.wish;
  const asked = to === null ? null : revisionArn(facts.value.service.taskDefinitionArn, to);
  if (asked !== null && !mayReadRevision(principal, { ...facts.value, arn: asked, target: target.name })) {
    return fail({ kind: 'not-found' });
  }
  const planned = planFrom(facts.value);
  const refused = refusal(principal, question, facts.value, application);
  const none = { planned, body: null, saved: null, notSaved: refused, readAt, ...UNSAID, byHand: [] };
  if (planned.kind !== 'plan') return ok(none);
  const body = bodyOf(planned.plan, question.wish, question.group);
  const drawn = { ...none, body, byHand: byHand(body) };
  if (refused !== null) return ok(drawn);
  const [saved, said] = await Promise.all([
    savePlan(principal, planned.plan, body, application),
    saidOf(body, question.again ?? null, application),
  ]);
  return ok({ ...drawn, ...said, saved, notSaved: saved === null ? 'database-down' : null });
}

const UNSAID: Pick<DrawnPlan, 'details' | 'reason'> = { details: '', reason: '' };

/** What was said when the rollback that is undone, or repeated, was started. An undo has reasons of its own. */
async function saidOf(
  { undo, serviceArn }: PlanBody,
  again: string | null,
  { database }: Application,
): Promise<typeof UNSAID> {
  const id = undo ?? again;
  if (id === null) return UNSAID;
  const before = await getRollbackRow(database, id).catch(() => null);
  // The address may name any rollback; what was said of another service's is not for everybody.
  if (before?.serviceArn !== serviceArn) return UNSAID;
  return { details: before.details ?? '', reason: undo === null ? (before.why ?? '') : '' };
}

/** Why this person cannot press what they look at, as far as it shows before anything is stored. */
function refusal(
  principal: Principal,
  { target, cluster, service, wish, group }: PlanQuestion,
  { recordKnown }: RollbackFacts,
  { access, now }: Application,
): NotPressable | null {
  if (!may(principal, 'roll-back', target, { cluster, service })) return 'viewer';
  if (!recordKnown) return 'database-down';
  if (now() - principal.groupsAt > GROUPS_FRESH_MS) return 'groups-unknown';
  const asked = canonical(group ? [target, group.image, group.to, wish.bring] : [target, cluster, service, wish]);
  return access.plans.take(principal.sessionId, asked) ? null : 'too-many-plans';
}

const sane = ({ to, undo, ran, stop }: Wish): boolean =>
  (to === null || isRevisionName(to)) && [undo, ran, stop].every((part) => part === null || /^[\w-]{1,64}$/.test(part));

/** Hash over what must not move between reading and pressing. */
export const decisionHash = (plan: Plan, application: Application): string =>
  application.keys.fingerprint(canonical(plan.decision));

async function savePlan(
  principal: Principal,
  plan: Plan,
  body: PlanBody,
  application: Application,
): Promise<{ id: string; hash: string } | null> {
  const id = randomUUID();
  try {
    const decision = decisionHash(plan, application);
    const hash = await storePlan(application.database, {
      id,
      issuer: principal.issuer,
      subject: principal.subject,
      body,
      decision,
    });
    return { id, hash };
  } catch (error) {
    application.log('plan.not-saved', { target: body.target, service: body.service, error });
    return null;
  }
}
