import 'server-only';
import { familyOf, revisionNumber } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import { versionsRan } from '@/lib/domain/ran-versions';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import { ok } from '@/lib/result';
import { within } from '@/lib/within';
import { type Family, listedAs } from './family';
import { imageKey } from './reads';
import { type Search, searchStep } from './search-versions';
import type { ServiceContext } from './service-context';
import { arnOf, numbersBelow } from './version-numbers';
import {
  type Reference,
  type Registry,
  type RowQuestion,
  referencesOf,
  type VersionRow,
  versionRows,
} from './version-row';

/** A page of the version table; `older` leads to the next, `missing` are runs of numbers that are not there any more. */
export type VersionPage = {
  readonly rows: readonly VersionRow[];
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  readonly older: string | null;
  readonly search: Search | null;
  /** Whether some of the rows are still being read, or the registry has not told of all their images yet. */
  readonly late: boolean;
};

/** Revisions described at a time. */
const ROWS = 25;
/** Revisions of other families shown with them. */
const OF_OTHER_FAMILIES = 5;

type Wanted = { readonly show?: string; readonly older?: string; readonly find?: string };

/**
 * The newest revisions below `older`, at most 25 described at a time; with `show=ran` only those that ran here, with
 * `find` those that hold a text, as far as the family was looked through.
 */
export async function versionPage(
  context: ServiceContext,
  family: Family | null,
  { show, older, find = '' }: Wanted,
): Promise<VersionPage> {
  if (family === null) return NO_ROWS;
  const below = /^\d{1,10}$/.test(older ?? '') ? Number(older) : Number.POSITIVE_INFINITY;
  const text = find.trim().slice(0, LONGEST_TEXT);
  if (text !== '') return foundPage(context, family, { text, below });
  if (show === 'ran') return ranPage(context, family, below);
  const { numbers, next, ...found } = await numbersBelow(context, family, { below, most: ROWS });
  const read = await readAll(
    context,
    found.family,
    numbers.map((number) => arnOf(context, number)),
  );
  const { rows, late } = await rowsOf(context, read, found.family);
  return {
    rows,
    missing: gapsIn([below, ...rows.map(({ number }) => number), ...(next === null ? [] : [next - 1])]),
    older: next === null ? null : String(next),
    search: null,
    late,
  };
}

const NO_ROWS: VersionPage = { rows: [], missing: [], older: null, search: null, late: false };
const LONGEST_TEXT = 100;

/** Revisions that ran here: history names them, however far down the family's list they stand. */
async function ranPage(context: ServiceContext, family: Family, below: number): Promise<VersionPage> {
  const { known, service } = context;
  const runs = known.history.ok ? known.history.value.runs : [];
  const all = [...new Set(runs.flatMap(({ arn, everyArn }) => [arn, ...everyArn]))];
  const isOwn = (arn: string): boolean => familyOf(arn) === familyOf(service.taskDefinitionArn);
  const own = all.filter((arn) => isOwn(arn) && revisionNumber(arn) < below);
  own.sort((a, b) => revisionNumber(b) - revisionNumber(a));
  // Numbers of other families stand in no order with these: the latest of them follow the first page.
  const others = below === Number.POSITIVE_INFINITY ? all.filter((arn) => !isOwn(arn)).slice(0, OF_OTHER_FAMILIES) : [];
  const read = await readAll(context, family, [...own.slice(0, ROWS), ...others]);
  const older = own.length > ROWS ? String(revisionNumber(own[ROWS - 1] ?? '')) : null;
  return { ...NO_ROWS, ...(await rowsOf(context, read, family)), older };
}

/** What was found so far, newest first, and how far down that is known. */
async function foundPage(
  context: ServiceContext,
  family: Family,
  { text, below }: { readonly text: string; readonly below: number },
): Promise<VersionPage> {
  const step = await searchStep(context, family, { text, below });
  const { rows, late } = await rowsOf(
    context,
    step.found.map((summary) => ({ arn: summary.arn, fact: ok(summary) })),
    step.family,
  );
  return { ...NO_ROWS, rows, search: step.search, late: step.late || late };
}

type Read = { readonly arn: string; readonly fact: Fact<RevisionSummary> | null };

/** How the family that runs lists a revision; of another family it says nothing. */
const listedStatus = ({ service }: ServiceContext, family: Family, arn: string): ReturnType<typeof listedAs> =>
  familyOf(arn) === familyOf(service.taskDefinitionArn) ? listedAs(family, arn) : null;

/** Summaries of revisions, `null` where one is still on its way; those that are gone and not listed are left out. */
async function readAll(context: ServiceContext, family: Family, arns: readonly string[]): Promise<readonly Read[]> {
  const { application, target } = context;
  const statusOf = (arn: string): string | null => listedStatus(context, family, arn) || null;
  const facts = await within(application.reads.summaries(target, arns, { statusOf }), context.left());
  return arns
    .map((arn) => {
      const known = application.reads.knownSummary(arn);
      return { arn, fact: facts?.get(arn) ?? (known === null ? null : ok(known)) };
    })
    .filter(
      ({ arn, fact }) => fact === null || fact.ok || fact.error.kind !== 'gone' || listedStatus(context, family, arn),
    );
}

type Rows = Pick<VersionPage, 'rows' | 'late'>;

/** One row for every version: a revision that ran with different images has several. */
async function rowsOf(context: ServiceContext, read: readonly Read[], family: Family): Promise<Rows> {
  const { history } = context.known;
  const questions = read.flatMap(({ arn, fact }): readonly RowQuestion[] => {
    const versions = history.ok ? versionsRan(history.value, arn) : [];
    const question = { arn, fact, listedAs: listedStatus(context, family, arn) || null };
    return versions.length === 0
      ? [{ ...question, version: null }]
      : versions.map((version) => ({ ...question, version }));
  });
  const { seen, late } = await imagesOf(context, questions.flatMap(referencesOf));
  return { rows: versionRows(context, questions, seen), late: late || read.some(({ fact }) => fact === null) };
}

/** How long the page waits for the registry: a mark that comes later does no harm, the plan asks again. */
const REGISTRY_PATIENCE_MS = 1_500;

type Looked = { readonly seen: Registry; readonly late: boolean };

/**
 * What the registry told of references within its time. Of an image that ran and is gone, what its tag names now is
 * asked too.
 */
async function imagesOf(context: ServiceContext, images: readonly Reference[]): Promise<Looked> {
  const first = await lookUp(
    context,
    images.map(({ ran }) => ran),
  );
  const retagged = images.filter(({ ran, written }) => ran !== written && first.seen.get(ran)?.usable === false);
  const second = await lookUp(
    context,
    retagged.map(({ written }) => written),
  );
  return { seen: new Map([...first.seen, ...second.seen]), late: first.late || second.late };
}

async function lookUp({ application, target, left }: ServiceContext, references: readonly string[]): Promise<Looked> {
  const waitMs = Math.min(REGISTRY_PATIENCE_MS, left());
  const answers = await Promise.all(
    [...new Set(references)].map(async (reference) => ({
      reference,
      answer: await application.reads.image.get(imageKey(target.name, reference), waitMs),
    })),
  );
  return {
    seen: new Map(
      answers.flatMap(({ reference, answer }) => (answer?.value ? [[reference, answer.value] as const] : [])),
    ),
    late: answers.some(({ answer }) => answer === null),
  };
}

/** Runs of numbers that are left out: revisions that were deleted. */
function gapsIn(numbers: readonly number[]): VersionPage['missing'] {
  return numbers.flatMap((number, index) => {
    const next = numbers[index + 1];
    const gap = next !== undefined && Number.isFinite(number) && number - next > 1;
    return gap ? [{ from: next + 1, to: number - 1 }] : [];
  });
}
