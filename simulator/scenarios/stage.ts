import type { Moment } from '@/simulator/call';
import { addCluster } from '@/simulator/ecs/clusters';
import type { Cluster } from '@/simulator/ecs/state';
import { regionOf, type World } from '@/simulator/world';
import { addShippedRoles } from './roles';

/** Where every scenario plays. */
export const REGION = 'eu-west-1';

/** One cluster of one account, at the moment the scenario is told. */
export type Stage = Moment & { readonly account: string; readonly cluster: Cluster };

/** Opens a cluster in an account that has the roles the dashboard and the pipeline take. */
export function openStage(world: World, account: string, cluster: string, now: number): Stage {
  const region = regionOf(world, account, REGION);
  addShippedRoles(world, account, now);
  return { world, region, now, account, cluster: addCluster(region, cluster) };
}

/** Times before the moment the scenario is told, in milliseconds. */
export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => minutes(count * 60);
export const days = (count: number): number => hours(count * 24);
