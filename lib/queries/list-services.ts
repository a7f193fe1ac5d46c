import 'server-only';
import type { Application } from '@/lib/application';
import type { Fact } from '@/lib/domain/facts';
import { may, type Principal } from '@/lib/domain/permissions';
import type { Service } from '@/lib/domain/service';
import { primaryOf } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { formatDuration } from '@/lib/domain/time-words';
import type { ContainerImage } from '@/lib/domain/version';
import { versionOf } from '@/lib/domain/version-name';
import { goodVersion } from './good-version';
import type { ShownRevision, TargetServices } from './reads';
import { registeredBy } from './service-names';
import { serviceState } from './service-state';
import { type Observed, within } from './shared';

/** One line of the overview. Times are milliseconds since 1970. */
export type ServiceRow = {
  readonly target: Target;
  readonly cluster: string;
  readonly service: string;
  /** Name of the running version, such as `release-1123 (428)`; the revision alone where its definition was not read. */
  readonly running: string;
  readonly images: readonly ContainerImage[] | null;
  /** When the PRIMARY deployment was created. */
  readonly changedAt: number | null;
  /** Role or session that registered what runs. */
  readonly by: string | null;
  /** What ran before and for how long, for rows changed in 24 h: `release-1119 for 6 d 3 h`. */
  readonly was: string | null;
  readonly sameVersionRestarted: boolean;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly state: ServiceState;
  /** Revision to return to, `family:number`; `null` where none is the last known good, or it is not known yet. */
  readonly lastKnownGood: string | null;
  readonly mayRollBack: boolean;
  /** When the reading this row comes from began. */
  readonly readAt: number;
};

/** A state as icon and word, with the tone that colours it. */
export type ServiceState = {
  readonly icon: string;
  readonly word: string;
  readonly tone: 'good' | 'progress' | 'warning' | 'bad' | 'muted';
};

export type Overview = {
  readonly rows: readonly ServiceRow[];
  /** Rows before filters, by target name. */
  readonly counts: readonly { readonly target: Target; readonly services: number }[];
  readonly clusters: readonly string[];
  readonly show: 'changed' | 'deploying' | 'too-few' | 'all';
  readonly showCounts: Readonly<Record<'changed' | 'deploying' | 'too-few' | 'all', number>>;
  /** True where nothing changed in 24 h, so that all are shown instead. */
  readonly nothingChanged: boolean;
  readonly unreadable: readonly {
    readonly target: Target;
    readonly words: string;
    readonly knownServices: number;
    readonly lastReadAt: number | null;
  }[];
  /** Names of targets still being read. */
  readonly stillReading: readonly string[];
  /** When the oldest reading shown began; `null` where nothing was read. */
  readonly readAt: number | null;
  readonly now: number;
};

/** Why a part of a page is missing, or the part. */
export type Part<T> = Fact<T>;

/** What the overview's address asks for. */
export type OverviewQuery = {
  readonly target?: string;
  readonly cluster?: string;
  readonly show?: string;
  readonly q?: string;
  readonly sort?: string;
};

const DAY_MS = 86_400_000;
/** How long a page waits for AWS before it shows what it has. */
const PATIENCE_MS = 3_000;
const SHOWS = ['changed', 'deploying', 'too-few', 'all'] as const;
type Show = (typeof SHOWS)[number];

/** Every service the principal may look at, newest change first; targets AWS keeps silent about are named. */
export async function listServices(
  principal: Principal,
  query: OverviewQuery,
  application: Application,
): Promise<Overview> {
  const targets = application.configuration.targets.filter(({ name }) => may(principal, 'look', name));
  const chosen = targets.some(({ name }) => name === query.target)
    ? targets.filter(({ name }) => name === query.target)
    : targets;
  const now = application.now();
  const deadline = now + PATIENCE_MS;
  const read = await Promise.all(
    targets.map(async (target) => ({ target, seen: await application.reads.services.get(target.name, PATIENCE_MS) })),
  );
  const inChosen = read.filter(({ target }) => chosen.includes(target));
  const known = inChosen.flatMap(({ target, seen }) =>
    (seen?.value?.services ?? []).map((service) => ({ target, service, readAt: seen?.readAt ?? now })),
  );
  await within(
    Promise.all(known.map(({ target, service }) => application.reads.revision(target, service.taskDefinitionArn))),
    deadline - application.now(),
  );
  const all = known.map((one) => rowOf(principal, one, application, now));
  const inCluster = query.cluster ? all.filter(({ cluster }) => cluster === query.cluster) : all;
  const found = inCluster.filter((row) => matches(row, query.q ?? ''));
  const { show, nothingChanged } = showFor(query, found, chosen);
  const shown = sorted(
    found.filter((row) => isShown(row, show, now)),
    query.sort,
  );
  const rows = await within(
    Promise.all(shown.map((row) => withPast(row, application, now))),
    Math.max(500, deadline - application.now()),
  );
  return {
    rows: rows ?? shown,
    counts: read.map(({ target, seen }) => ({ target, services: seen?.value?.services.length ?? 0 })),
    clusters: [...new Set(all.map(({ cluster }) => cluster))].sort(),
    show,
    showCounts: {
      changed: count(found, 'changed', now),
      deploying: count(found, 'deploying', now),
      'too-few': count(found, 'too-few', now),
      all: found.length,
    },
    nothingChanged,
    unreadable: inChosen.flatMap(unreadableOf),
    stillReading: inChosen.filter(({ seen }) => seen === null).map(({ target }) => target.name),
    readAt: inChosen.reduce<number | null>(
      (oldest, { seen }) => (seen?.value ? Math.min(oldest ?? seen.readAt, seen.readAt) : oldest),
      null,
    ),
    now,
  };
}

type Known = { readonly target: Target; readonly service: Service; readonly readAt: number };

function rowOf(
  principal: Principal,
  { target, service, readAt }: Known,
  { reads }: Application,
  now: number,
): ServiceRow {
  const revision = reads.knownRevision(service.taskDefinitionArn);
  const version = revision === null ? null : versionOf({ revision, digests: new Map(), service, target, past: [] });
  const primary = primaryOf(service);
  return {
    target,
    cluster: service.clusterName,
    service: service.name,
    running: version?.name ?? service.taskDefinitionArn.slice(service.taskDefinitionArn.lastIndexOf('/') + 1),
    images: version?.images ?? null,
    changedAt: primary?.createdAt ?? null,
    by: registeredBy(revision?.registeredBy ?? null),
    was: null,
    sameVersionRestarted: false,
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
    state: serviceState(service, now),
    lastKnownGood: null,
    mayRollBack: may(principal, 'roll-back', target.name),
    readAt,
  };
}

/** What ran before and the version to return to, for rows that changed within a day: only they are worth the calls. */
async function withPast(row: ServiceRow, application: Application, now: number): Promise<ServiceRow> {
  if (!changed(row, now)) return row;
  const service = application.reads.services
    .peek(row.target.name)
    ?.value?.services.find(({ name, clusterName }) => name === row.service && clusterName === row.cluster);
  if (service === undefined) return row;
  const { good, before, past } = await goodVersion({ target: row.target, service, waitMs: PATIENCE_MS }, application);
  const revision = before === null ? null : await application.reads.revision(row.target, before.arn);
  const named = revision?.ok
    ? versionOf({ revision: revision.value, digests: before?.digests ?? new Map(), service, target: row.target, past })
    : null;
  const was = before === null || named === null ? null : `${named.tag ?? named.name} for ${formatDuration(before.ms)}`;
  return {
    ...row,
    was,
    sameVersionRestarted: before?.ranAs === service.taskDefinitionArn,
    lastKnownGood: good?.revision ?? null,
  };
}

const changed = ({ changedAt }: ServiceRow, now: number): boolean => changedAt !== null && now - changedAt < DAY_MS;

function isShown(row: ServiceRow, show: Show, now: number): boolean {
  if (show === 'changed') return changed(row, now);
  if (show === 'deploying') return row.state.tone === 'progress';
  return show === 'all' || row.runningCount < row.desiredCount;
}

const count = (rows: readonly ServiceRow[], show: Show, now: number): number =>
  rows.filter((row) => isShown(row, show, now)).length;

/** What is shown where the address does not say: what changed; all where nothing did, or something is looked for. */
function showFor(
  { show, q, target }: OverviewQuery,
  rows: readonly ServiceRow[],
  targets: readonly Target[],
): { show: Show; nothingChanged: boolean } {
  const asked = SHOWS.find((known) => known === show);
  if (asked !== undefined) return { show: asked, nothingChanged: false };
  if (q) return { show: 'all', nothingChanged: false };
  const isProtected = targets.some((one) => one.protected) && !target;
  const relevant = isProtected ? rows.filter((row) => row.target.protected) : rows;
  const any = relevant.some((row) => changed(row, Date.now()));
  return { show: any ? 'changed' : 'all', nothingChanged: !any };
}

function matches({ service, cluster, running, images, target }: ServiceRow, q: string): boolean {
  const text = [service, cluster, target.name, running, ...(images ?? []).map(({ image }) => image)]
    .join(' ')
    .toLowerCase();
  return q
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const SORTS: Readonly<Record<string, (a: ServiceRow, b: ServiceRow) => number>> = {
  service: (a, b) => a.service.localeCompare(b.service),
  target: (a, b) => a.target.name.localeCompare(b.target.name) || a.service.localeCompare(b.service),
  changed: (a, b) => (b.changedAt ?? 0) - (a.changedAt ?? 0),
};

function sorted(rows: readonly ServiceRow[], by: string | undefined): readonly ServiceRow[] {
  const order = by !== undefined && Object.hasOwn(SORTS, by) ? SORTS[by] : undefined;
  const newest = (a: ServiceRow, b: ServiceRow): number =>
    Number(b.target.protected) - Number(a.target.protected) ||
    (b.changedAt ?? 0) - (a.changedAt ?? 0) ||
    a.service.localeCompare(b.service);
  return [...rows].sort(order ?? newest);
}

function unreadableOf({
  target,
  seen,
}: {
  target: Target;
  seen: Observed<TargetServices> | null;
}): Overview['unreadable'] {
  const failures = seen?.failure ? [seen.failure] : (seen?.value?.failures ?? []).map(({ failure }) => failure);
  const [first] = failures;
  if (first === undefined) return [];
  const known = seen?.failure ? (seen.value?.services.length ?? 0) : 0;
  return [{ target, words: failureWords(first), knownServices: known, lastReadAt: seen?.value ? seen.readAt : null }];
}

/** A failed read in a few words. */
export function failureWords({ kind, action, words }: Extract<Fact<never>, { ok: false }>['error']): string {
  switch (kind) {
    case 'denied':
      return `access denied to ${action}`;
    case 'throttled':
      return 'AWS asked us to slow down';
    case 'no-answer':
      return 'AWS has not answered';
    case 'unsupported':
    case 'gone':
    case 'other':
      return words;
    default:
      return kind satisfies never;
  }
}

export type { ShownRevision };
