import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { AwsError, clientError } from '@/simulator/aws-error';
import { isFargateSize } from './fargate-sizes';
import { cpuUnits, mebibytes } from './fill-definition';

const MOST_BYTES = 65_536;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const IMAGE = /^[A-Za-z0-9\-_.:/#@+]+$/;
const REPOSITORY = /^[A-Za-z0-9\-_.:/]+$/;
const ECR = /^\d{12}\.dkr[.-]ecr/;
const ROLE = /^(arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+|[\w+=,.@-]+)$/;

/** Throws what ECS answers to a definition it does not register; returns for one it does. */
export function refuseInvalid(request: RegisterTaskDefinitionRequest): void {
  refuseSize(request);
  if (!request.family) throw clientError('Family should not be null or empty');
  if (!NAME.test(request.family)) throw clientError('Family contains invalid characters.');
  refuseRoles(request);
  const containers = request.containerDefinitions ?? [];
  if (containers.length === 0) throw clientError('Container list cannot be empty.');
  if (containers.length > 10) throw clientError('Task definition does not support more than 10 containers.');
  for (const container of containers) refuseContainer(container, request);
  refuseTogether(containers, request);
  if (request.requiresCompatibilities?.includes('FARGATE')) refuseOnFargate(containers, request);
}

function refuseSize(request: RegisterTaskDefinitionRequest): void {
  const { tags: _tags, ...definition } = request;
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > MOST_BYTES) {
    throw clientError(`Actual length: '${bytes}'. Max allowed length is '${MOST_BYTES}' bytes.`);
  }
}

function refuseRoles({ taskRoleArn, executionRoleArn }: RegisterTaskDefinitionRequest): void {
  for (const role of [taskRoleArn, executionRoleArn]) {
    if (role !== undefined && !ROLE.test(role)) throw clientError('Role is not valid');
  }
}

function refuseContainer(container: ContainerDefinition, request: RegisterTaskDefinitionRequest): void {
  const { name, image } = container;
  if (!name) throw clientError('Container.name should not be null or empty.');
  if (!NAME.test(name)) throw clientError('Container.name contains invalid characters.');
  if (!image) throw clientError('Container.image should not be null or empty.');
  refuseImage(image);
  if (container.repositoryCredentials?.credentialsParameter === '') {
    throw clientError('RepositoryCredentials.credentialsParameter should not be null or empty.');
  }
  const sized = container.memory !== undefined || container.memoryReservation !== undefined;
  if (!sized && request.memory === undefined) {
    throw clientError(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (container.memory !== undefined && container.memoryReservation !== undefined) {
    if (container.memoryReservation > container.memory) {
      throw clientError(
        `Invalid setting for container '${name}'. The value for 'memory' must be greater than or equal to 'memoryReservation'.`,
      );
    }
  }
  refusePorts(container, request.networkMode);
  refuseReferences(container, request);
}

function refuseImage(image: string): void {
  if (!IMAGE.test(image)) throw clientError('Container.image contains invalid characters.');
  const repository = image.split('@', 1)[0] ?? '';
  if (!REPOSITORY.test(repository) || repository.length > 255) {
    throw clientError('Container.image repository contains invalid characters.');
  }
}

function refusePorts(container: ContainerDefinition, networkMode: string | undefined): void {
  const mappings = container.portMappings ?? [];
  for (const { containerPort, hostPort } of mappings) {
    for (const port of [containerPort, hostPort]) {
      if (port !== undefined && (port < 0 || port > 65_535)) throw clientError('Port must be between 0 and 65535.');
    }
  }
  if (networkMode !== 'awsvpc' && networkMode !== 'host') return;
  const differing = mappings.some(
    ({ containerPort, hostPort }) => hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort,
  );
  if (differing) {
    throw clientError(
      `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
    );
  }
}

function refuseReferences(container: ContainerDefinition, request: RegisterTaskDefinitionRequest): void {
  const volumes = new Set((request.volumes ?? []).map(({ name }) => name));
  const unknownVolume = (container.mountPoints ?? []).find(({ sourceVolume }) => !volumes.has(sourceVolume));
  if (unknownVolume) throw clientError(`Unknown volume '${unknownVolume.sourceVolume}'.`);
  const names = new Set((request.containerDefinitions ?? []).map(({ name }) => name));
  const stranger =
    container.dependsOn?.find(({ containerName }) => !names.has(containerName))?.containerName ??
    container.volumesFrom?.find(({ sourceContainer }) => !names.has(sourceContainer))?.sourceContainer ??
    container.links?.map((link) => link.split(':', 1)[0]).find((name) => !names.has(name));
  if (stranger !== undefined) {
    throw clientError(`Invalid setting for container '${container.name}'. Container '${stranger}' does not exist.`);
  }
}

function refuseTogether(
  containers: readonly ContainerDefinition[],
  { networkMode, volumes, cpu, memory }: RegisterTaskDefinitionRequest,
): void {
  const names = containers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw clientError(`Container names must be unique. '${twice}' is used more than once.`);
  if (containers.every(({ essential }) => essential === false)) {
    throw clientError('At least one container in the task definition must be marked as essential.');
  }
  if (networkMode === 'awsvpc' && containers.some(({ links }) => links && links.length > 0)) {
    throw clientError('Links are not supported when networkMode=awsvpc.');
  }
  if ((volumes ?? []).filter(({ configuredAtLaunch }) => configuredAtLaunch).length > 1) {
    throw clientError('Task definition does not support more than one volume configured at launch.');
  }
  if (cpu !== undefined && !/^\d+$/.test(cpuUnits(cpu))) throw clientError("Invalid 'cpu' setting for task.");
  if (memory !== undefined && !/^\d+$/.test(mebibytes(memory))) throw clientError("Invalid 'memory' setting for task.");
  const reserved = containers.reduce(
    (sum, container) => sum + (container.memoryReservation ?? container.memory ?? 0),
    0,
  );
  if (memory !== undefined && reserved > Number(mebibytes(memory))) {
    throw clientError("Invalid 'memory' setting for task. Containers ask for more than the task has.");
  }
}

function refuseOnFargate(
  containers: readonly ContainerDefinition[],
  { networkMode, cpu, memory, executionRoleArn }: RegisterTaskDefinitionRequest,
): void {
  if (networkMode !== 'awsvpc') throw clientError('Fargate only supports network mode ‘awsvpc’.');
  if (cpu === undefined) throw clientError("Fargate requires that 'cpu' be defined at the task level.");
  if (memory === undefined) throw clientError("Fargate requires that 'memory' be defined at the task level.");
  if (!isFargateSize(cpuUnits(cpu), mebibytes(memory))) {
    throw clientError('No Fargate configuration exists for given values.');
  }
  if (containers.some(({ privileged }) => privileged)) {
    throw clientError("Task definition's container does not support 'privileged' with Fargate.");
  }
  if (executionRoleArn !== undefined) return;
  if (containers.some(({ image }) => ECR.test(image ?? ''))) {
    throw clientError('Fargate requires task definition to have execution role ARN to support ECR images.');
  }
  if (containers.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs')) {
    throw clientError('Fargate requires task definition to have execution role ARN to support log driver awslogs.');
  }
}

/** Throws what ECS answers to tags it does not take; an absent list is fine, an empty one is not. */
export function refuseTags(tags: readonly { readonly key?: string; readonly value?: string }[] | undefined): void {
  if (tags === undefined) return;
  if (tags.length === 0) throw clientError('Tags can not be empty.');
  if (tags.length > 50) throw new AwsError('InvalidParameterException', 'The number of tags can not exceed 50.');
  for (const { key = '', value = '' } of tags) {
    if (/^aws:/i.test(key) || /^aws:/i.test(value)) {
      throw new AwsError('InvalidParameterException', 'aws: prefixed tag key names are not allowed for external use.');
    }
    const legal = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
    if (key.length < 1 || key.length > 128 || value.length > 256 || !legal.test(key) || !legal.test(value)) {
      throw new AwsError('InvalidParameterException', `Tag '${key}' has an invalid key or value.`);
    }
  }
  const keys = tags.map(({ key }) => key);
  if (new Set(keys).size < keys.length) {
    throw new AwsError('InvalidParameterException', 'Duplicate tag keys are not allowed.');
  }
}
