import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { type Counts, callsDuring, totalOf } from '@/simulator/counted-calls';
import { type Simulator, startSimulator } from '@/simulator/start';
import { type PressWorld, pressWorld } from './press-world';

// What a plan and a press cost, asserted in calls and in calls one after the other. How long they take is the
// benchmark's to tell.

/** Long against everything but AWS, so that calls that wait for each other stand apart in the log. */
const LATENCY_MS = 400;

const API = { to: 'api:421', bring: 'images' } as const;

let simulator: Simulator;
let fresh: FreshDatabase;
let world: PressWorld;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  simulator = await startSimulator({ port: 0, scenario: 'notify', latencyMs: LATENCY_MS });
  process.env.AWS_ENDPOINT_URL = simulator.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIA111111111111DEMO';
  process.env.AWS_SECRET_ACCESS_KEY = 'any';
  world = await pressWorld(fresh.database, `${simulator.url}/_simulator/calls`);
});

afterAll(async () => {
  await world?.close();
  await simulator?.close();
  await fresh?.drop();
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
});

type Logged = { readonly n: number; readonly at: string; readonly operation: string };

const logSince = async (n: number): Promise<readonly Logged[]> =>
  (await (await fetch(`${simulator.url}/_simulator/calls?since=${n}`)).json()) as readonly Logged[];

/** Calls in the order in which they had to wait for each other: what one wave asks, nothing of it waits for. */
async function wavesDuring(act: () => Promise<unknown>): Promise<readonly (readonly string[])[]> {
  const before = (await logSince(0)).at(-1)?.n ?? 0;
  await act();
  const waves: { readonly operations: string[]; readonly answeredAt: number }[] = [];
  for (const { at, operation } of await logSince(before)) {
    const askedAt = Date.parse(at);
    const after = waves.findLastIndex(({ answeredAt }) => askedAt >= answeredAt);
    const wave = waves[after + 1];
    if (wave === undefined) waves.push({ operations: [operation], answeredAt: askedAt + LATENCY_MS });
    else wave.operations.push(operation);
  }
  return waves.map(({ operations }) => [...operations].sort());
}

const said = (calls: Counts): string =>
  Object.entries(calls)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(', ');

describe('a plan of a service with 160 revisions', () => {
  it('asks AWS no more than its service, history, definitions and what they lean on demand', async () => {
    const first = await callsDuring(simulator, () => world.plan('api', API));
    const again = await callsDuring(simulator, () => world.plan('api', API));
    console.info(`A plan of api, first: ${totalOf(first.calls)} calls (${said(first.calls)}).`);
    console.info(`A plan of api, again: ${totalOf(again.calls)} calls (${said(again.calls)}).`);
    const { planned } = first.answer;
    const shown = planned.kind === 'plan' ? planned.plan : null;
    const deployments = shown?.facts.deployments.ok ? shown.facts.deployments.value.length : 0;
    const leaning =
      shown === null
        ? 0
        : [
            shown.facts.images,
            shown.facts.secrets,
            shown.facts.roles,
            shown.facts.logGroups,
            shown.facts.targetTypes,
          ].reduce((sum, { size }) => sum + size, 0);
    // One service, its deployments in hundreds and their descriptions in twenties, two definitions, one call for
    // each thing these lean on, one for alarms. However many revisions there are, none of them is listed.
    const history = Math.ceil(deployments / 100) + 2 * Math.ceil(deployments / 20);
    expect(totalOf(first.calls)).toBeLessThanOrEqual(1 + history + 2 + leaning + 1);
    expect(totalOf(again.calls)).toBeLessThanOrEqual(1 + 1 + 2 + leaning + 1);
    expect(first.calls.ListTaskDefinitions).toBeUndefined();
    expect(totalOf(first.calls)).toBeLessThanOrEqual(30);
  });
});

describe('a press', () => {
  it('waits for AWS twice before it is confirmed, and four times from there to the change', async () => {
    const drawn = await world.plan('api', API);
    let pressed = '';
    const confirming = await wavesDuring(async () => {
      const answer = await world.press(drawn);
      pressed = answer.ok ? answer.value.id : '';
      while (world.application.starter.inHand().includes(pressed))
        await new Promise((resolve) => setTimeout(resolve, 10));
    });
    console.info(confirming.map((wave, index) => `${index + 1}. ${wave.join(', ')}`).join('\n'));
    const update = confirming.findIndex((wave) => wave.includes('UpdateService'));
    expect(update + 1).toBe(6);
    expect(confirming.slice(2, 6)).toEqual([
      ['AssumeRole', 'DescribeTaskDefinition'],
      ['RegisterTaskDefinition'],
      ['DescribeServices'],
      ['UpdateService'],
    ]);
    expect((await world.row(pressed)).state).toBe('watching');
  });
});
