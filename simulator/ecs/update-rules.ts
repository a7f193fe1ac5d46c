import type { PortMapping } from '@aws-sdk/client-ecs';
import { AwsError, clientError, invalidParameter } from '@/simulator/aws-error';
import type { Call, Moment } from '@/simulator/call';
import type { Revision, RevisionSettings, Service } from './state';

/** Throws what ECS answers where the revision does not fit the service's load balancers, network or launch type. */
export function refuseMisfit(
  { region }: Moment,
  revision: Revision,
  settings: RevisionSettings,
  launchType: string | undefined,
): void {
  const { definition, compatibilities } = revision;
  if (launchType && !compatibilities.includes(launchType)) {
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
  }
  const containers = definition.containerDefinitions ?? [];
  const places = [
    ...settings.loadBalancers,
    ...settings.serviceRegistries.filter(({ containerName }) => containerName),
  ];
  for (const { containerName, containerPort } of places) {
    const container = containers.find(({ name }) => name === containerName);
    if (!container) throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    const listens = (container.portMappings ?? []).some((mapping) => covers(mapping, containerPort));
    if (containerPort !== undefined && !listens) {
      throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
  }
  const isAwsvpc = definition.networkMode === 'awsvpc';
  if (isAwsvpc && !settings.networkConfiguration?.awsvpcConfiguration) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (!isAwsvpc && settings.networkConfiguration?.awsvpcConfiguration) {
    throw invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  for (const { targetGroupArn } of settings.loadBalancers) {
    const group = targetGroupArn ? region.targetGroups.get(targetGroupArn) : undefined;
    if (group && isAwsvpc !== (group.targetType === 'ip')) {
      throw invalidParameter(
        `The provided target group ${targetGroupArn} has target type ${group.targetType}, which is incompatible with the ${definition.networkMode ?? 'bridge'} network mode specified in the task definition.`,
      );
    }
  }
}

function covers({ containerPort, containerPortRange }: PortMapping, port: number | undefined): boolean {
  if (port === undefined || containerPort === port) return true;
  const [from, to] = (containerPortRange ?? '').split('-').map(Number);
  return from !== undefined && to !== undefined && port >= from && port <= to;
}

/** Throws what ECS answers where the service's state or controller does not allow the update. */
export function refuseState(service: Service, input: Readonly<Record<string, unknown>>): void {
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  if (service.kept.resourceManagementType === 'ECS') {
    throw invalidParameter('The service is managed by Amazon ECS Express Mode. Use UpdateExpressGatewayService.');
  }
  if (service.controller === 'ECS') return;
  const kind = service.controller;
  if (input.forceNewDeployment === true) {
    throw invalidParameter(
      `Cannot force a new deployment on services with a ${kind} deployment controller. Use AWS CodeDeploy to trigger a new deployment.`,
    );
  }
  const forbidden = ['taskDefinition', 'networkConfiguration', 'platformVersion', 'loadBalancers'];
  if (!forbidden.some((member) => input[member] !== undefined)) return;
  throw invalidParameter(
    kind === 'CODE_DEPLOY'
      ? 'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.'
      : 'Unable to update task definition on services with an EXTERNAL deployment controller. Use a task set.',
  );
}

/** Throws where a count or percentage is out of range. */
export function refuseNumbers(_call: Call, desiredCount: number, minimum: number, maximum: number): void {
  if (desiredCount < 0) throw invalidParameter('desiredCount must not be negative.');
  if (minimum < 0 || maximum < 0) throw clientError('Percentages must not be negative.');
  if (maximum < minimum) throw invalidParameter('Maximum percent must be at least minimum healthy percent.');
}
