import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from './database';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { takesWrites } from './ready';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
});
afterAll(() => fresh?.drop());

describe('readiness', () => {
  it('is shown by a write, again and again', async () => {
    expect(await takesWrites(fresh.database, 2_000)).toBe(true);
    expect(await takesWrites(fresh.database, 2_000)).toBe(true);
    expect(await fresh.owner.query('SELECT 1 FROM probe')).toHaveLength(1);
  });

  it('is missing where the database may not be written to', async () => {
    await fresh.owner.query(`ALTER ROLE ${fresh.appRole} SET default_transaction_read_only = on`);
    expect(await takesWrites(fresh.open(), 2_000)).toBe(false);
    await fresh.owner.query(`ALTER ROLE ${fresh.appRole} RESET default_transaction_read_only`);
  });

  it('is missing where nothing listens, or the write hangs', async () => {
    const nowhere = openDatabase('postgres://nobody@127.0.0.1:1/none', () => undefined);
    expect(await takesWrites(nowhere, 2_000)).toBe(false);
    await nowhere.close();
    await fresh.owner.transaction(async (tx) => {
      await tx.query('LOCK TABLE probe IN ACCESS EXCLUSIVE MODE');
      expect(await takesWrites(fresh.database, 100)).toBe(false);
    });
  });
});
