import 'server-only';
import type { Application } from '@/lib/application';
import { type LateFact, latestLateFact } from '@/lib/db/record';
import { familyOf } from '@/lib/domain/arn';
import { refusedController } from '@/lib/domain/checks/service';
import type { Fact, ReadFailure } from '@/lib/domain/facts';
import { groupOfImage } from '@/lib/domain/group';
import { shortImage } from '@/lib/domain/image';
import { broughtBy } from '@/lib/domain/past-rollback';
import { may, type Principal } from '@/lib/domain/permissions';
import { registeredBy } from '@/lib/domain/registered-by';
import { primaryOf, type ServiceDeployment } from '@/lib/domain/service';
import { placeOf, type Target } from '@/lib/domain/target';
import type { Version } from '@/lib/domain/version';
import { versionOf } from '@/lib/domain/version-name';
import { fail, ok } from '@/lib/result';
import type { ServiceAddress } from '@/lib/routes';
import { type FoundService, findService, NOT_YET, PATIENCE_MS, patience } from './find-service';
import { goodVersion } from './good-version';
import { type HoldsView, holdsOn } from './holds';
import { type InFlight, inFlightOf } from './in-flight';
import { type LaneRun, laneRuns } from './lane-runs';
import type { Part, ServiceState } from './list-services';
import { type Overwritten, overwrittenServices } from './overwritten';
import { familyKey, serviceKey } from './reads';
import type { Search } from './search-versions';
import { nameRevision, runningVersion, type ServiceContext } from './service-context';
import { headOf, mainImageOf, siblingsOf } from './service-names';
import { serviceState, stateAfter } from './service-state';
import { differenceOf, type Suggestion, suggestionOf, summaryOf } from './suggestion';
import type { VersionRow } from './version-row';
import { versionPage } from './version-rows';

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

export type ServicePage = {
  readonly head: ServiceHead;
  readonly running: Part<{
    readonly version: Version;
    /** When its deployment was created; null where another tool deploys and ECS knows of none. */
    readonly since: number | null;
    readonly registeredBy: string | null;
  }>;
  /** The rollback of ours that brought what runs. */
  readonly rolledBack: { readonly id: string; readonly by: string; readonly at: number } | null;
  readonly tasks: { readonly desired: number; readonly running: number; readonly pending: number };
  readonly healthy: Part<{ readonly healthy: number; readonly of: number }> | null;
  readonly state: ServiceState;
  readonly lastKnownGood: Part<Suggestion>;
  /** `5 things differ: 1 image, …`; null where there is nothing to compare. */
  readonly differs: string | null;
  /** Words in place of the button where the service cannot be rolled back by this tool. */
  readonly refused: string | null;
  readonly inFlight: InFlight | null;
  readonly active: { readonly id: string; readonly by: string; readonly startedAt: number } | null;
  /** What turned up after a rollback of this service was given up while unknown. */
  readonly late: LateFact | null;
  /** What a deployment did to a rollback that was in force. */
  readonly overwritten: Overwritten | null;
  /** What holds its deployments; `null` where that is not known. */
  readonly holds: HoldsView | null;
  /** Whether our record could be read; where not, nobody knows what was rolled back from. */
  readonly recordKnown: boolean;
  readonly sameImage: readonly { readonly service: string; readonly cluster: string }[];
  /** `repository:tag` of what runs, where other services run it too. */
  readonly group: string | null;
  /** Image of the main container as pages write it; null where the revision was not read. */
  readonly image: string | null;
  readonly elsewhere: readonly { readonly target: string; readonly cluster: string; readonly running: string }[];
  readonly lanes: Part<readonly LaneRun[]>;
  readonly versions: Part<readonly VersionRow[]>;
  /** Runs of revision numbers that ECS does not list any more, newest first. */
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  /** Value of `older` for the next 25, null at the end. */
  readonly older: string | null;
  /** How far a search has come; `null` where nothing is looked for. */
  readonly search: Search | null;
  readonly deployments: Part<readonly ServiceDeployment[]>;
  readonly events: readonly { readonly id: string; readonly at: number; readonly message: string }[];
  readonly readAt: number;
  /** Why the service could not be read since then. */
  readonly failure: ReadFailure | null;
  /** Whether something of the page is still on its way. */
  readonly stillReading: boolean;
  readonly now: number;
};

/** What the service page's address asks for. */
export type ServiceQuery = ServiceAddress & { readonly show?: string; readonly older?: string; readonly find?: string };

/** A service with its versions and what ran when; `null` where there is none, or none this principal may look at. */
export async function getService(
  principal: Principal,
  query: ServiceQuery,
  application: Application,
): Promise<Fact<ServicePage> | null> {
  const found = await findService(principal, query, application);
  return found?.ok ? ok(await pageOf(principal, query, found.value, application)) : found;
}

async function pageOf(
  principal: Principal,
  query: ServiceQuery,
  { target, service, readAt, failure }: FoundService,
  application: Application,
): Promise<ServicePage> {
  const { reads } = application;
  const now = application.now();
  const left = patience(application.now);
  const [known, family, revision] = await Promise.all([
    goodVersion({ target, service, waitMs: PATIENCE_MS }, application),
    reads.family.get(familyKey(target.name, familyOf(service.taskDefinitionArn)), PATIENCE_MS),
    summaryOf(reads, target, service.taskDefinitionArn, left),
  ]);
  const context = { target, service, known, application, now, left };
  const head = headOf(principal, target, { cluster: service.clusterName, service: service.name });
  const [page, good, health, differing, late, overwritten, held] = await Promise.all([
    versionPage(context, family?.value ?? null, query),
    suggestionOf(context),
    reads.health.get(serviceKey(target.name, service.clusterName, service.name), left()),
    differenceOf(context),
    latestLateFact(application.database, service.arn).catch(() => null),
    overwrittenServices(application, [service.arn]).catch(() => null),
    holdsOn(principal, { target, service, mayRollBack: head.mayRollBack }, application).catch(() => null),
  ]);
  const running = revision.ok ? nameRevision(context, revision.value, runningVersion(context)) : null;
  const lanes = await lanesOf(context);
  const versions = family?.value ? ok(page.rows) : fail(family?.failure ?? NOT_YET);
  const ours = broughtBy(known.past, service.taskDefinitionArn);
  const image = mainImageOf(target, service, reads.knownSummary(service.taskDefinitionArn));
  const sameImage = siblingsOf(principal, { target, service }, application);
  return {
    head,
    running:
      revision.ok && running !== null
        ? ok({
            version: running,
            since: primaryOf(service)?.createdAt ?? null,
            registeredBy: registeredBy(revision.value.registeredBy),
          })
        : fail(revision.ok ? NOT_YET : revision.error),
    tasks: { desired: service.desiredCount, running: service.runningCount, pending: service.pendingCount },
    healthy:
      service.loadBalancers.length === 0 ? null : health?.value ? ok(health.value) : fail(health?.failure ?? NOT_YET),
    rolledBack: ours === null ? null : { id: ours.id, by: ours.by, at: ours.startedAt },
    state: ours === null ? serviceState(service, now) : stateAfter(serviceState(service, now)),
    lastKnownGood: good,
    differs: differing,
    refused: refusedController(service),
    inFlight: inFlightOf(context),
    active: known.active,
    late,
    overwritten: overwritten?.get(service.arn) ?? null,
    holds: held,
    recordKnown: known.recordKnown,
    sameImage,
    group: image === null || sameImage.length === 0 ? null : groupOfImage(image),
    elsewhere: elsewhereOf(principal, context),
    image: image === null ? null : shortImage(image),
    lanes,
    versions,
    missing: page.missing,
    older: page.older,
    deployments: known.deployments,
    events: service.events.slice(0, 50),
    readAt,
    failure,
    search: page.search,
    stillReading: page.late || [good, lanes, versions].some((part) => !part.ok && part.error.words === NOT_YET.words),
    now,
  };
}

/** What ECS tells of: lanes without its deployments would look whole and be full of holes. */
async function lanesOf(context: ServiceContext): Promise<ServicePage['lanes']> {
  const { deployments, history } = context.known;
  if (!deployments.ok) return deployments;
  return history.ok ? ok(await laneRuns(context, history.value)) : history;
}

/** What services of the same name run in other targets, from what the overview has read. */
function elsewhereOf(principal: Principal, { target, service, application }: ServiceContext): ServicePage['elsewhere'] {
  return application.configuration.targets
    .filter(({ name }) => name !== target.name && may(principal, 'look', name))
    .flatMap((other) => {
      const same = application.reads.services
        .peek(other.name)
        ?.value?.services.find((one) => one.name === service.name && may(principal, 'look', other.name, placeOf(one)));
      const revision = same === undefined ? null : application.reads.knownSummary(same.taskDefinitionArn);
      if (same === undefined || revision === null) return [];
      return [
        {
          target: other.name,
          cluster: same.clusterName,
          running: versionOf({ revision, digests: new Map(), service: same, target: other, past: [] }).name,
        },
      ];
    });
}
