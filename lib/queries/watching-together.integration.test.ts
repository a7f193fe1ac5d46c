import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Queryable } from '@/lib/db/database';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { createStories } from '@/lib/db/stories';
import type { Progress } from '@/lib/domain/progress';
import { type PressWorld, pressWorld } from '@/lib/rollback/press-world';
import { watch } from '@/lib/rollback/watch';
import { callsDuring } from '@/simulator/counted-calls';
import { type Simulator, startSimulator } from '@/simulator/start';
import { getProgress } from './get-rollback';

// What two hundred people who watch one rollback cost, asserted in calls, statements and bytes.

let simulator: Simulator;
let fresh: FreshDatabase;
let world: PressWorld;
let id: string;
const statements: string[] = [];

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  simulator = await startSimulator({ port: 0, scenario: 'notify' });
  process.env.AWS_ENDPOINT_URL = simulator.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIA111111111111DEMO';
  process.env.AWS_SECRET_ACCESS_KEY = 'any';
  world = await pressWorld(fresh.database, `${simulator.url}/_simulator/calls`);
  id = await world.start('api', { to: 'api:421', bring: 'images' });
  // From here on tasks stand still, so that readings differ by their age alone.
  await fetch(`${simulator.url}/_simulator/clock`, { method: 'POST', body: JSON.stringify({ speed: 0.001 }) });
  await read();
});

afterAll(async () => {
  await world?.close();
  await simulator?.close();
  await fresh?.drop();
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
});

/** One reading of AWS, as the keeper takes it every five seconds. */
const read = async (): Promise<void> => {
  await watch(await world.row(id), world.application);
};

const counted = (database: Database): Queryable => ({
  query: (sql, values) => {
    statements.push(sql);
    return database.query(sql, values);
  },
});

/** A process that has told nobody anything yet; what it asks of the database is counted. */
const application = (): PressWorld['application'] => ({
  ...world.application,
  stories: createStories(counted(fresh.database)),
});

const poll = async (asked = application()): Promise<Progress> => {
  const progress = await getProgress(world.operator, id, asked);
  if (!progress?.ok) throw new Error('no progress');
  return progress.value;
};

/** What is sent again only where it differs: everything but when ECS was read. */
const sent = ({ readAt: _beside, ...progress }: Progress): string => JSON.stringify(progress);

describe('two hundred people who watch one rollback', () => {
  it('ask nothing of AWS, and of the database one statement together once its story is known', async () => {
    const asked = application();
    await poll(asked);
    for (let wave = 0; wave < 3; wave += 1) {
      statements.length = 0;
      const { answer, calls } = await callsDuring(simulator, () =>
        Promise.all(Array.from({ length: 200 }, () => poll(asked))),
      );
      expect(new Set(answer.map(sent)).size).toBe(1);
      expect(calls).toEqual({});
      expect(statements).toHaveLength(1);
    }
  });

  it('are sent nothing anew while a new reading of ECS shows no change', async () => {
    const asked = application();
    const before = await poll(asked);
    await read();
    const after = await poll(asked);
    expect(after.readAt).toBeGreaterThan(before.readAt ?? Number.POSITIVE_INFINITY);
    expect(sent(after)).toBe(sent(before));
  });

  it('are sent a few hundred bytes where something did change', async () => {
    expect(gzipSync(sent(await poll())).length).toBeLessThan(1_000);
  });

  it('are told of a new entry in the record at once', async () => {
    const asked = application();
    const before = await poll(asked);
    await fetch(`${simulator.url}/_simulator/clock`, { method: 'POST', body: JSON.stringify({ speed: 1_000 }) });
    await world.until(id, ({ endedAt }) => endedAt !== null);
    const after = await poll(asked);
    expect([before.ended, after.ended]).toEqual([false, true]);
    expect(after.said?.heading).toBeTruthy();
    expect(after.steps.at(-1)).not.toEqual(before.steps.at(-1));
  });
});
