import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { Bench } from '@/conformance/bench';
import { type Group, holds, refuses, same } from '@/conformance/check';
import { clone } from './registration';

const deregister = async (bench: Bench, taskDefinition: string | undefined): Promise<void> => {
  await bench.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
};

/** A family of two revisions, the second deregistered. */
const halfGone = (bench: Bench) =>
  bench.once('half a family gone', async () => {
    const family = bench.name('statuses');
    const first = await bench.register(family);
    const second = await bench.register(family);
    await deregister(bench, second.taskDefinitionArn);
    return { family, first, second };
  });

export const statuses: Group = {
  title: 'statuses of revisions',
  checks: [
    {
      name: 'makes a deregistered revision INACTIVE, dated and still described',
      run: async (bench) => {
        const { second } = await halfGone(bench);
        const { status, deregisteredAt } = await bench.describe(second.taskDefinitionArn ?? '');
        same('status', status, 'INACTIVE');
        holds('a date of deregistration', deregisteredAt instanceof Date, deregisteredAt);
      },
    },
    {
      name: 'takes a bare family for its latest ACTIVE revision',
      run: async (bench) => {
        const { family, first } = await halfGone(bench);
        same('revision', (await bench.describe(family)).taskDefinitionArn, first.taskDefinitionArn);
      },
    },
    {
      name: 'does not describe a family without ACTIVE revision',
      run: async (bench) => {
        const family = bench.name('gone');
        await deregister(bench, (await bench.register(family)).taskDefinitionArn);
        await refuses(() => bench.describe(family), ['ClientException']);
      },
    },
    {
      name: 'gives the number of a deregistered revision to no other',
      run: async (bench) => {
        const family = bench.name('reuse');
        await deregister(bench, (await bench.register(family)).taskDefinitionArn);
        same('revision', (await bench.register(family)).revision, 2);
      },
    },
    {
      name: 'registers a copy of an INACTIVE revision',
      run: async (bench) => {
        const { second } = await halfGone(bench);
        const described = await bench.describe(second.taskDefinitionArn ?? '');
        const { taskDefinition } = await bench.ecs.send(new RegisterTaskDefinitionCommand(clone(described)));
        same('status', taskDefinition?.status, 'ACTIVE');
        same('definition', clone(taskDefinition ?? {}), clone(described));
      },
    },
    {
      name: 'does not delete an ACTIVE revision, and says so as a failure',
      run: async (bench) => {
        const { taskDefinitionArn = '' } = await bench.register(bench.name('undeletable'));
        const answer = await bench.ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: [taskDefinitionArn] }));
        same('failures', answer.failures?.length, 1);
        same('status', (await bench.describe(taskDefinitionArn)).status, 'ACTIVE');
      },
    },
    {
      name: 'lists a deleted revision neither as ACTIVE nor as INACTIVE',
      run: async (bench) => {
        const family = bench.name('deleted');
        const { taskDefinitionArn = '' } = await bench.register(family);
        await deregister(bench, taskDefinitionArn);
        await bench.ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: [taskDefinitionArn] }));
        for (const status of ['ACTIVE', 'INACTIVE'] as const) {
          const list = () => bench.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family, status }));
          await bench.until(`no ${status} revision`, list, (page) => page.taskDefinitionArns?.length === 0);
        }
      },
    },
  ],
};
