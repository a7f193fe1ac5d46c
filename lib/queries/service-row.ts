import type { Application } from '@/lib/application';
import { revisionName } from '@/lib/domain/arn';
import { refusedController } from '@/lib/domain/checks/service';
import { may, type Principal } from '@/lib/domain/permissions';
import { registeredBy } from '@/lib/domain/registered-by';
import { primaryOf, type Service } from '@/lib/domain/service';
import { placeOf, type Target } from '@/lib/domain/target';
import { type NamedRevision, versionOf } from '@/lib/domain/version-name';
import type { ServiceRow } from './list-services';
import type { RowPast } from './row-past';
import { serviceState, stateAfter } from './service-state';

/** A service as a sweep read it, and how old that is. */
export type KnownService = {
  readonly target: Target;
  readonly service: Service;
  readonly readAt: number;
  readonly stale: boolean;
};

/** A row as the reading of the service alone tells it. */
export function rowOf(
  principal: Principal,
  { target, service, readAt, stale }: KnownService,
  { reads }: Pick<Application, 'reads'>,
  now: number,
): ServiceRow {
  const summary = reads.knownSummary(service.taskDefinitionArn);
  const primary = primaryOf(service);
  return {
    target,
    cluster: service.clusterName,
    service: service.name,
    ...namesOf(target, service, summary ?? reads.glimpses.known(target, service)),
    by: registeredBy(summary?.registeredBy ?? null),
    changedAt: primary?.createdAt ?? null,
    was: null,
    rolledBackBy: null,
    sameVersionRestarted: false,
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
    state: serviceState(service, now),
    overwritten: null,
    held: null,
    lastKnownGood: null,
    mayRollBack: may(principal, 'roll-back', target.name, placeOf(service)) && refusedController(service) === null,
    stale,
    readAt,
  };
}

type Names = Pick<ServiceRow, 'running' | 'images'>;

/** Names are made up once for every reading of a service, however many look. */
const named = new WeakMap<Service, { readonly revision: NamedRevision | null; readonly names: Names }>();

function namesOf(target: Target, service: Service, revision: NamedRevision | null): Names {
  const before = named.get(service);
  if (before !== undefined && before.revision === revision) return before.names;
  const version = revision === null ? null : versionOf({ revision, digests: new Map(), service, target, past: [] });
  const names = {
    running: version?.name ?? revisionName(service.taskDefinitionArn),
    images: version?.images ?? null,
  };
  named.set(service, { revision, names });
  return names;
}

/** The row with what is known of the service's past. */
export function withPast(
  row: ServiceRow,
  past: RowPast,
  service: Service,
  { reads }: Pick<Application, 'reads'>,
): ServiceRow {
  const { ours, was, sameVersionRestarted, lastKnownGood } = past;
  const running = ours === null ? null : reads.knownSummary(service.taskDefinitionArn);
  return {
    ...row,
    // Only our record knows the tag of a copy that is fixed to a digest.
    ...(running !== null && {
      running: versionOf({ revision: running, digests: new Map(), service, target: row.target, past: past.past }).name,
    }),
    rolledBackBy: ours?.by ?? null,
    was,
    sameVersionRestarted,
    lastKnownGood,
    state: ours === null ? row.state : stateAfter(row.state),
  };
}
