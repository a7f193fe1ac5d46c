import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { planGroup } from '@/lib/rollback/plan-group';
import { type Simulator, startSimulator } from '@/simulator/start';
import { accountOf } from '@/simulator/world';
import { type Group, getGroup, getGroupUndo } from './get-group';
import { lookWorld, operatorOf, PRODUCTION } from './look-world';

// Where the demo's groups go back to, from the wire on.

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

const OPERATOR = operatorOf([PRODUCTION]);

/** Asks as a process does that has just started, until it has read everything. */
async function groupOf(query: { image: string; to?: string }): Promise<Group> {
  const world = lookWorld(fresh.database, { targets: [PRODUCTION] });
  try {
    return await vi.waitFor(
      async () => {
        const group = await getGroup(OPERATOR, 'production', query, world.application);
        if (group === null || group.stillReading) throw new Error('not read yet');
        return group;
      },
      { timeout: 20_000, interval: 100 },
    );
  } finally {
    world.close();
  }
}

const wishes = ({ members }: Group) =>
  Object.fromEntries(members.map(({ service, wish }) => [service, wish === null ? null : wish.to]));

describe('a group of services that run one image', () => {
  it('goes back to the version last known good for most, each service to the revision that ran it', async () => {
    const group = await groupOf({ image: 'notifications-api:release-1123' });
    expect(group).toMatchObject({ name: 'notifications-api', from: 'release-1123', to: 'release-1119', undoes: null });
    expect(wishes(group)).toMatchObject({
      api: 'api:421',
      'delivery-worker-jobs': 'delivery-worker-jobs:201',
      'delivery-worker-sms': 'delivery-worker-sms:306',
    });
    expect(group.members.map(({ service }) => service)[0]).toBe('api');
    expect(group.members).toHaveLength(9);
    expect(group.members.map(({ wish }) => wish?.ran)).toEqual(group.members.map(() => null));
  });

  it('leaves a service as it is that never ran the tag asked for', async () => {
    const group = await groupOf({ image: 'notifications-api:release-1123', to: 'never-built' });
    expect(group.to).toBe('never-built');
    expect(group.members.map(({ wish, unread }) => [wish, unread])).toEqual(group.members.map(() => [null, false]));
  });

  it('has nobody where no service runs the image, and is none for what is no image', async () => {
    expect((await groupOf({ image: 'notifications-api:release-1' })).members).toEqual([]);
    const world = lookWorld(fresh.database, { targets: [PRODUCTION] });
    for (const image of ['notifications-api', '']) {
      expect(await getGroup(OPERATOR, 'production', { image }, world.application)).toBeNull();
    }
    expect(await getGroup(OPERATOR, 'nowhere', { image: 'a:b' }, world.application)).toBeNull();
    world.close();
  });
});

describe('an undo of a group', () => {
  it('says that the record cannot be read while the database does not answer, and is none of what is no group', async () => {
    const gone = openDatabase(fresh.url, () => undefined);
    await gone.close();
    for (const [database, id, expected] of [
      [gone, 'gr-7k3f9q', { ok: false, error: 'record-unread' }],
      [fresh.database, 'gr-7k3f9q', { ok: true, value: null }],
      [fresh.database, 'nonsense', { ok: true, value: null }],
    ] as const) {
      const world = lookWorld(database, { targets: [PRODUCTION] });
      expect(await getGroupUndo(OPERATOR, 'production', id, world.application)).toEqual(expected);
      world.close();
    }
  });
});

describe('a tag that was moved', () => {
  it('is gone back to as the images that ran before, not as those that run', async () => {
    const images = accountOf(simulator.world, PRODUCTION.account ?? '')
      .regions.get('eu-west-1')
      ?.repositories.get('template-preview')?.images;
    const [older] = [...(images?.values() ?? [])].filter(({ tags }) => tags.length === 0);
    for (const image of images?.values() ?? []) image.tags = image === older ? ['main'] : [];
    await new ECSClient({}).send(
      new UpdateServiceCommand({ cluster: 'notify', service: 'template-preview', forceNewDeployment: true }),
    );
    const image = 'template-preview:main';
    const wish = await vi.waitFor(
      async () => {
        const [member] = (await groupOf({ image, to: 'main' })).members;
        expect(member?.wish?.to).toBe('template-preview:91');
        expect(member?.wish?.ran).toMatch(/^\d+$/);
        return member?.wish ?? null;
      },
      { timeout: 30_000, interval: 500 },
    );
    if (wish === null) throw new Error('no wish');
    const world = lookWorld(fresh.database, { targets: [PRODUCTION] });
    const member = { cluster: 'notify', service: 'template-preview', balanced: false, wish };
    const [drawn] = await planGroup(
      OPERATOR,
      { target: 'production', image, to: 'main', undoes: null, members: [member] },
      world.application,
    );
    world.close();
    const planned = drawn?.drawn.ok ? drawn.drawn.value.planned : null;
    expect(planned?.kind).toBe('plan');
    if (planned?.kind !== 'plan') return;
    expect(planned.plan.to.digests).not.toEqual(planned.plan.from.digests);
    expect(planned.plan.changes.map(({ subject }) => subject)).toContain('image');
  });
});
