import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListServicesCommand,
  type RegisterTaskDefinitionCommandInput,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import { container, fargate, type Place } from '@/conformance/bench';
import { type Check, type Group, refuses } from '@/conformance/check';

type Request = Partial<RegisterTaskDefinitionCommandInput>;

/** A definition that must not register. */
const refused = (name: string, words: RegExp, more: (place: Place) => Request): Check => ({
  name: `refuses to register ${name}`,
  run: async (bench) => {
    const request = more(bench.place);
    await refuses(() => bench.register(bench.name('refused'), request), ['ClientException'], words);
  },
});

const ports = (place: Place): Request => ({
  containerDefinitions: [{ ...container(place), portMappings: [{ containerPort: 80, hostPort: 81 }] }],
});

export const errors: Group = {
  title: 'errors',
  checks: [
    refused('an empty list of tags', /Tags can not be empty/, () => ({ tags: [] })),
    refused('an image with a space', /Container\.image contains invalid characters/, (place) => ({
      containerDefinitions: [{ ...container(place), image: 'a b' }],
    })),
    refused(
      'a container without memory where the task has none',
      /At least one of 'memory' or 'memoryReservation'/,
      (place) => ({
        networkMode: 'bridge',
        requiresCompatibilities: undefined,
        cpu: undefined,
        memory: undefined,
        containerDefinitions: [container(place)],
      }),
    ),
    refused('a Fargate size that does not exist', /No Fargate configuration exists for given values/, () => ({
      cpu: '256',
      memory: '8192',
    })),
    refused('differing ports in awsvpc', /host ports and container ports in port mappings must match/, ports),
    refused('more than 64 KiB', /Max allowed length is '65536' bytes/, (place) => ({
      containerDefinitions: [{ ...container(place), environment: [{ name: 'BIG', value: 'x'.repeat(70_000) }] }],
    })),
    {
      name: 'does not describe a revision that does not exist',
      run: async (bench) => {
        const taskDefinition = `${bench.name('never')}:1`;
        const request = () => bench.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
        await refuses(request, ['ClientException'], /Unable to describe task definition/);
      },
    },
    {
      name: 'finds no cluster that does not exist',
      run: async (bench) => {
        const cluster = bench.name('nowhere');
        const names = ['ClusterNotFoundException'];
        await refuses(() => bench.ecs.send(new ListServicesCommand({ cluster })), names);
        await refuses(() => bench.ecs.send(new DescribeServicesCommand({ cluster, services: ['x'] })), names);
      },
    },
    {
      name: 'finds no service that does not exist when it is updated',
      run: async (bench) => {
        const { taskDefinitionArn = '' } = await bench.register(bench.name('nobody'));
        await refuses(() => bench.update('nobody', taskDefinitionArn), ['ServiceNotFoundException']);
      },
    },
    {
      name: 'needs a network for a service of awsvpc tasks',
      run: async (bench) => {
        const { taskDefinitionArn } = await bench.register(bench.name('no-network'), fargate(bench.place));
        const request = { taskDefinition: taskDefinitionArn, networkConfiguration: undefined, desiredCount: 0 };
        await refuses(
          () => bench.createService('no-network', request),
          ['InvalidParameterException'],
          /Network Configuration must be provided/,
        );
      },
    },
    {
      name: 'finds no service deployment that does not exist when it is stopped',
      run: async (bench) => {
        const { taskDefinitionArn = '' } = await bench.register(bench.name('no-deployment'));
        const place = taskDefinitionArn.split(':').slice(0, 5).join(':');
        const serviceDeploymentArn = `${place}:service-deployment/${await bench.cluster()}/nobody/${'x'.repeat(21)}`;
        const request = () =>
          bench.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
        await refuses(request, ['ServiceDeploymentNotFoundException', 'InvalidParameterException']);
      },
    },
  ],
};
