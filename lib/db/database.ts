import 'server-only';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import { sha256 } from '@/lib/digest';

/** Something SQL can be asked of: the pool, or one transaction. */
export type Queryable = {
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
};

/** The one database. */
export type Database = Queryable & {
  /** Commits what `work` did, or nothing. No call to AWS or the provider belongs inside. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

const asked = (client: Pool | PoolClient): Queryable => ({
  async query<Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) {
    return (await client.query<Row>(sql, [...values])).rows;
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
    max: 10,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'ecs-rollback',
  });
  pool.on('error', onError);
  return {
    ...asked(pool),
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('BEGIN');
        const value = await work(asked(client));
        await client.query('COMMIT');
        return value;
      } catch (error) {
        await client.query('ROLLBACK').catch((cause: Error) => {
          broken = cause;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

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

/**
 * Brings the schema up to date: every numbered file not applied yet, in one transaction, under a lock.
 *
 * @param folder - Folder of the numbered SQL files.
 * @param appRole - Role the application signs in with; granted what it needs where it is another than the migrating one.
 * @throws UnfitDatabase where a file that was applied has been changed since.
 */
export async function migrate(database: Database, folder: string, appRole: string | null): Promise<void> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort();
  await database.transaction(async (tx) => {
    await tx.query('SET LOCAL lock_timeout = 30000');
    await tx.query('SET LOCAL statement_timeout = 60000');
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
  });
}

/** The application adds to the record and never changes it; what it may do beyond that is what its work needs. */
async function grant(tx: Queryable, appRole: string | null): Promise<void> {
  const [self] = await tx.query<{ role: string }>('SELECT current_user AS role');
  if (appRole === null || appRole === self?.role) return;
  const role = `"${appRole.replaceAll('"', '""')}"`;
  await tx.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
  await tx.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON session, plan, revision TO ${role}`);
  await tx.query(`GRANT SELECT, INSERT, UPDATE ON rollback TO ${role}`);
  await tx.query(`GRANT SELECT, INSERT ON record TO ${role}`);
  await tx.query(`GRANT SELECT ON record_head, migration TO ${role}`);
}
