// `npm run demo`: installs and builds if needed, then starts a dashboard in a simulated world and keeps it until Ctrl-C.
import { parseArgs } from 'node:util';
import { ensureBuild } from './build.mjs';
import { DEMO_FOLDER, portsFrom } from './demo-settings.mjs';
import { ensurePackages } from './packages.mjs';
import { isFree } from './ports.mjs';
import { livingIn } from './processes.mjs';
import { Halt, main } from './root.mjs';
import { untilSignal } from './signals.mjs';

const READY = `Sign in as  operator@notify.example     may roll back in every target
            staging@notify.example      may roll back in staging and preview, may look at production
            viewer@notify.example       may look everywhere
            nobody@notify.example       has no role
Any password works. AWS is simulated; nothing leaves this machine.`;

await main(async () => {
  const { fresh, replicas, dev } = wishes();
  const ports = portsFrom(process.env);
  await refuseSecondDemo(ports, replicas);
  await ensurePackages();
  // Only now are the packages there that it needs.
  const { endLeftovers, startStack } = await import('./stack.mjs');
  const { forgetEverything } = await import('./stack-database.mjs');
  await endLeftovers(DEMO_FOLDER);
  await refuseTakenPorts(ports, replicas);
  if (fresh) await forgetEverything(DEMO_FOLDER);
  if (!dev) await ensureBuild({ isInUse: livingIn(DEMO_FOLDER).length > 0 });
  const signal = untilSignal();
  const stack = await startStack({ folder: DEMO_FOLDER, ports, replicas, dev });
  for (const end of stack.ended) void end.then((what) => signal.received || report(what));
  console.log(`Ready: ${stack.url}\n${READY}`);
  for (const url of stack.dashboards.slice(1)) console.log(`Another dashboard on the same data: ${url}`);
  await signal;
  console.log('Ending (a press under way may take up to 90 s) …');
  await stack.stop();
  process.exit(0);
});

function wishes() {
  try {
    const { values } = parseArgs({
      options: { fresh: { type: 'boolean' }, dev: { type: 'boolean' }, replicas: { type: 'string', default: '1' } },
    });
    const replicas = Number(values.replicas);
    if (!Number.isInteger(replicas) || replicas < 1 || replicas > 5) throw new Error('--replicas takes 1 to 5.');
    return { fresh: values.fresh === true, dev: values.dev === true, replicas };
  } catch ({ message }) {
    throw new Halt(`${message} The demo takes --fresh, --replicas 2 and --dev.`);
  }
}

/** Before anything is installed or ended: what runs here was started on purpose. */
async function refuseSecondDemo(ports, replicas) {
  const living = livingIn(DEMO_FOLDER);
  // What a killed demo left holds ports that are about to be free.
  if (living.every(({ isLeft }) => !isLeft)) await refuseTakenPorts(ports, replicas);
  const running = living.find(({ name, isLeft }) => name === 'simulator' && !isLeft);
  if (running !== undefined) {
    throw new Halt(`The demo of this folder is running already (process ${running.launcher.pid}).`);
  }
}

async function refuseTakenPorts({ dashboard, simulator, oidc }, replicas) {
  const wanted = [
    ...Array.from({ length: replicas }, (_, index) => [dashboard + index, 'PORT']),
    [simulator, 'SIMULATOR_PORT'],
    [oidc, 'OIDC_PORT'],
  ];
  for (const [port, variable] of wanted) {
    if (!(await isFree(port))) throw new Halt(`Port ${port} is taken. Set ${variable} to a free one.`);
  }
}

function report({ called, code, logFile }) {
  const how = code === null ? '' : typeof code === 'number' ? ` with exit code ${code}` : ` by ${code}`;
  console.error(`${called} ended${how}; everything else keeps running. What it said is in ${logFile}.`);
}
