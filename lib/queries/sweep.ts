import 'server-only';
import type { ReadOptions } from '@/lib/aws/calls';
import type { Reader } from '@/lib/aws/clients';
import type { Fact, ReadFailure } from '@/lib/domain/facts';
import type { Service } from '@/lib/domain/service';
import { fail, ok } from '@/lib/result';
import type { Observed, Reading } from './shared';

/** A cluster that could not be read; its services are those of an earlier sweep, which began at `readAt`. */
export type UnreadCluster = {
  readonly cluster: string;
  readonly failure: ReadFailure;
  readonly knownServices: number;
  /** `null` where it never was read. */
  readonly readAt: number | null;
};

/** Services of a target, and what of it could not be read. */
export type TargetServices = {
  readonly services: readonly Service[];
  readonly clusters: readonly string[];
  readonly failures: readonly UnreadCluster[];
  /** Calls to AWS that reading it takes. */
  readonly calls: number;
};

type ClusterRead =
  | { readonly cluster: string; readonly services: readonly Service[]; readonly failure: null }
  | { readonly cluster: string; readonly services: null; readonly failure: ReadFailure };

/**
 * All services of a target, cluster by cluster. One that cannot be read hides neither the others nor what was known of
 * it. Of a first sweep every cluster is told as it comes, so that a slow one keeps nobody from the rest.
 */
export async function sweep(
  reader: Reader,
  { urgency, before, publish }: Reading<TargetServices>,
): Promise<Fact<TargetServices>> {
  const options = { priority: urgency };
  const clusters = await reader.listClusters(options);
  if (!clusters.ok) return clusters;
  const read: ClusterRead[] = [];
  const isFirst = before?.value == null;
  await Promise.all(
    clusters.value.map(async (cluster) => {
      read.push(await readCluster(reader, cluster, options));
      if (isFirst && read.length < clusters.value.length) publish(joined(read, clusters.value, null));
    }),
  );
  const failed = read.flatMap(({ failure }) => failure ?? []);
  const [first] = failed;
  if (first !== undefined && failed.length === clusters.value.length) return fail(first);
  return ok(joined(read, clusters.value, before));
}

async function readCluster(reader: Reader, cluster: string, options: ReadOptions): Promise<ClusterRead> {
  const arns = await reader.listServices(cluster, options);
  if (!arns.ok) return { cluster, services: null, failure: arns.error };
  const described = await reader.describeServices(cluster, arns.value, options);
  if (!described.ok) return { cluster, services: null, failure: described.error };
  return { cluster, services: described.value.services, failure: null };
}

function joined(
  read: readonly ClusterRead[],
  clusters: readonly string[],
  before: Observed<TargetServices> | null,
): TargetServices {
  const known = (cluster: string): readonly Service[] =>
    (before?.value?.services ?? []).filter(({ clusterName }) => clusterName === cluster);
  const readAt = (cluster: string): number | null =>
    known(cluster).length === 0
      ? null
      : (before?.value?.failures.find((one) => one.cluster === cluster)?.readAt ?? before?.readAt ?? null);
  const services = read.flatMap((one) => one.services ?? known(one.cluster));
  return {
    services,
    clusters,
    failures: read.flatMap(({ cluster, failure }) =>
      failure === null ? [] : [{ cluster, failure, knownServices: known(cluster).length, readAt: readAt(cluster) }],
    ),
    calls: callsFor(clusters, services),
  };
}

const LISTED = 100;
const DESCRIBED = 10;

/** Calls a sweep takes at least: listing clusters, listing their services, describing these in tens. */
function callsFor(clusters: readonly string[], services: readonly Service[]): number {
  const pages = (count: number, size: number): number => Math.max(1, Math.ceil(count / size));
  const counts = clusters.map((cluster) => services.filter(({ clusterName }) => clusterName === cluster).length);
  return counts.reduce(
    (sum, count) => sum + pages(count, LISTED) + Math.ceil(count / DESCRIBED),
    pages(clusters.length, LISTED),
  );
}
