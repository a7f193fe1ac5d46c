import 'server-only';
import { familyOf, revisionName, revisionNumber } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import { type History, type RanHere, ranHere } from '@/lib/domain/history';
import { shortImage } from '@/lib/domain/image';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import { primaryOf } from '@/lib/domain/service';
import { formatDay, formatTime } from '@/lib/domain/time-words';
import type { ContainerImage, Version } from '@/lib/domain/version';
import { ok } from '@/lib/result';
import { within } from '@/lib/within';
import { failureWords } from './failure-words';
import { type Family, listedAs } from './family';
import { imageKey } from './reads';
import { type Search, searchStep } from './search-versions';
import { nameRevision, type ServiceContext } from './service-context';
import { arnOf, numbersBelow } from './version-numbers';

/** One row of the version table. */
export type VersionRow = {
  readonly revision: string;
  readonly number: number;
  /** `null` where the revision is listed but not described. */
  readonly version: Version | null;
  readonly images: readonly (ContainerImage & { readonly differsFromOlder: boolean })[];
  readonly registeredAt: number | null;
  readonly ranHere:
    | { readonly kind: 'ran'; readonly ms: number }
    | { readonly kind: 'never' }
    | { readonly kind: 'not-known' }
    | { readonly kind: 'since'; readonly at: number };
  readonly mark: 'running' | 'will-be-copied' | 'cannot-be-used' | 'rolled-back-from' | 'never-steady';
  /** The mark in words, with why where it blocks. */
  readonly words: string;
  readonly star: boolean;
  /** Whether it is newer than the running one: going there is no way back. */
  readonly forward: boolean;
  readonly deregisteredAt: number | null;
  /** `ran` of the plan's address where one revision ran with different digests. */
  readonly ran: string | null;
};

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
  const read = await readAll(context, found.family, numbers);
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
  const own = runs
    .flatMap(({ arn, everyArn }) => [arn, ...everyArn])
    .filter((arn) => familyOf(arn) === familyOf(service.taskDefinitionArn));
  const numbers = [...new Set(own.map(revisionNumber))].filter((number) => number < below).sort((a, b) => b - a);
  const read = await readAll(context, family, numbers.slice(0, ROWS));
  const older = numbers.length > ROWS ? String(numbers[ROWS - 1]) : null;
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

/** Summaries of revisions, `null` where one is still on its way; those that are gone and not listed are left out. */
async function readAll(context: ServiceContext, family: Family, numbers: readonly number[]): Promise<readonly Read[]> {
  const { application, target } = context;
  const arns = numbers.map((number) => arnOf(context, number));
  const statusOf = (arn: string): string | null => listedAs(family, arn) || null;
  const facts = await within(application.reads.summaries(target, arns, { statusOf }), context.left());
  return arns
    .map((arn) => {
      const known = application.reads.knownSummary(arn);
      return { arn, fact: facts?.get(arn) ?? (known === null ? null : ok(known)) };
    })
    .filter(({ arn, fact }) => fact === null || fact.ok || fact.error.kind !== 'gone' || listedAs(family, arn));
}

type Rows = Pick<VersionPage, 'rows' | 'late'>;

async function rowsOf(context: ServiceContext, read: readonly Read[], family: Family): Promise<Rows> {
  const summaries = read.map(({ fact }) => (fact?.ok ? fact.value : null));
  const { gone, late } = await goneImages(context, summaries);
  const rows = read.map(({ arn, fact }, index) =>
    rowOf(context, { arn, fact, revision: summaries[index] ?? null, next: summaries[index + 1] ?? null, family, gone }),
  );
  return { rows, late: late || read.some(({ fact }) => fact === null) };
}

/** How long the page waits for the registry: a mark that comes later does no harm, the plan asks again. */
const REGISTRY_PATIENCE_MS = 1_500;

type Looked = { readonly gone: ReadonlySet<string>; readonly late: boolean };

/** References of the revisions that certainly name no image any more, as far as the registry told within its time. */
async function goneImages(
  { application, target, left }: ServiceContext,
  revisions: readonly (RevisionSummary | null)[],
): Promise<Looked> {
  const references = new Set(
    revisions.flatMap((revision) => (revision?.shown.containerDefinitions ?? []).map(({ image = '' }) => image)),
  );
  const waitMs = Math.min(REGISTRY_PATIENCE_MS, left());
  const seen = await Promise.all(
    [...references].map(async (reference) => ({
      reference,
      answer: await application.reads.image.get(imageKey(target.name, reference), waitMs),
    })),
  );
  return {
    gone: new Set(seen.flatMap(({ reference, answer }) => (answer?.value && !answer.value.usable ? [reference] : []))),
    late: seen.some(({ answer }) => answer === null),
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

type RowQuestion = Read & {
  readonly revision: RevisionSummary | null;
  readonly next: RevisionSummary | null;
  readonly family: Family;
  readonly gone: ReadonlySet<string>;
};

function rowOf(context: ServiceContext, question: RowQuestion): VersionRow {
  const { known, service } = context;
  const { arn, revision, next } = question;
  const version = revision === null ? null : nameRevision(context, revision);
  const running = service.taskDefinitionArn;
  const ran = ranHere(known.history, arn, revision?.registeredAt ?? null);
  return {
    revision: revisionName(arn),
    number: revisionNumber(arn),
    version,
    images: (version?.images ?? []).map((image) => ({ ...image, differsFromOlder: differsFrom(image, next) })),
    registeredAt: revision?.registeredAt ?? null,
    ranHere: ranOf(context, arn, ran),
    ...markOf(context, question),
    star: known.good?.run.arn === arn,
    forward: familyOf(arn) === familyOf(running) && revisionNumber(arn) > revisionNumber(running),
    deregisteredAt: revision?.deregisteredAt ?? null,
    ran: null,
  };
}

function ranOf({ service }: ServiceContext, arn: string, ran: RanHere): VersionRow['ranHere'] {
  const primary = primaryOf(service);
  if (arn === service.taskDefinitionArn && primary !== null) return { kind: 'since', at: primary.createdAt };
  return ran.kind === 'ran' ? { kind: 'ran', ms: ran.ms } : ran;
}

function differsFrom(image: ContainerImage, older: RevisionSummary | null): boolean {
  const before = older?.shown.containerDefinitions?.find(({ name }) => name === image.container)?.image;
  return before !== undefined && before !== image.image;
}

type Marked = Pick<VersionRow, 'mark' | 'words'>;

function markOf({ known, now, service }: ServiceContext, question: RowQuestion): Marked {
  const { arn, revision, family } = question;
  if (service.taskDefinitionArn === arn) return { mark: 'running', words: '' };
  const blocked = blockOf(question);
  if (blocked !== null) return { mark: 'cannot-be-used', words: blocked };
  const left = known.marks.find(({ taskDefinitionArn }) => taskDefinitionArn === arn);
  if (left !== undefined)
    return { mark: 'rolled-back-from', words: `${left.by}, ${formatTime(left.at, now)}: ${left.reason}` };
  const latest = latestRun(known.history, arn);
  if (latest === 'never-steady' || latest === 'rolled-back-by-ecs') return { mark: 'never-steady', words: '' };
  if ((listedAs(family, arn) || revision?.status) === 'DELETE_IN_PROGRESS')
    return { mark: 'will-be-copied', words: 'Is being deleted. It can still be copied now.' };
  const at = revision?.deregisteredAt ?? null;
  return {
    mark: 'will-be-copied',
    words: at === null ? '' : `Deregistered ${formatDay(at, now)}. ECS cannot run it directly; a copy can run.`,
  };
}

/** Why a revision can be neither copied nor run, whatever the service; `null` where nothing says so. */
function blockOf({ arn, fact, revision, gone }: RowQuestion): string | null {
  if (revision === null) return unreadWords(revisionNumber(arn), fact);
  const [unknown] = revision.unknownFields;
  if (unknown !== undefined) return `Revision ${revision.number} has a field this tool cannot copy (${unknown}).`;
  const missing = revision.shown.containerDefinitions.map(({ image = '' }) => image).find((it) => gone.has(it));
  return missing === undefined ? null : `The image ${shortImage(missing)} no longer exists. Tasks could not start.`;
}

function unreadWords(number: number, fact: Read['fact']): string {
  if (fact === null || fact.ok) return `Revision ${number} is still being read.`;
  if (fact.error.kind === 'gone') return `ECS lists revision ${number} but does not return it. It cannot be copied.`;
  return `Revision ${number} could not be read: ${failureWords(fact.error)}.`;
}

const latestRun = (
  history: ServiceContext['known']['history'],
  arn: string,
): History['runs'][number]['outcome'] | null =>
  (history.ok ? history.value.runs : []).find((run) => run.arn === arn || run.ranAs === arn)?.outcome ?? null;
