import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase } from '@/lib/db/database';
import { DEMO_FOLDER } from './demo-settings.mjs';
import { startPostgres } from './postgres.mjs';
import { Halt } from './root.mjs';
import { releaseDatabase } from './stack-database.mjs';

/**
 * Does something with the database of `DATABASE_URL`, else with the one in `.demo`, which is started for the time if it
 * does not run.
 */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const { url, release } = await address();
  const database = openDatabase(url, () => undefined);
  try {
    return await work(database);
  } catch (error) {
    throw asHalt(error);
  } finally {
    await database.close();
    await release();
  }
}

/** What a server cannot do for us now is told in a line; what is wrong here keeps its stack. */
function asHalt(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|28|3D|57P)/.test(code))
    return new Halt(`The database cannot be used (${code}).`);
  return code === '42P01' ? new Halt('The database holds no record yet.') : error;
}

async function address(): Promise<{ readonly url: string; release(): Promise<void> }> {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, release: async () => undefined };
  const folder = join(DEMO_FOLDER, 'postgres');
  if (!existsSync(join(DEMO_FOLDER, 'database-url'))) {
    throw new Halt('DATABASE_URL is not set, and there is no database of the demo.');
  }
  mkdirSync(join(DEMO_FOLDER, 'logs'), { recursive: true });
  const server = await startPostgres({ folder, logFile: join(DEMO_FOLDER, 'logs/postgres.log') });
  return { url: server.appUrl, release: () => (server.found ? Promise.resolve() : releaseDatabase(DEMO_FOLDER, {})) };
}
