import {
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  type ListTaskDefinitionsCommandInput,
} from '@aws-sdk/client-ecs';
import type { Bench } from '@/conformance/bench';
import { type Group, holds, same } from '@/conformance/check';

/** A family of seven revisions, of which 3 is INACTIVE, and one whose name only begins alike. */
const family = (bench: Bench) =>
  bench.once('a family to list', async () => {
    const name = bench.name('list');
    for (let count = 0; count < 7; count++) await bench.register(name);
    await bench.register(`${name}-longer`);
    await bench.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${name}:3` }));
    return name;
  });

/** Numbers of the revisions a listing shows, page after page. */
async function numbers(bench: Bench, input: ListTaskDefinitionsCommandInput): Promise<number[]> {
  const found: number[] = [];
  let nextToken: string | undefined;
  do {
    const page = await bench.ecs.send(new ListTaskDefinitionsCommand({ ...input, nextToken }));
    found.push(...(page.taskDefinitionArns ?? []).map((arn) => Number(arn.split(':').at(-1))));
    nextToken = page.nextToken ?? undefined;
  } while (nextToken !== undefined && found.length < 100);
  return found;
}

/** Eleven services that want no tasks. */
const manyServices = (bench: Bench) =>
  bench.once('eleven services', async () => {
    const { taskDefinitionArn } = await bench.register(bench.name('many'));
    const names = Array.from({ length: 11 }, (_, index) => `many-${index}`);
    for (const name of names) await bench.createService(name, { taskDefinition: taskDefinitionArn, desiredCount: 0 });
    return names;
  });

export const listing: Group = {
  title: 'listing and pagination',
  checks: [
    {
      name: 'lists ACTIVE revisions of exactly the family, oldest first',
      run: async (bench) => {
        same('revisions', await numbers(bench, { familyPrefix: await family(bench) }), [1, 2, 4, 5, 6, 7]);
      },
    },
    {
      name: 'lists newest first, and INACTIVE ones, on demand',
      run: async (bench) => {
        const input = { familyPrefix: await family(bench), sort: 'DESC' as const };
        same('revisions', await numbers(bench, input), [7, 6, 5, 4, 2, 1]);
        same('INACTIVE', await numbers(bench, { ...input, status: 'INACTIVE' }), [3]);
      },
    },
    {
      name: 'pages through everything once, as many a page as asked for',
      run: async (bench) => {
        const input = { familyPrefix: await family(bench), maxResults: 2 };
        const page = await bench.ecs.send(new ListTaskDefinitionsCommand(input));
        holds('at most 2 on a page', (page.taskDefinitionArns?.length ?? 0) <= 2, page.taskDefinitionArns);
        same('revisions', await numbers(bench, input), [1, 2, 4, 5, 6, 7]);
      },
    },
    {
      name: 'takes the prefix of a family for a prefix when families are listed',
      run: async (bench) => {
        const name = await family(bench);
        const page = await bench.ecs.send(new ListTaskDefinitionFamiliesCommand({ familyPrefix: name }));
        same('families', page.families, [name, `${name}-longer`]);
      },
    },
    {
      name: 'lists ten services a page unless more are asked for',
      run: async (bench) => {
        const names = await manyServices(bench);
        const cluster = await bench.cluster();
        const page = await bench.ecs.send(new ListServicesCommand({ cluster }));
        same('services on a page', page.serviceArns?.length, 10);
        const all = await bench.ecs.send(new ListServicesCommand({ cluster, maxResults: 100 }));
        holds('all on one page', (all.serviceArns?.length ?? 0) >= names.length, all.serviceArns?.length);
      },
    },
    {
      name: 'answers for services that do not exist among the failures',
      run: async (bench) => {
        const cluster = await bench.cluster();
        const answer = await bench.ecs.send(new DescribeServicesCommand({ cluster, services: ['nobody'] }));
        same('services', answer.services ?? [], []);
        same('reason', answer.failures?.[0]?.reason, 'MISSING');
      },
    },
  ],
};
