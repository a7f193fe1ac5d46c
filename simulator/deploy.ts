import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Principal } from './call';
import { worldTime } from './clock';
import { primaryOf } from './ecs/deployments';
import { knownRevision, serviceKey } from './ecs/lookup';
import { removeService } from './ecs/services';
import type { Definition, Fate, Service } from './ecs/state';
import { execute } from './execute';
import type { Region, World } from './world';

/** A service named from outside; `region` may be left out where only one region has it. */
export type ServicePlace = {
  readonly account: string;
  readonly cluster: string;
  readonly service: string;
  readonly region?: string | undefined;
};

/** A wish that the world cannot fulfil, in words for whoever made it. */
export class Impossible extends Error {}

/** The service and the region it is in. */
export function findPlace(world: World, place: ServicePlace): { readonly region: Region; readonly service: Service } {
  const { account, cluster, service, region } = place;
  const regions = [...(world.accounts.get(account)?.regions.values() ?? [])];
  for (const each of regions) {
    if (region !== undefined && each.name !== region) continue;
    const found = each.services.get(serviceKey(cluster, service));
    if (found) return { region: each, service: found };
  }
  throw new Impossible(`There is no service ${cluster}/${service} in account ${account}.`);
}

/** Who a pipeline is to AWS; it may do everything. */
const pipelineOf = (account: string, build: number): Principal => ({
  arn: `arn:aws:sts::${account}:assumed-role/concourse-deploy/build-${build}`,
  account,
  userId: `AROACONCOURSEDEPLOY:build-${build}`,
  roleActions: null,
  sessionActions: null,
  sourceIdentity: null,
});

/** What a pipeline deploys: an image for the main container, or a revision as it is. */
export type Deploy = ServicePlace & {
  readonly image?: string | undefined;
  readonly taskDefinition?: string | undefined;
};

/** Deploys as a pipeline does: registers a copy with another image, if one is given, and updates the service. */
export function deploy(
  world: World,
  wallMs: number,
  wish: Deploy,
): { readonly taskDefinition: string; readonly deploymentId: string } {
  const { region, service } = findPlace(world, wish);
  const principal = pipelineOf(wish.account, world.sequence);
  const act = (operation: string, input: Record<string, unknown>): object =>
    execute(world, wallMs, { service: 'ecs', operation, region: region.name, input, principal });
  if (wish.image !== undefined) act('RegisterTaskDefinition', { ...copyWith(region, service, wish.image) });
  const taskDefinition = wish.taskDefinition ?? familyOf(region, service);
  act('UpdateService', { cluster: service.cluster, service: service.name, taskDefinition });
  return { taskDefinition: service.taskDefinition, deploymentId: primaryOf(service)?.id ?? '' };
}

/** A bare family is its newest revision, which is the one just registered. */
const familyOf = (region: Region, service: Service): string => knownRevision(region, service.taskDefinition).family;

function copyWith(region: Region, service: Service, image: string): Definition {
  const { definition } = knownRevision(region, service.taskDefinition);
  const containers = definition.containerDefinitions ?? [];
  const main = mainContainer(containers, service, image);
  return {
    ...definition,
    containerDefinitions: containers.map((container) => (container === main ? { ...container, image } : container)),
  };
}

const repositoryOf = (image: string): string => image.split('@', 1)[0]?.replace(/:[^/:]+$/, '') ?? '';

/** The container that runs the image's repository, else the one behind the load balancer, of the service's name, or first. */
function mainContainer(
  containers: readonly ContainerDefinition[],
  service: Service,
  image: string,
): ContainerDefinition | undefined {
  const balanced = service.settings.loadBalancers.map(({ containerName }) => containerName);
  return (
    containers.find((container) => repositoryOf(container.image ?? '') === repositoryOf(image)) ??
    containers.find(({ name }) => balanced.includes(name)) ??
    containers.find(({ name }) => name === service.name) ??
    containers.find(({ essential }) => essential !== false)
  );
}

/** What becomes of a service's tasks from now on. */
export type FateWish = ServicePlace & {
  readonly tasks: Fate;
  /** Only tasks of this revision's ARN. */
  readonly taskDefinition?: string | undefined;
  /** Wall milliseconds from start to failure of unhealthy tasks, at any speed. */
  readonly failsAfterMs?: number | undefined;
};

/** Decides how tasks of a service fare that start from now on. */
export function decideFate(world: World, wish: FateWish): void {
  const { service } = findPlace(world, wish);
  const { tasks, taskDefinition = null, failsAfterMs = null } = wish;
  service.fate = tasks === 'healthy' ? null : { tasks, taskDefinition, failsAfterMs };
  world.changes += 1;
}

/** Changes a service as somebody does at the console: members of UpdateService. */
export function changeSettings(
  world: World,
  wallMs: number,
  { settings, ...place }: ServicePlace & { readonly settings: Readonly<Record<string, unknown>> },
): void {
  const { region, service } = findPlace(world, place);
  const input = { ...settings, cluster: service.cluster, service: service.name };
  const principal = pipelineOf(place.account, world.sequence);
  execute(world, wallMs, { service: 'ecs', operation: 'UpdateService', region: region.name, input, principal });
}

/** Lets ECS finish what it is asked to stop, as it may where a stop comes just before the end. */
export function finishWhatIsStopped(world: World, place: ServicePlace): void {
  findPlace(world, place).service.finishesStopped = true;
  world.changes += 1;
}

/** Deletes a service with its tasks, whatever it is doing. */
export function deleteFromOutside(world: World, wallMs: number, place: ServicePlace): void {
  const { region, service } = findPlace(world, place);
  removeService({ world, region, now: worldTime(world, wallMs) }, service);
  world.changes += 1;
}
