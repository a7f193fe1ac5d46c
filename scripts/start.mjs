// `npm start`: one dashboard alone. With a configuration of one's own it runs on that and on one's own settings;
// without, on the data and in the world of the demo.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './build.mjs';
import { DEMO_FOLDER, ownEnvironment, portsFrom, writeConfiguration } from './demo-settings.mjs';
import { ensurePackages } from './packages.mjs';
import { isFree } from './ports.mjs';
import { livingIn } from './processes.mjs';
import { Halt, main, ROOT } from './root.mjs';
import { untilSignal } from './signals.mjs';

const { env } = process;

await main(async () => {
  const ports = portsFrom(env);
  if (!(await isFree(ports.dashboard))) throw new Halt(`Port ${ports.dashboard} is taken. Set PORT to a free one.`);
  await ensurePackages();
  const { dashboard, run } = await import('./parts.mjs');
  const { databaseOf, releaseDatabase } = await import('./stack-database.mjs');
  const others = livingIn(DEMO_FOLDER).filter(({ name }) => name.startsWith('dashboard'));
  await ensureBuild({ isInUse: others.length > 0 });
  const signal = untilSignal();
  const database = await databaseOf({ folder: DEMO_FOLDER, env });
  let started;
  try {
    const part = dashboard({
      ...{ env, folder: DEMO_FOLDER, ports, port: ports.dashboard, database: database.env, dev: false },
      index: freeIndex(others),
      baseUrl: baseUrl(ports, others),
    });
    await run({ ...part, ...settingsOf(part, database) }, DEMO_FOLDER, (one) => {
      started = one;
    });
    console.log(`Ready: ${part.baseUrl}\nIts log: ${started.logFile}`);
    const ended = await Promise.race([signal, started.ended]);
    if (!signal.received) throw new Halt(`The dashboard ended (${ended}). What it said is in ${started.logFile}.`);
    console.log('Ending (a press under way may take up to 90 s) …');
  } finally {
    await started?.end(started.graceMs);
    await releaseDatabase(DEMO_FOLDER, env);
  }
  process.exit(0);
});

/** People with a configuration of their own get nothing of the demo's, least of all its AWS. */
function settingsOf(part, database) {
  if (env.ECS_ROLLBACK_CONFIG || existsSync(join(ROOT, 'ecs-rollback.yaml'))) {
    return { env: ownEnvironment({ env, database: database.env }) };
  }
  if (!existsSync(join(DEMO_FOLDER, 'ecs-rollback.yaml'))) {
    writeConfiguration(DEMO_FOLDER, { replicas: 1, scenario: env.SIMULATOR_SCENARIO || 'notify' });
  }
  return { env: part.env };
}

/** The first name no other dashboard of the folder has. */
function freeIndex(others) {
  const names = new Set(others.map(({ name }) => name));
  let index = 0;
  while (names.has(index === 0 ? 'dashboard' : `dashboard-${index + 1}`)) index++;
  return index;
}

/** Beside another dashboard of the same folder people come by the same address. */
function baseUrl(ports, others) {
  const file = join(DEMO_FOLDER, 'base-url');
  return others.length > 0 && existsSync(file)
    ? readFileSync(file, 'utf8').trim()
    : `http://localhost:${ports.dashboard}`;
}
