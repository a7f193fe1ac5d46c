import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from './postgres.mjs';

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

  it('is started once by two who come at the same time', async () => {
    await (await start()).stop();
    const both = await Promise.all([start(), start()]);
    expect(new Set(both.map(({ superuserUrl }) => superuserUrl)).size).toBe(1);
  });
});
