import 'server-only';
import { familyOf, revisionName, revisionNumber } from '@/lib/domain/arn';
import { type History, type RanHere, ranHere } from '@/lib/domain/history';
import { shortImage } from '@/lib/domain/image';
import { primaryOf } from '@/lib/domain/service';
import { formatDay, formatTime } from '@/lib/domain/time-words';
import type { ContainerImage, Version } from '@/lib/domain/version';
import { within } from '@/lib/within';
import { PATIENCE_MS } from './find-service';
import { type Family, imageKey, type ShownRevision } from './reads';
import { nameRevision, type ServiceContext } from './service-context';

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

/**
 * A page of the version table; `older` leads to the next, `missing` are runs of numbers the family's list leaves out,
 * `late` says that the registry has not told of all images yet.
 */
export type VersionPage = {
  readonly rows: readonly VersionRow[];
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  readonly older: string | null;
  readonly late: boolean;
};

/** Revisions described at a time. */
const ROWS = 25;

type Wanted = { readonly show?: string; readonly older?: string };

/** The newest revisions below `older`, described at most 25 at a time; with `show=ran` only those that ran here. */
export async function versionPage(
  context: ServiceContext,
  family: Family | null,
  { show, older }: Wanted,
): Promise<VersionPage> {
  if (family === null) return { rows: [], missing: [], older: null, late: false };
  const listed = listedOf(context, family, show);
  const below = /^\d{1,10}$/.test(older ?? '') ? Number(older) : Number.POSITIVE_INFINITY;
  const before = listed.filter((arn) => revisionNumber(arn) >= below);
  const candidates = listed.slice(before.length);
  const shown = candidates.slice(0, ROWS);
  const [revisions, last] = [await read(context, shown), shown.at(-1)];
  const { gone, late } = await goneImages(context, revisions);
  return {
    rows: revisions.map(({ arn, revision }, index) =>
      rowOf(context, { arn, revision, next: revisions[index + 1]?.revision ?? null, family, gone }),
    ),
    missing: show === 'ran' ? [] : gapsIn([...before.slice(-1), ...shown].map(revisionNumber)),
    older: candidates.length > shown.length && last !== undefined ? String(revisionNumber(last)) : null,
    late,
  };
}

/** Revisions of the family, newest first; those that ran here alone where only they are wanted. */
function listedOf({ known: { history } }: ServiceContext, family: Family, show: string | undefined): readonly string[] {
  const ran = new Set(history.ok ? history.value.runs.flatMap(({ arn, ranAs }) => [arn, ranAs]) : []);
  return Object.values(family.byStatus)
    .flat()
    .filter((arn) => show !== 'ran' || ran.has(arn))
    .sort((a, b) => revisionNumber(b) - revisionNumber(a));
}

type Read = { readonly arn: string; readonly revision: ShownRevision | null };

async function read({ application, target }: ServiceContext, arns: readonly string[]): Promise<readonly Read[]> {
  const facts = await Promise.all(arns.map((arn) => within(application.reads.revision(target, arn), PATIENCE_MS)));
  return arns.map((arn, index) => {
    const fact = facts[index];
    return { arn, revision: fact?.ok ? fact.value : application.reads.knownRevision(arn) };
  });
}

/** How long the page waits for the registry: a mark that comes later does no harm, the plan asks again. */
const REGISTRY_PATIENCE_MS = 1_500;

type Looked = { readonly gone: ReadonlySet<string>; readonly late: boolean };

/**
 * References of the revisions that certainly name no image any more, as far as the registry told within its time. What is
 * known is not asked again, however old: registries answer few calls a second.
 */
async function goneImages({ application, target }: ServiceContext, revisions: readonly Read[]): Promise<Looked> {
  const { image } = application.reads;
  const keys = new Map(
    revisions
      .flatMap(({ revision }) =>
        (revision?.shown.containerDefinitions ?? []).map(({ image: reference = '' }) => reference),
      )
      .map((reference) => [reference, imageKey(target.name, reference)] as const),
  );
  const seen = await Promise.all(
    [...keys].map(async ([reference, key]) => ({
      reference,
      answer: image.peek(key) ?? (await image.get(key, REGISTRY_PATIENCE_MS)),
    })),
  );
  return {
    gone: new Set(seen.flatMap(({ reference, answer }) => (answer?.value && !answer.value.usable ? [reference] : []))),
    late: seen.some(({ answer }) => answer === null),
  };
}

/** Runs of numbers a family's list leaves out: revisions that were deleted. */
function gapsIn(numbers: readonly number[]): VersionPage['missing'] {
  return numbers.flatMap((number, index) => {
    const next = numbers[index + 1];
    return next === undefined || number - next <= 1 ? [] : [{ from: next + 1, to: number - 1 }];
  });
}

type RowQuestion = Read & {
  readonly next: ShownRevision | null;
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

function differsFrom(image: ContainerImage, older: ShownRevision | null): boolean {
  const before = older?.shown.containerDefinitions?.find(({ name }) => name === image.container)?.image;
  return before !== undefined && before !== image.image;
}

type Marked = Pick<VersionRow, 'mark' | 'words'>;

function markOf({ known, now, service }: ServiceContext, { arn, revision, family, gone }: RowQuestion): Marked {
  if (service.taskDefinitionArn === arn) return { mark: 'running', words: '' };
  const blocked = blockOf(arn, revision, gone);
  if (blocked !== null) return { mark: 'cannot-be-used', words: blocked };
  const left = known.marks.find(({ taskDefinitionArn }) => taskDefinitionArn === arn);
  if (left !== undefined)
    return { mark: 'rolled-back-from', words: `${left.by}, ${formatTime(left.at, now)}: ${left.reason}` };
  const latest = latestRun(known.history, arn);
  if (latest === 'never-steady' || latest === 'rolled-back-by-ecs') return { mark: 'never-steady', words: '' };
  if (family.byStatus.DELETE_IN_PROGRESS.includes(arn))
    return { mark: 'will-be-copied', words: 'Is being deleted. It can still be copied now.' };
  const at = revision?.deregisteredAt ?? null;
  return {
    mark: 'will-be-copied',
    words: at === null ? '' : `Deregistered ${formatDay(at, now)}. ECS cannot run it directly; a copy can run.`,
  };
}

/** Why a revision can be neither copied nor run, whatever the service; `null` where nothing says so. */
function blockOf(arn: string, revision: ShownRevision | null, gone: ReadonlySet<string>): string | null {
  if (revision === null)
    return `ECS lists revision ${revisionNumber(arn)} but does not return it. It cannot be copied.`;
  const [unknown] = revision.unknownFields;
  if (unknown !== undefined) return `Revision ${revision.number} has a field this tool cannot copy (${unknown}).`;
  const missing = (revision.shown.containerDefinitions ?? []).map(({ image = '' }) => image).find((it) => gone.has(it));
  return missing === undefined ? null : `The image ${shortImage(missing)} no longer exists. Tasks could not start.`;
}

const latestRun = (
  history: ServiceContext['known']['history'],
  arn: string,
): History['runs'][number]['outcome'] | null =>
  (history.ok ? history.value.runs : []).find((run) => run.arn === arn || run.ranAs === arn)?.outcome ?? null;
