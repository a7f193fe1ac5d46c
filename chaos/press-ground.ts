import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { type Verification, verifyRecord } from '@/lib/db/verify';
import { type Change, type PressWorld, pressWorld } from '@/lib/rollback/press-world';
import { type Simulator, startSimulator } from '@/simulator/start';

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_REGION: 'eu-west-1',
};

const API = { account: '111111111111', cluster: 'notify', service: 'api' };

/** Waits between attempts, shortened. */
const QUICK: Change = { sleep: (ms) => new Promise<void>((resolve) => setTimeout(resolve, ms / 20)) };

/** What one test of a fault has for itself: an AWS it can harm, a database, a dashboard without pages. */
export type PressGround = {
  readonly fresh: FreshDatabase;
  readonly world: PressWorld;
  /** Another dashboard on the same database. */
  other(change?: Change): Promise<PressWorld>;
  /** Steers AWS; without a body it takes back. */
  control(path: string, body: object | null): Promise<Response>;
  fault(operation: string, name: string, more?: object): Promise<Response>;
  /** A pipeline deploys another release of the service `api`. */
  deploy(): Promise<Response>;
  /** Decides what becomes of the service `api`. */
  fate(wish: object): Promise<Response>;
  /** How often each change went on the wire, by us alone. */
  sent(): Promise<Readonly<Record<string, number>>>;
  /** Waits until a change is on the wire; a fault may hold its answer. */
  onTheWire(operation: string): Promise<void>;
  kindsOf(id: string): Promise<readonly string[]>;
  /** The words of a rollback's last entry. */
  wordsOf(id: string): Promise<unknown>;
  /** Makes a rollback's intent so much older, as if we had waited. */
  age(id: string, by: string): Promise<unknown>;
  /** Ends a lease, as time would. */
  lapse(id: string): Promise<unknown>;
  /** Clears everything away and tells whether the record was whole. */
  close(): Promise<Verification>;
};

export async function layPressGround(): Promise<PressGround> {
  Object.assign(process.env, ENVIRONMENT);
  const [fresh, simulator]: [FreshDatabase, Simulator] = await Promise.all([
    freshDatabase(process.env.TEST_DATABASE_URL),
    startSimulator({ port: 0, scenario: 'notify', speed: 1_000 }),
  ]);
  process.env.AWS_ENDPOINT_URL = simulator.url;
  const callLog = `${simulator.url}/_simulator/calls`;
  const worlds: PressWorld[] = [];
  const open = async (database: FreshDatabase['database'], change: Change): Promise<PressWorld> => {
    const world = await pressWorld(database, callLog, { ...QUICK, ...change });
    worlds.push(world);
    return world;
  };
  const world = await open(fresh.database, {});
  const control = (path: string, body: object | null): Promise<Response> =>
    fetch(`${simulator.url}/_simulator/${path}`, {
      method: body === null ? 'DELETE' : 'POST',
      ...(body && { body: JSON.stringify(body) }),
    });
  const sent = async (): Promise<Readonly<Record<string, number>>> => {
    const ours = (await world.writes()).filter(({ principal }) => principal.includes('ecs-rollback-writer'));
    const counts: Record<string, number> = {};
    for (const { operation } of ours) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  };
  return {
    fresh,
    world,
    other: (change = {}) => open(fresh.open(), change),
    control,
    fault: (operation, name, more = {}) => control('faults', { service: 'ecs', operation, fault: name, ...more }),
    deploy: () =>
      control('deploy', {
        ...API,
        image: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1124',
      }),
    fate: (wish) => control('service', { ...API, ...wish }),
    sent,
    async onTheWire(operation) {
      while ((await sent())[operation] === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    kindsOf: async (id) => (await world.record(id)).map(({ kind }) => kind),
    wordsOf: async (id) => (await world.record(id)).at(-1)?.payload.words,
    age: (id, by) =>
      fresh.owner.query(`UPDATE rollback SET intent_at = intent_at - interval '${by}' WHERE id = $1`, [id]),
    lapse: (id) => fresh.owner.query("UPDATE rollback SET lease_until = now() - interval '1 s' WHERE id = $1", [id]),
    async close() {
      await control('faults', null);
      for (const one of worlds) await one.close();
      const verified = await verifyRecord(fresh.database);
      await Promise.all([fresh.drop(), simulator.close()]);
      for (const name of [...Object.keys(ENVIRONMENT), 'AWS_ENDPOINT_URL']) delete process.env[name];
      return verified;
    },
  };
}
