// Processes that run beside us: each with a log and a file that holds its number, so that whoever comes after a killed
// launcher finds them, and ends no other process by mistake.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isAlive } from './alive.mjs';

/** A log that has grown to this size is set aside when its process starts. */
const LARGEST_LOG_BYTES = 20_000_000;

/** A process number is used again some day; with the moment of its start it names one process for good. */
export const identityOf = (pid) => ({ pid, since: sinceWhen(pid) });

const isLiving = ({ pid, since }) => since !== null && sinceWhen(pid) === since;

function sinceWhen(pid) {
  if (!isAlive(pid)) return null;
  if (process.platform === 'linux') {
    // After the name in brackets: state, …, and as the twentieth the start, in ticks since the machine's.
    const [state, ...fields] = readText(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' || state === '' ? null : (fields[18] ?? null);
  }
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || null;
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Starts a process in a group of its own: Ctrl-C at the terminal is ours to answer, in the right order.
 *
 * @param folder - Where its log (`logs/<name>.log`), its number (`<name>.pid`) and what names it for good are kept.
 * @returns Its name and number, its log and where in it this start begins; `ended` resolves with its exit code or
 *   signal; `end` ends it.
 */
export function launch({ name, folder, arguments_, env, cwd }) {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  mkdirSync(join(folder, 'run'), { recursive: true });
  const logFile = logOf(folder, name);
  const log = openSync(logFile, 'a');
  const logFrom = fstatSync(log).size;
  const child = spawn(process.execPath, arguments_, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const entry = { name, ...identityOf(child.pid), launcher: identityOf(process.pid) };
  writeFileSync(join(folder, `${name}.pid`), `${child.pid}\n`);
  writeFileSync(join(folder, 'run', `${name}.json`), JSON.stringify(entry));
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      forget(folder, entry);
      resolve(signal ?? code);
    });
  });
  return { name, pid: child.pid, logFile, logFrom, ended, end: (graceMs) => endProcess(folder, entry, graceMs) };
}

function logOf(folder, name) {
  const file = join(folder, 'logs', `${name}.log`);
  if (existsSync(file) && statSync(file).size > LARGEST_LOG_BYTES) renameSync(file, `${file}.1`);
  return file;
}

/** Processes of a folder that live, whoever started them: `isLeft` where that one lives no more. */
export function livingIn(folder) {
  const runs = join(folder, 'run');
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readText(join(runs, file)) || 'null'))
    .filter((entry) => entry !== null && isLiving(entry))
    .map((entry) => ({ ...entry, isLeft: !isLiving(entry.launcher), isOurs: entry.launcher.pid === process.pid }));
}

/** Ends a process of a folder: asks, waits up to `graceMs`, then does not ask. */
export async function endProcess(folder, entry, graceMs) {
  if (isLiving(entry)) signal(entry.pid, 'SIGTERM');
  for (const until = Date.now() + graceMs; isLiving(entry); await setTimeout(50)) {
    // The group: with the compiler that develops there is more than one process in it.
    if (Date.now() > until) signal(-entry.pid, 'SIGKILL');
  }
  forget(folder, entry);
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended by itself a moment ago.
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Removes the files of a process, unless they are those of its successor by now. */
function forget(folder, { name, pid }) {
  const file = join(folder, `${name}.pid`);
  if (Number(readText(file)) !== pid) return;
  rmSync(file, { force: true });
  rmSync(join(folder, 'run', `${name}.json`), { force: true });
}
