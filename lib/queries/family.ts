import 'server-only';
import type { Reader } from '@/lib/aws/clients';
import { type Urgency, urgency } from '@/lib/aws/urgency';
import { revisionNumber } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import { ok } from '@/lib/result';

const STATUSES = ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'] as const;

/** What ECS calls the state of a revision. */
export type RevisionStatus = (typeof STATUSES)[number];

/** Numbers of one status, newest first, as far as they were listed; `token` leads on, `null` at the end. */
export type StatusList = { readonly numbers: readonly number[]; readonly token: string | null };

/** A family as far as it was listed: from its newest revision downwards, status by status. */
export type Family = Readonly<Record<RevisionStatus, StatusList>>;

/** Revisions one listing call gives. */
const PAGE = 100;

/**
 * Lists the newest revisions of a family: three calls, one for each status, whatever the pages hold. Further down it
 * stays as it was listed before, where both listings meet.
 */
export async function listFamily(
  reader: Reader,
  family: string,
  { before, urgency: rising }: { readonly before: Family | null; readonly urgency: Urgency },
): Promise<Fact<Family>> {
  const heads = await listEach(STATUSES, (status) => page(reader, { family, status, token: null }, rising));
  if (!heads.ok) return heads;
  return ok(
    each((status) => {
      const head = heads.value.get(status) ?? NOTHING;
      return before === null ? head : onto(head, before[status]);
    }),
  );
}

/** Goes on with a listing: at most three calls, one for each status that has more. */
export async function continueFamily(reader: Reader, family: string, so: Family): Promise<Fact<Family>> {
  const open = STATUSES.filter((status) => so[status].token !== null);
  // One that stands far below the others has nothing to say yet.
  const frontier = certainTo(so);
  const next = open.filter((status) => lowest(so[status]) >= frontier);
  const pages = await listEach(next, (status) =>
    page(reader, { family, status, token: so[status].token }, urgency('page')),
  );
  if (!pages.ok) return pages;
  return ok(
    each((status) => {
      const more = pages.value.get(status);
      if (more === undefined) return so[status];
      return { numbers: unique([...so[status].numbers, ...more.numbers]), token: more.token };
    }),
  );
}

/** Down to which number the listing is certain: below it, pages that were not listed yet may hold others. 0 at the end. */
export const certainTo = (family: Family): number =>
  Math.max(...STATUSES.map((status) => (family[status].token === null ? 0 : lowest(family[status]))));

/** What is certain of a family, newest first, each number once. */
export function listed(family: Family): readonly { readonly number: number; readonly status: RevisionStatus }[] {
  const from = certainTo(family);
  const statuses = new Map<number, RevisionStatus>();
  for (const status of STATUSES) {
    for (const number of family[status].numbers)
      if (number >= from && !statuses.has(number)) statuses.set(number, status);
  }
  return [...statuses].map(([number, status]) => ({ number, status })).sort((a, b) => b.number - a.number);
}

/** How ECS lists a revision: its status, `false` where it does not list it, `null` where the listing does not reach it. */
export function listedAs(family: Family, arn: string): RevisionStatus | false | null {
  const number = revisionNumber(arn);
  const status = STATUSES.find((one) => family[one].numbers.includes(number));
  if (status !== undefined) return status;
  return number >= certainTo(family) ? false : null;
}

/** Whether ECS lists a revision; `null` where nobody knows. */
export function isListed(family: Family | null, arn: string): boolean | null {
  const as = family === null ? null : listedAs(family, arn);
  return as === null ? null : as !== false;
}

/** Whether there is nothing more to list. */
export const isWhole = (family: Family): boolean => STATUSES.every((status) => family[status].token === null);

/** The highest number listed, however certain what stands below it is. 0 where none is. */
export const newest = (family: Family): number =>
  Math.max(0, ...STATUSES.flatMap((status) => family[status].numbers.slice(0, 1)));

/** How many numbers are kept of a family. */
export const sizeOf = (family: Family): number =>
  STATUSES.reduce((sum, status) => sum + family[status].numbers.length, 0);

const NOTHING: StatusList = { numbers: [], token: null };

const each = (of: (status: RevisionStatus) => StatusList): Family => ({
  ACTIVE: of('ACTIVE'),
  INACTIVE: of('INACTIVE'),
  DELETE_IN_PROGRESS: of('DELETE_IN_PROGRESS'),
});

/** The last number listed; nothing is certain where nothing was listed though there is more. */
const lowest = ({ numbers }: StatusList): number => numbers.at(-1) ?? Number.POSITIVE_INFINITY;

const unique = (numbers: readonly number[]): readonly number[] => [...new Set(numbers)].sort((a, b) => b - a);

/** A new listing's head on an older listing's tail, where the older one reaches up to it. */
function onto(head: StatusList, before: StatusList): StatusList {
  const from = lowest(head);
  const meets = head.token !== null && before.numbers.some((number) => number >= from) && lowest(before) <= from;
  if (!meets) return head;
  return { numbers: [...head.numbers, ...before.numbers.filter((number) => number < from)], token: before.token };
}

async function listEach(
  statuses: readonly RevisionStatus[],
  list: (status: RevisionStatus) => Promise<Fact<StatusList>>,
): Promise<Fact<ReadonlyMap<RevisionStatus, StatusList>>> {
  const lists = await Promise.all(statuses.map(async (status) => [status, await list(status)] as const));
  const read = new Map<RevisionStatus, StatusList>();
  for (const [status, fact] of lists) {
    if (!fact.ok) return fact;
    read.set(status, fact.value);
  }
  return ok(read);
}

type Question = { readonly family: string; readonly status: RevisionStatus; readonly token: string | null };

async function page(reader: Reader, question: Question, priority: Urgency): Promise<Fact<StatusList>> {
  const fact = await reader.listRevisions({ ...question, limit: PAGE }, { priority });
  if (!fact.ok) return fact;
  return ok({ numbers: unique(fact.value.arns.map(revisionNumber)), token: fact.value.nextToken });
}
