import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { silent } from './pressing';
import { createRefusals, type Refusals } from './refusals';

let fresh: FreshDatabase;
let refusals: Refusals;
let ahead = 0;
let before = 0;

const HOUR_MS = 3_600_000;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
});
afterAll(() => fresh?.drop());

beforeEach(async () => {
  ahead = 0;
  before = 0;
  before = (await recorded()).length;
  refusals = createRefusals({ database: fresh.database, log: silent, now: () => Date.now() + ahead });
});

type Payload = { readonly n: number; readonly counted?: number };

const recorded = async (): Promise<readonly Payload[]> => {
  const rows = await fresh.database.query<{ payload: string }>('SELECT payload FROM record ORDER BY seq');
  return rows.slice(before).map(({ payload }) => JSON.parse(payload) as Payload);
};

async function refuse(session: string, times: number): Promise<void> {
  for (let n = 1; n <= times; n += 1) await refusals.add(session, { kind: 'access-refused', n });
}

/** Counted ones are recorded behind somebody's back. */
const untilRecorded = (count: number) => expect.poll(async () => (await recorded()).length).toBe(count);

describe('refusals of one session', () => {
  it('are recorded one by one, sixty in an hour', async () => {
    await refuse('one', 60);
    await refusals.end();
    expect((await recorded()).map(({ n, counted }) => [n, counted])).toEqual(
      Array.from({ length: 60 }, (_, index) => [index + 1, undefined]),
    );
  });

  it('become one counted entry beyond that, which keeps the last of them', async () => {
    await refuse('many', 200);
    expect(await recorded()).toHaveLength(60);
    ahead = HOUR_MS;
    await refuse('somebody else', 1);
    await untilRecorded(62);
    expect((await recorded()).find(({ counted }) => counted !== undefined)).toMatchObject({ n: 200, counted: 140 });
  });

  it('that were counted are recorded when the process ends, once', async () => {
    await refuse('ending', 61);
    await refusals.end();
    await refusals.end();
    expect((await recorded()).filter(({ counted }) => counted === 1)).toHaveLength(1);
  });

  it('leave room for those of others, and are recorded again an hour later', async () => {
    await refuse('loud', 100);
    await refuse('quiet', 1);
    expect(await recorded()).toHaveLength(61);
    ahead = HOUR_MS;
    await refuse('loud', 1);
    await untilRecorded(63);
  });
});
