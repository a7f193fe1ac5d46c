import { isDeepStrictEqual } from 'node:util';
import type { DeploymentConfiguration, UpdateServiceRequest, UpdateServiceResponse } from '@aws-sdk/client-ecs';
import type { Call, Operation } from '@/simulator/call';
import { optionalBoolean, optionalNumber, optionalText, withoutNulls } from '@/simulator/input';
import { beginDeployment, primaryOf } from './deployments';
import { findRevision, knownRevision, requireService, usableRevision } from './lookup';
import type { RevisionSettings, Service } from './state';
import { refuseMisfit, refuseNumbers, refuseState } from './update-rules';
import { wireService } from './wire-service';

/** UpdateService: omitted members stay, empty lists destroy, and only some members deploy. */
export const updateService: Operation = (call, input): UpdateServiceResponse => {
  const service = requireService(call, input);
  refuseState(service, input);
  const request = withoutNulls(input) as Partial<UpdateServiceRequest>;
  const settings = settingsAfter(service.settings, request);
  const force = optionalBoolean(input, 'forceNewDeployment') ?? false;
  const taskDefinition = taskDefinitionAfter(call, service, optionalText(input, 'taskDefinition'), settings, force);
  const desiredCount = optionalNumber(input, 'desiredCount') ?? service.desiredCount;
  const configuration = { ...service.configuration, ...(request.deploymentConfiguration ?? {}) };
  refuseNumbers(call, desiredCount, configuration.minimumHealthyPercent ?? 100, configuration.maximumPercent ?? 200);

  const deploys = force || taskDefinition !== service.taskDefinition || !isDeepStrictEqual(settings, service.settings);
  applyPlain(service, request, configuration);
  service.taskDefinition = taskDefinition;
  service.settings = settings;
  scale(call, service, desiredCount);
  if (deploys) beginDeployment(call, service);
  return { service: wireService(call, service, true) };
};

function taskDefinitionAfter(
  call: Call,
  service: Service,
  wanted: string | null,
  settings: RevisionSettings,
  force: boolean,
): string {
  if (wanted === null) {
    if (!isDeepStrictEqual(settings, service.settings)) {
      refuseMisfit(call, knownRevision(call.region, service.taskDefinition), settings, service.kept.launchType);
    }
    return service.taskDefinition;
  }
  const named = findRevision(call.region, wanted);
  // What runs already may be named again, deregistered or not, as long as nothing new would start from it.
  if (named?.arn === service.taskDefinition && !force) return service.taskDefinition;
  const revision = usableRevision(call, wanted, call.world.inactiveAllowedMs);
  refuseMisfit(call, revision, settings, service.kept.launchType);
  return revision.arn;
}

/** What a service revision freezes, after the members an update names. */
export function settingsAfter(before: RevisionSettings, request: Partial<UpdateServiceRequest>): RevisionSettings {
  return {
    loadBalancers: request.loadBalancers ?? before.loadBalancers,
    serviceRegistries: request.serviceRegistries ?? before.serviceRegistries,
    networkConfiguration: request.networkConfiguration ?? before.networkConfiguration,
    serviceConnectConfiguration: request.serviceConnectConfiguration ?? before.serviceConnectConfiguration,
    volumeConfigurations: request.volumeConfigurations ?? before.volumeConfigurations,
    vpcLatticeConfigurations: request.vpcLatticeConfigurations ?? before.vpcLatticeConfigurations,
    platformVersion: request.platformVersion ?? before.platformVersion,
  };
}

function applyPlain(
  service: Service,
  request: Partial<UpdateServiceRequest>,
  configuration: DeploymentConfiguration,
): void {
  const { capacityProviderStrategy, placementConstraints, placementStrategy } = request;
  service.configuration = configuration;
  service.kept = {
    ...service.kept,
    ...(capacityProviderStrategy && { capacityProviderStrategy }),
    ...(placementConstraints && { placementConstraints }),
    ...(placementStrategy && { placementStrategy }),
    ...(request.availabilityZoneRebalancing && { availabilityZoneRebalancing: request.availabilityZoneRebalancing }),
    ...(request.propagateTags && { propagateTags: request.propagateTags }),
  };
  service.healthCheckGracePeriodSeconds =
    request.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds;
  service.enableExecuteCommand = request.enableExecuteCommand ?? service.enableExecuteCommand;
  service.enableECSManagedTags = request.enableECSManagedTags ?? service.enableECSManagedTags;
}

/** Changes how many tasks are wanted; the deployment stays. */
export function scale(call: Pick<Call, 'now'>, service: Service, desiredCount: number): void {
  if (desiredCount === service.desiredCount) return;
  service.desiredCount = desiredCount;
  const primary = primaryOf(service);
  if (primary) {
    primary.desiredCount = desiredCount;
    primary.updatedAt = call.now;
  }
  service.steady = false;
  service.wakeAt = call.now;
}
