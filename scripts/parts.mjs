// What the stack is made of: how each process is started, where it answers, and how long it may take to end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SERVER } from './build.mjs';
import { dashboardEnvironment, listeningAddress, providerEnvironment, simulatorEnvironment } from './demo-settings.mjs';
import { launch } from './processes.mjs';
import { Halt, ROOT } from './root.mjs';

const READY_MS = 120_000;

/** A dashboard ends when the presses under way have finished. */
export const DASHBOARD_GRACE_MS = 85_000;
export const GRACE_MS = 4_000;

/** One dashboard; `index` counts those of one folder. */
export function dashboard({ env, settings: added = {}, folder, ports, port, index, database, dev, baseUrl }) {
  // What was added on purpose may also name another AWS than the simulated one.
  const settings = { ...dashboardEnvironment({ env, folder, port, baseUrl, ports, database }), ...added };
  const host = listeningAddress(env);
  const url = `http://${LOCAL.has(host) ? 'localhost' : host}:${port}`;
  return {
    name: index === 0 ? 'dashboard' : `dashboard-${index + 1}`,
    called: index === 0 ? 'The dashboard' : `Dashboard ${index + 1}`,
    arguments_: dev ? [DEVELOPING, 'dev', '--port', String(port), '--hostname', host] : [SERVER],
    env: { ...settings, NODE_ENV: dev ? 'development' : 'production' },
    baseUrl: settings.ECS_ROLLBACK_URL.replace(/\/$/, ''),
    url,
    health: `${url}/api/ready`,
    graceMs: DASHBOARD_GRACE_MS,
  };
}

const LOCAL = new Set(['0.0.0.0', '::', '127.0.0.1', 'localhost']);
const DEVELOPING = join(ROOT, 'node_modules/next/dist/bin/next');

/** The simulated AWS. */
export const simulator = ({ env, folder, ports }) => ({
  name: 'simulator',
  called: 'The simulator',
  arguments_: ['--import', 'tsx', 'simulator/main.ts'],
  env: simulatorEnvironment({ env, folder, port: ports.simulator }),
  health: `http://127.0.0.1:${ports.simulator}/_simulator/health`,
  hint: '"npm run demo -- --fresh" begins with a new world and an empty record.',
  graceMs: GRACE_MS,
});

/** The OpenID provider; people may return to `addresses` alone. */
export const provider = ({ env, folder, ports, addresses }) => ({
  name: 'oidc',
  called: 'The OpenID provider',
  arguments_: ['--import', 'tsx', 'simulator/oidc/main.ts'],
  env: providerEnvironment({ env, folder, port: ports.oidc, addresses }),
  health: `http://127.0.0.1:${ports.oidc}/health`,
  graceMs: GRACE_MS,
});

/** Starts a part, and resolves once it answers; `track` is told of it before, so that it can be ended. */
export async function run(part, folder, track) {
  const started = { ...part, ...launch({ ...part, folder, cwd: ROOT }) };
  track(started);
  await untilReady(started);
  return started;
}

/** Waits until a process answers; one that ends instead is a reason to stop, in its own words. */
async function untilReady({ called, health, hint, ended, logFile, logFrom }) {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  for (const until = Date.now() + READY_MS; Date.now() < until; await setTimeout(50)) {
    if (isOver) throw new Halt(lastWords({ called, hint, logFile, logFrom }));
    if (await answers(health)) return;
  }
  throw new Halt(`${called} did not become ready within ${READY_MS / 1000} s. What it said is in ${logFile}.`);
}

const answers = (url) =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.ok,
    () => false,
  );

/** What a process printed before it ended: its own lines, where it has any. */
function lastWords({ called, hint, logFile, logFrom }) {
  const lines = readFileSync(logFile)
    .subarray(logFrom)
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  const own = lines.filter((line) => line.startsWith('ecs-rollback: '));
  return own.length > 0
    ? own.join('\n')
    : [`${called} did not start:`, ...lines.slice(-5), ...(hint ? [hint] : [])].join('\n');
}
