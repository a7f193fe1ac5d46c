import type {
  DescribeContainerInstancesResponse,
  ListContainerInstancesResponse,
  Resource,
  ContainerInstance as WireContainerInstance,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { texts } from '@/simulator/input';
import { page } from '@/simulator/page';
import { ecsPages } from './list-task-definitions';
import { ecsArn, requireCluster, restOf } from './lookup';
import type { ContainerInstance } from './state';

const arnOf = (call: Call, cluster: string, id: string): string =>
  ecsArn(call.region, `container-instance/${cluster}/${id}`);

/** ListContainerInstances. */
export const listContainerInstances: Operation = (call, input): ListContainerInstancesResponse => {
  const cluster = requireCluster(call, input);
  const found = [...call.region.containerInstances.values()].filter((each) => each.cluster === cluster.name);
  const { items, nextToken } = page(found, ({ id }) => id, input, ecsPages(100));
  return {
    containerInstanceArns: items.map(({ id }) => arnOf(call, cluster.name, id)),
    ...(nextToken !== null && { nextToken }),
  };
};

/** DescribeContainerInstances: unknown ones are failures. */
export const describeContainerInstances: Operation = (call, input): DescribeContainerInstancesResponse => {
  const cluster = requireCluster(call, input);
  const wanted = texts(input, 'containerInstances');
  if (wanted.length === 0) throw invalidParameter('Container instances can not be empty.');
  if (wanted.length > 100) throw invalidParameter('Container instances can not have more than 100 elements.');
  const answers = wanted.map((given) => {
    const id = restOf(call.region, 'container-instance', given)?.split('/').at(-1) ?? '';
    const instance = call.region.containerInstances.get(id);
    return { arn: arnOf(call, cluster.name, id), instance: instance?.cluster === cluster.name ? instance : undefined };
  });
  return {
    containerInstances: answers.flatMap(({ arn, instance }) => (instance ? [wire(arn, instance)] : [])),
    failures: answers.filter(({ instance }) => !instance).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
};

function wire(containerInstanceArn: string, instance: ContainerInstance): WireContainerInstance {
  return {
    containerInstanceArn,
    ec2InstanceId: `i-${instance.id.slice(0, 17)}`,
    status: 'ACTIVE',
    agentConnected: true,
    registeredResources: resources(instance.cpu, instance.memory),
    remainingResources: resources(instance.remainingCpu, instance.remainingMemory),
  };
}

const resources = (cpu: number, memory: number): Resource[] => [
  { name: 'CPU', type: 'INTEGER', integerValue: cpu },
  { name: 'MEMORY', type: 'INTEGER', integerValue: memory },
];
