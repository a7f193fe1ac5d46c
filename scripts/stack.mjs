// The dashboard and everything around it: a PostgreSQL of its own, the simulated AWS, the OpenID provider.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isAlive } from './alive.mjs';
import { writeConfiguration } from './demo-settings.mjs';
import { DASHBOARD_GRACE_MS, dashboard, GRACE_MS, provider, run, simulator } from './parts.mjs';
import { freePort, freePortsInARow } from './ports.mjs';
import { endProcess, livingIn } from './processes.mjs';
import { databaseOf, releaseDatabase } from './stack-database.mjs';

/**
 * Starts everything in a folder, which keeps data and logs, and waits until all of it answers.
 *
 * @param ports - `dashboard`, `simulator` and `oidc`; a free one where none is named.
 * @param replicas - How many dashboards, on ports one after the other, behind one base URL.
 * @param env - What settings are taken from; DATABASE_URL in it is used instead of a server of one's own.
 * @param dev - Whether the dashboard is compiled while it runs.
 * @param say - Told a line about what takes a while or goes wrong.
 */
export async function startStack({ replicas = 1, dev = false, ...options }) {
  const around = await startSurroundings({ ...options, replicas, isReady: false });
  try {
    const [dashboards] = await Promise.all([startDashboards(around, { replicas, dev }), around.ready]);
    return {
      url: dashboards.url,
      dashboards: dashboards.urls,
      ended: [...around.ended, ...dashboards.ended],
      stop: async () => {
        await dashboards.stop();
        await around.stop();
      },
    };
  } catch (error) {
    // The other half may still be on its way.
    await endAll(
      livingIn(around.folder).filter(({ isOurs }) => isOurs),
      around.folder,
    );
    await around.stop();
    throw error;
  }
}

/** Starts what a dashboard needs. With `isReady` false `ready` says when the rest answers; the database does. */
export async function startSurroundings({
  folder,
  ports: wished = {},
  replicas = 1,
  env = process.env,
  say,
  isReady = true,
}) {
  mkdirSync(folder, { recursive: true });
  const ports = await portsOf(wished, replicas);
  const processes = [];
  const stop = async () => {
    await Promise.all(processes.map((one) => one.end(one.graceMs)));
    await releaseDatabase(folder, env);
  };
  try {
    const database = await databaseOf({ folder, env, say });
    writeConfiguration(folder, { replicas, scenario: env.SIMULATOR_SCENARIO || 'notify' });
    const baseUrl = env.ECS_ROLLBACK_URL || `http://localhost:${ports.dashboard}`;
    const addresses = [baseUrl, ...portsFrom(ports.dashboard, replicas).map((port) => `http://localhost:${port}`)];
    const parts = [simulator({ env, folder, ports }), provider({ env, folder, ports, addresses })];
    const ready = Promise.all(parts.map((part) => run(part, folder, (started) => processes.push(started))));
    // Whoever waits for it hears of it; nobody else has to.
    ready.catch(() => undefined);
    if (isReady) await ready;
    return {
      folder,
      env,
      ports,
      database,
      ready,
      stop,
      simulator: `http://127.0.0.1:${ports.simulator}`,
      issuer: `http://127.0.0.1:${ports.oidc}`,
      ended: [...processes.map(endOf), ...(database.pid === null ? [] : [endOfDatabase(database)])],
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Starts dashboards in surroundings that stand.
 *
 * @param first - Place of the first of them behind the base URL, where others run already.
 * @param database - Addresses of another database than that of the surroundings.
 * @param settings - Added to the environment of the surroundings.
 */
export async function startDashboards(
  around,
  { first = 0, replicas = 1, dev = false, database = around.database.env, settings = {} },
) {
  const { folder, ports } = around;
  const env = { ...around.env, ...settings };
  const baseUrl = `http://localhost:${ports.dashboard}`;
  const parts = portsFrom(ports.dashboard + first, replicas).map((port, index) =>
    dashboard({ env, settings, folder, ports, port, index: first + index, database, dev, baseUrl }),
  );
  const processes = [];
  const stop = (graceMs = DASHBOARD_GRACE_MS) => Promise.all(processes.map((one) => one.end(graceMs)));
  try {
    await Promise.all(parts.map((part) => run(part, folder, (started) => processes.push(started))));
  } catch (error) {
    await stop();
    throw error;
  }
  writeFileSync(join(folder, 'base-url'), `${parts[0].baseUrl}\n`);
  return {
    url: parts[0].baseUrl,
    urls: parts.map(({ url }) => url),
    pids: processes.map(({ pid }) => pid),
    logs: processes.map(({ logFile, logFrom }) => ({ file: logFile, from: logFrom })),
    ended: processes.map(endOf),
    stop,
  };
}

const portsFrom = (first, count) => Array.from({ length: count }, (_, index) => first + index);

async function portsOf({ dashboard: first, simulator, oidc }, replicas) {
  return {
    dashboard: first ?? (await freePortsInARow(replicas)),
    simulator: simulator ?? (await freePort()),
    oidc: oidc ?? (await freePort()),
  };
}

/** Resolves when a process has ended by itself. */
const endOf = ({ called, ended, logFile }) => ended.then((code) => ({ called, code, logFile }));

/** PostgreSQL runs on when its launcher is killed, so it is nobody's child to wait for. */
async function endOfDatabase({ pid, logFile }) {
  while (isAlive(pid)) await setTimeout(1_000, undefined, { ref: false });
  return { called: 'PostgreSQL', code: null, logFile };
}

/** Ends what an earlier launcher of this folder left behind; nothing that anybody else started. */
export async function endLeftovers(folder, say = console.log) {
  const left = livingIn(folder).filter(({ isLeft }) => isLeft);
  if (left.length === 0) return;
  say(`Ending what an earlier start left running (${left.map(({ name }) => name).join(', ')}) …`);
  await endAll(left, folder);
}

/** In order: what writes first, then what it talks to. */
async function endAll(entries, folder) {
  const isDashboard = ({ name }) => name.startsWith('dashboard');
  await Promise.all(entries.filter(isDashboard).map((one) => endProcess(folder, one, DASHBOARD_GRACE_MS)));
  await Promise.all(entries.map((one) => endProcess(folder, one, GRACE_MS)));
}
