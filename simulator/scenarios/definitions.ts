import type { ContainerDefinition, CreateServiceRequest, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { roleArn } from './roles';
import { REGION, type Stage } from './stage';

/** The image of a repository in the account's own registry. */
export const image = ({ account }: Stage, repository: string, tag: string): string =>
  `${account}.dkr.ecr.${REGION}.amazonaws.com/${repository}:${tag}`;

/** What tells one service's definition from another's. */
export type Shape = {
  readonly family: string;
  readonly image: string;
  readonly cpu?: number;
  readonly memory?: number;
  readonly port?: number;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Secret or parameter ARNs by variable. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly taskRole?: string;
  readonly sidecars?: readonly ContainerDefinition[];
};

/** A Fargate task as the company's Terraform writes it: one container `app`, and what stands beside it. */
export function fargate(stage: Stage, shape: Shape): RegisterTaskDefinitionRequest {
  const { family, cpu = 256, memory = 512, taskRole = `${family}-task`, sidecars = [] } = shape;
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: String(cpu),
    memory: String(memory),
    taskRoleArn: roleArn(stage.account, taskRole),
    executionRoleArn: roleArn(stage.account, 'notify-execution'),
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    containerDefinitions: [app(shape), ...sidecars],
  };
}

function app({ family, image, port, command, environment = {}, secrets = {} }: Shape): ContainerDefinition {
  return {
    name: 'app',
    image,
    essential: true,
    stopTimeout: 30,
    ...(port !== undefined && { portMappings: [{ name: 'http', containerPort: port, protocol: 'tcp' }] }),
    ...(command && { command: [...command] }),
    environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
    secrets: Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    logConfiguration: logs(family, 'app'),
    ulimits: [{ name: 'nofile', softLimit: 65_536, hardLimit: 65_536 }],
  };
}

/** nginx beside an application. */
export const nginx = (stage: Stage, family: string, version: string): ContainerDefinition => ({
  name: 'nginx',
  image: image(stage, 'nginx', version),
  essential: true,
  portMappings: [{ name: 'metrics', containerPort: 9113, protocol: 'tcp' }],
  environment: [],
  dependsOn: [{ containerName: 'app', condition: 'START' }],
  logConfiguration: logs(family, 'nginx'),
});

const logs = (family: string, prefix: string): ContainerDefinition['logConfiguration'] => ({
  logDriver: 'awslogs',
  options: {
    'awslogs-group': `/ecs/notify/${family}`,
    'awslogs-region': REGION,
    'awslogs-stream-prefix': prefix,
  },
});

/** What every service here shares: Fargate in the same subnets, a circuit breaker that returns. */
export function fargateService(name: string, desiredCount: number): CreateServiceRequest {
  return {
    serviceName: name,
    launchType: 'FARGATE',
    desiredCount,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b2c3d4e5f6071829', 'subnet-0c3d4e5f60718293a'],
        securityGroups: ['sg-0d4e5f60718293a4b'],
        assignPublicIp: 'DISABLED',
      },
    },
    deploymentConfiguration: {
      strategy: 'ROLLING',
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    propagateTags: 'SERVICE',
    enableECSManagedTags: true,
    tags: [
      { key: 'team', value: 'notify' },
      { key: 'repository', value: name },
    ],
  };
}
