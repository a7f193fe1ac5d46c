// The database of a stack: the one that was named from outside, or a server in its folder.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, startPostgres, stopServer } from './postgres.mjs';
import { livingIn } from './processes.mjs';

/** Finds or starts the database; `env` is what a dashboard is told of it, `pid` that of a server of one's own. */
export async function databaseOf({ folder, env, say = console.log }) {
  if (env.DATABASE_URL !== undefined) {
    const { DATABASE_URL, MIGRATION_DATABASE_URL } = env;
    return { env: { DATABASE_URL, ...(MIGRATION_DATABASE_URL && { MIGRATION_DATABASE_URL }) }, pid: null };
  }
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const logFile = join(folder, 'logs/postgres.log');
  const server = await startPostgres({ folder: join(folder, 'postgres'), logFile, say });
  // A world that changes were recorded about, and a record that knows nothing of them, would contradict each other.
  if (server.fresh) forgetWorld(folder);
  writeFileSync(join(folder, 'database-url'), `${server.appUrl}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'database-url-superuser'), `${server.superuserUrl}\n`, { mode: 0o600 });
  return {
    env: { DATABASE_URL: server.appUrl, MIGRATION_DATABASE_URL: server.superuserUrl },
    superuserUrl: server.superuserUrl,
    pid: server.pid,
    logFile,
  };
}

function forgetWorld(folder) {
  for (const file of ['world.json', 'oidc.json']) rmSync(join(folder, file), { force: true });
}

/** Ends the server of a folder, unless others that use the folder live on; never one that was named from outside. */
export async function releaseDatabase(folder, env) {
  if (env.DATABASE_URL !== undefined) return;
  const data = dataFolder(join(folder, 'postgres'));
  if (livingIn(folder).length === 0 && existsSync(join(data, 'PG_VERSION'))) await stopServer(data);
}

/** Forgets record and world of a folder, in which nothing runs. */
export async function forgetEverything(folder) {
  const data = dataFolder(join(folder, 'postgres'));
  if (existsSync(join(data, 'PG_VERSION'))) await stopServer(data);
  rmSync(data, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
