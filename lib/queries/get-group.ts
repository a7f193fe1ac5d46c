import 'server-only';
import pLimit from 'p-limit';
import type { Application } from '@/lib/application';
import { type GroupRollback, getGroupRow, rollbacksIn } from '@/lib/db/groups';
import { isGroupRollbackId, lastPart, revisionName } from '@/lib/domain/arn';
import type { ReadFailure, Wish } from '@/lib/domain/facts';
import { groupName, notInGroup, parseGroupImage, runWithTag, type TaggedRun, toTagOf } from '@/lib/domain/group';
import { differentDigests, type Run } from '@/lib/domain/history';
import { may, type Principal } from '@/lib/domain/permissions';
import type { Target } from '@/lib/domain/target';
import { fail, ok, type Result } from '@/lib/result';
import { within } from '@/lib/within';
import { patience } from './find-service';
import type { Unread } from './get-rollback';
import { type GoodVersion, goodVersion } from './good-version';
import { type GroupService, type GroupServices, groupServices } from './group-services';
import { nameRevision } from './service-context';

/** A service of a group, and where it would go back to. */
export type GroupMember = GroupService & {
  /** Tag of its last known good version; `null` where it has none, or it is not known yet. */
  readonly good: string | null;
  /** What is wished for it; `null` where it never ran the tag. */
  readonly wish: Wish | null;
  /** Whether it is not known yet what it ran before. */
  readonly unread: boolean;
  /** Whether not all of its versions were looked at, so that nobody knows whether it ran the tag. */
  readonly notAllSeen: boolean;
  /** Why it cannot be known what it ran before; `null` where it is, or soon will be. */
  readonly unreadable: string | null;
};

/** A group of a target as its pages need it. Suggestions alone: the plans read everything anew. */
export type Group = Omit<GroupServices, 'services' | 'groups'> & {
  readonly image: string;
  /** What is typed to confirm. */
  readonly name: string;
  readonly from: string;
  /** Tag to go back to: the one asked for, else the one last known good for most. */
  readonly to: string | null;
  /** Tags members ran before, for a choice of another one; the one most of them ran first. */
  readonly tags: readonly string[];
  readonly members: readonly GroupMember[];
  /** Services of the same repository that run something else. */
  readonly others: readonly GroupService[];
  /** Group rollback that is undone. */
  readonly undoes: string | null;
};

/** What a group's address asks for. */
export type GroupQuery = { readonly image?: string; readonly to?: string; readonly bring?: string };

/** A group, without members where nobody runs the image any more; `null` where the address names no image of a target. */
export async function getGroup(
  principal: Principal,
  name: string,
  { image = '', to, bring }: GroupQuery,
  application: Application,
): Promise<Group | null> {
  const wanted = parseGroupImage(image);
  const ofIt = ({ repository }: GroupService): boolean => repository === wanted?.repository;
  const read = wanted === null ? null : await groupServices(principal, name, application, ofIt);
  if (read === null || wanted === null) return null;
  const { services, groups, ...rest } = read;
  const found = groups.find((group) => group.image === image)?.members;
  // A group that has shrunk to one service is still asked for by its address.
  const inIt =
    found ?? services.filter(({ repository, tag }) => repository === wanted.repository && tag === wanted.tag);
  const { target } = rest;
  const waiting = { application, left: patience(application.now) };
  const pasts = await readPasts(target, inIt, waiting);
  const chosen = to ?? toTagOf(pasts.map(({ goodTag, until }) => ({ tag: goodTag, until })));
  const members = await Promise.all(
    pasts.map(async (past): Promise<GroupMember> => {
      const found = chosen === null ? NOWHERE : await wishFor(target, past, chosen, waiting);
      const wish = found.wish === null ? null : { ...found.wish, bring: bringIn(bring) };
      return { ...past.service, ...found, good: past.goodTag, wish };
    }),
  );
  return {
    ...rest,
    stillReading: rest.stillReading || members.some(({ unread }) => unread),
    image,
    name: groupName(wanted.repository),
    from: wanted.tag,
    to: chosen,
    tags: tagsOf(target, pasts, wanted.tag, application),
    members,
    others: notInGroup(services, wanted),
    undoes: null,
  };
}

/** {@link undoOf}, or that our record could not be read. */
export async function getGroupUndo(
  principal: Principal,
  name: string,
  id: string,
  application: Application,
): Promise<Result<Group | null, Unread>> {
  const rows = await undoneRows(id, application);
  if (!rows.ok) return rows;
  return ok(rows.value === null ? null : await undoOf(principal, name, rows.value, application));
}

type Undone = { readonly group: GroupRollback; readonly rollbacks: Awaited<ReturnType<typeof rollbacksIn>> };

async function undoneRows(id: string, { database, log }: Application): Promise<Result<Undone | null, Unread>> {
  if (!isGroupRollbackId(id)) return ok(null);
  try {
    const group = await getGroupRow(database, id);
    return ok(group === null ? null : { group, rollbacks: await rollbacksIn(database, id) });
  } catch (error) {
    log('database.failed', { doing: 'read a group of rollbacks', error });
    return fail('record-unread');
  }
}

/**
 * The services of a group rollback that run what it brought, each to return to the version it left; `null` where there is
 * no such rollback this principal may look at.
 */
async function undoOf(
  principal: Principal,
  name: string,
  { group: undone, rollbacks }: Undone,
  application: Application,
): Promise<Group | null> {
  if (undone.target !== name) return null;
  if (!rollbacks.some(({ rollback }) => may(principal, 'look', name, rollback))) return null;
  const ofIt = new Set(rollbacks.map(({ rollback }) => rollback.serviceArn));
  const read = await groupServices(principal, name, application, ({ serviceOf }) => ofIt.has(serviceOf.arn));
  if (read === null) return null;
  const { services, groups: _groups, ...rest } = read;
  const left = parseGroupImage(undone.image);
  const members = rollbacks.flatMap(({ rollback, plan }) => {
    const service = services.find((one) => one.serviceOf.arn === rollback.serviceArn);
    const runsIt = service !== undefined && service.serviceOf.taskDefinitionArn === rollback.copyArn;
    const wish: Wish = { to: plan.from.revision, bring: null, ran: null, undo: rollback.id, stop: null };
    return runsIt ? [{ ...service, ...NOWHERE, good: plan.from.tag, wish }] : [];
  });
  const repository = left?.repository ?? undone.image;
  return {
    ...rest,
    image: `${repository}:${undone.to}`,
    name: groupName(repository),
    from: undone.to,
    to: left?.tag ?? '',
    tags: [],
    members,
    others: [],
    undoes: undone.id,
  };
}

type MemberPast = {
  readonly service: GroupService;
  readonly known: GoodVersion;
  readonly runs: readonly Run[];
  readonly goodTag: string | null;
  readonly until: number | null;
};

type Waiting = { readonly application: Application; left(): number };

/** Services whose past is read at the same time. */
const AT_ONCE = 10;
/** Versions of one service whose names are looked up in search of a tag, the latest first. */
const NAMED = 6;

async function readPasts(
  target: Target,
  services: readonly GroupService[],
  { application, left }: Waiting,
): Promise<readonly MemberPast[]> {
  const limit = pLimit(AT_ONCE);
  return Promise.all(
    services.map((service) =>
      limit(async () => {
        const known = await goodVersion({ target, service: service.serviceOf, waitMs: left() }, application);
        const good = known.recordKnown ? known.good : null;
        const past = { service, known, runs: known.history.ok ? known.history.value.runs : [] };
        const goodTag = good === null ? null : tagOf(target, past, good.run.arn, application);
        return { ...past, goodTag, until: good?.run.endedAt ?? null };
      }),
    ),
  );
}

/** Tag of a version as far as it has been read. */
function tagOf(
  target: Target,
  { service, known }: Pick<MemberPast, 'service' | 'known'>,
  arn: string,
  { reads }: Application,
): string | null {
  const revision = reads.knownSummary(arn);
  return revision === null ? null : nameRevision({ target, service: service.serviceOf, known }, revision).tag;
}

/** Where a member goes back to; `unread` while it is not known which of its versions had the tag. */
type Found = Pick<GroupMember, 'wish' | 'unread' | 'notAllSeen' | 'unreadable'>;

const NOWHERE: Found = { wish: null, unread: false, notAllSeen: false, unreadable: null };
const UNREAD: Found = { ...NOWHERE, unread: true };

/** Failures that asking again does not mend. */
const FOR_GOOD: ReadonlySet<ReadFailure['kind']> = new Set(['denied', 'unsupported', 'gone']);

/**
 * The latest successful run of a tag. Versions are named one after the other until it is found: most often the first was
 * named already, and a call for each older one would cost the group more than its plans.
 */
async function wishFor(target: Target, past: MemberPast, to: string, { application, left }: Waiting): Promise<Found> {
  const { deployments } = past.known;
  if (!deployments.ok)
    return FOR_GOOD.has(deployments.error.kind) ? { ...NOWHERE, unreadable: deployments.error.words } : UNREAD;
  const tagged: TaggedRun<Run>[] = [];
  const good = earlierRuns(past).filter(({ outcome }) => outcome === 'successful');
  const arns = [...new Set(good.map(({ arn }) => arn))];
  let notAllSeen = arns.length > NAMED;
  for (const arn of arns.slice(0, NAMED)) {
    const read = await within(application.reads.summaries(target, [arn]), left());
    if (read === null) return UNREAD;
    // One that could not be read may have had the tag.
    notAllSeen ||= application.reads.knownSummary(arn) === null;
    const tag = tagOf(target, past, arn, application);
    tagged.push(...good.filter((run) => run.arn === arn).map((run) => ({ run, tag })));
    const run = runWithTag(tagged, to);
    if (run !== null) return { ...NOWHERE, wish: wishOf(run, past.runs) };
  }
  return { ...NOWHERE, notAllSeen };
}

/** Runs of what does not run now: a tag that was moved may be that of both. */
function earlierRuns({ runs, service }: MemberPast): readonly Run[] {
  const arn = service.serviceOf.taskDefinitionArn;
  const now = runs.find(({ everyArn, endedAt }) => endedAt === null && everyArn.includes(arn));
  return runs.filter((run) => now === undefined || run.arn !== now.arn || differentDigests(run.digests, now.digests));
}

/** Where the same revision also ran with other images, the digests of this run are meant. */
function wishOf(run: Run, runs: readonly Run[]): Wish {
  const ambiguous = runs.some((other) => other.arn === run.arn && differentDigests(other.digests, run.digests));
  const ran = ambiguous && run.serviceRevisionArn !== null ? lastPart(run.serviceRevisionArn) : null;
  return { to: revisionName(run.arn), bring: null, ran, undo: null, stop: null };
}

const bringIn = (bring: string | undefined): Wish['bring'] =>
  bring === 'images' || bring === 'everything' ? bring : null;

/** Tags that members ran before, as far as their versions have been named, the one of most members first. */
function tagsOf(
  target: Target,
  pasts: readonly MemberPast[],
  from: string,
  application: Application,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const past of pasts) {
    const good = past.runs.filter(({ outcome }) => outcome === 'successful');
    for (const tag of new Set(good.map(({ arn }) => tagOf(target, past, arn, application)))) {
      if (tag !== null && tag !== from) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([tag]) => tag);
}
