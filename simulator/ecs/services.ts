import type {
  CreateServiceRequest,
  CreateServiceResponse,
  DeleteServiceResponse,
  DescribeServicesResponse,
  ListServicesResponse,
} from '@aws-sdk/client-ecs';
import { AwsError, invalidParameter } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { optionalBoolean, optionalText, text, texts, withoutNulls } from '@/simulator/input';
import { page } from '@/simulator/page';
import { servicesOf } from './clusters';
import { beginDeployment } from './deployments';
import { ecsPages } from './list-task-definitions';
import { ecsArn, findService, requireCluster, requireService, serviceKey, usableRevision } from './lookup';
import type { Cluster, RevisionSettings, Service } from './state';
import { stopTask } from './task-life';
import { isLive } from './tasks';
import { refuseMisfit, refuseNumbers } from './update-rules';
import { settingsAfter } from './update-service';
import { wireService } from './wire-service';

/** ListServices: ten a page unless more are asked for. */
export const listServices: Operation = (call, input): ListServicesResponse => {
  const cluster = requireCluster(call, input);
  const launchType = optionalText(input, 'launchType');
  const scheduling = optionalText(input, 'schedulingStrategy');
  const management = optionalText(input, 'resourceManagementType');
  const found = servicesOf(call.region, cluster.name)
    .filter(({ kept }) => launchType === null || kept.launchType === launchType)
    .filter(({ schedulingStrategy }) => scheduling === null || schedulingStrategy === scheduling)
    .filter(({ kept }) => management === null || (kept.resourceManagementType ?? 'CUSTOMER') === management);
  const { items, nextToken } = page(found, ({ arn }) => arn, input, ecsPages(10));
  return { serviceArns: items.map(({ arn }) => arn), ...(nextToken !== null && { nextToken }) };
};

/** DescribeServices: at most ten of one cluster; unknown ones are failures. */
export const describeServices: Operation = (call, input): DescribeServicesResponse => {
  const cluster = requireCluster(call, input);
  const names = texts(input, 'services');
  if (names.length === 0) throw invalidParameter('Services can not be empty.');
  if (names.length > 10) throw invalidParameter('Services can not have more than 10 elements.');
  const withTags = texts(input, 'include').includes('TAGS');
  const answers = names.map((given) => ({ given, service: findService(call.region, cluster.name, given) }));
  return {
    services: answers.flatMap(({ service }) => (service ? [wireService(call, service, withTags)] : [])),
    failures: answers
      .filter(({ service }) => !service)
      .map(({ given }) => ({ arn: missingArn(call, cluster, given), reason: 'MISSING' })),
  };
};

const missingArn = (call: Call, cluster: Cluster, given: string): string =>
  given.startsWith('arn:') ? given : ecsArn(call.region, `service/${serviceKey(cluster.name, given)}`);

const NO_SETTINGS: RevisionSettings = {
  loadBalancers: [],
  serviceRegistries: [],
  networkConfiguration: null,
  serviceConnectConfiguration: null,
  volumeConfigurations: [],
  vpcLatticeConfigurations: [],
  platformVersion: null,
};

/** CreateService. */
export const createService: Operation = (call, input): CreateServiceResponse => {
  const cluster = requireCluster(call, input);
  const name = text(input, 'serviceName');
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter('Invalid service name.');
  const known = findService(call.region, cluster.name, name);
  if (known && known.status !== 'INACTIVE') throw invalidParameter('Creation of service was not idempotent.');
  const request = withoutNulls(input) as CreateServiceRequest;
  const service = newService(call, cluster, request);
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.configuration;
  refuseNumbers(call, service.desiredCount, minimumHealthyPercent, maximumPercent);
  const revision = usableRevision(call, text(input, 'taskDefinition'), call.world.inactiveAllowedMs);
  refuseMisfit(call, revision, service.settings, service.kept.launchType);
  service.taskDefinition = revision.arn;
  call.region.services.set(serviceKey(cluster.name, name), service);
  if (service.controller === 'ECS') beginDeployment(call, service);
  return { service: wireService(call, service, true) };
};

/** A service as CreateService makes it, before its first deployment. */
export function newService(
  call: Pick<Call, 'region' | 'now'> & { readonly principal: { readonly arn: string } },
  cluster: Cluster,
  request: CreateServiceRequest,
): Service {
  const name = request.serviceName ?? '';
  const daemon = request.schedulingStrategy === 'DAEMON';
  const instances = [...call.region.containerInstances.values()].filter((each) => each.cluster === cluster.name);
  return {
    name,
    arn: ecsArn(call.region, `service/${serviceKey(cluster.name, name)}`),
    cluster: cluster.name,
    clusterArn: cluster.arn,
    status: 'ACTIVE',
    controller: request.deploymentController?.type ?? 'ECS',
    schedulingStrategy: daemon ? 'DAEMON' : 'REPLICA',
    taskDefinition: request.taskDefinition ?? '',
    desiredCount: daemon ? instances.length : (request.desiredCount ?? 0),
    settings: settingsAfter(NO_SETTINGS, request),
    configuration: {
      strategy: 'ROLLING',
      maximumPercent: daemon ? 100 : 200,
      minimumHealthyPercent: daemon ? 0 : 100,
      deploymentCircuitBreaker: { enable: false, rollback: false },
      ...request.deploymentConfiguration,
    },
    kept: keptMembers(request),
    healthCheckGracePeriodSeconds: request.healthCheckGracePeriodSeconds ?? null,
    enableECSManagedTags: request.enableECSManagedTags ?? false,
    enableExecuteCommand: request.enableExecuteCommand ?? false,
    tags: [...(request.tags ?? [])],
    createdAt: call.now,
    createdBy: call.principal.arn,
    deployments: [],
    lastCompleted: null,
    serviceDeployments: [],
    revisions: new Map(),
    tasks: [],
    events: [],
    fate: null,
    steady: false,
    wakeAt: null,
    taskSetId: null,
  };
}

function keptMembers(request: CreateServiceRequest): Service['kept'] {
  const { launchType, capacityProviderStrategy } = request;
  return {
    ...(capacityProviderStrategy?.length ? { capacityProviderStrategy } : { launchType: launchType ?? 'EC2' }),
    placementConstraints: request.placementConstraints ?? [],
    placementStrategy: request.placementStrategy ?? [],
    availabilityZoneRebalancing: request.availabilityZoneRebalancing ?? 'DISABLED',
    propagateTags: request.propagateTags ?? 'NONE',
  };
}

/** DeleteService: refused while tasks are wanted, unless forced; it drains and lingers as INACTIVE. */
export const deleteService: Operation = (call, input): DeleteServiceResponse => {
  const service = requireService(call, input);
  const force = optionalBoolean(input, 'force') ?? false;
  if (service.status === 'INACTIVE') throw new AwsError('ServiceNotFoundException', 'Service not found.');
  if (service.desiredCount > 0 && !force) {
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
  }
  removeService(call, service);
  return { service: wireService(call, service, true) };
};

/** Ends a service with its tasks; its deployments and revisions go with it. */
export function removeService(call: Pick<Call, 'world' | 'region' | 'now'>, service: Service): void {
  service.status = 'INACTIVE';
  service.desiredCount = 0;
  for (const task of service.tasks.filter(isLive)) stopTask(call, task, 'Service deleted');
  service.deployments = [];
  service.serviceDeployments = [];
  service.lastCompleted = null;
  service.revisions.clear();
  service.wakeAt = call.now;
}
