import 'server-only';
import type { Application } from '@/lib/application';
import type { Fact } from '@/lib/domain/facts';
import { grouped } from '@/lib/domain/grouped';
import { may, type Principal } from '@/lib/domain/permissions';
import { primaryOf, type Service } from '@/lib/domain/service';
import { placeOf, type Target } from '@/lib/domain/target';
import type { ContainerImage } from '@/lib/domain/version';
import { within } from '@/lib/within';
import { failureWords } from './failure-words';
import { PATIENCE_MS, patience } from './find-service';
import { heldUntil } from './holds';
import { isChanged, isShown, matches, type Show, scopeOf, showCounts, showFor, sorted } from './overview-filter';
import { overwrittenServices } from './overwritten';
import type { RowPast } from './row-past';
import { type KnownService, rowOf, withPast } from './service-row';
import type { Observed } from './shared';
import type { TargetServices } from './sweep';

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
  /** What a deployment did to a rollback that was in force. */
  readonly overwritten: string | null;
  /** `Deployments on hold until 24 Nov 02:58 UTC`. */
  readonly held: string | null;
  /** Where a plan to return leads; `null` where no version is the last known good, or it is not known yet. */
  readonly lastKnownGood: RowPast['lastKnownGood'];
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
  /** Services shown whose version's name, or what ran before, is still being read. */
  readonly stillNaming: number;
  /** Services of which it is still being read who brought what runs. */
  readonly stillDescribing: number;
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

/** Every service the principal may look at, newest change first; targets AWS keeps silent about are named. */
export async function listServices(
  principal: Principal,
  query: OverviewQuery,
  application: Application,
): Promise<Overview> {
  const now = application.now();
  const left = patience(application.now);
  const { configuration, reads } = application;
  const targets = configuration.targets.filter(({ name }) => may(principal, 'look', name));
  const read: readonly TargetReading[] = await Promise.all(
    targets.map(async (target) => ({ target, seen: await reads.services.get(target.name, PATIENCE_MS) })),
  );
  const known = read.flatMap((reading) => knownOf(principal, reading));
  const [naming, overwritten, held] = await Promise.all([
    nameVersions(known, application, left()),
    overwrittenServices(application).catch(() => null),
    heldUntil(application).catch(() => null),
  ]);
  const scope = scopeOf(query, targets);
  const all = known.map((one) => ({
    ...rowOf(principal, one, application, now),
    overwritten: overwritten?.get(one.service.arn)?.sentence ?? null,
    held: held?.(one.target, one.service) ?? null,
  }));
  const matching = all.filter((row) => matches(row, query.q ?? ''));
  const found = matching.filter(
    ({ target, cluster }) => scope.includes(target) && (!query.cluster || cluster === query.cluster),
  );
  const { show, nothingChanged } = showFor(query, found, now);
  const shown = sorted(
    found.filter((row) => isShown(row, show, now)),
    query.sort,
  );
  const { rows, untold } = await withPasts(shown, { known, all, now, left }, application);
  const inScope = read.filter(({ target }) => scope.includes(target));
  return {
    rows,
    counts: read.map(({ target, seen }) => ({
      target,
      services: seen === null || seen.failure ? null : mine(principal, target, seen).length,
    })),
    scope,
    everywhere: scope.length === read.length,
    clusters: [...new Set(all.filter(({ target }) => scope.includes(target)).map(({ cluster }) => cluster))].sort(),
    show,
    showCounts: showCounts(found, now),
    nothingChanged,
    matchesEverywhere: matching.length,
    unreadable: inScope.flatMap((reading) => unreadableOf(principal, reading)),
    stillReading: inScope.flatMap(({ target, seen }) => (seen === null || seen.partial ? [target.name] : [])),
    stillNaming: Math.max(naming.stillNaming, untold),
    stillDescribing: naming.stillDescribing,
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

function knownOf(principal: Principal, { target, seen }: TargetReading): readonly KnownService[] {
  const unread = new Map(seen?.value?.failures.map(({ cluster, readAt }) => [cluster, readAt]));
  return mine(principal, target, seen).map((service) => ({
    target,
    service,
    readAt: unread.get(service.clusterName) ?? seen?.readAt ?? 0,
    stale: seen?.failure != null || unread.has(service.clusterName),
  }));
}

type Naming = Pick<Overview, 'stillNaming' | 'stillDescribing'>;

/**
 * Reads what names the running versions, and in the background who brought them: newest changes first, which is what
 * stands on top. Says how much is still to come; what cannot be read is not waited for.
 */
async function nameVersions(known: readonly KnownService[], { reads }: Application, waitMs: number): Promise<Naming> {
  const isUnknown = ({ taskDefinitionArn }: Service): boolean => reads.knownSummary(taskDefinitionArn) === null;
  const unread = known.filter(({ service }) => isUnknown(service)).sort(byChange);
  const left = await Promise.all(
    [...grouped(unread, ({ target }) => target)].map(async ([target, ofTarget]) => {
      const unknown = ofTarget.map(({ service }) => service);
      let isDescribed = false;
      const described = reads.fillSummaries(target, arnsOf(unknown)).then(() => {
        isDescribed = true;
      });
      const undescribedNow = (): readonly Service[] => unknown.filter(isUnknown);
      const unnamedNow = (): readonly Service[] =>
        undescribedNow().filter((service) => reads.glimpses.known(target, service) === null);
      const named = glimpsed(reads, target, unknown).then(() => (unnamedNow().length === 0 ? undefined : described));
      await within(Promise.race([described, named]), waitMs);
      if (isDescribed) return NOTHING_LEFT;
      const [undescribed, unnamed] = [undescribedNow(), unnamedNow()];
      return { stillNaming: unnamed.length, stillDescribing: undescribed.length };
    }),
  );
  return {
    stillNaming: left.reduce((sum, { stillNaming }) => sum + stillNaming, 0),
    stillDescribing: left.reduce((sum, { stillDescribing }) => sum + stillDescribing, 0),
  };
}

const NOTHING_LEFT: Naming = { stillNaming: 0, stillDescribing: 0 };

const arnsOf = (services: readonly Service[]): readonly string[] =>
  services.map(({ taskDefinitionArn }) => taskDefinitionArn);

/** Looks at images of those that the database does not keep. */
async function glimpsed(reads: Application['reads'], target: Target, services: readonly Service[]): Promise<void> {
  await reads.recallSummaries(arnsOf(services));
  const unknown = services.filter(({ taskDefinitionArn }) => reads.knownSummary(taskDefinitionArn) === null);
  await reads.glimpses.look(target, unknown, true);
}

const byChange = (a: KnownService, b: KnownService): number =>
  (primaryOf(b.service)?.createdAt ?? 0) - (primaryOf(a.service)?.createdAt ?? 0);

type Shown = {
  readonly known: readonly KnownService[];
  /** Rows of what is known, in the same order. */
  readonly all: readonly ServiceRow[];
  readonly now: number;
  left(): number;
};

/** What ran before and the version to return to, for rows that changed within a day: only they are worth the calls. */
async function withPasts(rows: readonly ServiceRow[], { known, all, now, left }: Shown, application: Application) {
  const { rowPasts } = application;
  const serviceOf = new Map(all.map((row, index) => [row, known[index]?.service]));
  const changed = rows.flatMap((row) => {
    const service = isChanged(row, now) && !row.stale ? serviceOf.get(row) : undefined;
    return service === undefined || rowPasts.known(service) !== null ? [] : [{ target: row.target, service }];
  });
  const waitMs = left();
  await Promise.all(
    [...grouped(changed, ({ target }) => target)].map(([target, ofTarget]) => {
      const services = ofTarget.map(({ service }) => service);
      return within(rowPasts.fill(target, services), waitMs);
    }),
  );
  const untold = changed.filter(({ service }) => rowPasts.known(service) === null);
  const whole = rows.map((row) => {
    const service = serviceOf.get(row);
    const past = service === undefined ? null : rowPasts.known(service);
    return service === undefined || past === null ? row : withPast(row, past, service, application);
  });
  return { rows: whole, untold: untold.length };
}

function unreadableOf(principal: Principal, { target, seen }: TargetReading): Overview['unreadable'] {
  if (seen === null) return [];
  if (seen.failure) {
    const knownServices = mine(principal, target, seen).length;
    const lastReadAt = seen.value === null ? null : seen.readAt;
    return [{ target, cluster: null, words: failureWords(seen.failure), knownServices, lastReadAt }];
  }
  return (seen.value?.failures ?? []).map(({ cluster, failure, readAt }) => ({
    target,
    cluster,
    words: failureWords(failure),
    knownServices: mine(principal, target, seen).filter(({ clusterName }) => clusterName === cluster).length,
    lastReadAt: readAt,
  }));
}
