import 'server-only';
import { familyOf, revisionName, revisionNumber } from '@/lib/domain/arn';
import { imagesAgainst } from '@/lib/domain/checks/images';
import { isForward } from '@/lib/domain/direction';
import type { Fact, RegistryImage } from '@/lib/domain/facts';
import { parseImage, pinned } from '@/lib/domain/image';
import { marksOn } from '@/lib/domain/marks';
import { pinsOf } from '@/lib/domain/pins';
import { type RanVersion, ranHere } from '@/lib/domain/ran-versions';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import { primaryOf } from '@/lib/domain/service';
import { formatDay, formatTime } from '@/lib/domain/time-words';
import type { ContainerImage, Version } from '@/lib/domain/version';
import { ok } from '@/lib/result';
import { failureWords } from './failure-words';
import { nameRevision, runningVersion, type ServiceContext } from './service-context';

/** One row of the version table: a revision with the images it ran with. */
export type VersionRow = {
  readonly revision: string;
  readonly number: number;
  /** `null` where the revision is listed but not described. */
  readonly version: Version | null;
  readonly images: readonly (ContainerImage & { readonly differsFromOlder: boolean })[];
  readonly registeredAt: number | null;
  readonly ranHere:
    | { readonly kind: 'ran'; readonly ms: number; readonly atLeast: boolean }
    | { readonly kind: 'never' }
    | { readonly kind: 'not-known' }
    | { readonly kind: 'since'; readonly at: number };
  readonly mark: 'running' | 'will-be-copied' | 'not-read' | 'cannot-be-used' | 'rolled-back-from' | 'never-steady';
  /** The mark in words, with why where it blocks. */
  readonly words: string;
  readonly star: boolean;
  /** Whether it is newer than the running one: going there is no way back. */
  readonly forward: boolean;
  readonly deregisteredAt: number | null;
  /** `ran` of the plan's address, where the revision ran with different digests. */
  readonly ran: string | null;
};

/** What a row is made from. */
export type RowQuestion = {
  readonly arn: string;
  /** `null` while it is being read. */
  readonly fact: Fact<RevisionSummary> | null;
  /** Status the family's list has it under; `null` where that is not known. */
  readonly listedAs: string | null;
  /** Which of the revision's versions; `null` where none is known to have been deployed. */
  readonly version: RanVersion | null;
};

/** An image of a row as written, and fixed to the digest that ran where that is known. */
export type Reference = { readonly written: string; readonly ran: string };

/** Images whose existence decides whether a row can be used. */
export const referencesOf = ({ fact, version }: RowQuestion): readonly Reference[] =>
  (fact?.ok ? fact.value.shown.containerDefinitions : []).map(({ name = '', image: written = '' }) => {
    const digest = version?.digests.get(name);
    return { written, ran: digest === undefined ? written : pinned(parseImage(written), digest) };
  });

/**
 * Rows of the version table, each compared with the next older one.
 *
 * @param seen - What the registry said of references.
 */
export function versionRows(
  context: ServiceContext,
  questions: readonly RowQuestion[],
  seen: Registry,
): readonly VersionRow[] {
  const running = runningVersion(context);
  const named = questions.map((question) => {
    const { arn, fact, version } = question;
    const isRunning = arn === context.service.taskDefinitionArn && ranAs(version) === ranAs(running);
    return { ...question, isRunning, seen, name: fact?.ok ? nameRevision(context, fact.value, version) : null };
  });
  return named.map((one, index) => {
    const older = named[index + 1];
    return rowOf(context, one, older && familyOf(older.arn) === familyOf(one.arn) ? older.name : null);
  });
}

const ranAs = (version: RanVersion | null): string | null => version?.apart?.ran ?? null;

/** What the registry said of references, as far as it was asked. */
export type Registry = ReadonlyMap<string, RegistryImage>;

type NamedRow = RowQuestion & {
  readonly isRunning: boolean;
  readonly seen: Registry;
  readonly name: Version | null;
};

function rowOf(context: ServiceContext, row: NamedRow, older: Version | null): VersionRow {
  const { known, service } = context;
  const { arn, fact, name, version } = row;
  const revision = fact?.ok ? fact.value : null;
  const { good } = known;
  return {
    revision: revisionName(arn),
    number: revisionNumber(arn),
    version: name,
    images: (name?.images ?? []).map((image) => ({ ...image, differsFromOlder: differsFrom(image, older) })),
    registeredAt: revision?.registeredAt ?? null,
    ranHere: ranOf(context, row),
    ...markOf(context, row),
    star: good !== null && good.version.arn === arn && ranAs(good.version) === ranAs(version),
    forward: isForward(known.past, { from: service.taskDefinitionArn, to: arn }),
    deregisteredAt: revision?.deregisteredAt ?? null,
    ran: ranAs(version),
  };
}

function ranOf({ service, known }: ServiceContext, { arn, fact, version, isRunning }: NamedRow): VersionRow['ranHere'] {
  const primary = primaryOf(service);
  if (isRunning && primary !== null) return { kind: 'since', at: primary.createdAt };
  const registeredAt = fact?.ok ? fact.value.registeredAt : null;
  const ran = ranHere(known.history, { arn, digests: version?.digests ?? new Map(), registeredAt });
  return ran.kind === 'ran' ? { kind: 'ran', ms: ran.ms, atLeast: ran.atLeast } : ran;
}

/** By digest where both are known, else as written. */
function differsFrom(image: ContainerImage, older: Version | null): boolean {
  const before = older?.images.find(({ container }) => container === image.container);
  if (before === undefined) return false;
  if (before.digest !== null && image.digest !== null) return before.digest !== image.digest;
  return before.image !== image.image;
}

type Marked = Pick<VersionRow, 'mark' | 'words'>;

function markOf({ known, now }: ServiceContext, row: NamedRow): Marked {
  const { arn, fact, version, listedAs } = row;
  const revision = fact?.ok ? fact.value : null;
  if (row.isRunning) return { mark: 'running', words: '' };
  const blocked = blockOf(row);
  if (blocked !== null) return { mark: 'cannot-be-used', words: blocked };
  const [left] = marksOn(known, { arn, digests: version?.digests ?? new Map() });
  if (left !== undefined)
    return { mark: 'rolled-back-from', words: `${left.by}, ${formatTime(left.at, now)}: ${left.reason}` };
  const latest = version?.runs[0]?.outcome;
  if (latest === 'never-steady' || latest === 'rolled-back-by-ecs') return { mark: 'never-steady', words: '' };
  if (revision === null) return { mark: 'not-read', words: unreadWords(fact) };
  if ((listedAs ?? revision.status) === 'DELETE_IN_PROGRESS')
    return { mark: 'will-be-copied', words: 'Is being deleted. It can still be copied now.' };
  const at = revision.deregisteredAt;
  return {
    mark: 'will-be-copied',
    words: at === null ? '' : `Deregistered ${formatDay(at, now)}. ECS cannot run it directly; a copy can run.`,
  };
}

/** Why a revision can be neither copied nor run, whatever the service; `null` where nothing says so. */
function blockOf(row: NamedRow): string | null {
  const { arn, fact, version, seen } = row;
  if (fact?.ok === false && fact.error.kind === 'gone')
    return `ECS lists revision ${revisionNumber(arn)} but does not return it. It cannot be copied.`;
  if (!fact?.ok) return null;
  const revision = fact.value;
  const [unknown] = revision.unknownFields;
  if (unknown !== undefined) return `Revision ${revision.number} has a field this tool cannot copy (${unknown}).`;
  const images = revision.shown.containerDefinitions.map(({ name = '', image = '' }) => [name, image] as const);
  const registry = new Map([...seen].map(([reference, image]) => [reference, ok(image)] as const));
  return imagesAgainst(pinsOf({ images: new Map(images), digests: version?.digests ?? new Map(), registry }));
}

/** Why nothing is said of a revision: whether it can be used is not known, which is not a no. */
const unreadWords = (fact: RowQuestion['fact']): string =>
  fact === null || fact.ok ? '' : `It could not be read: ${failureWords(fact.error)}.`;
