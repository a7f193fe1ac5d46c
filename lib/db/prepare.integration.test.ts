import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '@/lib/log';
import { openDatabase } from './database';
import { type FreshDatabase, freshDatabase, MIGRATIONS } from './fresh-database';
import { prepareDatabase } from './prepare';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL, false);
});
afterAll(() => fresh?.drop());

const silent: Log = () => undefined;

async function prepared(databaseUrl: string, migrationDatabaseUrl: string, more: { log?: Log; waitMs?: number } = {}) {
  const database = openDatabase(databaseUrl, () => undefined);
  try {
    return await prepareDatabase(
      { databaseUrl, migrationDatabaseUrl },
      { database, migrations: MIGRATIONS, log: silent, waitMs: 0, ...more },
    );
  } finally {
    await database.close();
  }
}

const changed = (url: string, change: Partial<Pick<URL, 'host' | 'password' | 'pathname'>>): string =>
  Object.assign(new URL(url), change).toString();

/** A port of the database that opens only when told to. */
async function lateDoor() {
  const { hostname, port } = new URL(fresh.url);
  const server = createServer((socket) => {
    const behind = connect(Number(port), hostname);
    socket.pipe(behind).pipe(socket);
    for (const end of [socket, behind]) end.on('error', () => end.destroy());
  });
  const listen = (on: number) => new Promise<void>((resolve) => server.listen(on, '127.0.0.1', resolve));
  await listen(0);
  const { port: ours } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { port: ours, open: () => listen(ours), close: () => new Promise((resolve) => server.close(resolve)) };
}

describe('the database at the start', () => {
  it('may come after the process: it is waited for', async () => {
    const door = await lateDoor();
    const through = (url: string) => changed(url, { host: `127.0.0.1:${door.port}` });
    const waited: unknown[] = [];
    const log: Log = (event, members) => {
      if (waited.push([event, members]) === 1) void door.open();
    };
    expect(await prepared(through(fresh.url), through(fresh.ownerUrl), { log, waitMs: 30_000 })).toBeNull();
    expect(waited[0]).toEqual(['start.waiting', { for: 'database', why: 'ECONNREFUSED' }]);
    await door.close();
  });

  it('is named with its variable where nothing ever listens', async () => {
    const nowhere = 'postgres://nobody@127.0.0.1:1/none';
    expect(await prepared(nowhere, nowhere)).toBe('DATABASE_URL: the database cannot be used (ECONNREFUSED)');
  });

  it('is named with what to mend where it refuses', async () => {
    const wrong = (change: Parameters<typeof changed>[1]) => prepared(changed(fresh.url, change), fresh.ownerUrl);
    expect(await wrong({ password: 'wrong' })).toBe(
      'DATABASE_URL: the server refuses the role or its password; correct them',
    );
    expect(await wrong({ pathname: '/nothing_of_that_name' })).toBe(
      'DATABASE_URL: there is no database of that name; create it, or name another',
    );
    const noMigration = changed(fresh.ownerUrl, { pathname: '/nothing_of_that_name' });
    expect(await prepared(fresh.url, noMigration)).toBe(
      'MIGRATION_DATABASE_URL: there is no database of that name; create it, or name another',
    );
  });

  it('is named with what to mend where the role may not create tables', async () => {
    const empty = await freshDatabase(process.env.TEST_DATABASE_URL, false);
    expect(await prepared(empty.url, empty.url)).toBe(
      'DATABASE_URL: the role may not create tables; make it the owner of the database',
    );
    await empty.drop();
  });
});
