// A PostgreSQL for the time of a run of tests.
import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './alive.mjs';
import { startPostgres, stopServer } from './postgres.mjs';

const NAME = /^ecs-rollback-test-(\d+)-\w+$/;

/**
 * Starts a server in a temporary folder.
 *
 * @returns As {@link startPostgres}, and `remove`, which ends it and leaves nothing.
 */
export async function temporaryPostgres() {
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), `ecs-rollback-test-${process.pid}-`));
  // PostgreSQL's account walks through it, and can list nothing.
  chmodSync(folder, 0o711);
  const postgres = await startPostgres({ folder: join(folder, 'data'), logFile: join(folder, 'postgres.log') });
  return { ...postgres, remove: () => remove(folder) };
}

async function remove(folder) {
  const data = join(folder, 'data');
  if (existsSync(data)) await stopServer(data);
  rmSync(folder, { recursive: true, force: true });
}

/** Ends and removes what runs left behind that were killed. */
async function sweep() {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = NAME.exec(name) ?? [];
    const folder = join(tmpdir(), name);
    if (pid === undefined || isAlive(Number(pid)) || lstatSync(folder).uid !== process.getuid?.()) continue;
    await remove(folder);
  }
}
