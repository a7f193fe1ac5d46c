import type {
  CreateClusterResponse,
  DeleteClusterResponse,
  DescribeClustersResponse,
  ListClustersResponse,
  Cluster as WireCluster,
} from '@aws-sdk/client-ecs';
import { AwsError, invalidParameter } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { optionalText, texts } from '@/simulator/input';
import { page } from '@/simulator/page';
import type { Region } from '@/simulator/world';
import { ecsPages } from './list-task-definitions';
import { clusterName, ecsArn, restOf } from './lookup';
import type { Cluster, Service } from './state';
import { isPending, isRunning } from './tasks';

/** Services of a cluster that are not deleted, by name. */
export const servicesOf = (region: Region, cluster: string): Service[] =>
  [...region.services.values()]
    .filter((service) => service.cluster === cluster && service.status !== 'INACTIVE')
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Adds a cluster to the region. */
export function addCluster(region: Region, name: string): Cluster {
  const cluster: Cluster = { name, arn: ecsArn(region, `cluster/${name}`), status: 'ACTIVE', tags: [] };
  region.clusters.set(name, cluster);
  return cluster;
}

/** ListClusters. */
export const listClusters: Operation = (call, input): ListClustersResponse => {
  const found = [...call.region.clusters.values()]
    .filter(({ status }) => status === 'ACTIVE')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(found, ({ arn }) => arn, input, ecsPages(100));
  return { clusterArns: items.map(({ arn }) => arn), ...(nextToken !== null && { nextToken }) };
};

/** DescribeClusters: unknown ones are failures, not errors. */
export const describeClusters: Operation = (call, input): DescribeClustersResponse => {
  const names = texts(input, 'clusters');
  if (names.length > 100) throw invalidParameter('Clusters can not have more than 100 elements.');
  const include = new Set(texts(input, 'include'));
  const answers = (names.length === 0 ? ['default'] : names).map((given) => {
    const name = restOf(call.region, 'cluster', given);
    const cluster = name === null ? undefined : call.region.clusters.get(name);
    return { given, cluster };
  });
  return {
    clusters: answers.flatMap(({ cluster }) => (cluster ? [wireCluster(call, cluster, include)] : [])),
    failures: answers
      .filter(({ cluster }) => !cluster)
      .map(({ given }) => ({ arn: clusterArn(call, given), reason: 'MISSING' })),
  };
};

const clusterArn = (call: Call, given: string): string =>
  given.startsWith('arn:') ? given : ecsArn(call.region, `cluster/${given}`);

function wireCluster(call: Call, cluster: Cluster, include: ReadonlySet<string>): WireCluster {
  const services = servicesOf(call.region, cluster.name);
  const tasks = services.flatMap((service) => service.tasks);
  const instances = [...call.region.containerInstances.values()].filter((each) => each.cluster === cluster.name);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: instances.length,
    runningTasksCount: tasks.filter(isRunning).length,
    pendingTasksCount: tasks.filter(isPending).length,
    activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    tags: include.has('TAGS') ? cluster.tags : [],
    settings: include.has('SETTINGS') ? [{ name: 'containerInsights', value: 'disabled' }] : [],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  };
}

/** CreateCluster: an existing one is answered as it is. */
export const createCluster: Operation = (call, input): CreateClusterResponse => {
  const name = optionalText(input, 'clusterName') ?? 'default';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter('Invalid cluster name.');
  const known = call.region.clusters.get(name);
  const cluster = known?.status === 'ACTIVE' ? known : addCluster(call.region, name);
  return { cluster: wireCluster(call, cluster, new Set(['TAGS', 'SETTINGS'])) };
};

/** DeleteCluster: refused while services are in it; afterwards it lingers as INACTIVE. */
export const deleteCluster: Operation = (call, input): DeleteClusterResponse => {
  const cluster = call.region.clusters.get(clusterName(call, input));
  if (!cluster) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  if (servicesOf(call.region, cluster.name).length > 0) {
    throw new AwsError('ClusterContainsServicesException', 'The Cluster cannot be deleted while Services are active.');
  }
  cluster.status = 'INACTIVE';
  return { cluster: wireCluster(call, cluster, new Set()) };
};
