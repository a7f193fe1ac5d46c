import { AwsError, clientError, invalidParameter } from '@/simulator/aws-error';
import type { Call, Input } from '@/simulator/call';
import { optionalText, text } from '@/simulator/input';
import type { Region } from '@/simulator/world';
import type { Cluster, Revision, Service } from './state';

/** Prefix of every ECS ARN in a region. */
export const ecsArn = (region: { readonly account: string; readonly name: string }, rest: string): string =>
  `arn:aws:ecs:${region.name}:${region.account}:${rest}`;

/** Key of a service among those of its region. */
export const serviceKey = (cluster: string, service: string): string => `${cluster}/${service}`;

/** The part of an ARN after `kind/`, the name itself if it is no ARN, `null` for an ARN of another place or kind. */
export function restOf(region: Region, kind: string, name: string): string | null {
  if (!name.startsWith('arn:')) return name;
  const prefix = ecsArn(region, `${kind}/`);
  return name.startsWith(prefix) ? name.slice(prefix.length) : null;
}

/** The name of the cluster a request means; without one it is `default`. */
export function clusterName(call: Call, input: Input): string {
  const given = optionalText(input, 'cluster') ?? 'default';
  const name = restOf(call.region, 'cluster', given);
  if (name === null || name === '') throw invalidParameter('Identifier was for a different account or region.');
  return name;
}

/** The cluster a request means, which must exist and be active. */
export function requireCluster(call: Call, input: Input): Cluster {
  const cluster = call.region.clusters.get(clusterName(call, input));
  if (cluster?.status !== 'ACTIVE') throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

/** The service's plain name from a name, a long or a short ARN. */
function serviceName(region: Region, given: string): string | null {
  const rest = restOf(region, 'service', given);
  return rest === null ? null : (rest.split('/').at(-1) ?? null);
}

/** A service of the cluster, deleted ones included, or `null`. */
export function findService(region: Region, cluster: string, given: string): Service | null {
  const name = serviceName(region, given);
  return name === null ? null : (region.services.get(serviceKey(cluster, name)) ?? null);
}

/** The service a request means; it must exist. */
export function requireService(call: Call, input: Input): Service {
  const cluster = requireCluster(call, input);
  const service = findService(call.region, cluster.name, text(input, 'service'));
  if (!service) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return service;
}

/** The family a `family:number`, an ARN or a bare name means; empty for an ARN of another place. */
export const familyOf = (region: Region, given: string): string =>
  restOf(region, 'task-definition', given)?.split(':', 1)[0] ?? '';

/** A revision by `family:number`, its ARN, or the latest ACTIVE one of a bare family; `null` if there is none. */
export function findRevision(region: Region, given: string): Revision | null {
  const rest = restOf(region, 'task-definition', given);
  if (rest === null) return null;
  const [family = '', number] = rest.split(':', 2);
  const known = region.families.get(family);
  if (!known) return null;
  if (number !== undefined) return known.revisions.get(Number(number)) ?? null;
  const active = [...known.revisions.values()].filter(({ status }) => status === 'ACTIVE');
  return active.reduce<Revision | null>(
    (latest, each) => (latest && latest.number > each.number ? latest : each),
    null,
  );
}

/** The revision an update or a new service names, with ECS's words where it cannot be used. */
export function usableRevision(call: Call, given: string, inactiveAllowedMs: number): Revision {
  const revision = findRevision(call.region, given);
  if (!revision) throw clientError('TaskDefinition not found.');
  if (revision.status === 'ACTIVE') return revision;
  const since = call.now - (revision.deregisteredAt ?? Number.NEGATIVE_INFINITY);
  if (revision.status === 'INACTIVE' && since < inactiveAllowedMs) return revision;
  throw clientError('TaskDefinition is inactive');
}

/** The revision something in the world runs; a missing one is a mistake of the simulator. */
export function knownRevision(region: Region, arn: string): Revision {
  const revision = findRevision(region, arn);
  if (!revision) throw new Error(`no revision ${arn} in the simulated world`);
  return revision;
}
