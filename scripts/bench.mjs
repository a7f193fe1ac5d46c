// `npm run bench [-- --soak 30]`: how many calls of AWS pages cost, how long they take and what they hold, beside the
// simulated AWS with 500 services, 50 ms away and at its published quotas. Counts are asserted in tests; times stand here.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import {
  coldOverview,
  crowd,
  EVERYTHING,
  longHistory,
  rollback,
  servicePages,
  warmOverview,
} from './bench/measures.mjs';
import { processorMs, residentMiB, sharedMiB } from './bench/memory.mjs';
import { ofOverview } from './bench/minimum.mjs';
import { soak } from './bench/soak.mjs';
import { makeStand, signInAll } from './bench/stand.mjs';
import { kibibytes, mebibytes, milliseconds, printTable } from './bench/table.mjs';
import { hangUp, timesOf } from './bench/visitor.mjs';
import { regionsOf } from './bench/wire.mjs';
import { ensureBuild } from './build.mjs';
import { Halt, main } from './root.mjs';

const LATENCY_MS = 50;
const SESSIONS = 20;

function wishedMinutes() {
  try {
    const { values } = parseArgs({ options: { soak: { type: 'string', default: '0' } } });
    const minutes = Number(values.soak);
    if (!(minutes >= 0 && minutes <= 24 * 60)) throw new Error('--soak takes minutes.');
    return minutes;
  } catch ({ message }) {
    throw new Halt(message);
  }
}

async function measure(stand, minutes) {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  console.log(`${machine}; 500 services in 20 clusters, AWS ${LATENCY_MS} ms away at its published quotas\n`);
  const people = await signInAll(stand, SESSIONS);
  const regions = await regionsOf(stand);
  const least = ofOverview(regions);
  const region = regions.find(({ account }) => account === '111111111111');
  // Signing in leads to an overview, so that something was read by now.
  await stand.forget();
  const given = { stand, people, region, sweep: least.sweep };
  const rows = [];
  const measured = async (work) => {
    const before = memoryOf(stand);
    const cpu = processorMs(stand.pids().dashboard);
    const done = await work();
    const after = memoryOf(stand);
    const pages = done.reduce((sum, { visits }) => sum + visits.length, 0);
    const cpuMs = (processorMs(stand.pids().dashboard) - cpu) / pages;
    rows.push(...done.map((row, index) => ({ ...row, ...(index === 0 && { memory: [before, after], cpuMs }) })));
  };
  await measured(() => coldOverview({ ...given, least: least.whole, name: 'overview, cold' }));
  await measured(() => warmOverview({ ...given, name: 'overview of all 500, warm', path: EVERYTHING }));
  await measured(() => warmOverview({ ...given, name: 'overview as it opens, warm' }));
  await measured(() => crowd({ ...given, name: '200 people in 5 s, warm' }));
  await measured(() => servicePages(given));
  await measured(() => longHistory(given));
  await measured(() => rollback(given));
  await stand.restart();
  await measured(() => crowd({ ...given, sweep: least.restarted, name: '200 people in 5 s, process restarted' }));
  print(rows);
  if (minutes > 0) await soak({ ...given, minutes, memoryOf });
}

function memoryOf(stand) {
  const { dashboard, postgres } = stand.pids();
  return { dashboard: residentMiB(dashboard), postgres: sharedMiB(postgres) };
}

const HEADS = [
  '',
  'calls',
  'least',
  'ratio',
  'p50',
  'p95',
  'p99',
  'on the wire',
  'processor',
  'dashboard',
  'PostgreSQL',
];

function print(rows) {
  printTable(HEADS, rows.map(lineOf));
  console.log('');
  for (const { name, words } of rows) if (words) console.log(`${name}: ${words}.`);
}

function lineOf({ name, calls, least, visits, bytes, memory, cpuMs }) {
  const { p50, p95, p99 } = timesOf(visits);
  const one = visits.length === 1;
  return [
    name,
    rounded(calls),
    rounded(least),
    least === 0 ? '' : (calls / least).toFixed(2),
    milliseconds(p50),
    one ? '' : milliseconds(p95),
    one ? '' : milliseconds(p99),
    bytes === undefined ? '' : kibibytes(Math.round(bytes)),
    cpuMs === undefined || one ? '' : milliseconds(cpuMs),
    ...grown(memory),
  ];
}

const rounded = (count) => String(Math.round(count * 10) / 10);

const grown = (memory) =>
  memory === undefined
    ? ['', '']
    : ['dashboard', 'postgres'].map((part) => `${Math.round(memory[0][part])} → ${mebibytes(memory[1][part])}`);

await main(async () => {
  const minutes = wishedMinutes();
  await ensureBuild();
  const stand = await makeStand({ latencyMs: LATENCY_MS });
  try {
    await measure(stand, minutes);
  } finally {
    hangUp();
    await stand.stop();
  }
  process.exit(0);
});
