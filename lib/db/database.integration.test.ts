import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Database,
  mayChangeRecord,
  migrate,
  openDatabase,
  requireDurable,
  roleOf,
  UnfitDatabase,
} from './database';
import { type FreshDatabase, freshDatabase, MIGRATIONS } from './fresh-database';

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
});
afterAll(() => fresh?.drop());

const quiet = (): void => undefined;

/** Something to wait for until it is opened. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = quiet;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('a process that is busy itself', () => {
  it('does not take that for a database that is gone', async () => {
    const database = openDatabase(fresh.url, quiet);
    const asked = [database.query('SELECT 1 AS one'), database.transaction((tx) => tx.query('SELECT 1 AS one'))];
    await new Promise(setImmediate);
    // Longer than anybody waits for a connection.
    for (const until = performance.now() + 2_300; performance.now() < until; );
    expect(await Promise.all(asked)).toEqual([[{ one: 1 }], [{ one: 1 }]]);
    await database.close();
  });
});

describe('a transaction', () => {
  it('keeps nothing of work that threw', async () => {
    const work = fresh.database.transaction(async (tx) => {
      await tx.query("INSERT INTO revision VALUES ('arn:a', '{}', now())");
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await fresh.database.query("SELECT 1 FROM revision WHERE arn = 'arn:a'")).toEqual([]);
  });

  it('does not pass for committed when a statement inside it failed unseen', async () => {
    const work = fresh.database.transaction(async (tx) => {
      await tx.query("INSERT INTO revision VALUES ('arn:b', '{}', now())");
      await tx.query('SELECT 1 / 0').catch(quiet);
    });
    await expect(work).rejects.toThrow('answered COMMIT with ROLLBACK');
    expect(await fresh.database.query("SELECT 1 FROM revision WHERE arn = 'arn:b'")).toEqual([]);
  });

  it('gives its connection back, whatever happened inside', async () => {
    const failing = Array.from({ length: 30 }, () =>
      fresh.database.transaction((tx) => tx.query('SELECT nonsense')).catch(quiet),
    );
    await Promise.all(failing);
    expect(await fresh.database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('keeps nobody from reading, however many of them wait for each other', async () => {
    const { opened, open } = gate();
    const work = Array.from({ length: 40 }, () =>
      fresh.database.transaction(async (tx) => {
        await opened;
        return tx.query('SELECT 1 AS one');
      }),
    );
    expect(await fresh.database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    open();
    expect(await Promise.all(work)).toEqual(work.map(() => [{ one: 1 }]));
  });

  it('is not begun at all once it has waited too long for its turn', async () => {
    const { opened, open } = gate();
    const ahead = Array.from({ length: 7 }, () => fresh.database.transaction(() => opened));
    let begun = false;
    const late = fresh.database.transaction(async () => {
      begun = true;
    });
    await expect(late).rejects.toThrow('no connection to the database was free for 5 s');
    open();
    await Promise.all(ahead);
    expect(await fresh.database.transaction((tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    expect(begun).toBe(false);
  });

  it('sees one moment throughout when a snapshot is asked for', async () => {
    const seen = await fresh.database.transaction(
      async (tx) => {
        const before = await tx.query('SELECT count(*) FROM revision');
        await fresh.owner.query("INSERT INTO revision VALUES ('arn:c', '{}', now())");
        return [before, await tx.query('SELECT count(*) FROM revision')];
      },
      { snapshot: true },
    );
    expect(seen[0]).toEqual(seen[1]);
  });

  it('fails where the answer to its commit is lost, though the commit may have happened', async () => {
    const proxied = await losesAnswersTo('COMMIT', fresh.url);
    const database = openDatabase(proxied.url, quiet);
    const work = database.transaction((tx) => tx.query("INSERT INTO revision VALUES ('arn:lost', '{}', now())"));
    await expect(work).rejects.toThrow();
    expect(await fresh.database.query("SELECT 1 AS kept FROM revision WHERE arn = 'arn:lost'")).toEqual([{ kept: 1 }]);
    await database.close();
    await proxied.close();
  });
});

describe('a database that is not there', () => {
  it('is noticed at once where nothing listens', async () => {
    const database = openDatabase('postgres://nobody@127.0.0.1:1/none', quiet);
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await database.close();
  });

  it('is noticed within seconds where somebody listens and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const database = openDatabase(`postgres://nobody@127.0.0.1:${port}/none`, quiet);
    const since = performance.now();
    await expect(database.query('SELECT 1')).rejects.toThrow('timeout');
    expect(performance.now() - since).toBeLessThan(4_000);
    await database.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

describe('a server whose commits may be lost', () => {
  it('is refused', async () => {
    await requireDurable(fresh.database);
    await fresh.owner.query(`ALTER ROLE ${fresh.appRole} SET synchronous_commit = off`);
    const careless = fresh.open();
    await expect(requireDurable(careless)).rejects.toThrow(/synchronous_commit = off/);
    await fresh.owner.query(`ALTER ROLE ${fresh.appRole} RESET synchronous_commit`);
    const settings = [{ fsync: 'off', commit: 'on', version: '150000' }];
    await expect(requireDurable({ query: async <Row>() => settings as Row[] })).rejects.toThrow(UnfitDatabase);
    const old = [{ fsync: 'on', commit: 'on', version: '140011' }];
    await expect(requireDurable({ query: async <Row>() => old as Row[] })).rejects.toThrow('15 or newer');
  });
});

describe('migrations', () => {
  let empty: FreshDatabase;
  beforeAll(async () => {
    empty = await freshDatabase(process.env.TEST_DATABASE_URL, false);
  });
  afterAll(() => empty?.drop());

  const applied = (database: Database) => database.query('SELECT number, name FROM migration ORDER BY number');

  it('are applied once by replicas that start together', async () => {
    const replicas = Array.from({ length: 4 }, () => openDatabase(empty.ownerUrl, quiet));
    await Promise.all(replicas.map((replica) => migrate(replica, MIGRATIONS, empty.appRole)));
    await Promise.all(replicas.map((replica) => replica.close()));
    expect(await applied(empty.owner)).toContainEqual({ number: 1, name: '0001-first.sql' });
    expect(await empty.database.query('SELECT seq FROM record_head')).toEqual([{ seq: '0' }]);
  });

  it('go on from where they stand, and all or nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    cpSync(MIGRATIONS, folder, { recursive: true });
    writeFileSync(join(folder, '0998-good.sql'), 'CREATE TABLE good (id int);');
    writeFileSync(join(folder, '0999-bad.sql'), 'CREATE TABLE bad (id int); SELECT 1 / 0;');
    const before = await applied(empty.owner);
    await expect(migrate(empty.owner, folder, null)).rejects.toThrow('division by zero');
    expect(await applied(empty.owner)).toEqual(before);
    rmSync(join(folder, '0999-bad.sql'));
    await migrate(empty.owner, folder, null);
    expect(await applied(empty.owner)).toEqual([...before, { number: 998, name: '0998-good.sql' }]);
    rmSync(folder, { recursive: true });
  });

  it('run beside a newer schema than their own, so that this tool can be rolled back', async () => {
    await migrate(empty.owner, MIGRATIONS, empty.appRole);
    expect(await applied(empty.owner)).toContainEqual({ number: 998, name: '0998-good.sql' });
  });

  it('stop the start where a file was changed after it was applied', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    writeFileSync(join(folder, '0001-first.sql'), 'SELECT 1;');
    await expect(migrate(empty.owner, folder, null)).rejects.toThrow('migration 0001-first.sql was changed');
    rmSync(folder, { recursive: true });
  });
});

describe("the application's role", () => {
  it('may not change, delete or cut the record, nor its head', async () => {
    for (const statement of [
      "UPDATE record SET payload = '{}'",
      'DELETE FROM record',
      'TRUNCATE record',
      'UPDATE record_head SET seq = 0',
      'ALTER TABLE record DISABLE TRIGGER ALL',
      'DROP TABLE record',
      'DELETE FROM rollback',
      "UPDATE plan SET body = '{}'",
    ]) {
      await expect(fresh.database.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    }
    expect(await mayChangeRecord(fresh.database)).toBe(false);
    expect(roleOf(fresh.url)).toBe(fresh.appRole);
  });

  it('is told apart from a role that may do everything', async () => {
    expect(await mayChangeRecord(fresh.owner)).toBe(true);
  });
});

/** A database address whose server falls silent, connection closed, right after a statement went through. */
async function losesAnswersTo(statement: string, url: string): Promise<{ url: string; close(): Promise<void> }> {
  const { connect } = await import('node:net');
  const to = new URL(url);
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    let lost = false;
    client.on('data', (bytes) => {
      lost ||= bytes.includes(statement);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (lost) client.destroy();
      else client.write(bytes);
    });
    for (const socket of [client, upstream]) socket.on('error', quiet);
    client.on('close', () => upstream.end());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return { url: through.toString(), close: () => new Promise((resolve) => server.close(() => resolve())) };
}
