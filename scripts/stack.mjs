// The dashboard and everything around it: a PostgreSQL of its own, the simulated AWS, the OpenID provider.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isAlive } from './alive.mjs';
import { SERVER } from './build.mjs';
import {
  dashboardEnvironment,
  listeningAddress,
  providerEnvironment,
  simulatorEnvironment,
  writeConfiguration,
} from './demo-settings.mjs';
import { freePort } from './ports.mjs';
import { dataFolder, startPostgres, stopServer } from './postgres.mjs';
import { endProcess, launch, livingIn } from './processes.mjs';
import { Halt, ROOT } from './root.mjs';

const READY_MS = 120_000;

/** A dashboard ends when the presses under way have finished. */
const DASHBOARD_GRACE_MS = 85_000;
const GRACE_MS = 4_000;

/**
 * Starts everything in a folder, which keeps data and logs, and waits until all of it answers.
 *
 * @param ports - `dashboard`, `simulator` and `oidc`; a free one where none is named.
 * @param replicas - How many dashboards, on ports one after the other, behind one base URL.
 * @param env - What settings are taken from; DATABASE_URL in it is used instead of a server of one's own.
 * @param dev - Whether the dashboard is compiled while it runs.
 * @param say - Told a line about what takes a while or goes wrong.
 */
export async function startStack({
  folder,
  ports: wished = {},
  replicas = 1,
  env = process.env,
  dev = false,
  say = console.log,
}) {
  mkdirSync(folder, { recursive: true });
  const ports = await portsOf(wished);
  const scenario = env.SIMULATOR_SCENARIO || 'notify';
  const processes = [];
  const stop = () => stopAll(folder, processes, env);
  try {
    const database = await databaseOf({ folder, env, say });
    writeConfiguration(folder, { replicas, scenario });
    const dashboards = Array.from({ length: replicas }, (_, index) =>
      dashboard({
        ...{ env, folder, ports, index, dev, database: database.env },
        port: ports.dashboard + index,
        baseUrl: `http://localhost:${ports.dashboard}`,
      }),
    );
    const parts = [...dashboards, simulator({ env, folder, ports }), provider({ env, folder, ports, dashboards })];
    for (const part of parts) processes.push({ ...part, ...launch({ ...part, folder, cwd: ROOT }) });
    writeFileSync(join(folder, 'base-url'), `${dashboards[0].baseUrl}\n`);
    await Promise.all(processes.map(untilReady));
    return {
      url: dashboards[0].baseUrl,
      dashboards: dashboards.map(({ url }) => url),
      simulator: `http://127.0.0.1:${ports.simulator}`,
      issuer: `http://127.0.0.1:${ports.oidc}`,
      databaseUrl: database.env.DATABASE_URL,
      superuserUrl: database.superuserUrl,
      folder,
      ended: endsOf(processes, database),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function portsOf({ dashboard, simulator, oidc }) {
  return {
    dashboard: dashboard ?? (await freePort()),
    simulator: simulator ?? (await freePort()),
    oidc: oidc ?? (await freePort()),
  };
}

/** The database named outside, or a server in the folder. */
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

/** Forgets record and world of a folder, in which nothing runs. */
export async function forgetEverything(folder) {
  const data = dataFolder(join(folder, 'postgres'));
  if (existsSync(join(data, 'PG_VERSION'))) await stopServer(data);
  rmSync(data, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/** One dashboard: how it is started, and where it answers. */
export function dashboard({ env, folder, ports, port, index, database, dev, baseUrl }) {
  const settings = dashboardEnvironment({ env, folder, port, baseUrl, ports, database });
  const host = listeningAddress(env);
  const reached = ['0.0.0.0', '::', '127.0.0.1', 'localhost'].includes(host) ? 'localhost' : host;
  return {
    name: index === 0 ? 'dashboard' : `dashboard-${index + 1}`,
    called: index === 0 ? 'The dashboard' : `Dashboard ${index + 1}`,
    arguments_: dev
      ? [join(ROOT, 'node_modules/next/dist/bin/next'), 'dev', '--port', String(port), '--hostname', host]
      : [SERVER],
    env: { ...settings, NODE_ENV: dev ? 'development' : 'production' },
    baseUrl: settings.ECS_ROLLBACK_URL.replace(/\/$/, ''),
    url: `http://${reached}:${port}`,
    health: `http://${reached}:${port}/api/ready`,
    graceMs: DASHBOARD_GRACE_MS,
  };
}

const simulator = ({ env, folder, ports }) => ({
  name: 'simulator',
  called: 'The simulator',
  arguments_: ['--import', 'tsx', 'simulator/main.ts'],
  env: simulatorEnvironment({ env, folder, port: ports.simulator }),
  health: `http://127.0.0.1:${ports.simulator}/_simulator/health`,
  graceMs: GRACE_MS,
});

const provider = ({ env, folder, ports, dashboards }) => ({
  name: 'oidc',
  called: 'The OpenID provider',
  arguments_: ['--import', 'tsx', 'simulator/oidc/main.ts'],
  env: providerEnvironment({
    env,
    folder,
    port: ports.oidc,
    addresses: dashboards.flatMap(({ baseUrl, url }) => [baseUrl, url]),
  }),
  health: `http://127.0.0.1:${ports.oidc}/health`,
  graceMs: GRACE_MS,
});

/** Waits until a process answers; one that ends instead is a reason to stop, in its own words. */
export async function untilReady({ called, health, ended, logFile, logFrom }) {
  let code;
  void ended.then((with_) => {
    code = with_;
  });
  for (const until = Date.now() + READY_MS; Date.now() < until; await setTimeout(100)) {
    if (code !== undefined) throw new Halt(lastWords({ called, logFile, logFrom }));
    if (await answers(health)) return;
  }
  throw new Halt(`${called} did not become ready within ${READY_MS / 1000} s. What it said is in ${logFile}.`);
}

const answers = (url) =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.ok,
    () => false,
  );

/** What a process printed before it ended: its own lines, not the runtime's warnings. */
function lastWords({ called, logFile, logFrom }) {
  const lines = readFileSync(logFile, 'utf8')
    .slice(logFrom)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const own = lines.filter((line) => line.startsWith('ecs-rollback: '));
  return own.length > 0 ? own.join('\n') : [`${called} did not start:`, ...lines.slice(-5)].join('\n');
}

/** Resolves, once each, when something has ended by itself. */
function endsOf(processes, database) {
  const ends = processes.map(({ called, ended, logFile }) => ended.then((code) => ({ called, code, logFile })));
  return database.pid === null ? ends : [...ends, endOfDatabase(database)];
}

/** PostgreSQL runs on when its launcher is killed, so it is nobody's child to wait for. */
async function endOfDatabase({ pid, logFile }) {
  while (isAlive(pid)) await setTimeout(1_000, undefined, { ref: false });
  return { called: 'PostgreSQL', code: null, logFile };
}

/** Ends everything in order: what writes first, then what it talks to. */
async function stopAll(folder, processes, env) {
  const end = (wanted) => Promise.all(processes.filter(wanted).map((one) => one.end(one.graceMs)));
  await end(({ name }) => name.startsWith('dashboard'));
  await end(({ name }) => !name.startsWith('dashboard'));
  await releaseDatabase(folder, env);
}

/** Ends the server of a folder, unless others that use the folder live on; never one that was named from outside. */
export async function releaseDatabase(folder, env) {
  if (env.DATABASE_URL !== undefined) return;
  const data = dataFolder(join(folder, 'postgres'));
  if (livingIn(folder).length === 0 && existsSync(join(data, 'PG_VERSION'))) await stopServer(data);
}

/** Ends what an earlier launcher of this folder left behind; nothing that anybody else started. */
export async function endLeftovers(folder, say = console.log) {
  const left = livingIn(folder).filter(({ isLeft }) => isLeft);
  if (left.length === 0) return;
  say(`Ending what an earlier start left running (${left.map(({ name }) => name).join(', ')}) …`);
  const end = (wanted, graceMs) => Promise.all(left.filter(wanted).map((one) => endProcess(folder, one, graceMs)));
  await end(({ name }) => name.startsWith('dashboard'), DASHBOARD_GRACE_MS);
  await end(() => true, GRACE_MS);
}
