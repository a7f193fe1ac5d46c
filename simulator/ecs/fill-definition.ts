import type { ContainerDefinition, PortMapping, RegisterTaskDefinitionRequest, Volume } from '@aws-sdk/client-ecs';
import type { Definition } from './state';

/** Tags stand beside a definition; the rest ECS alone writes, and does not read. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  'tags',
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);

/**
 * The definition as ECS keeps it: defaults filled, sizes as numbers, everything else as it came. Filling twice
 * changes nothing.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html}
 */
export function filled(request: RegisterTaskDefinitionRequest): Definition {
  const kept = Object.entries(request).filter(([member]) => !NOT_KEPT.has(member));
  return {
    ...(Object.fromEntries(kept) as Definition),
    containerDefinitions: (request.containerDefinitions ?? []).map((container) =>
      filledContainer(container, request.networkMode),
    ),
    volumes: (request.volumes ?? []).map(filledVolume),
    placementConstraints: request.placementConstraints ?? [],
    ...(request.cpu !== undefined && { cpu: cpuUnits(request.cpu) }),
    ...(request.memory !== undefined && { memory: mebibytes(request.memory) }),
  };
}

/** A volume that says no more than its name is one Docker assigns on the host. */
const filledVolume = (volume: Volume): Volume => (Object.keys(volume).length > 1 ? volume : { ...volume, host: {} });

function filledContainer(container: ContainerDefinition, networkMode: string | undefined): ContainerDefinition {
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => filledPort(mapping, networkMode)),
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
  };
}

function filledPort(mapping: PortMapping, networkMode: string | undefined): PortMapping {
  const protocol = mapping.protocol ?? 'tcp';
  if (mapping.containerPortRange !== undefined) return { ...mapping, protocol };
  const sameOnHost = networkMode === 'awsvpc' || networkMode === 'host';
  return { ...mapping, protocol, hostPort: mapping.hostPort ?? (sameOnHost ? mapping.containerPort : 0) };
}

/** CPU units of `256`, `1024` or `1 vCPU`; what is no size stays as it is. */
export function cpuUnits(given: string): string {
  const virtual = /^(\d*\.?\d+)\s*vcpu$/i.exec(given.trim());
  return virtual ? String(Math.round(Number(virtual[1]) * 1024)) : given;
}

/** Mebibytes of `512`, `2048` or `2GB`; what is no size stays as it is. */
export function mebibytes(given: string): string {
  const gigabytes = /^(\d*\.?\d+)\s*gb$/i.exec(given.trim());
  return gigabytes ? String(Math.round(Number(gigabytes[1]) * 1024)) : given;
}
