import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { callsDuring, lift, strike, totalOf } from '@/simulator/counted-calls';
import type { Service as SimulatedService } from '@/simulator/ecs/state';
import { type Simulator, startSimulator } from '@/simulator/start';
import { listServices, type Overview } from './list-services';
import { type LookWorld, lookWorld, operatorOf, PREVIEW, PRODUCTION, STAGING } from './look-world';

// What an overview of 500 services costs, asserted in calls on the wire. How long it takes is the benchmark's to tell.

const TARGETS = [PRODUCTION, STAGING, PREVIEW];
const EVERYTHING = { target: 'all', show: 'all' };
const OPERATOR = operatorOf(TARGETS);

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

/** A process that has read nothing yet; what another one stored is there. */
function newProcess(): LookWorld {
  const world = lookWorld(fresh.database, { targets: TARGETS });
  worlds.push(world);
  return world;
}

/** The overview once nothing of it is on its way any more, as a page that refreshes itself sees it at last. */
async function wholeOverview({ application }: LookWorld): Promise<Overview> {
  for (;;) {
    const overview = await listServices(OPERATOR, EVERYTHING, application);
    const { stillReading, stillNaming, stillDescribing } = overview;
    if (stillReading.length === 0 && stillNaming === 0 && stillDescribing === 0) return overview;
  }
}

/** Waits until every process has stored what it read. */
async function stored(): Promise<void> {
  for (const { application } of worlds) await application.reads.findSummaries('arn:nothing:1', 'nothing', 1);
}

const DAY_MS = 86_400_000;

/** The fewest calls that can tell everything an overview shows, counted in the world itself. */
function minimum() {
  const services = TARGETS.map(({ account }) => [
    ...(simulator.world.accounts
      .get(account ?? '')
      ?.regions.get('eu-west-1')
      ?.services.values() ?? []),
  ]);
  const ofClusters = services.flatMap((all) =>
    [...new Set(all.map(({ cluster }) => cluster))].map((name) => all.filter(({ cluster }) => cluster === name).length),
  );
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const sweep = TARGETS.length + sum(ofClusters.map((count) => Math.ceil(count / 100) + Math.ceil(count / 10)));
  const changed = services.map((all) => all.filter(isChanged));
  const changes = sum(changed.map(({ length }) => length));
  const pages = sum(
    changed.map((all) => Math.ceil(sum(all.map((one) => Math.min(20, one.serviceDeployments.length))) / 20)),
  );
  return {
    sweep,
    changes,
    // What runs, and for what changed what ran before it.
    definitions: sum(services.map(({ length }) => length)) + changes,
    // A list for each service; deployments and their revisions in twenties; a registry for each.
    pasts: changes + 2 * pages + changes,
  };
}

const isChanged = ({ serviceDeployments }: SimulatedService): boolean =>
  serviceDeployments.some(({ createdAt }) => createdAt > Date.now() - DAY_MS);

describe('the overview of 500 services', () => {
  it('costs a cold process hardly more calls than anybody could do with', async () => {
    const { answer, calls } = await callsDuring(simulator, () => wholeOverview(newProcess()));
    const { sweep, definitions, pasts } = minimum();
    expect(answer.rows).toHaveLength(502);
    expect(answer.rows.every(({ images }) => images !== null)).toBe(true);
    expect((calls.ListClusters ?? 0) + (calls.ListServices ?? 0) + (calls.DescribeServices ?? 0)).toBe(sweep);
    expect(totalOf(calls)).toBeLessThanOrEqual(1.1 * (sweep + definitions + pasts));
    expect(calls.AssumeRole).toBe(TARGETS.length);
  });

  it('tells of what changed what ran before, and what to return to', async () => {
    const { rows } = await listServices(OPERATOR, {}, worlds[0]?.application ?? newProcess().application);
    expect(rows.length).toBe(minimum().changes - 2);
    expect(rows.every(({ was, lastKnownGood }) => was !== null && lastKnownGood !== null)).toBe(true);
  });

  it('costs nothing more while it is young, however many look', async () => {
    const world = newProcess();
    await wholeOverview(world);
    const { calls } = await callsDuring(simulator, () =>
      Promise.all(Array.from({ length: 200 }, () => listServices(OPERATOR, EVERYTHING, world.application))),
    );
    expect(calls).toEqual({});
  });

  it('costs 200 people who come at once to a cold process the calls of one', async () => {
    const world = newProcess();
    const { answer, calls } = await callsDuring(simulator, async () => {
      const looks = await Promise.all(
        Array.from({ length: 200 }, () => listServices(OPERATOR, EVERYTHING, world.application)),
      );
      await wholeOverview(world);
      return looks;
    });
    expect(answer.every(({ rows }) => rows.length === 502)).toBe(true);
    expect((calls.ListClusters ?? 0) + (calls.ListServices ?? 0) + (calls.DescribeServices ?? 0)).toBe(minimum().sweep);
  });

  it('costs a restarted process the sweep and a look at what changed: nothing of the past is read again', async () => {
    const { answer, calls } = await callsDuring(simulator, () => wholeOverview(newProcess()));
    const { sweep, changes } = minimum();
    expect(answer.rows.every(({ images }) => images !== null)).toBe(true);
    expect(calls.DescribeTaskDefinition).toBeUndefined();
    expect(calls.DescribeServiceDeployments).toBeUndefined();
    expect(calls.DescribeServiceRevisions).toBeUndefined();
    expect(totalOf(calls)).toBeLessThanOrEqual(sweep + 2 * changes);
  });

  it('shows everything else while one cluster keeps silent, and says so', async () => {
    await strike(simulator, { operation: 'ListServices', fault: 'hang', count: 1 });
    const overview = await listServices(OPERATOR, EVERYTHING, newProcess().application);
    await lift(simulator);
    expect(overview.rows.length).toBeGreaterThanOrEqual(477);
    expect(overview.rows.length).toBeLessThan(502);
    expect(overview.stillReading).toHaveLength(1);
  });

  it('is swept again while somebody looked lately, as seldom as its calls demand, and not once nobody did', async () => {
    const { application, clock, ...world } = newProcess();
    await wholeOverview({ application, clock, ...world });
    const sweptAt = (): number => application.reads.services.peek(PRODUCTION.name)?.readAt ?? 0;
    const first = sweptAt();
    // 81 calls at four and a half a second.
    await clock.pass(17_900);
    expect(sweptAt()).toBe(first);
    const { calls } = await callsDuring(simulator, async () => {
      await clock.pass(200);
      await until(() => sweptAt() > first);
    });
    expect(calls.DescribeServices).toBeLessThanOrEqual(60 + 2);
    await clock.pass(300_000);
    await clock.pass(3_600_000);
    const last = sweptAt();
    await clock.pass(3_600_000);
    expect(sweptAt()).toBe(last);
  });

  it('goes on with what was known, and its age, while AWS throttles every read; nobody makes it worse', async () => {
    const { application, clock, ...world } = newProcess();
    const before = await wholeOverview({ application, clock, ...world });
    const look = (): Promise<Overview> => listServices(OPERATOR, EVERYTHING, application);
    await strike(simulator, { operation: 'reads', fault: 'throttle' });
    const { answer, calls } = await callsDuring(simulator, async () => {
      await clock.pass(30_000);
      const looks = await Promise.all(Array.from({ length: 200 }, look));
      await until(() => TARGETS.every(({ name }) => application.reads.services.peek(name)?.failure !== null));
      for (let second = 0; second < 30; second += 1) {
        await clock.pass(1_000);
        looks.push(await look());
      }
      return looks;
    });
    await lift(simulator);
    expect(answer.every(({ rows, readAt }) => rows.length === 502 && readAt === before.readAt)).toBe(true);
    const words = answer.at(-1)?.unreadable.map((one) => one.words);
    expect(words).toEqual(TARGETS.map(() => 'AWS asked us to slow down'));
    // Three tries of the first call of a sweep, and a pause between sweeps that grows.
    expect(totalOf(calls)).toBeLessThanOrEqual(TARGETS.length * 3 * 3);
    expect(Object.keys(calls).filter((operation) => /^(Register|Update|Stop)/.test(operation))).toEqual([]);
  });

  it('names every version by a call for twenty services, before a single definition was read', async () => {
    await stored();
    await fresh.owner.query('TRUNCATE revision, finished_deployment');
    await strike(simulator, { operation: 'DescribeTaskDefinition', fault: 'hang' });
    await strike(simulator, { operation: 'ListServiceDeployments', fault: 'hang' });
    const { answer, calls } = await callsDuring(simulator, () =>
      listServices(OPERATOR, EVERYTHING, newProcess().application),
    );
    await lift(simulator);
    expect(answer.rows).toHaveLength(502);
    expect(answer.rows.every(({ images, running }) => images !== null && /^build-\d+ \(\d+\)$/.test(running))).toBe(
      true,
    );
    expect(answer.rows.every(({ by }) => by === null)).toBe(true);
    expect(answer.stillDescribing).toBe(502);
    const groups = [500, 1, 1].reduce((sum, services) => sum + Math.ceil(services / 20), 0);
    // What was left of a group when somebody looked is asked for by itself.
    expect(calls.DescribeServiceRevisions).toBeLessThanOrEqual(groups + TARGETS.length);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
