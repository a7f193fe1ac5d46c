import 'server-only';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { type Database, migrate, openDatabase } from './database';

/** A database of one test file's own, on a real server. */
export type FreshDatabase = {
  /** As the application's role, which is not the one that migrated. */
  readonly database: Database;
  readonly url: string;
  /** As the role that migrated, a superuser. */
  readonly owner: Database;
  readonly ownerUrl: string;
  readonly appRole: string;
  /** Another pool of the application's role, as another process has it. */
  open(): Database;
  /** Closes every pool and drops the database. */
  drop(): Promise<void>;
};

/** Folder of the numbered SQL files. */
export const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

const broken = (error: Error): void => {
  // Connections of a dropped database end so; a test that needs one fails by its own query.
  if (!/terminating connection|Connection terminated/.test(error.message)) throw error;
};

/**
 * Creates a database and a role for the tests of one file, migrated unless `migrated` is false.
 *
 * @param serverUrl - A superuser's URL of a server for tests: `TEST_DATABASE_URL`.
 */
export async function freshDatabase(serverUrl: string | undefined, migrated = true): Promise<FreshDatabase> {
  if (!serverUrl)
    throw new Error('TEST_DATABASE_URL is not set; `npm run integration` starts a PostgreSQL and sets it');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await patiently(serverUrl, `CREATE DATABASE ${name}`);
  await patiently(serverUrl, `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
  const ownerUrl = named(serverUrl, name);
  const url = named(serverUrl, name, { user: name, password });
  const pools: Database[] = [];
  const open = (address: string): Database => {
    const pool = openDatabase(address, broken);
    pools.push(pool);
    return pool;
  };
  const owner = open(ownerUrl);
  if (migrated) await migrate(owner, MIGRATIONS, name);
  return {
    database: open(url),
    url,
    owner,
    ownerUrl,
    appRole: name,
    open: () => open(url),
    async drop() {
      await Promise.all(pools.map((pool) => pool.close()));
      await patiently(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await patiently(serverUrl, `DROP ROLE IF EXISTS ${name}`);
    },
  };
}

/** Asks a server for what takes as long as it takes; the application's own limits are no limits for that. */
export async function patiently(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

function named(serverUrl: string, database: string, as?: { user: string; password: string }): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  if (as) {
    url.username = as.user;
    url.password = as.password;
  }
  return url.toString();
}
