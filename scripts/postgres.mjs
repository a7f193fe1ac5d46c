// A PostgreSQL of one's own, for whoever has set no DATABASE_URL: real, durable, on loopback alone.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { isAlive } from './alive.mjs';
import { freePort } from './ports.mjs';
import { account, ownFolder, programs, QUIET, reachable, reachableFolder } from './postgres-programs.mjs';
import { Halt } from './root.mjs';

const DATABASE = 'ecs_rollback';
const SUPERUSER = 'postgres';
const APP_ROLE = 'ecs_rollback_app';
const PASSWORDS = 'ecs-rollback-passwords.json';

/** Longest wait for a server to accept connections; one that died first reads back what it had promised. */
const READY_MS = 120_000;
const STOP_MS = 20_000;

/** A server that ends as often as this before it is ready has data that it cannot read. */
const MOST_STARTS = 10;

/**
 * Starts the server of a folder, or finds the one that lives there; creates both roles and the database.
 *
 * A server outlives a launcher that was killed. One that died itself recovers what it had acknowledged.
 *
 * @param folder - Where the data is, or shall be.
 * @param logFile - What the server says is added to it.
 * @param say - Told a line about anything out of the ordinary.
 * @returns The addresses as the superuser, who migrates, and as the application; `fresh` where there was no data yet,
 *   `found` where the server was running; `stop` ends it in order.
 */
export async function startPostgres({ folder, logFile, say = console.log }) {
  const as = account();
  const data = dataFolder(folder, as, say);
  const bin = programs(as);
  const fresh = !existsSync(join(data, 'PG_VERSION'));
  if (fresh) initialise(data, bin, as);
  const passwords = passwordsOf(data);
  const { pid, port, found } = await serve({ data, bin, as, logFile, passwords });
  const url = (role, password, database = DATABASE) => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
  await prepare(url(SUPERUSER, passwords.superuser, 'postgres'), passwords);
  return {
    superuserUrl: url(SUPERUSER, passwords.superuser),
    appUrl: url(APP_ROLE, passwords.app),
    data,
    pid,
    fresh,
    found,
    stop: () => stopServer(data),
  };
}

/** Where the data of `folder` really stands: below the temporary folder if PostgreSQL's account cannot reach it. */
export function dataFolder(folder, as = account(), say = () => undefined) {
  const wished = resolve(folder);
  if (reachable(wished, as)) return wished;
  const data = join(reachableFolder(wished), 'data');
  say(`PostgreSQL runs under an account of its own, which cannot reach ${wished}; its data stands in ${data} instead.`);
  return data;
}

function initialise(data, bin, as) {
  const making = `${data}.new`;
  mkdirSync(dirname(data), { recursive: true });
  ownFolder(making, as);
  const passwords = { superuser: password(), app: password() };
  const passwordFile = `${making}-password`;
  writeOwn(passwordFile, `${passwords.superuser}\n`, as);
  const arguments_ = [
    `--pgdata=${making}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  const made = spawnSync(join(bin, 'initdb'), arguments_, {
    ...as,
    cwd: '/',
    env: QUIET,
    encoding: 'utf8',
  });
  rmSync(passwordFile);
  if (made.status !== 0) throw new Halt(`PostgreSQL could not make ${data}: ${made.stderr ?? made.error?.message}`);
  writeOwn(join(making, PASSWORDS), JSON.stringify(passwords), as);
  // In one step, so that a folder with data in it is a whole one.
  rmSync(data, { recursive: true, force: true });
  renameSync(making, data);
}

/** Writes a file that `as` alone may read. */
function writeOwn(file, text, as) {
  writeFileSync(file, text, { mode: 0o600 });
  if (as.uid !== undefined) chownSync(file, as.uid, as.gid);
}

function passwordsOf(data) {
  const file = join(data, PASSWORDS);
  if (!existsSync(file)) throw new Halt(`${data} holds a PostgreSQL that is not of this tool; set DATABASE_URL.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const password = () => randomBytes(24).toString('hex');

/** The port of the folder's server, started if none lives. */
async function serve({ data, bin, as, logFile, passwords }) {
  const until = Date.now() + READY_MS;
  let starts = 0;
  for (let started = null; Date.now() < until; await setTimeout(25)) {
    const running = runningIn(data);
    if (running !== null && (await answers(running.port, data, passwords))) {
      return { ...running, found: running.pid !== started?.pid };
    }
    // Left alone while it lives: PostgreSQL's own lock keeps a second server off the folder, and what a dead one left
    // behind may take a moment to end.
    if (started === null || started.exitCode !== null || started.signalCode !== null) {
      if (starts === MOST_STARTS) throw new Halt(unreadable(data, logFile));
      if (started !== null) await setTimeout(300);
      // One that lives there may be reading back what it had promised.
      if (running === null) starts += 1;
      started = await launch({ data, bin, as, logFile });
    }
  }
  throw new Halt(`PostgreSQL did not become ready in ${data}; what it said is in ${logFile}.`);
}

/** What to do about data PostgreSQL does not start on. Nothing of it is touched. */
function unreadable(data, logFile) {
  const said = readFileSync(logFile, 'utf8')
    .split('\n')
    .findLast((line) => /\b(FATAL|PANIC):/.test(line));
  return [
    `PostgreSQL does not start on the data in ${data}${said ? `: ${said.replace(/^.*\b(FATAL|PANIC): +/, '')}` : ''}.`,
    `Nothing was changed there; what it said is in ${logFile}.`,
    `To go back to a backup, move the folder away, start again and restore as docs/install.md says.`,
  ].join(' ');
}

async function launch({ data, bin, as, logFile }) {
  const log = openSync(logFile, 'a');
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: await freePort(),
    shared_buffers: '16MB',
    max_connections: 200,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A group of its own: Ctrl-C at the terminal is the launcher's to answer, in the right order.
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...flags], {
    ...as,
    cwd: '/',
    env: QUIET,
    detached: true,
    stdio: ['ignore', log, log],
  });
  server.on('error', () => undefined);
  server.unref();
  return server;
}

/** What the server wrote down of itself: process id and port. */
function runningIn(data) {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const [pid, , , port] = readFileSync(file, 'utf8').split('\n').map(Number);
  return pid > 0 && port > 0 && isAlive(pid) ? { pid, port } : null;
}

/** Whether the server at a port is the one of this folder. */
async function answers(port, data, passwords) {
  const client = new pg.Client({
    connectionString: `postgres://${SUPERUSER}:${passwords.superuser}@127.0.0.1:${port}/postgres`,
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('SHOW data_directory');
    return resolve(rows[0].data_directory) === data;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** One role owns and migrates, the other works; the second may do only what migrations grant it. */
async function prepare(serverUrl, passwords) {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APP_ROLE]);
    if (role.rowCount === 0) await client.query(`CREATE ROLE ${APP_ROLE} LOGIN PASSWORD '${passwords.app}'`);
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** Ends the server of a folder in order, if one lives there. */
export async function stopServer(data) {
  const passwords = passwordsOf(data);
  const running = runningIn(data);
  // A process of that number alone might be anybody's.
  if (running === null || !(await answers(running.port, data, passwords))) return;
  // Fast shutdown: connections end, everything committed is on disk.
  process.kill(running.pid, 'SIGINT');
  for (const until = Date.now() + STOP_MS; isAlive(running.pid); await setTimeout(25)) {
    if (Date.now() > until) return process.kill(running.pid, 'SIGQUIT');
  }
}
