import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { type Simulator, startSimulator } from '@/simulator/start';
import { getService, type ServicePage } from './get-service';
import { type LookWorld, lookWorld, operatorOf, PRODUCTION } from './look-world';

// What the demo's services show of their past, from the wire to the page.

let simulator: Simulator;
let fresh: FreshDatabase;
let world: LookWorld;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  simulator = await startSimulator({ port: 0, scenario: 'notify' });
  process.env.AWS_ENDPOINT_URL = simulator.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIA111111111111DEMO';
  process.env.AWS_SECRET_ACCESS_KEY = 'any';
  world = lookWorld(fresh.database, { targets: [PRODUCTION] });
});

afterAll(async () => {
  world?.close();
  await simulator?.close();
  await fresh?.drop();
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
});

async function pageOf(service: string): Promise<ServicePage> {
  const address = { target: 'production', cluster: 'notify', service };
  const found = await getService(operatorOf([PRODUCTION]), address, world.application);
  if (!found?.ok) throw new Error(`no page of ${service}`);
  return found.value;
}

describe('the last known good version', () => {
  it.each([
    ['api', 'release-1119 (421)'],
    ['delivery-worker-sms', 'release-1119 (306)'],
    ['delivery-worker-letters', 'release-1119 (94)'],
    ['template-preview', 'main (88)'],
    ['antivirus', null],
    ['admin', 'release-2040 (231)'],
    ['document-download-api', 'release-317 (63)'],
    ['document-download-frontend', 'release-401 (48)'],
    ['letters-frontend', null],
    ['status-page', 'release-74 (20)'],
    ['housekeeping', 'release-30 (11)'],
    ['single', 'release-18 (8)'],
    ['upload-scanner', 'release-87 (39)'],
    ['canary', 'release-56 (16)'],
    ['flaky-worker', 'release-60 (24)'],
  ])('of %s is %s, on its page and in its table', async (service, name) => {
    const { lastKnownGood, versions } = await pageOf(service);
    const stars = versions.ok ? versions.value.filter(({ star }) => star).map(({ version }) => version?.name) : null;
    expect(lastKnownGood.ok ? (lastKnownGood.value?.version.name ?? null) : lastKnownGood.error).toBe(name);
    expect(stars).toEqual(name === null ? [] : [name]);
  });
});
