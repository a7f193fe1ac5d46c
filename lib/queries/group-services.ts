import 'server-only';
import type { Application } from '@/lib/application';
import { NO_PAST, type ServicePast, servicePasts } from '@/lib/db/service-past';
import { refusedController } from '@/lib/domain/checks/service';
import type { ReadFailure } from '@/lib/domain/facts';
import { type Groupable, groupsOf, type ImageGroup } from '@/lib/domain/group';
import { parseImage } from '@/lib/domain/image';
import { may, type Principal } from '@/lib/domain/permissions';
import { primaryOf, type Service } from '@/lib/domain/service';
import { placeOf, type Target } from '@/lib/domain/target';
import { versionOf } from '@/lib/domain/version-name';
import { within } from '@/lib/within';
import { PATIENCE_MS, patience } from './find-service';
import { mine } from './list-services';
import { mainImageOf } from './service-names';

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
  /** Whether some services, or their images, are still being read. */
  readonly stillReading: boolean;
  readonly now: number;
};

/** Services of a target by image; `null` where there is no such target, or none this principal may look at. */
export async function groupServices(
  principal: Principal,
  name: string,
  application: Application,
): Promise<GroupServices | null> {
  const target = application.target(name);
  if (target === null || !may(principal, 'look', name)) return null;
  const left = patience(application.now);
  const seen = await application.reads.services.get(name, PATIENCE_MS);
  const known = mine(principal, target, seen);
  const arns = known.map(({ taskDefinitionArn }) => taskDefinitionArn);
  const [pasts] = await Promise.all([
    pastsOf(known, application),
    within(application.reads.fillSummaries(target, arns), left()),
  ]);
  const services = known.flatMap((service) =>
    groupable(principal, target, service, pasts.get(service.arn) ?? NO_PAST, application),
  );
  return {
    target,
    services,
    groups: groupsOf(services),
    readAt: seen?.readAt ?? application.now(),
    failure: seen?.failure ?? null,
    stillReading: seen === null || seen.partial || services.length < known.length,
    now: application.now(),
  };
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
