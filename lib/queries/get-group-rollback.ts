import 'server-only';
import type { Application } from '@/lib/application';
import { entriesIn, type GroupRollback, getGroupRow, type LeftOut, rollbacksIn } from '@/lib/db/groups';
import type { RecordEntry } from '@/lib/db/record';
import type { Rollback } from '@/lib/db/rollbacks';
import { isGroupRollbackId } from '@/lib/domain/arn';
import { groupName, parseGroupImage } from '@/lib/domain/group';
import { type GroupProgress, inReadingOrder, type MemberProgress, standingOf } from '@/lib/domain/group-progress';
import { may, mayOnWholeTarget, type Principal } from '@/lib/domain/permissions';
import type { PlanBody } from '@/lib/domain/plan-body';
import { progressWords } from '@/lib/domain/progress';
import { isEnd } from '@/lib/domain/rollback';
import type { Target } from '@/lib/domain/target';
import { rollbackWord } from '@/lib/domain/wording';
import { fail, ok, type Result } from '@/lib/result';
import { routes, type ServiceAddress } from '@/lib/routes';
import type { Unread } from './get-rollback';
import { type HoldsView, holdsOnImages } from './holds';
import { progressOf, type Told } from './rollback-view';

/** A group rollback for ever: progress, then outcome. Times are milliseconds since 1970. */
export type GroupRollbackPage = {
  readonly target: Target;
  /** `repository:tag` left. */
  readonly image: string;
  readonly progress: GroupProgress;
  readonly by: { readonly name: string; readonly email: string | null };
  readonly why: string | null;
  readonly details: string | null;
  readonly confirmedAt: number;
  /** Service that goes before the rest; `null` where all start at once. */
  readonly first: string | null;
  /** Group rollback that this one undoes. */
  readonly undoes: string | null;
  /** To a plan for what needs somebody, and to one that takes back what works; `null` where there is nothing of it. */
  readonly planRest: string | null;
  readonly undo: { readonly href: string; readonly services: number } | null;
  /** What holds deployments of the images; `null` where that is not known, or not for this person. */
  readonly holds: HoldsView | null;
  /** Whether the outcome is one to hold deployments for. */
  readonly worthHolding: boolean;
  /** Address of the first service, which forms about holds carry. */
  readonly address: ServiceAddress;
  readonly now: number;
};

type Known = {
  readonly group: GroupRollback;
  readonly target: Target;
  readonly members: readonly Told[];
  readonly now: number;
};

/** A group rollback as it stands; `null` where there is none, or none this person may look at. */
export async function getGroupRollback(
  principal: Principal,
  id: string,
  application: Application,
): Promise<Result<GroupRollbackPage, Unread> | null> {
  const read = await tell(principal, id, application);
  if (!read.ok) return read;
  if (read.value === null) return null;
  const { group, target, members, now } = read.value;
  const progress = progressIn(read.value);
  const rest = progress.members.filter(({ standing }) => standing === 'needs-someone');
  const acts = members.some(({ rollback }) => may(principal, 'roll-back', target.name, rollback));
  const back = progress.members.filter(({ standing }) => standing === 'back').length;
  return ok({
    target,
    image: group.image,
    progress,
    by: group.by,
    why: group.why,
    details: group.details,
    confirmedAt: group.createdAt,
    first: members.find(({ rollback }) => rollback.id === group.firstId)?.rollback.service ?? null,
    undoes: group.undoes,
    planRest: acts && progress.ended && rest.length > 0 ? planAgain(read.value, rest) : null,
    holds: await holdsFor(principal, read.value, application),
    worthHolding: acts && progress.ended && back > 0 && group.undoes === null,
    address: addressOf(read.value),
    undo:
      acts && progress.ended && back > 0 ? { href: routes.groupPlan(target.name, { undo: id }), services: back } : null,
    now,
  });
}

/** Holds are about every service that runs the images, so they are for those who may see all of them. */
async function holdsFor(
  principal: Principal,
  { group: { image }, target, members }: Known,
  application: Application,
): Promise<HoldsView | null> {
  const repository = parseGroupImage(image)?.repository;
  if (repository === undefined || !mayOnWholeTarget(principal, 'look', target.name)) return null;
  const services = members.map(({ rollback }) => rollback);
  return holdsOnImages(principal, { target, repository, services }, application).catch(() => null);
}

function addressOf({ target, members }: Known): ServiceAddress {
  const { cluster = '', service = '' } = members[0]?.rollback ?? {};
  return { target: target.name, cluster, service };
}

/** The part that changes, for the page that polls it; `null` as above. Nothing is asked of AWS. */
export async function getGroupProgress(
  principal: Principal,
  id: string,
  application: Application,
): Promise<Result<GroupProgress, Unread> | null> {
  const read = await tell(principal, id, application);
  if (!read.ok) return read;
  return read.value === null ? null : ok(progressIn(read.value));
}

async function tell(
  principal: Principal,
  id: string,
  { database, log, now, target: targetOf }: Application,
): Promise<Result<Known | null, Unread>> {
  if (!isGroupRollbackId(id)) return ok(null);
  try {
    const group = await getGroupRow(database, id);
    const target = group === null ? null : targetOf(group.target);
    if (group === null || target === null || !may(principal, 'look', group.target)) return ok(null);
    // Entries first: a row that is older than they are would contradict them.
    const entries = await entriesIn(database, id);
    const rows = await rollbacksIn(database, id);
    const at = now();
    const members = rows
      .filter(({ rollback }) => may(principal, 'look', group.target, rollback))
      .map((row) => toldOf(row, entries.get(row.rollback.id) ?? [], at));
    const leftOut = group.leftOut.filter((one) => may(principal, 'look', group.target, one));
    return ok(members.length === 0 ? null : { group: { ...group, leftOut }, target, members, now: at });
  } catch (error) {
    log('database.failed', { doing: 'read a group of rollbacks', error });
    return fail('record-unread');
  }
}

const toldOf = (
  { rollback, plan }: { readonly rollback: Rollback; readonly plan: PlanBody },
  entries: readonly RecordEntry[],
  now: number,
): Told => ({ rollback, plan, entries, now });

function progressIn({ group, members, target }: Known): GroupProgress {
  const first = members.find(({ rollback }) => rollback.id === group.firstId)?.rollback ?? null;
  const parsed = parseGroupImage(group.image);
  return {
    id: group.id,
    target: target.name,
    name: groupName(parsed?.repository ?? group.image),
    to: group.to,
    from: parsed?.tag ?? group.image,
    undoes: group.undoes !== null,
    members: inReadingOrder([...members.map((told) => memberOf(told, first)), ...group.leftOut.map(leftOutMember)]),
    ended: members.every(({ rollback }) => isEnd(rollback.state)),
    startedAt: group.createdAt,
  };
}

function memberOf(told: Told, first: Rollback | null): MemberProgress {
  const { rollback, plan } = told;
  const { state, reason } = rollback;
  const standing = standingOf(state, reason);
  const progress = progressOf(told);
  const bar = state === 'watching' ? progress.newBar : null;
  const waits = state === 'starting' && first !== null && first.id !== rollback.id && !isEnd(first.state);
  return {
    id: rollback.id,
    cluster: rollback.cluster,
    service: rollback.service,
    from: plan.from.name,
    to: plan.to.name,
    state: waits ? { icon: '…', word: `Waiting for ${first.service}`, tone: 'muted' } : rollbackWord(state, reason),
    standing,
    tasks: bar === null ? null : `${bar.running} of ${bar.wanted}`,
    words: standing === 'needs-someone' || standing === 'replaced' ? outcomeWordsOf(told) : null,
  };
}

function outcomeWordsOf(told: Told): string {
  const { heading, sentence } = progressWords(progressOf(told), told.now);
  return [heading, sentence].filter(Boolean).join(' ');
}

const leftOutMember = ({ cluster, service, words }: LeftOut): MemberProgress => ({
  id: null,
  cluster,
  service,
  from: '',
  to: '',
  state: { icon: '○', word: 'Not started', tone: 'muted' },
  standing: 'needs-someone',
  tasks: null,
  words: words.replace(/^Not started: /, ''),
});

/** The same plan for the services that need somebody. */
function planAgain({ group, members, target }: Known, rest: readonly MemberProgress[]): string {
  if (group.undoes !== null) return routes.groupPlan(target.name, { undo: group.undoes });
  const [any] = members;
  const choice = members.find(({ plan }) => plan.wish.bring !== null)?.plan.wish.bring ?? any?.plan.wish.bring ?? null;
  return routes.groupPlan(target.name, {
    image: group.image,
    to: group.to,
    bring: choice,
    services: rest.map(({ cluster, service }) => `${cluster}/${service}`).join(','),
  });
}
