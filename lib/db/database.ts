import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pLimit, { type LimitFunction } from 'p-limit';
import { Pool, type PoolClient, type QueryConfig, type QueryResultRow } from 'pg';
import { sha256 } from '@/lib/digest';

/** Something SQL can be asked of: the pool, or one transaction. */
export type Queryable = {
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
};

/** One transaction. */
export type Transaction = Queryable & {
  /** Does something once the commit is known, such as saying so in the log; not at all where there is none. */
  afterCommit(act: () => void): void;
};

/** What a transaction needs beyond the ordinary. */
export type TransactionOptions = {
  /** Sees one moment of the database from its first statement to its last. */
  readonly snapshot?: boolean;
  /** How long one statement may take, in milliseconds; five seconds where not said. */
  readonly statementMs?: number;
};

/** The one database. */
export type Database = Queryable & {
  /**
   * Commits what `work` did, or nothing. No call to AWS or the provider belongs inside.
   *
   * Where the answer to the commit is lost it throws, and whoever asked takes it for not committed.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  close(): Promise<void>;
};

/** Longest statement, wait for a lock, idle time inside a transaction and wait for a connection, in milliseconds. */
const STATEMENT_MS = 5_000;
const LOCK_MS = 2_000;
const IDLE_MS = 10_000;
const CONNECT_MS = 2_000;

/** Connections of a process. */
const CONNECTIONS = 10;
/** How long an idle one is kept, in milliseconds: a crowd must not wait for ten to be opened, each with its own key. */
const KEPT_MS = 600_000;

/**
 * Transactions at once. They wait for each other's locks, the record's above all, and keep their connection meanwhile: a
 * crowd that presses must not keep everybody else's session from being read.
 */
const TRANSACTIONS = 7;
/** How long a transaction waits for its turn, in milliseconds. */
const TURN_MS = 5_000;

/** A server that stops answering ends no statement, so this side stops waiting too. */
const GRACE_MS = 1_000;

/** A statement with the time this side waits for its answer; the driver knows the member, its types do not. */
function timed(text: string, waitMs: number, values: readonly unknown[] = []): QueryConfig {
  const query: QueryConfig & { readonly query_timeout: number } = { text, values: [...values], query_timeout: waitMs };
  return query;
}

/** Share of a wait in which this process was at work, from which it may have missed what it waited for. */
const BUSY = 0.5;
/** What the driver and its pool say where no connection came in time; nothing was sent then. */
const NO_CONNECTION = /timeout exceeded when trying to connect|due to connection timeout/;

/**
 * Asks the database once more where no connection came in time and that may be this process's own fault: one that is
 * busy for two seconds hears its timer before the server's answer, and takes a sound server for a dead one.
 */
async function unlessBusy<T>(ask: () => Promise<T>): Promise<T> {
  const before = performance.eventLoopUtilization();
  try {
    return await ask();
  } catch (error) {
    const { utilization } = performance.eventLoopUtilization(before);
    if (utilization < BUSY || !(error instanceof Error) || !NO_CONNECTION.test(error.message)) throw error;
    return ask();
  }
}

const asked = (client: Pool | PoolClient, statementMs = STATEMENT_MS): Queryable => ({
  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
    const { rows } = await client.query<Row>(timed(text, statementMs + GRACE_MS, values));
    return rows;
  },
});

/**
 * Opens the database behind a URL. Nothing is asked of it yet.
 *
 * @param onError - Told of connections that broke while idle.
 */
export function openDatabase(url: string, onError: (error: Error) => void): Database {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: KEPT_MS,
    statement_timeout: STATEMENT_MS,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: IDLE_MS,
    keepAlive: true,
    application_name: 'ecs-rollback',
  });
  pool.on('error', onError);
  // A connection that breaks in use fails its statement; unheard, the event would end the process as well.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // A connection stays open, and would keep everything of the page it was opened for.
  const apart: Apart = AsyncLocalStorage.snapshot();
  const { query } = asked(pool);
  const turns = pLimit(TRANSACTIONS);
  return {
    query: (text, values) => apart(() => unlessBusy(() => query(text, values))),
    transaction: (work, options = {}) => inTurn(turns, () => transact({ pool, apart }, work, options)),
    close: () => pool.end(),
  };
}

/** Does something when its turn has come; whoever waits too long for it is told so, and it is not done at all. */
function inTurn<T>(turns: LimitFunction, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      reject(new Error(`no connection to the database was free for ${TURN_MS / 1000} s`));
    }, TURN_MS);
    void turns(async () => {
      clearTimeout(late);
      if (!isLate) await work().then(resolve, reject);
    });
  });
}

/** Runs something as if no request had asked for it. */
type Apart = <T>(act: () => T) => T;

async function transact<T>(
  { pool, apart }: { readonly pool: Pool; readonly apart: Apart },
  work: (tx: Transaction) => Promise<T>,
  { snapshot = false, statementMs = STATEMENT_MS }: TransactionOptions,
): Promise<T> {
  const client = await apart(() => unlessBusy(() => pool.connect()));
  const afterwards: (() => void)[] = [];
  const tx = { ...asked(client, statementMs), afterCommit: (act: () => void) => afterwards.push(act) };
  let reusable = false;
  try {
    await tx.query(snapshot ? 'BEGIN ISOLATION LEVEL REPEATABLE READ' : 'BEGIN');
    if (statementMs !== STATEMENT_MS) await tx.query(`SET LOCAL statement_timeout = ${statementMs}`);
    const value = await work(tx);
    await commit(client);
    reusable = true;
    for (const act of afterwards) act();
    return value;
  } catch (error) {
    reusable = await rolledBack(client);
    throw error;
  } finally {
    apart(() => client.release(!reusable));
  }
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query(timed('COMMIT', STATEMENT_MS + GRACE_MS));
  // PostgreSQL answers COMMIT of a transaction in which a statement failed with ROLLBACK, and with no error.
  if (command !== 'COMMIT') throw new Error(`the database answered COMMIT with ${command}`);
}

/** Whether the connection answered; one that did not is thrown away, and the server ends its transaction. */
const rolledBack = (client: PoolClient): Promise<boolean> =>
  client.query(timed('ROLLBACK', GRACE_MS)).then(
    () => true,
    () => false,
  );

/** The database cannot be used as it is; the message says what to mend. */
export class UnfitDatabase extends Error {
  override readonly name = 'UnfitDatabase';
}

/**
 * Refuses a server whose commits may be lost.
 *
 * @throws UnfitDatabase where `fsync` or `synchronous_commit` is off, or the server is older than 15.
 */
export async function requireDurable(database: Queryable): Promise<void> {
  const [row] = await database.query<{ fsync: string; commit: string; version: string }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
            current_setting('server_version_num') AS version`,
  );
  if (row === undefined || Number(row.version) < 150_000) throw new UnfitDatabase('PostgreSQL 15 or newer is needed');
  if (row.fsync === 'off')
    throw new UnfitDatabase('the database runs with fsync = off, so a commit may be lost; switch it on');
  if (row.commit === 'off') {
    throw new UnfitDatabase('the database runs with synchronous_commit = off, so a commit may be lost; switch it on');
  }
}

/** Any constant: replicas that start together wait for each other on it. */
const MIGRATION_LOCK = 7_316_402;

/** Longest wait for another replica's migration, and longest statement of one, in milliseconds. */
const MIGRATION_LOCK_MS = 30_000;
const MIGRATION_MS = 60_000;

/**
 * Brings the schema up to date: every numbered file not applied yet, in one transaction, under a lock.
 *
 * @param folder - Folder of the numbered SQL files.
 * @param appRole - Role the application signs in with; granted what it needs where it is another than the migrating one.
 * @throws UnfitDatabase where a file that was applied has been changed since.
 */
export async function migrate(database: Database, folder: string, appRole: string | null): Promise<void> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort();
  const migrated = async (tx: Queryable): Promise<void> => {
    await tx.query(`SET LOCAL lock_timeout = ${MIGRATION_LOCK_MS}`);
    await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await tx.query(`CREATE TABLE IF NOT EXISTS migration (
      number int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
    const applied = await tx.query<{ number: number; sha256: string }>('SELECT number, sha256 FROM migration');
    const known = new Map(applied.map(({ number, sha256: hash }) => [number, hash]));
    for (const name of files) {
      const sql = await readFile(join(folder, name), 'utf8');
      const number = Number(name.slice(0, 4));
      const before = known.get(number);
      if (before !== undefined && before !== sha256(sql)) {
        throw new UnfitDatabase(`migration ${name} was changed after it was applied`);
      }
      if (before !== undefined) continue;
      await tx.query(sql);
      await tx.query('INSERT INTO migration (number, name, sha256) VALUES ($1, $2, $3)', [number, name, sha256(sql)]);
    }
    await grant(tx, appRole);
  };
  await database.transaction(migrated, { statementMs: MIGRATION_MS });
}

/** What the application's work needs of each table: it adds to the record and never changes it. */
const RIGHTS: Readonly<Record<string, string>> = {
  session: 'SELECT, INSERT, UPDATE, DELETE',
  plan: 'SELECT, INSERT, DELETE',
  rollback: 'SELECT, INSERT, UPDATE',
  overwrite: 'SELECT, INSERT, UPDATE, DELETE',
  group_rollback: 'SELECT, INSERT',
  hold: 'SELECT, INSERT, UPDATE',
  hold_question: 'SELECT, INSERT, UPDATE, DELETE',
  hold_caller: 'SELECT, INSERT, UPDATE',
  record: 'SELECT, INSERT',
  record_head: 'SELECT',
  revision: 'SELECT, INSERT, UPDATE, DELETE',
  finished_deployment: 'SELECT, INSERT, UPDATE, DELETE',
  probe: 'SELECT, UPDATE',
  migration: 'SELECT',
};

async function grant(tx: Queryable, appRole: string | null): Promise<void> {
  const [self] = await tx.query<{ role: string }>('SELECT current_user AS role');
  if (appRole === null || appRole === self?.role) return;
  const role = `"${appRole.replaceAll('"', '""')}"`;
  await tx.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
  const tables = await tx.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) name WHERE to_regclass(name) IS NOT NULL',
    [Object.keys(RIGHTS)],
  );
  for (const { name } of tables) {
    await tx.query(`REVOKE ALL ON ${name} FROM ${role}`);
    await tx.query(`GRANT ${RIGHTS[name]} ON ${name} TO ${role}`);
  }
}

/** The role a database URL signs in with; `null` where it leaves that to the surroundings. */
export const roleOf = (url: string): string | null => decodeURIComponent(new URL(url).username) || null;

/** Whether the role of these connections could change or delete what the record says; so it is where one role does all. */
export async function mayChangeRecord(database: Queryable): Promise<boolean> {
  const [row] = await database.query<{ may: boolean }>(
    `SELECT has_table_privilege('record', 'UPDATE') OR has_table_privilege('record', 'DELETE')
         OR has_table_privilege('record', 'TRUNCATE') OR has_table_privilege('record_head', 'UPDATE') AS may`,
  );
  return row?.may ?? true;
}
