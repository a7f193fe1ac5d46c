import 'server-only';
import type { Application } from '@/lib/application';
import { familyOf, isClusterName, isServiceName, lastPart, revisionName, revisionNumber } from '@/lib/domain/arn';
import { isDeploying } from '@/lib/domain/checks/past';
import { refusedController } from '@/lib/domain/checks/service';
import { diff } from '@/lib/domain/diff';
import { thingsDiffer } from '@/lib/domain/difference-words';
import { type History, ranDigests, ranHere } from '@/lib/domain/history';
import { normalise } from '@/lib/domain/normalise';
import { may, type Principal } from '@/lib/domain/permissions';
import { returnOf } from '@/lib/domain/plan';
import { primaryOf, type Service, type ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { formatDuration, formatTime } from '@/lib/domain/time-words';
import type { ContainerImage, Version } from '@/lib/domain/version';
import { versionOf } from '@/lib/domain/version-name';
import { fail, ok } from '@/lib/result';
import type { ServiceAddress } from '@/lib/routes';
import { type GoodVersion, goodVersion } from './good-version';
import type { Part, ServiceState } from './list-services';
import { type Family, familyKey, type ShownRevision, serviceKey } from './reads';
import { headOf, registeredBy, siblingsOf } from './service-names';
import { serviceState } from './service-state';
import { within } from './shared';

/** Heading data every page about one service shows. */
export type ServiceHead = {
  readonly target: Target;
  readonly account: string | null;
  readonly cluster: string;
  readonly service: string;
  readonly mayRollBack: boolean;
  /** Groups that may roll back here, for the words a viewer reads. */
  readonly operators: readonly string[];
};

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
  readonly deregisteredAt: number | null;
  /** `ran` of the plan's address where one revision ran with different digests. */
  readonly ran: string | null;
};

/** What ran when, for lanes and their table. `endedAt` is null while it runs. */
export type LaneRun = {
  readonly revision: string;
  readonly tag: string | null;
  readonly startedAt: number;
  readonly rolloutUntil: number | null;
  readonly endedAt: number | null;
  readonly outcome: string;
  readonly ms: number;
};

export type ServicePage = {
  readonly head: ServiceHead;
  readonly running: Part<{ readonly version: Version; readonly since: number; readonly registeredBy: string | null }>;
  readonly tasks: { readonly desired: number; readonly running: number; readonly pending: number };
  readonly healthy: Part<{ readonly healthy: number; readonly of: number }> | null;
  readonly state: ServiceState;
  readonly lastKnownGood: Part<{
    readonly version: Version;
    readonly ran: string;
    readonly until: number | null;
    readonly why: string;
  } | null>;
  /** `5 things differ: 1 image, …`; null where there is nothing to compare. */
  readonly differs: string | null;
  /** Words in place of the button where the service cannot be rolled back by this tool. */
  readonly refused: string | null;
  readonly inFlight: {
    readonly words: string;
    readonly stop: { readonly returnTo: string; readonly deployment: string } | null;
    readonly why: string | null;
  } | null;
  readonly active: { readonly id: string; readonly by: string; readonly startedAt: number } | null;
  readonly sameImage: readonly { readonly service: string; readonly cluster: string }[];
  readonly elsewhere: readonly { readonly target: string; readonly running: string }[];
  readonly lanes: Part<readonly LaneRun[]>;
  readonly versions: Part<readonly VersionRow[]>;
  /** Runs of revision numbers that ECS does not list any more, newest first. */
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  /** Value of `older` for the next 25, null at the end. */
  readonly older: string | null;
  readonly deployments: Part<readonly ServiceDeployment[]>;
  readonly events: readonly { readonly id: string; readonly at: number; readonly message: string }[];
  readonly readAt: number;
  readonly now: number;
};

/** What the service page's address asks for. */
export type ServiceQuery = ServiceAddress & { readonly show?: string; readonly older?: string };

/** How long a page waits for AWS before it shows what it has. */
const PATIENCE_MS = 3_000;
/** Revisions described at a time. */
const ROWS = 25;

/** A service with its versions and what ran when; `null` where there is none, or none this principal may look at. */
export async function getService(
  principal: Principal,
  query: ServiceQuery,
  application: Application,
): Promise<ServicePage | null> {
  const found = await findService(principal, query, application);
  if (found === null) return null;
  const { target, service, readAt } = found;
  const { reads } = application;
  const now = application.now();
  const [known, family, revision] = await Promise.all([
    goodVersion({ target, service, waitMs: PATIENCE_MS }, application),
    reads.family.get(familyKey(target.name, familyOf(service.taskDefinitionArn)), PATIENCE_MS),
    reads.revision(target, service.taskDefinitionArn),
  ]);
  const context: Context = { target, service, known, application, now };
  const [page, good, health] = await Promise.all([
    versionPage(context, family?.value ?? null, query),
    goodPart(context),
    reads.health.get(serviceKey(target.name, service.clusterName, service.name), PATIENCE_MS),
  ]);
  const running = revision.ok ? nameRevision(context, revision.value) : null;
  const goodRevision = known.good === null ? null : reads.knownRevision(known.good.run.arn);
  const differing = revision.ok && goodRevision !== null ? differenceOf(context, revision.value, goodRevision) : null;
  return {
    head: headOf(principal, target, { cluster: service.clusterName, service: service.name }),
    running:
      revision.ok && running !== null
        ? ok({
            version: running,
            since: primaryOf(service)?.createdAt ?? service.createdAt ?? now,
            registeredBy: registeredBy(revision.value.registeredBy),
          })
        : fail(revision.ok ? NOT_YET : revision.error),
    tasks: { desired: service.desiredCount, running: service.runningCount, pending: service.pendingCount },
    healthy:
      service.loadBalancers.length === 0 ? null : health?.value ? ok(health.value) : fail(health?.failure ?? NOT_YET),
    state: serviceState(service, now),
    lastKnownGood: good,
    differs: differing,
    refused: refusedController(service),
    inFlight: inFlightOf(context),
    active: known.active,
    sameImage: siblingsOf(application, target, service),
    elsewhere: elsewhereOf(principal, context),
    lanes: known.history.ok ? ok(lanesOf(context, known.history.value)) : known.history,
    versions: family?.value ? ok(page.rows) : fail(family?.failure ?? NOT_YET),
    missing: page.missing,
    older: page.older,
    deployments: known.deployments,
    events: service.events.slice(0, 50),
    readAt,
    now,
  };
}

const NOT_YET = { kind: 'no-answer', action: 'ecs:DescribeServices', words: 'AWS has not answered yet' } as const;

/** Finds a service the principal may look at by shared reads; malformed names are not asked for. */
export async function findService(
  principal: Principal,
  { target: name, cluster, service: wanted }: ServiceAddress,
  { reads, target: targetOf }: Pick<Application, 'reads' | 'target'>,
): Promise<{ readonly target: Target; readonly service: Service; readonly readAt: number } | null> {
  const target = targetOf(name);
  if (target === null || !may(principal, 'look', name) || !isClusterName(cluster) || !isServiceName(wanted))
    return null;
  if (target.clusters !== null && !target.clusters.includes(cluster)) return null;
  const seen = await reads.service.get(serviceKey(name, cluster, wanted), PATIENCE_MS);
  if (seen?.value) return { target, service: seen.value, readAt: seen.readAt };
  // What the overview read stands in while this read does not answer.
  const swept = seen !== null && seen.failure === null ? null : reads.services.peek(name);
  const known = swept?.value?.services.find((one) => one.name === wanted && one.clusterName === cluster);
  if (known !== undefined && swept) return { target, service: known, readAt: swept.readAt };
  if (seen?.failure || seen === null) throw new Error(`service ${name}/${cluster}/${wanted} cannot be read`);
  return null;
}

type Context = {
  readonly target: Target;
  readonly service: Service;
  readonly known: GoodVersion;
  readonly application: Application;
  readonly now: number;
};

/** Names a revision with the digests it ran with, as far as they are known. */
function nameRevision(
  { target, service, known }: Context,
  revision: ShownRevision,
  ran: string | null = null,
): Version {
  const digests = ranDigests({ arn: revision.arn, ran, deployments: known.deployments, past: known.past });
  return versionOf({ revision, digests, service, target, past: known.past });
}

async function goodPart(context: Context): Promise<ServicePage['lastKnownGood']> {
  const { known, application, target, now } = context;
  if (!known.deployments.ok) return known.deployments;
  if (known.good === null) return ok(null);
  const { run, why } = known.good;
  const revision = await application.reads.revision(target, run.arn);
  if (!revision.ok) return revision;
  const version = nameRevision(
    context,
    revision.value,
    run.serviceRevisionArn === null ? null : lastPart(run.serviceRevisionArn),
  );
  const until = run.endedAt === null ? '' : `, until ${formatTime(run.endedAt, now)}`;
  return ok({ version, ran: `ran here ${formatDuration(run.ms)}${until}`, until: run.endedAt, why });
}

function differenceOf(context: Context, running: ShownRevision, good: ShownRevision): string | null {
  const digests = { now: nameRevision(context, running).digests, willBe: nameRevision(context, good).digests };
  return thingsDiffer(diff(normalise(running.shown), normalise(good.shown), digests));
}

type VersionPage = {
  readonly rows: readonly VersionRow[];
  readonly missing: ServicePage['missing'];
  readonly older: string | null;
};

/** A page of the version table: the newest revisions below `older`, described at most 25 at a time. */
async function versionPage(
  context: Context,
  family: Family | null,
  { show, older }: ServiceQuery,
): Promise<VersionPage> {
  if (family === null) return { rows: [], missing: [], older: null };
  const ran = new Set(
    context.known.history.ok ? context.known.history.value.runs.flatMap(({ arn, ranAs }) => [arn, ranAs]) : [],
  );
  const below = /^\d{1,10}$/.test(older ?? '') ? Number(older) : Number.POSITIVE_INFINITY;
  const listed = Object.values(family.byStatus)
    .flat()
    .filter((arn) => show !== 'ran' || ran.has(arn))
    .sort((a, b) => revisionNumber(b) - revisionNumber(a));
  const candidates = listed.filter((arn) => revisionNumber(arn) < below);
  const shown = candidates.slice(0, ROWS);
  const read = await within(
    Promise.all(shown.map((arn) => context.application.reads.revision(context.target, arn))),
    PATIENCE_MS,
  );
  const revisions = shown.map((arn, index) => {
    const fact = read?.[index];
    return { arn, revision: fact?.ok ? fact.value : context.application.reads.knownRevision(arn) };
  });
  const rows = revisions.map(({ arn, revision }, index) =>
    rowOf(context, { arn, revision, next: revisions[index + 1]?.revision ?? null, family }),
  );
  const last = shown.at(-1);
  return {
    rows,
    missing:
      show === 'ran'
        ? []
        : gapsIn(
            listed
              .slice(0, listed.length - candidates.length + shown.length)
              .slice(-shown.length - 1)
              .map(revisionNumber),
          ),
    older: candidates.length > shown.length && last !== undefined ? String(revisionNumber(last)) : null,
  };
}

/** Runs of numbers a family's list leaves out: revisions that were deleted. */
function gapsIn(numbers: readonly number[]): ServicePage['missing'] {
  return numbers.flatMap((number, index) => {
    const next = numbers[index + 1];
    return next === undefined || number - next <= 1 ? [] : [{ from: next + 1, to: number - 1 }];
  });
}

type RowQuestion = {
  readonly arn: string;
  readonly revision: ShownRevision | null;
  readonly next: ShownRevision | null;
  readonly family: Family;
};

function rowOf(context: Context, { arn, revision, next, family }: RowQuestion): VersionRow {
  const { known, service } = context;
  const version = revision === null ? null : nameRevision(context, revision);
  const run = known.history.ok
    ? known.history.value.runs.find((one) => one.arn === arn || one.ranAs === arn)
    : undefined;
  const isRunning = service.taskDefinitionArn === arn;
  const ran = ranHere(known.history, arn, revision?.registeredAt ?? null);
  const marked = markOf(context, { arn, revision, isRunning, run, family });
  return {
    revision: revisionName(arn),
    number: revisionNumber(arn),
    version,
    images: (version?.images ?? []).map((image) => ({ ...image, differsFromOlder: differsFrom(image, next) })),
    registeredAt: revision?.registeredAt ?? null,
    ranHere: isRunning
      ? { kind: 'since', at: primaryOf(service)?.createdAt ?? context.now }
      : ran.kind === 'ran'
        ? { kind: 'ran', ms: ran.ms }
        : ran,
    ...marked,
    star: known.good?.run.arn === arn,
    deregisteredAt: revision?.deregisteredAt ?? null,
    ran: null,
  };
}

function differsFrom(image: ContainerImage, older: ShownRevision | null): boolean {
  const before = older?.shown.containerDefinitions?.find(({ name }) => name === image.container)?.image;
  return before !== undefined && before !== image.image;
}

type MarkQuestion = {
  readonly arn: string;
  readonly revision: ShownRevision | null;
  readonly isRunning: boolean;
  readonly run: History['runs'][number] | undefined;
  readonly family: Family;
};

function markOf(
  { known, now }: Context,
  { arn, revision, isRunning, run, family }: MarkQuestion,
): Pick<VersionRow, 'mark' | 'words'> {
  if (isRunning) return { mark: 'running', words: 'Running now' };
  if (revision === null)
    return {
      mark: 'cannot-be-used',
      words: `ECS lists revision ${revisionNumber(arn)} but does not return it. It cannot be copied.`,
    };
  const [unknown] = revision.unknownFields;
  if (unknown !== undefined)
    return {
      mark: 'cannot-be-used',
      words: `Revision ${revision.number} has a field this tool cannot copy (${unknown}).`,
    };
  const left = known.marks.find(({ taskDefinitionArn }) => taskDefinitionArn === arn);
  if (left !== undefined)
    return { mark: 'rolled-back-from', words: `${left.by}, ${formatTime(left.at, now)}: ${left.reason}` };
  if (run?.outcome === 'never-steady' || run?.outcome === 'rolled-back-by-ecs')
    return { mark: 'never-steady', words: 'Never became steady' };
  if (family.byStatus.DELETE_IN_PROGRESS.includes(arn))
    return { mark: 'will-be-copied', words: 'Is being deleted. It can still be copied now.' };
  const when =
    revision.deregisteredAt === null
      ? ''
      : `Deregistered ${formatTime(revision.deregisteredAt, now)}. ECS cannot run it directly; a copy can run.`;
  return { mark: 'will-be-copied', words: when };
}

function lanesOf(context: Context, { runs }: History): readonly LaneRun[] {
  return runs.slice(0, 60).map((run) => {
    const revision = context.application.reads.knownRevision(run.arn);
    return {
      revision: revisionName(run.arn),
      tag: revision === null ? null : nameRevision(context, revision).tag,
      startedAt: run.startedAt,
      rolloutUntil: run.steadyAt,
      endedAt: run.endedAt,
      outcome: run.outcome,
      ms: run.ms,
    };
  });
}

/** A deployment that is not ours and still runs, and whether stopping it has a certain way back. */
function inFlightOf(context: Context): ServicePage['inFlight'] {
  const { service, known, application, now } = context;
  const primary = primaryOf(service);
  if (known.active !== null || primary === null || !isDeploying(service)) return null;
  const running = application.reads.knownRevision(primary.taskDefinitionArn);
  const name = running === null ? revisionName(primary.taskDefinitionArn) : nameRevision(context, running).name;
  const words = `${name} is being deployed, ${primary.runningCount} of ${service.desiredCount} tasks, started ${formatTime(primary.createdAt, now)}.`;
  const deployments = known.deployments.ok ? known.deployments.value : [];
  const current = deployments.find(({ status }) => status === 'PENDING' || status === 'IN_PROGRESS');
  const back = current === undefined ? null : returnOf(current, deployments);
  if (current === undefined || back?.taskDefinitionArn == null)
    return { words, stop: null, why: 'We cannot tell what ECS would return to.' };
  const revision = application.reads.knownRevision(back.taskDefinitionArn);
  const returnTo = revision === null ? revisionName(back.taskDefinitionArn) : nameRevision(context, revision).name;
  return { words, stop: { returnTo, deployment: lastPart(current.arn) }, why: null };
}

/** What services of the same name run in other targets, from what the overview has read. */
function elsewhereOf(principal: Principal, { target, service, application }: Context): ServicePage['elsewhere'] {
  return application.configuration.targets
    .filter(({ name }) => name !== target.name && may(principal, 'look', name))
    .flatMap((other) => {
      const same = application.reads.services
        .peek(other.name)
        ?.value?.services.find(({ name }) => name === service.name);
      const revision = same === undefined ? null : application.reads.knownRevision(same.taskDefinitionArn);
      if (same === undefined || revision === null) return [];
      return [
        {
          target: other.name,
          running: versionOf({ revision, digests: new Map(), service: same, target: other, past: [] }).name,
        },
      ];
    });
}
