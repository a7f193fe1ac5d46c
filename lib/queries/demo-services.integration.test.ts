import { type DeploymentConfiguration, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { type Simulator, startSimulator } from '@/simulator/start';
import { accountOf } from '@/simulator/world';
import { getService, type ServicePage } from './get-service';
import { lookWorld, operatorOf, PRODUCTION } from './look-world';

// What pages show of the demo's services, from the wire on.

let simulator: Simulator;
let fresh: FreshDatabase;

beforeEach(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  simulator = await startSimulator({ port: 0, scenario: 'notify', speed: 1_000 });
  process.env.AWS_ENDPOINT_URL = simulator.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIA111111111111DEMO';
  process.env.AWS_SECRET_ACCESS_KEY = 'any';
  process.env.AWS_REGION = 'eu-west-1';
});

afterEach(async () => {
  await simulator?.close();
  await fresh?.drop();
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'])
    delete process.env[name];
});

/** A page as a process shows it that has just started. */
async function pageOf(service: string): Promise<ServicePage> {
  const world = lookWorld(fresh.database, { targets: [PRODUCTION] });
  try {
    const address = { target: 'production', cluster: 'notify', service };
    const found = await getService(operatorOf([PRODUCTION]), address, world.application);
    if (!found?.ok) throw new Error(`no page of ${service}`);
    return found.value;
  } finally {
    world.close();
  }
}

const rowsOf = ({ versions }: ServicePage) => (versions.ok ? versions.value : []);

/** Gives the tag `main` back to an image that had it before, and starts the running revision again. */
async function restartWithAnOlderImage(service: string): Promise<void> {
  const images = accountOf(simulator.world, PRODUCTION.account ?? '')
    .regions.get('eu-west-1')
    ?.repositories.get(service)?.images;
  const [older] = [...(images?.values() ?? [])].filter(({ tags }) => tags.length === 0);
  for (const image of images?.values() ?? []) image.tags = image === older ? ['main'] : [];
  await new ECSClient({}).send(new UpdateServiceCommand({ cluster: 'notify', service, forceNewDeployment: true }));
}

describe('a revision that ran under one tag with several images', () => {
  const pageAfterwards = async (): Promise<ServicePage> => {
    await restartWithAnOlderImage('template-preview');
    return vi.waitFor(
      async () => {
        const page = await pageOf('template-preview');
        expect(page.state.word).toBe('Deployed');
        expect(page.lanes.ok && page.lanes.value[0]).toMatchObject({ endedAt: null, outcome: 'successful' });
        expect(page.lanes.ok && page.lanes.value[1]?.revision).toBe('template-preview:91');
        return page;
      },
      { timeout: 20_000, interval: 200 },
    );
  };

  it('has a row for each set of images, with its own mark, time and way back', async () => {
    const rows = rowsOf(await pageAfterwards());
    const [now, before] = rows.filter(({ number }) => number === 91);
    expect(rows.filter(({ number }) => number === 91)).toHaveLength(2);
    expect(now).toMatchObject({ mark: 'running', ranHere: { kind: 'since' } });
    expect(before).toMatchObject({ mark: 'will-be-copied', ranHere: { kind: 'ran' } });
    expect(before?.ran).toMatch(/^\d+$/);
    expect(before?.version?.name).toMatch(/^main \(91\) with app sha256:[0-9a-f]{8}$/);
    expect(before?.version?.name).not.toBe(now?.version?.name);
    expect(now?.images.find(({ container }) => container === 'app')?.differsFromOlder).toBe(true);
  });

  it('has a lane for each, and no star on what runs', async () => {
    const page = await pageAfterwards();
    const lanes = page.lanes.ok ? page.lanes.value.filter(({ revision }) => revision === 'template-preview:91') : [];
    expect(lanes.map(({ endedAt }) => endedAt === null)).toEqual([true, false]);
    expect(new Set(lanes.map(({ version }) => version)).size).toBe(2);
    const stars = rowsOf(page).filter(({ star }) => star);
    expect(stars.map(({ number, mark }) => [number, mark])).toEqual([[91, 'will-be-copied']]);
  });
});

describe('the star', () => {
  it.each([
    ['admin', 'release-2040 (231)', 'whose secret is gone'],
    ['document-download-api', 'release-317 (63)', 'whose role is gone'],
    ['template-preview', 'main (88)', 'whose tag has moved'],
    ['antivirus', null, 'for the image is gone'],
  ])('of %s stands at %s, %s', async (service, name, _which) => {
    const page = await pageOf(service);
    const good = page.lastKnownGood;
    expect(good.ok && (good.value?.version.name ?? null)).toBe(name);
    const stars = rowsOf(page).filter(({ star }) => star);
    expect(stars.map(({ version }) => version?.name)).toEqual(name === null ? [] : [name]);
  });
});

describe('a deployment that a hook has paused', () => {
  it('is said to wait for someone, with the way to the console, and can still be stopped', async () => {
    const at = { cluster: 'notify', service: 'status-page' };
    const ecs = new ECSClient({});
    const deploymentConfiguration: DeploymentConfiguration = {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 5,
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
    };
    await ecs.send(new UpdateServiceCommand({ ...at, deploymentConfiguration }));
    await ecs.send(new UpdateServiceCommand({ ...at, forceNewDeployment: true }));
    const inFlight = await vi.waitFor(
      async () => {
        const page = await pageOf('status-page');
        expect(page.inFlight?.paused).toBeTypeOf('string');
        return page.inFlight;
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(inFlight?.paused).toBe(
      'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/notify/services/status-page/deployments?region=eu-west-1',
    );
    expect(inFlight?.stop?.returnTo).toBe('release-75 (21)');
  });
});
