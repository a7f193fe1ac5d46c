import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipelinesOf } from '@/lib/auth/pipelines';
import { openDatabase } from '@/lib/db/database';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { sha256 } from '@/lib/digest';
import { answerHolds, type HoldsAnswer } from './answer-holds';
import { lookWorld, PRODUCTION, STAGING } from './look-world';

// What a token may ask, and how often, with a real PostgreSQL.

let fresh: FreshDatabase;
let world: ReturnType<typeof lookWorld>;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  world = lookWorld(fresh.database, { targets: [PRODUCTION, STAGING] });
});
afterAll(async () => {
  world?.close();
  await fresh?.drop();
});

const named = (name: string, ...targets: readonly string[]) => targets.map((target) => ({ name, target }));

const ask = (asking: readonly { name: string; target: string }[], query: string): Promise<HoldsAnswer> =>
  answerHolds({ asking, parameters: new URLSearchParams(query) }, world.application);

async function statuses(asking: Parameters<typeof ask>[0], queries: readonly string[]): Promise<readonly number[]> {
  const seen: number[] = [];
  for (const query of queries) seen.push((await ask(asking, query)).status);
  return seen;
}

const times = (count: number, query: string): readonly string[] => Array.from({ length: count }, () => query);

describe('a token', () => {
  it('asks sixty questions a minute in all, whichever of its targets they are about', async () => {
    const both = named('concourse', 'production', 'staging');
    const queries = [...times(30, 'target=production&image=api'), ...times(30, 'target=staging&image=api')];
    expect(new Set(await statuses(both, queries))).toEqual(new Set([200]));
    expect(await statuses(both, ['target=staging&image=api', 'target=production&image=api'])).toEqual([429, 429]);
  });

  it('is counted for questions that are wrong as well', async () => {
    const one = named('jenkins', 'staging');
    const wrong = ['target=staging', 'target=nowhere&image=api', 'target=production&image=api'];
    expect(await statuses(one, wrong)).toEqual([400, 404, 403]);
    await statuses(one, times(57, 'target=staging'));
    const refused = await ask(one, 'target=staging');
    expect(refused).toMatchObject({ status: 429, body: { error: 'too-many-requests' } });
    expect(refused.againInSeconds).toBeGreaterThan(0);
  });

  it('that was replaced or taken out of the configuration names nobody any more', () => {
    const configured = (token: string) => [{ name: 'concourse', target: 'production', sha256: sha256(token) }];
    const before = pipelinesOf(configured('old-token'));
    const later = pipelinesOf(configured('new-token'));
    expect(before('Bearer old-token')).toEqual(named('concourse', 'production'));
    expect(later('Bearer old-token')).toEqual([]);
    expect(later('Bearer new-token')).toEqual(named('concourse', 'production'));
    expect(pipelinesOf([])('Bearer new-token')).toEqual([]);
  });
});

describe('without the database', () => {
  it('a question that is right gets 503 and one that is wrong is told so', async () => {
    const gone = openDatabase(fresh.url, () => undefined);
    await gone.close();
    const down = lookWorld(gone, { targets: [PRODUCTION] });
    const answer = (query: string) =>
      answerHolds({ asking: named('ci', 'production'), parameters: new URLSearchParams(query) }, down.application);
    expect([(await answer('target=production&image=api')).status, (await answer('target=production')).status]).toEqual([
      503, 400,
    ]);
    down.close();
  });
});
