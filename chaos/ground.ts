import { type Database, migrate, openDatabase } from '@/lib/db/database';
import { type FreshDatabase, freshDatabase, MIGRATIONS } from '@/lib/db/fresh-database';
import { type Simulator, startSimulator } from '@/simulator/start';
import { type SimulatedAws, simulatedAws } from './aws';
import { movableClock, type Time, timeOf } from './time';
import { startWire, type Wire } from './wire';

/** What dashboards stand on: one PostgreSQL, one simulated AWS, and the network between. */
export type Ground = {
  readonly fresh: FreshDatabase;
  /** The database as its owner, for whom nothing is held up. */
  readonly owner: Database;
  readonly aws: SimulatedAws;
  readonly wire: Wire;
  readonly time: Time;
  /** A pool of a process's own. */
  open(): Database;
  /** As it was in the beginning. */
  reset(): Promise<void>;
  close(): Promise<void>;
};

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIA463728190550DEMO',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_REGION: 'eu-west-1',
  // Nothing an environment says may make a change be sent again.
  AWS_MAX_ATTEMPTS: '10',
};

/** SQL that takes a protection of the database away, for the runs that show that its absence is noticed. */
const REMOVED = process.env.WITHOUT_SQL ?? '';

/** Lays one. AWS moves at the pace of real ECS: only {@link Time.pass} makes it go on. */
export async function layGround(): Promise<Ground> {
  const simulator = await startSimulator({ port: 0, scenario: 'shop', speed: 1 });
  const wire = await startWire(simulator.url);
  Object.assign(process.env, ENVIRONMENT, { AWS_ENDPOINT_URL: wire.url });
  const fresh = await freshDatabase(process.env.TEST_DATABASE_URL, false);
  const owner = await prepared(fresh);
  const aws = simulatedAws(simulator);
  const time = timeOf(owner);
  return {
    fresh,
    owner,
    aws,
    wire,
    time,
    open: () => openDatabase(fresh.url, () => undefined),
    reset: async () => {
      wire.reset();
      await Promise.all([aws.reset(), emptied(owner), time.reset()]);
      await aws.control('clock', { speed: 1 });
    },
    close: () => removed({ fresh, owner, wire, simulator }),
  };
}

async function prepared(fresh: FreshDatabase): Promise<Database> {
  const name = new URL(fresh.url).pathname.slice(1);
  for (const statement of movableClock(name)) await fresh.owner.query(statement);
  // Nothing here rests on what survives a crash of the server, and thousands of runs wait for its disk.
  await fresh.owner.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
  const owner = openDatabase(fresh.ownerUrl, () => undefined);
  await migrate(owner, MIGRATIONS, fresh.appRole);
  if (REMOVED !== '') await owner.query(REMOVED);
  return owner;
}

const emptied = (owner: Database): Promise<void> =>
  owner.transaction(async (tx) => {
    // The record refuses even its owner, unless asked as a standby would be.
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query('TRUNCATE rollback, plan, session, record, revision CASCADE');
    await tx.query("UPDATE record_head SET seq = 0, hash = repeat('0', 64)");
  });

type Laid = {
  readonly fresh: FreshDatabase;
  readonly owner: Database;
  readonly wire: Wire;
  readonly simulator: Simulator;
};

async function removed({ fresh, owner, wire, simulator }: Laid): Promise<void> {
  await wire.close();
  await simulator.close();
  await owner.close();
  await fresh.drop();
  for (const name of [...Object.keys(ENVIRONMENT), 'AWS_ENDPOINT_URL']) delete process.env[name];
}
