import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { isFargateSize } from './fargate-sizes';
import type { Definition } from './state';

const CAPABILITY = 'com.amazonaws.ecs.capability';

/** Launch types the definition can run on, as ECS answers them. */
export function compatibilitiesOf(definition: Definition): string[] {
  const { networkMode, cpu, memory } = definition;
  if (networkMode !== 'awsvpc') return ['EXTERNAL', 'EC2'];
  const fits = cpu !== undefined && memory !== undefined && isFargateSize(cpu, memory);
  const asked = definition.requiresCompatibilities?.includes('FARGATE') ?? false;
  return fits && (asked || !needsHost(definition)) ? ['EC2', 'FARGATE'] : ['EC2'];
}

const needsHost = ({ containerDefinitions, volumes, placementConstraints }: Definition): boolean =>
  (containerDefinitions ?? []).some(({ privileged, links }) => privileged || (links?.length ?? 0) > 0) ||
  (volumes ?? []).some(({ host, dockerVolumeConfiguration }) => host?.sourcePath || dockerVolumeConfiguration) ||
  (placementConstraints?.length ?? 0) > 0;

/** Attributes an instance must have to run the definition, sorted as ECS lists them: in no promised order. */
export function requiredAttributes(definition: Definition): string[] {
  const found = new Set<string>();
  if (definition.taskRoleArn) found.add(`${CAPABILITY}.task-iam-role`);
  if (definition.networkMode === 'awsvpc') found.add('ecs.capability.task-eni');
  if (definition.volumes?.some(({ efsVolumeConfiguration }) => efsVolumeConfiguration)) {
    found.add('ecs.capability.efs');
  }
  for (const container of definition.containerDefinitions ?? []) {
    for (const attribute of attributesOf(container, definition)) found.add(attribute);
  }
  return [...found];
}

function attributesOf(container: ContainerDefinition, { executionRoleArn }: Definition): string[] {
  const ecr = /\.dkr[.-]ecr/.test(container.image ?? '');
  const driver = container.logConfiguration?.logDriver;
  const secrets = container.secrets ?? [];
  const candidates: readonly (readonly [unknown, string])[] = [
    [true, `${CAPABILITY}.docker-remote-api.1.18`],
    [ecr, `${CAPABILITY}.ecr-auth`],
    [ecr && executionRoleArn, 'ecs.capability.execution-role-ecr-pull'],
    [driver, `${CAPABILITY}.logging-driver.${driver}`],
    [driver === 'awslogs' && executionRoleArn, 'ecs.capability.execution-role-awslogs'],
    [
      secrets.some(({ valueFrom }) => valueFrom?.includes(':secretsmanager:')),
      'ecs.capability.secrets.asm.environment-variables',
    ],
    [
      secrets.some(({ valueFrom }) => !valueFrom?.includes(':secretsmanager:')),
      'ecs.capability.secrets.ssm.environment-variables',
    ],
    [container.healthCheck, 'ecs.capability.container-health-check'],
    [container.dependsOn?.length, 'ecs.capability.container-ordering'],
    [container.privileged, `${CAPABILITY}.privileged-container`],
    [container.firelensConfiguration, `ecs.capability.firelens.${container.firelensConfiguration?.type}`],
  ];
  return candidates.flatMap(([holds, attribute]) => (holds ? [attribute] : []));
}
