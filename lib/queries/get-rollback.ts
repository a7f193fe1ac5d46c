import 'server-only';
import type { Application } from '@/lib/application';
import { overwrittenOf } from '@/lib/db/overwrites';
import type { RecordEntry } from '@/lib/db/record';
import type { Rollback } from '@/lib/db/rollbacks';
import type { Stories } from '@/lib/db/stories';
import { isRollbackId } from '@/lib/domain/arn';
import { byHand } from '@/lib/domain/by-hand';
import { shortFormOf } from '@/lib/domain/checks/run-checks';
import { consoleUrl } from '@/lib/domain/console';
import type { Next, OutcomeWords } from '@/lib/domain/outcome-words';
import { may, type Principal } from '@/lib/domain/permissions';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Progress } from '@/lib/domain/progress';
import type { ServiceEvent } from '@/lib/domain/service';
import { settingOf, type Target } from '@/lib/domain/target';
import { fail, ok, type Result } from '@/lib/result';
import { routes, type ServiceAddress } from '@/lib/routes';
import type { ServiceHead } from './get-service';
import { type HoldsView, holdsOn } from './holds';
import { type Overwritten, overwrittenServices, sentenceOn } from './overwritten';
import { serviceKey } from './reads';
import { headOfRollback, overwritten, progressOf, type Told } from './rollback-view';
import { headOf } from './service-names';

/** A way on, with its address; `null` where it is words alone. */
export type NextLink = Next & { readonly href: string | null };

/** A rollback for ever: progress, then outcome, with the plan as pressed. Times are milliseconds since 1970. */
export type RollbackPage = {
  readonly head: ServiceHead;
  readonly kind: 'copy' | 'stop';
  readonly progress: Progress;
  readonly from: string;
  readonly to: string;
  readonly fromRevision: string;
  readonly toRevision: string;
  readonly by: {
    readonly name: string;
    readonly email: string | null;
    /** The session AWS's trail shows; `null` where the target has no writing role. */
    readonly session: string | null;
  };
  readonly reason: string | null;
  readonly details: string | null;
  /** The group it was confirmed with. */
  readonly group: string | null;
  readonly confirmedAt: number;
  readonly endedAt: number | null;
  /** What was to happen, as it was read before the press. */
  readonly steps: readonly string[];
  readonly notes: readonly string[];
  readonly checks: {
    readonly passed: readonly string[];
    readonly warnings: readonly { readonly words: string; readonly ticked: string | null }[];
    readonly notChecked: readonly string[];
  };
  readonly next: readonly NextLink[];
  /** What a deployment did to it since, while it is in force. */
  readonly overwritten: Overwritten | null;
  /** What was deployed over it, where that closed it, or somebody did. */
  readonly afterwards: string | null;
  /** What holds deployments of the service; `null` where that is not known. */
  readonly holds: HoldsView | null;
  /** Whether the outcome is one to hold deployments for. */
  readonly worthHolding: boolean;
  readonly planAgainHref: string;
  readonly byHand: readonly string[];
  readonly consoleUrl: string;
  readonly checkUrl: string | null;
  readonly pipelineUrl: string | null;
  /** What ECS said of the service while this went on, newest first. */
  readonly events: readonly ServiceEvent[];
  readonly now: number;
};

/** The record could not be read. */
export type Unread = 'record-unread';

/** One rollback as it stands; `null` where there is none, or none this person may look at. */
export async function getRollback(
  principal: Principal,
  id: string,
  application: Application,
): Promise<Result<RollbackPage, Unread> | null> {
  const read = await tell(principal, id, application.stories.read, application);
  if (!read.ok) return read;
  const told = read.value;
  const target = told === null ? null : application.target(told.rollback.target);
  if (told === null || target === null) return null;
  const { rollback, plan, now } = told;
  const address = addressOf(rollback);
  const head = headOf(principal, target, { cluster: rollback.cluster, service: rollback.service });
  const outcome = headOfRollback(told);
  return ok({
    head,
    kind: rollback.kind,
    progress: progressOf(told),
    from: plan.from.name,
    to: plan.to.name,
    fromRevision: plan.from.revision,
    toRevision: plan.to.revision,
    by: { name: rollback.by.name, email: rollback.by.email, session: sessionOf(target, rollback.id) },
    reason: rollback.why,
    details: rollback.details,
    group: rollback.groupId,
    confirmedAt: rollback.createdAt,
    endedAt: rollback.endedAt,
    steps: plan.steps,
    notes: plan.notes,
    checks: checksOf(plan, rollback.ticked),
    next: nextOf(told, outcome, head),
    ...(await overwriteOf(rollback, application)),
    holds: await holdsFor(principal, rollback, head, application),
    worthHolding: rollback.state === 'succeeded' && rollback.kind === 'copy' && plan.undo === null && !plan.forward,
    planAgainHref: routes.plan(address, plan.wish),
    byHand: byHand(plan),
    consoleUrl: consoleUrl({ region: plan.region, cluster: rollback.cluster, service: rollback.service }),
    checkUrl: settingOf(target, rollback, 'checkUrl'),
    pipelineUrl: target.pipelineUrl,
    events: await eventsOf(rollback, application),
    now,
  });
}

/** The part that changes, for the page that polls it; `null` as above. Nothing is asked of AWS. */
export async function getProgress(
  principal: Principal,
  id: string,
  application: Application,
): Promise<Result<Progress, Unread> | null> {
  const told = await tell(principal, id, application.stories.poll, application);
  if (!told.ok) return told;
  return told.value === null ? null : ok(progressOf(told.value));
}

async function tell(
  principal: Principal,
  id: string,
  storyOf: Stories['read'],
  { log, now }: Pick<Application, 'log' | 'now'>,
): Promise<Result<Told | null, Unread>> {
  if (!isRollbackId(id)) return ok(null);
  try {
    const story = await storyOf(id);
    if (story === null || !may(principal, 'look', story.rollback.target, story.rollback)) return ok(null);
    return ok({ ...story, now: now() });
  } catch (error) {
    log('database.failed', { doing: 'read a rollback', error });
    return fail('record-unread');
  }
}

async function holdsFor(
  principal: Principal,
  { target: name, cluster, service }: Rollback,
  { target, mayRollBack }: ServiceHead,
  application: Application,
): Promise<HoldsView | null> {
  const seen = await application.reads.service.get(serviceKey(name, cluster, service), EVENTS_WAIT_MS);
  if (!seen?.value) return null;
  return holdsOn(principal, { target, service: seen.value, mayRollBack }, application).catch(() => null);
}

type Overwrites = Pick<RollbackPage, 'overwritten' | 'afterwards'>;

async function overwriteOf({ id, serviceArn }: Rollback, application: Application): Promise<Overwrites> {
  const { database, now } = application;
  const [open, ever] = await Promise.all([
    overwrittenServices(application, [serviceArn]).catch(() => null),
    overwrittenOf(database, [id]).catch(() => null),
  ]);
  const found = open?.get(serviceArn) ?? null;
  if (found?.rollbackId === id) return { overwritten: found, afterwards: null };
  return { overwritten: null, afterwards: sentenceOn(ever?.get(id), now()) };
}

const addressOf = ({ target, cluster, service }: Rollback): ServiceAddress => ({ target, cluster, service });

const sessionOf = ({ writerRole }: Target, id: string): string | null =>
  writerRole === null ? null : `${writerRole.slice(writerRole.lastIndexOf('/') + 1)}/${id}`;

function checksOf({ findings }: PlanBody, ticked: readonly string[]): RollbackPage['checks'] {
  const words = (kind: string): readonly string[] =>
    findings.flatMap(([, finding]) => (finding.kind === kind ? [finding.words] : []));
  return {
    passed: words('passed'),
    warnings: findings.flatMap(([name, finding]) =>
      finding.kind === 'warns'
        ? [{ words: finding.words, ticked: ticked.includes(name) ? shortFormOf(name, finding) : null }]
        : [],
    ),
    notChecked: words('not-checked'),
  };
}

function nextOf(told: Told, outcome: OutcomeWords | null, { mayRollBack, target }: ServiceHead): readonly NextLink[] {
  const replaced = overwritten(told)?.next ?? [];
  const all = [...(outcome?.next ?? []), ...replaced];
  const unique = [...new Map(all.map((next) => [next.kind, next])).values()];
  return unique
    .filter(({ kind }) => mayRollBack || !ACTING.has(kind))
    .map((next) => ({ ...next, href: hrefOf(next, told, target) }));
}

/** Ways on that lead to a plan somebody can press. */
const ACTING: ReadonlySet<Next['kind']> = new Set(['undo', 'plan-again', 'roll-back-to-to', 'roll-back-to-from']);

function hrefOf({ kind }: Next, { rollback, plan, entries }: Told, target: Target): string | null {
  const address = addressOf(rollback);
  switch (kind) {
    case 'check':
      return settingOf(target, rollback, 'checkUrl') ?? routes.service(address);
    case 'pause-pipeline':
      return target.pipelineUrl;
    case 'undo':
      return routes.plan(address, { to: plan.from.revision, undo: rollback.id });
    case 'choose-version':
      return routes.plan(address);
    case 'roll-back-to-from':
      return routes.plan(address, { to: plan.from.revision });
    case 'roll-back-to-to':
      return routes.plan(address, { to: plan.to.revision });
    case 'plan-again':
      return routes.plan(address, plan.wish);
    case 'watch-newer':
    case 'see-stop':
      return newerHref(entries);
    case 'console':
      return consoleUrl({ region: plan.region, cluster: rollback.cluster, service: rollback.service });
    case 'by-hand':
      return '#by-hand';
    case 'revert-code':
      return null;
    default:
      return kind satisfies never;
  }
}

function newerHref(entries: readonly RecordEntry[]): string | null {
  const by = entries.findLast(({ kind }) => kind === 'ended')?.payload.by;
  return typeof by === 'string' && isRollbackId(by) ? routes.rollback(by) : null;
}

const EVENTS_WAIT_MS = 500;
const AFTER_MS = 5 * 60_000;

/** ECS's messages come with the service, which a page about it has read lately; nobody waits long for them. */
async function eventsOf(rollback: Rollback, { reads }: Application): Promise<readonly ServiceEvent[]> {
  const { target, cluster, service, createdAt, endedAt } = rollback;
  const seen = await reads.service.get(serviceKey(target, cluster, service), EVENTS_WAIT_MS);
  const until = (endedAt ?? Number.POSITIVE_INFINITY) + AFTER_MS;
  return (seen?.value?.events ?? []).filter(({ at }) => at >= createdAt - 1_000 && at <= until);
}
