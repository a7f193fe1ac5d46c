import 'server-only';
import type { Application } from '@/lib/application';
import { NO_PAST, type ServicePast, servicePasts } from '@/lib/db/service-past';
import { refusedController } from '@/lib/domain/checks/service';
import type { ReadFailure } from '@/lib/domain/facts';
import { type Groupable, groupsOf, type ImageGroup } from '@/lib/domain/group';
import { grouped } from '@/lib/domain/grouped';
import { parseImage } from '@/lib/domain/image';
import { may, type Principal } from '@/lib/domain/permissions';
import { primaryOf, type Service } from '@/lib/domain/service';
import { placeOf, type Target } from '@/lib/domain/target';
import { versionOf } from '@/lib/domain/version-name';
import { within } from '@/lib/within';
import { PATIENCE_MS, patience } from './find-service';
import { mine } from './list-services';
import { togetherKey } from './reads';
import { mainImageOf } from './service-names';
import type { UnreadCluster } from './sweep';

/** A service with the image its main container runs. */
export type GroupService = Groupable & {
  readonly serviceOf: Service;
  /** Name of the running version: `release-1123 (428)`. */
  readonly running: string;
  readonly changedAt: number | null;
  /** Whether this person may roll it back, and this tool can. */
  readonly mayRollBack: boolean;
};

/** Services of a target by the image they run, as far as they have been read. */
export type GroupServices = {
  readonly target: Target;
  readonly services: readonly GroupService[];
  readonly groups: readonly ImageGroup<GroupService>[];
  readonly readAt: number;
  readonly failure: ReadFailure | null;
  /** Clusters that could not be read: services there may run any image, or another one by now. */
  readonly unreadClusters: readonly UnreadCluster[];
  /** Whether some services, or their images, are still being read. */
  readonly stillReading: boolean;
  readonly now: number;
};

/**
 * Services of a target by image; `null` where there is no such target, or none this principal may look at.
 *
 * @param anew - Services to be read now: the reading of a whole target may be a minute old. Those that do not answer in
 *   time are given as they were.
 */
export async function groupServices(
  principal: Principal,
  name: string,
  application: Application,
  anew: (service: GroupService) => boolean = () => false,
): Promise<GroupServices | null> {
  const target = application.target(name);
  if (target === null || !may(principal, 'look', name)) return null;
  const left = patience(application.now);
  const seen = await application.reads.services.get(name, PATIENCE_MS);
  const swept = mine(principal, target, seen);
  const pasts = pastsOf(swept, application);
  let isFilled = false;
  const named = async (known: readonly Service[]): Promise<readonly GroupService[]> => {
    const arns = known.map(({ taskDefinitionArn }) => taskDefinitionArn);
    const filled = application.reads.fillSummaries(target, arns).then(() => true);
    const [past, inTime] = await Promise.all([pasts, within(filled, left())]);
    isFilled = inTime === true;
    return known.flatMap((service) =>
      groupable(principal, target, service, past.get(service.arn) ?? NO_PAST, application),
    );
  };
  let services = await named(swept);
  const now = await readNow(target, services.filter(anew), { application, left });
  if (now.size > 0) {
    services = await named(swept.map((service) => now.get(service.arn) ?? service));
  }
  return {
    target,
    services,
    groups: groupsOf(services),
    readAt: seen?.readAt ?? application.now(),
    failure: seen?.failure ?? null,
    unreadClusters: seen?.value?.failures ?? [],
    // What cannot be read at all is not waited for.
    stillReading: seen === null || seen.partial || !isFilled,
    now: application.now(),
  };
}

/** Services as AWS describes them now, by ARN, ten a call. */
async function readNow(
  target: Target,
  services: readonly GroupService[],
  { application, left }: { readonly application: Application; left(): number },
): Promise<ReadonlyMap<string, Service>> {
  const described = await Promise.all(
    [...grouped(services, ({ cluster }) => cluster)].map(([cluster, members]) => {
      const names = members.map(({ service }) => service).sort();
      return application.reads.together.get(togetherKey(target.name, cluster, names), left());
    }),
  );
  const found = described.flatMap((one) => one?.value ?? []);
  return new Map(found.map((service) => [service.arn, service]));
}

/** Only our record knows the tag of a copy that is fixed to a digest; without it such a copy is in no group. */
const pastsOf = (services: readonly Service[], { database, log }: Application) =>
  servicePasts(
    database,
    services.map(({ arn }) => arn),
  ).catch((error: unknown): ReadonlyMap<string, ServicePast> => {
    log('database.failed', { doing: 'read the past of services', error });
    return new Map();
  });

function groupable(
  principal: Principal,
  target: Target,
  service: Service,
  { past }: ServicePast,
  { reads }: Application,
): readonly GroupService[] {
  const revision = reads.knownSummary(service.taskDefinitionArn);
  const image = mainImageOf(target, service, revision);
  if (revision === null || image === null) return [];
  const { tag, name } = versionOf({ revision, digests: new Map(), service, target, past });
  const place = placeOf(service);
  return [
    {
      ...place,
      serviceOf: service,
      repository: parseImage(image).repository,
      // A short digest in a tag's place names no release.
      tag: tag === null || tag.startsWith('sha256:') ? null : tag,
      balanced: service.loadBalancers.length > 0,
      running: name,
      changedAt: primaryOf(service)?.createdAt ?? null,
      mayRollBack: may(principal, 'roll-back', target.name, place) && refusedController(service) === null,
    },
  ];
}
