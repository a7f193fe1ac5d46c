import 'server-only';
import type { Application } from '@/lib/application';
import { refusedController } from '@/lib/domain/checks/service';
import type { Fact } from '@/lib/domain/facts';
import type { Run } from '@/lib/domain/history';
import { broughtBy } from '@/lib/domain/past-rollback';
import { may, type Principal } from '@/lib/domain/permissions';
import { registeredBy } from '@/lib/domain/registered-by';
import type { Service } from '@/lib/domain/service';
import { primaryOf } from '@/lib/domain/service';
import { placeOf, type Target } from '@/lib/domain/target';
import { formatDuration } from '@/lib/domain/time-words';
import type { ContainerImage } from '@/lib/domain/version';
import { versionOf } from '@/lib/domain/version-name';
import { within } from '@/lib/within';
import { goodVersion } from './good-version';
import { isChanged, isShown, matches, type Show, scopeOf, showCounts, showFor, sorted } from './overview-filter';
import type { TargetServices } from './reads';
import { serviceState, stateAfter } from './service-state';
import type { Observed } from './shared';

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
  /** Who pressed the rollback of ours that brought it. */
  readonly rolledBackBy: string | null;
  /** What ran before and for how long, for rows changed in 24 h: `release-1119 for 6 d 3 h`. */
  readonly was: string | null;
  readonly sameVersionRestarted: boolean;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly state: ServiceState;
  /** Revision to return to, `family:number`; `null` where none is the last known good, or it is not known yet. */
  readonly lastKnownGood: string | null;
  /** Whether this person may roll it back, and this tool can. */
  readonly mayRollBack: boolean;
  /** Whether its target cannot be read just now, so that this is what was known before. */
  readonly stale: boolean;
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
  /** Targets the person may look at, with how many services each has; `null` where it cannot be read just now. */
  readonly counts: readonly { readonly target: Target; readonly services: number | null }[];
  /** Targets shown, and whether they are all there are. */
  readonly scope: readonly Target[];
  readonly everywhere: boolean;
  readonly clusters: readonly string[];
  readonly show: Show;
  readonly showCounts: Readonly<Record<Show, number>>;
  /** True where nothing changed in 24 h, so that all are shown instead. */
  readonly nothingChanged: boolean;
  /** How many services of all targets match what is looked for. */
  readonly matchesEverywhere: number;
  readonly unreadable: readonly {
    readonly target: Target;
    /** The one cluster of it that cannot be read; `null` for the whole target. */
    readonly cluster: string | null;
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

/** How long a page waits for AWS before it shows what it has. */
const PATIENCE_MS = 3_000;

/** Every service the principal may look at, newest change first; targets AWS keeps silent about are named. */
export async function listServices(
  principal: Principal,
  query: OverviewQuery,
  application: Application,
): Promise<Overview> {
  const now = application.now();
  const reading = await readTargets(principal, query, application, now);
  const { all, scope, late } = reading;
  const matching = all.filter((row) => matches(row, query.q ?? ''));
  const found = matching.filter(
    ({ target, cluster }) => scope.includes(target) && (!query.cluster || cluster === query.cluster),
  );
  const { show, nothingChanged } = showFor(query, found, now);
  const shown = sorted(
    found.filter((row) => isShown(row, show, now)),
    query.sort,
  );
  const rows = await Promise.all(
    shown.map(async (row) => {
      const whole = await within(withPast(row, application, now), Math.max(500, now + PATIENCE_MS - application.now()));
      if (whole === null) late.add(row.target.name);
      return whole ?? row;
    }),
  );
  const inScope = reading.read.filter(({ target }) => scope.includes(target));
  return {
    rows,
    counts: reading.read.map(({ target, seen }) => ({
      target,
      services: seen === null || seen.failure ? null : mine(principal, target, seen).length,
    })),
    scope,
    everywhere: scope.length === reading.read.length,
    clusters: [...new Set(all.filter(({ target }) => scope.includes(target)).map(({ cluster }) => cluster))].sort(),
    show,
    showCounts: showCounts(found, now),
    nothingChanged,
    matchesEverywhere: matching.length,
    unreadable: inScope.flatMap((reading) => unreadableOf(principal, reading)),
    stillReading: inScope.map(({ target }) => target.name).filter((name) => late.has(name)),
    readAt: inScope.reduce<number | null>(
      (oldest, { seen }) => (seen?.value ? Math.min(oldest ?? seen.readAt, seen.readAt) : oldest),
      null,
    ),
    now,
  };
}

/** Services of a reading the principal may look at. */
export const mine = (
  principal: Principal,
  { name }: Pick<Target, 'name'>,
  seen: Observed<TargetServices> | null,
): readonly Service[] =>
  (seen?.value?.services ?? []).filter((service) => may(principal, 'look', name, placeOf(service)));

type TargetReading = { readonly target: Target; readonly seen: Observed<TargetServices> | null };

/** Every service of every target that may be looked at, and the targets of which something is still on its way. */
async function readTargets(principal: Principal, query: OverviewQuery, application: Application, now: number) {
  const { configuration, reads } = application;
  const targets = configuration.targets.filter(({ name }) => may(principal, 'look', name));
  const read: readonly TargetReading[] = await Promise.all(
    targets.map(async (target) => ({ target, seen: await reads.services.get(target.name, PATIENCE_MS) })),
  );
  const late = new Set(read.filter(({ seen }) => seen === null).map(({ target }) => target.name));
  const known = read.flatMap(({ target, seen }) =>
    mine(principal, target, seen).map((service) => ({
      target,
      service,
      readAt: seen?.readAt ?? now,
      stale: seen?.failure != null,
    })),
  );
  const left = now + PATIENCE_MS - application.now();
  await Promise.all(
    known.map(async ({ target, service }) => {
      const revision = await within(reads.revision(target, service.taskDefinitionArn), left);
      if (revision === null) late.add(target.name);
    }),
  );
  const all = known.map((one) => rowOf(principal, one, application, now));
  return { read, all, late, scope: scopeOf(query, targets) };
}

type Known = {
  readonly target: Target;
  readonly service: Service;
  readonly readAt: number;
  readonly stale: boolean;
};

function rowOf(
  principal: Principal,
  { target, service, readAt, stale }: Known,
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
    rolledBackBy: null,
    sameVersionRestarted: false,
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
    state: serviceState(service, now),
    lastKnownGood: null,
    mayRollBack: may(principal, 'roll-back', target.name, placeOf(service)) && refusedController(service) === null,
    stale,
    readAt,
  };
}

/** What ran before and the version to return to, for rows that changed within a day: only they are worth the calls. */
async function withPast(row: ServiceRow, application: Application, now: number): Promise<ServiceRow> {
  if (!isChanged(row, now)) return row;
  const service = application.reads.services
    .peek(row.target.name)
    ?.value?.services.find(({ name, clusterName }) => name === row.service && clusterName === row.cluster);
  if (service === undefined) return row;
  const { good, before, past, history } = await goodVersion(
    { target: row.target, service, waitMs: PATIENCE_MS },
    application,
  );
  const revision = before === null ? null : await application.reads.revision(row.target, before.arn);
  const named = revision?.ok
    ? versionOf({ revision: revision.value, digests: before?.digests ?? new Map(), service, target: row.target, past })
    : null;
  const was = before === null || named === null ? null : `${named.tag ?? named.name} for ${formatDuration(before.ms)}`;
  const ours = broughtBy(past, service.taskDefinitionArn);
  const running = application.reads.knownRevision(service.taskDefinitionArn);
  return {
    ...row,
    // Only our record knows the tag of a copy that is fixed to a digest.
    ...(running !== null &&
      ours !== null && {
        running: versionOf({ revision: running, digests: new Map(), service, target: row.target, past }).name,
      }),
    rolledBackBy: ours?.by ?? null,
    was,
    sameVersionRestarted: history.ok && isRestart(history.value.runs[0], row, service),
    lastKnownGood: good?.revision ?? null,
    state: ours === null ? row.state : stateAfter(row.state),
  };
}

/** How much later ECS may say a deployment began than it was made. */
const SLACK_MS = 5_000;

/** Whether what was deployed last is the version that ran already. */
const isRestart = (newest: Run | undefined, { changedAt }: ServiceRow, { taskDefinitionArn }: Service): boolean =>
  newest?.outcome === 'successful' &&
  newest.ranAs === taskDefinitionArn &&
  newest.startedAt < (changedAt ?? 0) - SLACK_MS;

function unreadableOf(principal: Principal, { target, seen }: TargetReading): Overview['unreadable'] {
  if (seen === null) return [];
  const lastReadAt = seen.value === null ? null : seen.readAt;
  if (seen.failure) {
    const knownServices = mine(principal, target, seen).length;
    return [{ target, cluster: null, words: failureWords(seen.failure), knownServices, lastReadAt }];
  }
  return (seen.value?.failures ?? []).map(({ cluster, failure }) => ({
    target,
    cluster,
    words: failureWords(failure),
    knownServices: 0,
    lastReadAt: null,
  }));
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
