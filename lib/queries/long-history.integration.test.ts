import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { type Counts, callsDuring, lift, strike } from '@/simulator/counted-calls';
import { type Simulator, startSimulator } from '@/simulator/start';
import { getService, type ServicePage, type ServiceQuery } from './get-service';
import { type LookWorld, lookWorld, operatorOf, PRODUCTION } from './look-world';

// A family of 10,000 revisions, asserted in calls on the wire.

const SERVICE = { target: 'production', cluster: 'estate-01', service: 'service-01-01' };
const FAMILY = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/service-01-01:1';
const OPERATOR = operatorOf([PRODUCTION]);

let simulator: Simulator;
let fresh: FreshDatabase;
const worlds: LookWorld[] = [];

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  simulator = await startSimulator({ port: 0, scenario: 'large' });
  process.env.AWS_ENDPOINT_URL = simulator.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIA111111111111DEMO';
  process.env.AWS_SECRET_ACCESS_KEY = 'any';
});

afterAll(async () => {
  for (const { close } of worlds) close();
  await simulator?.close();
  await fresh?.drop();
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
});

function newProcess(): LookWorld {
  const world = lookWorld(fresh.database, { targets: [PRODUCTION] });
  worlds.push(world);
  return world;
}

/** A process beside an empty database. */
async function firstProcess(): Promise<LookWorld> {
  await stored();
  await fresh.owner.query('TRUNCATE revision, finished_deployment');
  return newProcess();
}

/** Waits until every process has stored what it read. */
async function stored(): Promise<void> {
  for (const { application } of worlds) await application.reads.findSummaries(FAMILY, 'nothing', 1);
}

async function page(world: LookWorld, query: Partial<ServiceQuery> = {}): Promise<ServicePage> {
  const found = await getService(OPERATOR, { ...SERVICE, ...query }, world.application);
  if (!found?.ok) throw new Error('no page');
  return found.value;
}

const numbersOf = ({ versions }: ServicePage): readonly number[] =>
  versions.ok ? versions.value.map(({ number }) => number) : [];

const within = (calls: Counts, lists: number, describes: number): void => {
  expect(calls.ListTaskDefinitions ?? 0).toBeLessThanOrEqual(lists);
  expect(calls.DescribeTaskDefinition ?? 0).toBeLessThanOrEqual(describes);
};

const down = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from - index);

describe('a history of 10,000 revisions', () => {
  it('shows its newest 25 by three listing calls and 25 describing ones', async () => {
    const world = await firstProcess();
    const { answer, calls } = await callsDuring(simulator, () => page(world));
    expect(numbersOf(answer)).toEqual(down(10_000, 25));
    expect(answer.older).toBe('9976');
    within(calls, 3, 25);
  });

  it('loads older ones beyond the first hundred within the same bounds, without a gap', async () => {
    const world = await firstProcess();
    const seen: number[] = [...numbersOf(await page(world))];
    for (let older = '9976', step = 0; step < 14; step += 1) {
      const { answer, calls } = await callsDuring(simulator, () => page(world, { older }));
      within(calls, 3, 25);
      seen.push(...numbersOf(answer));
      older = answer.older ?? '';
    }
    expect(seen).toEqual(down(10_000, 15 * 25));
  });

  it('opens an address far down at once, in a process that has listed nothing', async () => {
    const world = await firstProcess();
    const { answer, calls } = await callsDuring(simulator, () => page(world, { older: '5001' }));
    expect(numbersOf(answer)).toEqual(down(5_000, 25));
    expect(answer.missing).toEqual([]);
    // Names for what ran here come with them, once.
    within(calls, 3, 25 + 8 + 2);
  });

  it('ends at the first revision', async () => {
    const last = await page(await firstProcess(), { older: '4' });
    expect([numbersOf(last), last.older]).toEqual([[3, 2, 1], null]);
  });

  it('costs no describing call to a restarted process but for the two it compares', async () => {
    await page(await firstProcess());
    await stored();
    const { answer, calls } = await callsDuring(simulator, () => page(newProcess()));
    expect(numbersOf(answer)).toEqual(down(10_000, 25));
    within(calls, 3, 2);
    expect(calls.DescribeServiceDeployments).toBeUndefined();
    expect(calls.DescribeServiceRevisions).toBeUndefined();
  });

  it('asks the registry once for a page whose images all exist', async () => {
    const world = await firstProcess();
    await page(world, { show: 'ran' });
    const { calls } = await callsDuring(simulator, () => page(world, { show: 'ran' }));
    expect(calls.DescribeImages).toBeUndefined();
  });

  it.each(['short-page', 'empty-page', 'repeated-page'])(
    'is read with as few calls where AWS gives a %s',
    async (fault) => {
      const world = await firstProcess();
      await strike(simulator, { operation: 'ListTaskDefinitions', fault });
      const { answer, calls } = await callsDuring(simulator, () => page(world));
      const older = await callsDuring(simulator, () => page(world, { older: '9976' }));
      await lift(simulator);
      expect(numbersOf(answer)).toEqual(down(10_000, 25));
      expect(numbersOf(older.answer)).toEqual(down(9_975, 25));
      within(calls, 3, 25);
      within(older.calls, 3, 25);
    },
  );
});

describe('a search in a long history', () => {
  it('goes down in bounded steps, tells how far it came, and finds', async () => {
    const world = await firstProcess();
    let older: string | undefined;
    const steps: ServicePage[] = [];
    for (let step = 0; step < 8; step += 1) {
      const { answer, calls } = await callsDuring(simulator, () => page(world, { find: 'build-9850', older }));
      within(calls, 3, 27);
      steps.push(answer);
      older = answer.search?.next ?? undefined;
    }
    const lookedTo = steps.map(({ search }) => search?.lookedTo ?? 0);
    expect(lookedTo.every((number, index) => number <= 10_000 - 25 * (index + 1) + 1)).toBe(true);
    expect(lookedTo.at(-1)).toBeGreaterThan(9_750);
    expect(steps.slice(0, 5).every((step) => numbersOf(step).length === 0)).toBe(true);
    expect(steps.slice(-1).flatMap(numbersOf)).toEqual([9_850]);
  });

  it('costs nothing where somebody looked before, and finds there at once', async () => {
    const { answer, calls } = await callsDuring(simulator, () => page(newProcess(), { find: 'BUILD-9850' }));
    expect(numbersOf(answer)).toEqual([9_850]);
    expect(answer.search?.lookedTo).toBeLessThan(9_850);
    within(calls, 3, 27);
  });

  it('finds a revision by its number, and says when everything was looked through', async () => {
    const world = newProcess();
    const near = await page(world, { find: 'build-2', older: '3' });
    expect([numbersOf(near), near.search?.next]).toEqual([[2], null]);
  });
});
