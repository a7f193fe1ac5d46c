// What is measured: a large estate at AWS's published quotas, an OpenID provider, PostgreSQL, the production build.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startDashboards, startSurroundings } from '../stack.mjs';
import { forgetEverything } from '../stack-database.mjs';
import { signIn } from '../walk-in.mjs';

const OPERATOR = 'operator@notify.example';

/** Starts everything on free ports in a folder of its own; nothing that was started before is used or ended. */
export async function makeStand({ latencyMs }) {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-rollback-bench-'));
  const { DATABASE_URL: _theirs, MIGRATION_DATABASE_URL: _too, ECS_ROLLBACK_URL: _address, ...env } = process.env;
  const world = { SIMULATOR_SCENARIO: 'large', SIMULATOR_LATENCY_MS: String(latencyMs), SIMULATOR_THROTTLE: 'on' };
  const around = await startSurroundings({ folder, env: { ...env, ...world }, say: () => undefined });
  let dashboards = null;
  const stand = {
    simulator: around.simulator,
    url: `http://localhost:${around.ports.dashboard}`,
    pids: () => ({
      dashboard: dashboards.pids[0],
      postgres: around.database.pid,
      simulator: Number(readFileSync(join(folder, 'simulator.pid'), 'utf8')),
    }),
    /** A new process, which knows what the database keeps and nothing else. */
    async restart() {
      await dashboards?.stop();
      dashboards = await startDashboards(around, {});
    },
    /** A new process beside a database that keeps nothing of AWS; people stay signed in. */
    async forget() {
      await dashboards?.stop();
      const client = new pg.Client(around.database.superuserUrl);
      await client.connect();
      await client.query('TRUNCATE revision, finished_deployment');
      await client.end();
      dashboards = await startDashboards(around, {});
    },
    async stop() {
      await dashboards?.stop();
      await around.stop();
      await forgetEverything(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await stand.restart();
    return stand;
  } catch (error) {
    await stand.stop();
    throw error;
  }
}

/** So many people, each with a session of their own. */
export async function signInAll({ url }, count) {
  const people = [];
  for (let one = 0; one < count; one += 1) people.push(await signIn(OPERATOR, url));
  return people;
}
