import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { type Dashboards, type Surroundings, startDashboards } from '@/scripts/stack.mjs';
import { type DatabaseWire, databaseWire } from './database-wire';
import { type SimulatedAws, simulatedAws } from './simulated-aws';

/** Who may sign in, and with which groups. */
export const ACCOUNTS = {
  operator: { email: 'operator@notify.example', name: 'k.smith', groups: ['rollback-operators'] },
  staging: { email: 'staging@notify.example', name: 'a.jones', groups: ['rollback-staging', 'rollback-viewers'] },
  viewer: { email: 'viewer@notify.example', name: 'm.patel', groups: ['rollback-viewers'] },
  nobody: { email: 'nobody@notify.example', name: 'j.doe', groups: [] },
} as const satisfies Record<
  string,
  { readonly email: string; readonly name: string; readonly groups: readonly string[] }
>;

export type Account = keyof typeof ACCOUNTS;

/** Everything one test has for itself: an untouched scenario, an empty database, dashboards that have just started. */
export type World = {
  /** Where people come in, whichever dashboard answers first. */
  readonly url: string;
  /** Every dashboard by itself. */
  readonly urls: readonly string[];
  readonly aws: SimulatedAws;
  /** Address of the simulated AWS, for whoever talks to it without a dashboard. */
  readonly simulator: string;
  /** Address of the database, as the dashboards' role. */
  readonly databaseUrl: string;
  /** What the provider says of somebody's groups from now on. */
  setGroups(who: Account, groups: readonly string[]): Promise<void>;
  /** The way from the dashboards to their database. */
  readonly wire: DatabaseWire;
  /** Asks the database as the role that owns it. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Sends a dashboard a signal, as whoever runs it would. */
  signal(name: NodeJS.Signals, index?: number): void;
  /** Starts the dashboards again on the same data, after ending what is left of them at once; or one of them alone. */
  restart(index?: number): Promise<void>;
  /** What the dashboards have logged since the test began. */
  log(): Promise<string>;
  end(): Promise<void>;
};

export type WorldOptions = {
  readonly replicas: number;
  /** Added to the dashboard's environment. */
  readonly settings: Readonly<Record<string, string>>;
};

let made = 0;

/** Makes a world in surroundings that other tests had before. */
export async function makeWorld(around: Surroundings, options: WorldOptions): Promise<World> {
  const { superuserUrl } = around.database;
  if (superuserUrl === undefined) throw new Error('the surroundings have no database server of their own');
  made += 1;
  const name = `test_${made}`;
  const aws = simulatedAws(around.simulator);
  await Promise.all([aws.reset(), resetGroups(around.issuer), asked(superuserUrl, `CREATE DATABASE ${name}`)]);
  const wire = await databaseWire(superuserUrl);
  const database = {
    DATABASE_URL: wire.through(named(around.database.env.DATABASE_URL, name)),
    MIGRATION_DATABASE_URL: named(superuserUrl, name),
  };
  // One by one, so that one may die and come again while the others go on.
  const each = Array.from({ length: options.replicas }, (_, index) => index);
  const start = (first: number): Promise<Dashboards> =>
    startDashboards(around, { ...options, replicas: 1, first, database });
  const running = await Promise.all(each.map(start));
  const logs = running.flatMap((dashboard) => dashboard.logs);
  const stop = async (indexes: readonly number[]): Promise<void> => {
    await Promise.all(indexes.map((index) => running[index]?.stop(0)));
  };
  return {
    url: running[0]?.url ?? '',
    urls: running.flatMap(({ urls }) => urls),
    aws,
    simulator: around.simulator,
    databaseUrl: database.DATABASE_URL,
    wire,
    setGroups: (who, groups) => setGroups(around.issuer, who, groups),
    query: (sql, values) => asked(database.MIGRATION_DATABASE_URL, sql, values),
    signal: (signal, index = 0) => process.kill(running[index]?.pids[0] ?? Number.NaN, signal),
    restart: async (only) => {
      const again = only === undefined ? each : [only];
      await stop(again);
      await Promise.all(
        again.map(async (index) => {
          const dashboard = await start(index);
          running[index] = dashboard;
          logs.push(...dashboard.logs);
        }),
      );
    },
    log: async () => (await Promise.all(logs.map(textOf))).join(''),
    end: async () => {
      await stop(each);
      await wire.close();
      await asked(superuserUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function textOf({ file, from }: { readonly file: string; readonly from: number }): Promise<string> {
  return (await readFile(file)).subarray(from).toString();
}

function named(address: string, database: string): string {
  const url = new URL(address);
  url.pathname = `/${database}`;
  return url.toString();
}

async function asked<Row extends pg.QueryResultRow>(url: string, sql: string, values: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function setGroups(issuer: string, who: Account, groups: readonly string[]): Promise<void> {
  const body = JSON.stringify({ email: ACCOUNTS[who].email, groups });
  const answer = await fetch(`${issuer}/_control/groups`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`the provider answered ${answer.status}`);
}

async function resetGroups(issuer: string): Promise<void> {
  await Promise.all((Object.keys(ACCOUNTS) as Account[]).map((who) => setGroups(issuer, who, ACCOUNTS[who].groups)));
}
