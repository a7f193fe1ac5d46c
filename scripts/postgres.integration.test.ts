import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from './postgres.mjs';
import { ROOT } from './root.mjs';

let folder: string;
let stop: (() => Promise<void>) | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  await stop?.();
  rmSync(folder, { recursive: true });
});

async function start() {
  const server = await startPostgres({ folder: join(folder, 'data'), logFile: join(folder, 'log') });
  stop = server.stop;
  return server;
}

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const processId = (): number => Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);

describe('a PostgreSQL of one’s own', () => {
  it('keeps its promises: on loopback, with a password, and every commit on disk', async () => {
    const { superuserUrl, fresh } = await start();
    expect(fresh).toBe(true);
    const [settings] = await ask(
      superuserUrl,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('listen_addresses') AS listens, current_setting('unix_socket_directories') AS sockets`,
    );
    expect(settings).toEqual({ fsync: 'on', commit: 'on', listens: '127.0.0.1', sockets: '' });
    await expect(ask(superuserUrl.replace(/:\w+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
    expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0);
  });

  it('has a role that may migrate and one that may not', async () => {
    const { superuserUrl, appUrl } = await start();
    await ask(superuserUrl, 'CREATE TABLE kept (x int)');
    await expect(ask(appUrl, 'INSERT INTO kept VALUES (1)')).rejects.toThrow('permission denied');
    await expect(ask(appUrl, 'CREATE TABLE mine (x int)')).rejects.toThrow('permission denied');
  });

  it('is found while it lives, recovers when it was killed, and begins again where it was stopped', async () => {
    const first = await start();
    await ask(first.superuserUrl, 'CREATE TABLE kept (x int); INSERT INTO kept VALUES (1)');
    const found = await start();
    expect(found).toMatchObject({ found: true, fresh: false, superuserUrl: first.superuserUrl });

    process.kill(processId(), 'SIGKILL');
    const recovered = await start();
    expect(recovered).toMatchObject({ found: false, fresh: false });
    expect(await ask(recovered.superuserUrl, 'SELECT x FROM kept')).toEqual([{ x: 1 }]);

    await recovered.stop();
    const again = await start();
    expect(await ask(again.superuserUrl, 'SELECT x FROM kept')).toEqual([{ x: 1 }]);
  });

  it('outlives a launcher that is killed: the next one finds it living, with every row that was acknowledged', async () => {
    const launcher = await launchElsewhere();
    const writing = writes(launcher.superuserUrl);
    await writing.begun;
    launcher.child.kill('SIGKILL');
    await once(launcher.child, 'exit');
    const found = await start();
    expect(found).toMatchObject({ found: true, superuserUrl: launcher.superuserUrl });
    const acknowledged = await writing.end();
    expect(await ask(found.superuserUrl, 'SELECT count(*)::int FROM kept')).toEqual([{ count: acknowledged }]);
  });

  it('that is killed itself recovers every row it had acknowledged', async () => {
    const { superuserUrl } = await start();
    const writing = writes(superuserUrl);
    await writing.begun;
    process.kill(processId(), 'SIGKILL');
    const acknowledged = await writing.end();
    const recovered = await start();
    expect(recovered).toMatchObject({ found: false, fresh: false });
    const kept = (await ask(recovered.superuserUrl, 'SELECT x FROM kept ORDER BY x')).map(({ x }) => Number(x));
    // One more may have been committed whose answer nobody heard.
    expect(kept.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, index) => index + 1));
    expect(kept.length).toBeLessThanOrEqual(acknowledged + 1);
  });

  it('whose data is damaged is not started, and says what to do; nothing of it is wiped', async () => {
    await (await start()).stop();
    stop = undefined;
    const control = join(folder, 'data/global/pg_control');
    const damaged = Buffer.alloc(statSync(control).size, 7);
    writeFileSync(control, damaged);
    const before = readdirSync(join(folder, 'data/base')).sort();
    await expect(start()).rejects.toThrow(
      /^PostgreSQL does not start on the data in .*restore as docs\/install\.md says/,
    );
    expect(readFileSync(control)).toEqual(damaged);
    expect(readdirSync(join(folder, 'data/base')).sort()).toEqual(before);
  });

  it('is started once by two who come at the same time', async () => {
    await (await start()).stop();
    const both = await Promise.all([start(), start()]);
    expect(new Set(both.map(({ superuserUrl }) => superuserUrl)).size).toBe(1);
  });
});

/** A launcher in a process of its own. */
async function launchElsewhere(): Promise<{ readonly child: ChildProcess; readonly superuserUrl: string }> {
  const options = JSON.stringify({ folder: join(folder, 'data'), logFile: join(folder, 'log') });
  const script = `import { startPostgres } from './scripts/postgres.mjs';
    const { superuserUrl } = await startPostgres(${options});
    console.log(superuserUrl);
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [address] = await once(child.stdout, 'data');
  const superuserUrl = String(address).trim();
  stop = async () => (await start()).stop();
  return { child, superuserUrl };
}

/** Commits numbers in order, one after the other, until it is ended or the server is; tells how many were acknowledged. */
function writes(url: string): { readonly begun: Promise<void>; end(): Promise<number> } {
  let acknowledged = 0;
  let ended = false;
  const { promise: begun, resolve } = promiseOf();
  const done = (async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE kept (x int)');
    try {
      while (!ended) {
        await client.query(`INSERT INTO kept VALUES (${acknowledged + 1})`);
        acknowledged += 1;
        if (acknowledged === 100) resolve();
      }
    } catch (error) {
      if (!(error instanceof Error) || !/terminated|ECONNRESET|shutting down/.test(error.message)) throw error;
    }
    await client.end().catch(() => undefined);
    return acknowledged;
  })();
  return {
    begun,
    end: () => {
      ended = true;
      return done;
    },
  };
}

function promiseOf(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
