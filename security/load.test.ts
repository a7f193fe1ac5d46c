import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '@/e2e/simulated-aws';
import { bucketOf, QUOTAS } from '@/lib/aws/quotas';
import { ROOT } from '@/scripts/root.mjs';
import { endLeftovers, type Surroundings, startSurroundings } from '@/scripts/stack.mjs';
import { forgetEverything } from '@/scripts/stack-database.mjs';
import { makeStage, PEOPLE, type Person, type Stage } from './people';

const PEOPLE_AT_ONCE = 200;
const LOAD_MS = 20_000;

let around: Surroundings;
let stage: Stage;

beforeAll(async () => {
  const folder = join(ROOT, '.test/security-load');
  await endLeftovers(folder, () => undefined);
  await forgetEverything(folder);
  stage = await makeStage({}, async ({ env }) => {
    const large = { SIMULATOR_SCENARIO: 'large', SIMULATOR_THROTTLE: 'on', SIMULATOR_LATENCY_MS: '40' };
    around = await startSurroundings({ folder, env: { ...env, ...large }, say: () => undefined });
    return around;
  });
}, 180_000);
afterAll(async () => {
  await stage?.end();
  await around?.stop();
});

/** Looks again and again until the time is over; how often it was answered. */
async function looking(person: Person, path: string, until: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  do statuses.push((await person.ask(path, { waitMs: 120_000 })).status);
  while (Date.now() < until);
  return statuses;
}

/** Most calls within any ten seconds, by account and what AWS counts together, beside what we allow ourselves. */
function busiest(calls: readonly (Call & { readonly at: string; readonly region: string })[]) {
  const times = new Map<string, number[]>();
  for (const { account, region, operation, at } of calls.filter(({ service }) => service === 'ecs')) {
    const key = `${account} ${region} ${bucketOf(`ecs:${operation}`)}`;
    times.set(key, [...(times.get(key) ?? []), Date.parse(at)]);
  }
  return [...times].map(([key, all]) => {
    const { burst, perSecond } = QUOTAS[key.split(' ')[2] as keyof typeof QUOTAS];
    const most = Math.max(...all.map((from) => all.filter((at) => at >= from && at < from + 10_000).length));
    return { key, most, allowed: burst * 0.45 + 10 * perSecond };
  });
}

/** Memory of the dashboard in MiB. */
function memory(): number {
  const [pid = ''] = readFileSync(join(around.folder, 'dashboard.pid'), 'utf8').trim().split(/\s/);
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

describe('two hundred people at once', () => {
  it('look at 500 services again and again: all are answered, and AWS is asked for no more than we allow', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => stage.signedIn(PEOPLE.viewer)));
    const end = Date.now() + LOAD_MS;
    const each = Array.from({ length: PEOPLE_AT_ONCE }, (_, n) => people[n % people.length] as Person);
    const answers = (await Promise.all(each.map((person) => looking(person, '/services', end)))).flat();
    expect(answers.length).toBeGreaterThanOrEqual(PEOPLE_AT_ONCE);
    expect([...new Set(answers)]).toEqual([200]);

    const calls = (await stage.aws.calls()) as Parameters<typeof busiest>[0];
    const counted = busiest(calls);
    expect(counted.length).toBeGreaterThan(3);
    for (const { key, most, allowed } of counted) expect(most, key).toBeLessThanOrEqual(allowed);
    expect(calls.filter(({ error }) => /thrott/i.test(error ?? ''))).toEqual([]);
    expect(await stage.aws.writes()).toEqual([]);
    expect(memory()).toBeLessThan(1_024);
    const log = await stage.log();
    expect(log.split('\n').filter((line) => line.includes('request.failed'))).toEqual([]);
  }, 300_000);
});
