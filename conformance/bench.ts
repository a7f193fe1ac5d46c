import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type ServiceDeployment,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { Deviation, NotSupported, shown } from './check';

/** What the person who runs the suite knows about the endpoint. */
export type Place = {
  /** Image any task may run. */
  readonly image: string;
  /** Subnets for tasks; without any, made-up ones are named. */
  readonly subnets: readonly string[];
  /** Factor on every time limit. */
  readonly patience: number;
};

/** An image that no registry has, since its host never resolves. */
export const UNPULLABLE = 'registry.invalid/conformance/nothing:1';

/** Time a rollout may take at patience 1, in milliseconds. */
const ROLLOUT_MS = 60_000;
const FIRST_LOOK_MS = 50;
const LONGEST_GAP_MS = 5_000;

/** What checks work with: a client, names of their own, and ways to wait. */
export type Bench = {
  readonly ecs: ECSClient;
  readonly prefix: string;
  readonly place: Place;
  /** A name nobody else uses. */
  readonly name: (what: string) => string;
  /** The cluster of this run, created at the first look. */
  readonly cluster: () => Promise<string>;
  readonly register: (family: string, more?: Partial<RegisterTaskDefinitionCommandInput>) => Promise<TaskDefinition>;
  readonly describe: (taskDefinition: string) => Promise<TaskDefinition>;
  readonly createService: (name: string, more: Partial<CreateServiceCommandInput>) => Promise<Service>;
  readonly service: (name: string) => Promise<Service>;
  readonly update: (name: string, taskDefinition: string) => Promise<Service>;
  /** The service's deployments as ECS describes them, newest first. */
  readonly deployments: (name: string) => Promise<readonly ServiceDeployment[]>;
  /** Reads again and again until the value is as wanted; ends with a deviation when the time is up. */
  readonly until: <T>(wanted: string, read: () => Promise<T>, isIt: (value: T) => boolean) => Promise<T>;
  /** A scene that several checks look at, made once. */
  readonly once: <T>(scene: string, make: () => Promise<T>) => Promise<T>;
};

/** A container that registers anywhere. */
export const container = (place: Place) => ({ name: 'app', image: place.image, essential: true });

/** A Fargate task of the smallest size. */
export const fargate = (place: Place): Omit<RegisterTaskDefinitionCommandInput, 'family'> => ({
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [container(place)],
});

/** A bench for one run. */
export function createBench(ecs: ECSClient, place: Place): Bench {
  const prefix = `conformance-${randomBytes(4).toString('hex')}`;
  const scenes = new Map<string, Promise<unknown>>();
  const once = <T>(scene: string, make: () => Promise<T>): Promise<T> => {
    const known = scenes.get(scene) ?? make();
    scenes.set(scene, known);
    return known as Promise<T>;
  };
  const cluster = (): Promise<string> =>
    once('cluster', async () => {
      await ecs.send(new CreateClusterCommand({ clusterName: prefix }));
      return prefix;
    });
  return {
    ecs,
    prefix,
    place,
    once,
    cluster,
    name: (what) => `${prefix}-${what}`,
    register: async (family, more) => {
      const answer = await ecs.send(new RegisterTaskDefinitionCommand({ ...fargate(place), ...more, family }));
      return present(answer.taskDefinition, 'the task definition registered');
    },
    describe: async (taskDefinition) => {
      const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      return present(answer.taskDefinition, 'the task definition described');
    },
    createService: async (name, more) =>
      createService(ecs, place, { ...more, cluster: await cluster(), serviceName: name }),
    service: async (name) => {
      const answer = await ecs.send(new DescribeServicesCommand({ cluster: await cluster(), services: [name] }));
      return present(answer.services?.[0], `the service ${name}`);
    },
    update: async (name, taskDefinition) => {
      const answer = await ecs.send(
        new UpdateServiceCommand({ cluster: await cluster(), service: name, taskDefinition }),
      );
      return present(answer.service, 'the service updated');
    },
    deployments: async (name) => describedDeployments(ecs, await cluster(), name),
    until: (wanted, read, isIt) => until({ wanted, limitMs: ROLLOUT_MS * place.patience }, read, isIt),
  };
}

async function createService(ecs: ECSClient, place: Place, input: CreateServiceCommandInput): Promise<Service> {
  const subnets = place.subnets.length > 0 ? [...place.subnets] : ['subnet-00000000000000000'];
  try {
    const answer = await ecs.send(
      new CreateServiceCommand({
        launchType: 'FARGATE',
        desiredCount: 1,
        networkConfiguration: { awsvpcConfiguration: { subnets, assignPublicIp: 'ENABLED' } },
        ...input,
      }),
    );
    return present(answer.service, 'the service created');
  } catch (error) {
    if (place.subnets.length === 0 && error instanceof Error && /subnet/i.test(error.message)) {
      throw new NotSupported(`tasks need subnets of the account: --subnets (${error.message})`);
    }
    throw error;
  }
}

async function describedDeployments(
  ecs: ECSClient,
  cluster: string,
  service: string,
): Promise<readonly ServiceDeployment[]> {
  const list = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
  const arns = (list.serviceDeployments ?? []).flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
  if (arns.length === 0) return [];
  const answer = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }));
  return arns.flatMap((arn) => (answer.serviceDeployments ?? []).filter((each) => each.serviceDeploymentArn === arn));
}

async function until<T>(
  { wanted, limitMs }: { readonly wanted: string; readonly limitMs: number },
  read: () => Promise<T>,
  isIt: (value: T) => boolean,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (let gap = FIRST_LOOK_MS; ; gap = Math.min(gap * 1.3, LONGEST_GAP_MS)) {
    const value = await read();
    if (isIt(value)) return value;
    if (Date.now() > end)
      throw new Deviation(`${wanted} within ${Math.round(limitMs / 1000)} s`, `still ${brief(value)}`);
    await pause(gap);
  }
}

const brief = (value: unknown): string => shown(value).slice(0, 300);

/** @throws Deviation where an answer lacks what it promises. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Deviation(what, 'nothing');
  return value;
}
