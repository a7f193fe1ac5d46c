import type {
  ContainerDefinition,
  CreateServiceRequest,
  DescribeServiceDeploymentsResponse,
  RegisterTaskDefinitionRequest,
  ServiceDeployment as WireServiceDeployment,
} from '@aws-sdk/client-ecs';
import type { AwsError } from '@/simulator/aws-error';
import { execute } from '@/simulator/execute';
import { digestOf } from '@/simulator/ids';
import type { RegistryImage } from '@/simulator/neighbours/state';
import { emptyWorld, type Region, regionOf, type World } from '@/simulator/world';
import type { Deployment, Service, ServiceDeployment, Task } from './state';

const ACCOUNT = '111111111111';
const START = Date.UTC(2026, 10, 1);

/** A container that registers anywhere. */
export const CONTAINER = { name: 'app', image: 'nginx:1', memory: 128 } satisfies ContainerDefinition;

/** An account whose time passes only by `pass`, at the pace of real ECS. */
export type SmallWorld = {
  readonly world: World;
  readonly region: Region;
  /** Asks as the account's owner; the answer is what the operation promises. */
  readonly ask: <Answer>(operation: string, input?: object) => Answer;
  /** The refusal an operation answers with. */
  readonly refusal: (operation: string, input?: object) => AwsError;
  /** Lets seconds pass. */
  readonly pass: (seconds: number) => void;
  readonly register: (family: string, more?: Partial<RegisterTaskDefinitionRequest>) => string;
  /** Creates a service of revision 1 of a family of its name and lets it become steady. */
  readonly steady: (name: string, request?: Partial<CreateServiceRequest>) => Service;
  /** Registers the next revision and updates the service to it. */
  readonly deploy: (service: Service, more?: Partial<RegisterTaskDefinitionRequest>) => Deployment;
  readonly push: (repository: string, tag: string) => RegistryImage;
};

/** A world of one account with the cluster `c`. */
export function smallWorld(): SmallWorld {
  const world = emptyWorld('small', 1);
  const region = regionOf(world, ACCOUNT, 'eu-west-1');
  let now = START;
  const ask = <Answer>(operation: string, input: object = {}): Answer =>
    execute(world, now, {
      service: 'ecs',
      operation,
      region: region.name,
      input: { ...input },
      principal: OWNER,
    }) as Answer;
  const pass = (seconds: number): void => {
    now += seconds * 1000;
    ask('ListClusters');
  };
  ask('CreateCluster', { clusterName: 'c' });
  const register: SmallWorld['register'] = (family, more) => {
    const request = { family, containerDefinitions: [CONTAINER], ...more };
    return ask<{ taskDefinition: { taskDefinitionArn: string } }>('RegisterTaskDefinition', request).taskDefinition
      .taskDefinitionArn;
  };
  const serviceOf = (name: string): Service => {
    const found = region.services.get(`c/${name}`);
    if (!found) throw new Error(`no service ${name}`);
    return found;
  };
  return {
    world,
    region,
    ask,
    pass,
    register,
    refusal: (operation, input) => refusalOf(() => ask(operation, input)),
    steady: (name, request) => {
      const taskDefinition = request?.taskDefinition ?? register(name);
      ask('CreateService', { cluster: 'c', serviceName: name, desiredCount: 1, ...request, taskDefinition });
      pass(3600);
      return serviceOf(name);
    },
    deploy: (service, more) => {
      const taskDefinition = register(service.name, more);
      ask('UpdateService', { cluster: 'c', service: service.name, taskDefinition });
      return deploymentOf(service);
    },
    push: (repository, tag) => {
      world.sequence += 1;
      return push(region, repository, tag, world.sequence);
    },
  };
}

const OWNER = {
  arn: `arn:aws:iam::${ACCOUNT}:user/demo`,
  account: ACCOUNT,
  userId: 'AIDA',
  roleActions: null,
  sessionActions: null,
  sourceIdentity: null,
};

/** What an act was refused with. */
export function refusalOf(act: () => unknown): AwsError {
  try {
    act();
  } catch (error) {
    return error as AwsError;
  }
  throw new Error('it was not refused');
}

/** Pushes an image; the tag leaves the image that had it. */
function push(region: Region, name: string, tag: string, nth: number): RegistryImage {
  const repository = region.repositories.get(name) ?? { name, images: new Map<string, RegistryImage>() };
  region.repositories.set(name, repository);
  for (const image of repository.images.values()) image.tags = image.tags.filter((each) => each !== tag);
  const image: RegistryImage = {
    digest: digestOf(`${name}:${tag}#${nth}`),
    tags: [tag],
    pushedAt: START,
    sizeBytes: 1,
    status: 'ACTIVE',
    fate: 'healthy',
  };
  repository.images.set(image.digest, image);
  return image;
}

/** An ECR image of the account. */
export const ecrImage = (repository: string, tag: string): string =>
  `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/${repository}:${tag}`;

/** The deployment the service is heading for. */
export function deploymentOf(service: Service): Deployment {
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  if (!primary) throw new Error(`${service.name} has no PRIMARY deployment`);
  return primary;
}

/** The service's newest service deployment. */
export function recordOf(service: Service): ServiceDeployment {
  const [newest] = service.serviceDeployments;
  if (!newest) throw new Error(`${service.name} has no service deployment`);
  return newest;
}

/** A service deployment as AWS describes it. */
export function described({ ask }: SmallWorld, { arn }: { readonly arn: string }): WireServiceDeployment {
  const answer = ask<DescribeServiceDeploymentsResponse>('DescribeServiceDeployments', {
    serviceDeploymentArns: [arn],
  });
  const [found] = answer.serviceDeployments ?? [];
  if (!found) throw new Error(`no service deployment ${arn}`);
  return found;
}

/** Tasks of a deployment that run or are about to. */
export const liveTasks = (service: Service, { id }: { readonly id: string }): Task[] =>
  service.tasks.filter(({ deploymentId, desiredStatus }) => deploymentId === id && desiredStatus === 'RUNNING');

/** Events since a number of them, oldest first, without the service's name, ids shortened. */
export const eventsSince = (service: Service, count: number): string[] =>
  service.events
    .slice(0, service.events.length - count)
    .reverse()
    .map(({ message }) =>
      message
        .replace(`(service ${service.name}) `, '')
        .replace(`(service ${service.name}, `, '(')
        .replaceAll(/\b[0-9a-f]{32}\b/g, 'T')
        .replaceAll(/ecs-svc\/\d{19}/g, 'ecs-svc/D'),
    );
