import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { rollbacksIn } from '@/lib/db/groups';
import type { Rollback } from '@/lib/db/rollbacks';
import { verifyRecord } from '@/lib/db/verify';
import { type Simulator, startSimulator } from '@/simulator/start';
import { everyone, pressGroup, readGroup, WORKERS } from './group-press';
import { takeOver } from './keeper';
import { type PressWorld, pressWorld } from './press-world';

// A group with the real SDK over HTTP and a real PostgreSQL; time inside ECS is shortened, the quotas are AWS's.

let fresh: FreshDatabase;
let simulator: Simulator;
let world: PressWorld;

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_REGION: 'eu-west-1',
};

beforeAll(() => {
  Object.assign(process.env, ENVIRONMENT);
});
afterAll(() => {
  for (const name of [...Object.keys(ENVIRONMENT), 'AWS_ENDPOINT_URL']) delete process.env[name];
});
beforeEach(async () => {
  [fresh, simulator] = await Promise.all([
    freshDatabase(process.env.TEST_DATABASE_URL),
    startSimulator({ port: 0, scenario: 'notify', speed: 1_000, throttle: true }),
  ]);
  process.env.AWS_ENDPOINT_URL = simulator.url;
  world = await pressWorld(fresh.database, callLog());
});
afterEach(async () => {
  await control('faults', null);
  await world.close();
  const verified = await verifyRecord(fresh.database);
  await Promise.all([fresh.drop(), simulator.close()]);
  expect(verified).toMatchObject({ ok: true });
});

const callLog = (): string => `${simulator.url}/_simulator/calls`;

const control = (path: string, body: object | null): Promise<Response> =>
  fetch(`${simulator.url}/_simulator/${path}`, {
    method: body === null ? 'DELETE' : 'POST',
    ...(body && { body: JSON.stringify(body) }),
  });

const NOTIFY = { account: '111111111111', cluster: 'notify' } as const;
const image = (tag: string): string => `111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:${tag}`;
async function deploy(service: string): Promise<void> {
  const answer = await control('deploy', { ...NOTIFY, service, image: image('release-1117') });
  if (!answer.ok) throw new Error(`the pipeline did not deploy ${service}: ${await answer.text()}`);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function rowsOf(group: string): Promise<readonly Rollback[]> {
  return (await rollbacksIn(fresh.database, group)).map(({ rollback }) => rollback);
}

/** Waits until the starter has nothing left in hand of a group. */
async function whenSent(group: string): Promise<readonly Rollback[]> {
  for (;;) {
    const rows = await rowsOf(group);
    if (rows.every(({ id }) => !world.application.starter.inHand().includes(id))) return rows;
    await pause(20);
  }
}

async function outcomes(group: string): Promise<ReadonlyMap<string, Rollback>> {
  const rows = await rowsOf(group);
  const ended = await Promise.all(rows.map(({ id }) => world.until(id, ({ endedAt }) => endedAt !== null)));
  return new Map(ended.map((row) => [row.service, row]));
}

/** Services our own role updated, in order. */
async function updated(): Promise<readonly unknown[]> {
  const writes = await world.writes();
  const ours = writes.filter(({ principal }) => principal.includes('ecs-rollback-writer'));
  return ours.filter(({ operation }) => operation === 'UpdateService').map(({ input }) => input.service);
}

async function pressed(answer: ReturnType<typeof pressGroup>): Promise<string> {
  const confirmed = await answer;
  if (!confirmed.ok) throw new Error(`not pressed: ${JSON.stringify(confirmed.error)}`);
  return confirmed.value.id;
}

describe('a group confirmed by one press', () => {
  it('is an ordinary rollback of every service: one registration and one update each, within our half of the quotas', async () => {
    const read = await readGroup(world);
    const at = performance.now();
    const group = await pressed(pressGroup(world, read));
    const confirmedMs = performance.now() - at;
    const rows = await whenSent(group);
    console.log(
      `group of ${rows.length}: stored after ${Math.round(confirmedMs)} ms, all accepted after ${Math.round(performance.now() - at)} ms`,
    );
    expect(group).toMatch(/^gr-[0-9a-z]{8}$/);
    expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'watching'));
    expect(rows.map(({ service }) => service)).toEqual(['api', ...Object.keys(WORKERS)]);

    const writes = await world.writes();
    expect(writes.map(({ status }) => status)).toEqual(writes.map(() => 200));
    expect(writes.filter(({ operation }) => operation === 'RegisterTaskDefinition')).toHaveLength(9);
    expect([...(await updated())].sort()).toEqual(['api', ...Object.keys(WORKERS)]);
    // Each by its own session, named for its own rollback.
    for (const { id } of rows) {
      const own = writes.filter(({ principal }) => principal.endsWith(`/${id}`)).map(({ operation }) => operation);
      expect(own).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    }
    const ended = await outcomes(group);
    expect([...ended.values()].map(({ state }) => state)).toEqual(rows.map(() => 'succeeded'));
  });

  it('is pressed once however often it is pressed', async () => {
    const read = await readGroup(world, everyone(['api', 'delivery-worker-sms']));
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => pressed(pressGroup(world, read))));
    expect(new Set(answers).size).toBe(1);
    await whenSent(answers[0] ?? '');
    expect(await updated()).toHaveLength(2);
  });

  it('leaves out a service that changed while it was read, names it, and goes on with the others', async () => {
    const read = await readGroup(world, everyone(['api', 'delivery-worker-jobs', 'delivery-worker-sms']));
    await deploy('delivery-worker-jobs');
    const group = await pressed(pressGroup(world, read));
    const rows = await whenSent(group);
    expect(rows.map(({ service }) => service)).toEqual(['api', 'delivery-worker-sms']);
    expect([...(await updated())].sort()).toEqual(['api', 'delivery-worker-sms']);
    const [stored] = await fresh.owner.query<{ left_out: string }>('SELECT left_out FROM group_rollback');
    expect(JSON.parse(stored?.left_out ?? '')).toEqual([
      {
        cluster: 'notify',
        service: 'delivery-worker-jobs',
        why: 'stale',
        words: 'Not started: it changed while you were reading.',
      },
    ]);
  });

  it('starts nothing where every service changed', async () => {
    const read = await readGroup(world, everyone(['delivery-worker-jobs', 'delivery-worker-sms']));
    await Promise.all([deploy('delivery-worker-jobs'), deploy('delivery-worker-sms')]);
    expect(await pressGroup(world, read)).toMatchObject({ ok: false, error: { kind: 'group-stale' } });
    expect(await fresh.owner.query('SELECT id FROM group_rollback UNION ALL SELECT id FROM rollback')).toEqual([]);
    expect(await updated()).toEqual([]);
  });

  it('goes on where one of its services fails, and says which', async () => {
    await control('service', { ...NOTIFY, service: 'delivery-worker-jobs', tasks: 'crash' });
    const group = await pressed(
      pressGroup(world, await readGroup(world, everyone(['api', 'delivery-worker-jobs', 'delivery-worker-sms']))),
    );
    await whenSent(group);
    const ended = await outcomes(group);
    expect(ended.get('api')).toMatchObject({ state: 'succeeded' });
    expect(ended.get('delivery-worker-sms')).toMatchObject({ state: 'succeeded' });
    expect(ended.get('delivery-worker-jobs')).toMatchObject({ state: 'failed' });
  });
});

describe('the form of a group', () => {
  it.each<readonly [string, Parameters<typeof pressGroup>[2], string]>([
    ['asks for a service', { chosen: [], counted: 0 }, 'none-chosen'],
    ['asks again where the button said another number', { counted: 3 }, 'count-differs'],
    ['asks for the name', { typed: '' }, 'name-missing'],
    ['takes no other name', { typed: 'api' }, 'group-name-wrong'],
    ['asks for a reason', { reason: '' }, 'reason-missing'],
    ['asks for details of another reason', { reason: 'Other', details: ' ' }, 'details-missing'],
    [
      'asks for the one that goes first',
      { how: 'first', chosen: ['notify/delivery-worker-sms'], counted: 1 },
      'first-not-chosen',
    ],
  ])('%s', async (_what, change, kind) => {
    const read = await readGroup(world, everyone(['api', 'delivery-worker-sms']));
    const answer = await pressGroup(world, read, change);
    expect(answer).toMatchObject({ ok: false, error: { kind: 'form', problems: [expect.objectContaining({ kind })] } });
    expect(await fresh.owner.query('SELECT id FROM rollback')).toEqual([]);
  });

  it('counts for nobody else, and not with plans of another page', async () => {
    const [one, other] = [
      await readGroup(world, everyone(['api'])),
      await readGroup(world, everyone(['delivery-worker-sms'])),
    ];
    const mixed = { ...one, plans: [...one.plans, ...other.plans] };
    expect(await pressGroup(world, mixed)).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    expect(await pressGroup(world, { ...one, hash: other.hash })).toMatchObject({ error: { kind: 'not-your-plan' } });
    expect(await pressGroup(world, { ...one, plans: [] })).toMatchObject({ ok: false, error: { kind: 'not-found' } });
  });
});

describe('the one with the load balancer first', () => {
  it('holds the rest back until ECS reports it steady', async () => {
    const group = await pressed(
      pressGroup(world, await readGroup(world, everyone(['api', 'delivery-worker-sms'])), { how: 'first' }),
    );
    const api = (await rowsOf(group)).find(({ service }) => service === 'api');
    await world.until(api?.id ?? '', ({ endedAt }) => endedAt !== null);
    expect(await updated()).toEqual(['api']);
    await whenSent(group);
    expect(await updated()).toEqual(['api', 'delivery-worker-sms']);
  });

  it('drops the rest at once where the process is told to end', async () => {
    await control('clock', { speed: 1 });
    const group = await pressed(
      pressGroup(world, await readGroup(world, everyone(['api', 'delivery-worker-sms'])), { how: 'first' }),
    );
    while (!(await rowsOf(group)).some(({ state }) => state === 'watching')) await pause(20);
    await world.application.starter.close();
    const rows = new Map((await rowsOf(group)).map((row) => [row.service, row]));
    expect(rows.get('api')).toMatchObject({ state: 'watching' });
    expect(rows.get('delivery-worker-sms')).toMatchObject({ state: 'not-applied', reason: 'starter-gone' });
    expect(await updated()).toEqual(['api']);
  });

  it('ends the rest unstarted where it does not succeed', async () => {
    await control('faults', { service: 'ecs', operation: 'UpdateService', fault: 'access-denied' });
    const group = await pressed(
      pressGroup(world, await readGroup(world, everyone(['api', 'delivery-worker-sms'])), { how: 'first' }),
    );
    await whenSent(group);
    const ended = await outcomes(group);
    expect(ended.get('api')).toMatchObject({ state: 'not-applied', reason: 'refused' });
    expect(ended.get('delivery-worker-sms')).toMatchObject({ state: 'not-applied', reason: 'first-failed' });
    expect(await world.writes()).toHaveLength(2);
  });
});

describe('two that meet', () => {
  it('groups that overlap: every service has one rollback and one update, whoever comes first', async () => {
    const [one, other] = await Promise.all([
      readGroup(world, everyone(['api', 'delivery-worker-jobs', 'delivery-worker-sms'])),
      readGroup(world, everyone(['delivery-worker-sms', 'delivery-worker-jobs', 'delivery-worker-letters'])),
    ]);
    const answers = await Promise.all([pressGroup(world, one), pressGroup(world, other)]);
    const groups = answers.flatMap((answer) => (answer.ok ? [answer.value.id] : []));
    expect(groups.length).toBeGreaterThan(0);
    const rows = (await Promise.all(groups.map(whenSent))).flat();
    expect(new Set(rows.map(({ service }) => service)).size).toBe(rows.length);
    expect([...(await updated())].sort()).toEqual(rows.map(({ service }) => service).sort());
  });

  it('a group and a rollback of one of its services: one rollback and one update of that service', async () => {
    const [read, alone] = [
      await readGroup(world, everyone(['delivery-worker-jobs', 'delivery-worker-sms'])),
      await world.plan('delivery-worker-sms', { to: 'delivery-worker-sms:306' }),
    ];
    const [group] = await Promise.all([pressed(pressGroup(world, read)), world.press(alone)]);
    await whenSent(group);
    while (world.application.starter.inHand().length > 0) await pause(20);
    expect([...(await updated())].sort()).toEqual(['delivery-worker-jobs', 'delivery-worker-sms']);
    const active = await fresh.owner.query('SELECT 1 FROM rollback WHERE service = $1', ['delivery-worker-sms']);
    expect(active).toHaveLength(1);
  });
});

describe('a process that dies in the middle of a group', () => {
  it('leaves every service in a told state, and nobody starts the rest', async () => {
    // The first request that changes a service is never answered, so that nothing behind it begins.
    await control('faults', { service: 'ecs', operation: 'RegisterTaskDefinition', fault: 'hang', skip: 1 });
    const group = await pressed(
      pressGroup(world, await readGroup(world, everyone(['api', 'delivery-worker-jobs', 'delivery-worker-sms']))),
    );
    while ((await updated()).length === 0) await pause(20);
    // As if the process were gone: another one finds its leases lapsed.
    await fresh.owner.query("UPDATE rollback SET lease_until = clock_timestamp() - interval '1 s'");
    const other = await pressWorld(fresh.database, callLog());
    await takeOver(other.application);
    const rows = await rowsOf(group);
    const starting = rows.filter(({ state }) => state === 'starting');
    expect(starting).toEqual([]);
    expect(rows.filter(({ reason }) => reason === 'starter-gone')).toHaveLength(2);
    await control('faults', null);
    await other.close();
    // What hung is answered now, and finds that its rollback is another's.
    await whenSent(group);
    expect(await updated()).toEqual(['api']);
  });
});
