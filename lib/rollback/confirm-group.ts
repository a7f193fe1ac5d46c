import 'server-only';
import pLimit from 'p-limit';
import type { Application } from '@/lib/application';
import type { AskedOnce } from '@/lib/aws/calls';
import { type GroupPress, groupMadeFrom, type LeftOut, confirmGroup as storeGroup } from '@/lib/db/groups';
import { getPlan, type Press, type StoredPlan } from '@/lib/db/rollbacks';
import type { Failure, FormProblem } from '@/lib/domain/failure';
import { sentenceOf } from '@/lib/domain/failure';
import { firstOf, groupName, parseGroupImage, startOrder } from '@/lib/domain/group';
import { unticked, warningId } from '@/lib/domain/group-warnings';
import { HOLD_WITH_ROLLBACK_HOURS } from '@/lib/domain/hold';
import { may, mayOnWholeTarget, type Principal } from '@/lib/domain/permissions';
import type { PlanBody, PlanGroup } from '@/lib/domain/plan-body';
import type { Plan } from '@/lib/domain/plan-shape';
import { GROUP_READ_MS } from '@/lib/domain/times';
import { fail, ok, type Result } from '@/lib/result';
import { type Confirmed, drawAgain, nameProblems, reasonProblems } from './confirm-rollback';
import { groupHash } from './plan-group';
import { recordRefusal } from './record-refusal';

/** What the form of a group posts: which plans were read, which services are chosen, and what the person says to them. */
export type GroupConfirmation = {
  /** Ids of every plan the page offered, in its order, and one hash over them. */
  readonly plans: readonly string[];
  readonly hash: string;
  /** Services ticked, `cluster/service`. */
  readonly chosen: readonly string[];
  /** How many the button said. */
  readonly counted: number;
  readonly how: string;
  /** Warnings ticked, each once for every service that has it. */
  readonly ticked: readonly string[];
  readonly reason: string;
  readonly details: string;
  readonly typed: string;
  /** Whether deployments of every service that runs these images are to be held from now on. */
  readonly hold: boolean;
};

/** A stored plan that was drawn with a group. */
type MemberPlan = StoredPlan & { readonly body: PlanBody & { readonly group: PlanGroup } };

/** What was read and what was chosen of it, in the order in which it starts. */
type Offer = {
  readonly target: string;
  readonly group: PlanGroup;
  /** What is typed to confirm. */
  readonly name: string;
  readonly plans: readonly MemberPlan[];
  readonly chosen: readonly MemberPlan[];
  readonly firstAlone: boolean;
};

/**
 * Confirms the chosen services of a group: reads every one again, stores a rollback for each whose plan still holds, and
 * starts them. A service that moved or is busy is left out and named; the others go on.
 */
export function confirmGroup(
  principal: Principal,
  confirmation: GroupConfirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  return application.starter.awaited(confirmed(principal, confirmation, application));
}

async function confirmed(
  principal: Principal,
  confirmation: GroupConfirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  try {
    const offer = await offerOf(principal, confirmation, application);
    if (offer === null) return fail({ kind: 'not-found' });
    const answer = await press(principal, offer, confirmation, application);
    if (!answer.ok) await recordRefusedGroup(principal, offer, answer.error, application);
    return answer;
  } catch (error) {
    // Without the database nothing is stored, so nothing was started.
    application.log('database.failed', { doing: 'confirm a group', error });
    return fail({ kind: 'database-down' });
  }
}

/** The plans a form names, where they were drawn together and this person may look at what they are about. */
async function offerOf(
  principal: Principal,
  { plans: ids, chosen: keys, how }: GroupConfirmation,
  { database }: Application,
): Promise<Offer | null> {
  const found = await Promise.all(ids.map((id) => getPlan(database, id)));
  const plans = found.flatMap((plan) => (plan === null ? [] : [plan])).filter(isOfGroup);
  const [first] = plans;
  if (first === undefined || plans.length !== ids.length) return null;
  const { group, target } = first.body;
  const together = plans.every(({ body }) => body.group.drawing === group.drawing && body.target === target);
  if (!together || !plans.every(({ body }) => may(principal, 'look', target, body))) return null;
  const wanted = new Set(keys);
  const chosen = plans
    .filter(({ body }) => wanted.has(`${body.cluster}/${body.service}`))
    .sort((a, b) => startOrder(placed(a), placed(b)));
  const name = groupName(parseGroupImage(group.image)?.repository ?? group.image);
  return { target, group, name, plans, chosen, firstAlone: how === 'first' };
}

const isOfGroup = (plan: StoredPlan): plan is MemberPlan => plan.body.group !== undefined;

const placed = ({ body }: MemberPlan) => ({ ...body.group, cluster: body.cluster, service: body.service });

async function press(
  principal: Principal,
  offer: Offer,
  confirmation: GroupConfirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  const { plans, chosen, target } = offer;
  const operates = (person: Principal): boolean => chosen.every(({ body }) => may(person, 'roll-back', target, body));
  if (!operates(principal)) return fail({ kind: 'lost-role', target });
  const own = plans.every(({ issuer, subject }) => issuer === principal.issuer && subject === principal.subject);
  if (!own || groupHash(plans) !== confirmation.hash) return fail({ kind: 'not-your-plan' });
  const again = await madeBefore(offer, application);
  if (again !== null) return ok(again);
  if (application.starter.closing()) return fail({ kind: 'restarting' });
  if (!application.access.presses.take(principal.sessionId, confirmation.hash)) {
    return fail({ kind: 'too-many-presses' });
  }
  // What is wrong with the form needs no reading of many services.
  const objection = objectionToForm(offer, confirmation);
  if (objection !== null) return fail(objection);
  const [renewed, read] = await Promise.all([application.access.renewGroups(principal), readAgain(offer, application)]);
  if (!renewed.ok) return fail({ kind: renewed.error === 'session-over' ? 'session-over' : 'groups-unknown' });
  if (!operates(renewed.value)) return fail({ kind: 'lost-role', target });
  // A hold is about services beyond those chosen. One that was ticked must not be left out without a word.
  if (confirmation.hold && !mayOnWholeTarget(renewed.value, 'roll-back', target)) {
    return fail({ kind: 'lost-role', target });
  }
  const answer = read.ok ? await store(renewed.value, offer, read.value, confirmation, application) : read;
  // Another press of the same plans may have come first.
  return answer.ok ? answer : okay(await madeBefore(offer, application), answer);
}

const okay = (before: Confirmed | null, answer: Result<Confirmed, Failure>): Result<Confirmed, Failure> =>
  before === null ? answer : ok(before);

async function madeBefore({ plans }: Offer, { database }: Application): Promise<Confirmed | null> {
  const id = await groupMadeFrom(
    database,
    plans.map((plan) => plan.id),
  );
  return id === null ? null : { id, again: true };
}

/** What is wrong with the form itself, or a check that blocks what is chosen. */
function objectionToForm(offer: Offer, confirmation: GroupConfirmation): Failure | null {
  const { chosen, firstAlone, name } = offer;
  const [any] = chosen;
  if (any === undefined) return { kind: 'form', problems: [{ kind: 'none-chosen' }] };
  const blocking = chosen.flatMap(({ body }) =>
    body.findings.flatMap(([, finding]) => (finding.kind === 'blocks' ? [finding.words] : [])),
  );
  if (blocking.length > 0) return { kind: 'blocked', words: blocking };
  const { counted } = confirmation;
  const problems: readonly FormProblem[] = [
    ...(counted === chosen.length ? [] : [{ kind: 'count-differs', chosen: chosen.length, counted } as const]),
    ...warningProblems(chosen, new Set(confirmation.ticked)),
    ...(firstAlone && firstOf(chosen.map(placed)) === null ? [{ kind: 'first-not-chosen' } as const] : []),
    ...reasonProblems(any.body, confirmation),
    ...nameProblems({ protected: any.body.protected, service: name }, confirmation.typed).map(asGroup),
  ];
  return problems.length === 0 ? null : { kind: 'form', problems };
}

const asGroup = (problem: FormProblem): FormProblem =>
  problem.kind === 'name-wrong' ? { ...problem, kind: 'group-name-wrong' } : problem;

/** Each warning once, however many services have it. */
function warningProblems(chosen: readonly MemberPlan[], ticked: ReadonlySet<string>): readonly FormProblem[] {
  const open = chosen.flatMap(({ body }) => unticked(body, ticked));
  const once = new Map(open.map(({ id, short }) => [id, short]));
  return [...once].map(([id, short]) => ({ kind: 'shared-warning-not-ticked', id, short }));
}

/** What reading again came to: plans that still hold, and services that are left out. */
type Reading = { readonly going: ReadonlyMap<MemberPlan, Plan>; readonly leftOut: readonly LeftOut[] };

/** Services read at the same time: more would only wait for the same quotas. */
const AT_ONCE = 8;

async function readAgain({ chosen }: Offer, application: Application): Promise<Result<Reading, Failure>> {
  const limit = pLimit(AT_ONCE);
  // Services of one image lean on much the same: it is asked for once in this press, and never later than now.
  const once: AskedOnce = new Map();
  const read = await Promise.all(
    chosen.map((plan) => limit(async () => ({ plan, drawn: await drawAgain(plan, application, GROUP_READ_MS, once) }))),
  );
  const down = read.find(({ drawn }) => !drawn.ok && drawn.error.kind === 'database-down');
  if (down !== undefined) return fail({ kind: 'database-down' });
  return ok({
    going: new Map(read.flatMap(({ plan, drawn }) => (drawn.ok ? [[plan, drawn.value] as const] : []))),
    leftOut: read.flatMap(({ plan, drawn }) => (drawn.ok ? [] : [leftOut(plan, drawn.error)])),
  });
}

function leftOut({ body: { cluster, service } }: MemberPlan, failure: Failure): LeftOut {
  const why = failure.kind === 'busy' || failure.kind === 'unreadable' ? failure.kind : 'stale';
  return { cluster, service, why, words: WORDS_OF_LEFT_OUT[why](failure) };
}

const WORDS_OF_LEFT_OUT: Readonly<Record<LeftOut['why'], (failure: Failure) => string>> = {
  stale: () => 'Not started: it changed while you were reading.',
  busy: (failure) => `Not started: ${sentenceOf(failure).replace(/ Nothing has been done\.$/, '')}`,
  unreadable: (failure) => `Not started: ${failure.kind === 'unreadable' ? failure.words : 'ECS could not be read.'}`,
};

async function store(
  person: Principal,
  offer: Offer,
  { going, leftOut: out }: Reading,
  confirmation: GroupConfirmation,
  application: Application,
): Promise<Result<Confirmed, Failure>> {
  const { chosen, firstAlone, target, group } = offer;
  const ready = chosen.flatMap((plan) => {
    const fresh = going.get(plan);
    return fresh === undefined ? [] : [{ press: pressOf(person, plan, fresh, confirmation, application), plan: fresh }];
  });
  const [first] = chosen;
  // The one that was to go first decides for the rest.
  if (firstAlone && first !== undefined && !going.has(first)) return fail(staleOne(first));
  if (ready.length === 0) return fail({ kind: 'group-stale' });
  const [{ press: said }] = ready as [(typeof ready)[number]];
  const { database, log } = application;
  const stored = await storeGroup(
    database,
    log,
    {
      ...{ target, image: group.image, to: group.to, undoes: group.undoes, principal: person, firstAlone },
      ...{ why: said.why, details: said.details, presses: ready.map((one) => one.press), leftOut: out },
      hold: confirmation.hold ? holdOf(offer) : null,
    },
    () => 'Not started: another rollback had it first.',
  );
  if (!stored.ok) return fail({ kind: stored.error === 'session-over' ? 'session-over' : 'group-stale' });
  const { id } = stored.value.group;
  log('rollback.confirmed', { group: id, target, services: stored.value.rollbacks.length });
  const members = stored.value.rollbacks.flatMap(({ rollback, press: pressed }) =>
    ready.filter((one) => one.press === pressed).map(({ plan }) => ({ rollback, plan })),
  );
  application.starter.startGroup({ members, firstAlone }, person);
  // What has started has started, whether or not the record takes these as well: the group's own entry names them.
  await recordLeftOut(person, offer, stored.value.group.leftOut, application).catch((error: unknown) =>
    log('database.failed', { doing: 'record what was left out', group: id, error }),
  );
  return ok({ id, again: false });
}

/** One hold for all of them. */
function holdOf({ group: { image, undoes } }: Offer): GroupPress['hold'] {
  const repository = parseGroupImage(image)?.repository;
  return undoes !== null || repository === undefined ? null : { hours: HOLD_WITH_ROLLBACK_HOURS, repository };
}

const staleOne = ({ body: { service, from } }: MemberPlan): Failure => ({
  kind: 'stale',
  service,
  planned: from.name,
  now: from.name,
});

function pressOf(
  principal: Principal,
  plan: MemberPlan,
  { facts: { active } }: Plan,
  { reason, details, ticked }: GroupConfirmation,
  { owner }: Application,
): Press {
  const all = new Set(ticked);
  return {
    plan,
    principal,
    why: reason || null,
    details: details.trim().slice(0, 1000) || null,
    ticked: plan.body.findings.flatMap(([check, finding]) =>
      finding.kind === 'warns' && all.has(warningId(check, finding)) ? [check] : [],
    ),
    owner,
    replaces: active?.state === 'watching' ? { id: active.id, reason: 'by-rollback' } : null,
  };
}

/** A press of which nothing came is one entry, whatever it was about. */
function recordRefusedGroup(
  principal: Principal,
  { target, plans, name, group }: Offer,
  failure: Failure,
  application: Application,
): Promise<void> {
  const { cluster = '', from } = plans[0]?.body ?? {};
  const refused = { target, cluster, service: name, from: from?.tag ?? group.image, to: group.to };
  return recordRefusal(principal, { ...refused, why: failure.kind, words: sentenceOf(failure) }, application);
}

/** Services that were left out of a press that went on, each an entry of its own. */
async function recordLeftOut(
  principal: Principal,
  { target, chosen }: Offer,
  out: readonly LeftOut[],
  application: Application,
): Promise<void> {
  for (const { cluster, service, why, words } of out) {
    const plan = chosen.find(({ body }) => body.cluster === cluster && body.service === service);
    const sides = { plan: plan?.id, from: plan?.body.from.name, to: plan?.body.to.name };
    await recordRefusal(principal, { target, cluster, service, ...sides, why, words }, application);
  }
}
