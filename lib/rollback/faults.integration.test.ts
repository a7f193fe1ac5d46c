import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { verifyRecord } from '@/lib/db/verify';
import { type Simulator, startSimulator } from '@/simulator/start';
import { closeRollback } from './close-rollback';
import { takeOver } from './keeper';
import { lookForLateChanges } from './late-facts';
import { type PressWorld, pressWorld } from './press-world';
import { settle } from './settle';

// What becomes of a rollback when AWS refuses, falls silent or answers too late. Waits between attempts are shortened.

let fresh: FreshDatabase;
let simulator: Simulator;
let world: PressWorld;

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_REGION: 'eu-west-1',
};
const QUICK = { sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / 20)) };

beforeAll(() => {
  Object.assign(process.env, ENVIRONMENT);
});
afterAll(() => {
  for (const name of [...Object.keys(ENVIRONMENT), 'AWS_ENDPOINT_URL']) delete process.env[name];
});
beforeEach(async () => {
  [fresh, simulator] = await Promise.all([
    freshDatabase(process.env.TEST_DATABASE_URL),
    startSimulator({ port: 0, scenario: 'notify', speed: 1_000 }),
  ]);
  process.env.AWS_ENDPOINT_URL = simulator.url;
  world = await pressWorld(fresh.database, callLog(), QUICK);
});
afterEach(async () => {
  await control('faults', null);
  await world.close();
  const verified = await verifyRecord(fresh.database);
  await Promise.all([fresh.drop(), simulator.close()]);
  expect(verified).toMatchObject({ ok: true });
});

const callLog = (): string => `${simulator.url}/_simulator/calls`;

const control = (path: string, body: object | null): Promise<Response> =>
  fetch(`${simulator.url}/_simulator/${path}`, {
    method: body === null ? 'DELETE' : 'POST',
    ...(body && { body: JSON.stringify(body) }),
  });

const fault = (operation: string, name: string, more: object = {}): Promise<Response> =>
  control('faults', { service: 'ecs', operation, fault: name, ...more });

const IMAGES = { to: 'api:421', bring: 'images' } as const;
const IMAGE_1124 = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1124';
const deploy = (): Promise<Response> =>
  control('deploy', { account: '111111111111', cluster: 'notify', service: 'api', image: IMAGE_1124 });

const ends = ({ endedAt }: { readonly endedAt: number | null }): boolean => endedAt !== null;

/** How often each change went on the wire, by us alone. */
async function sent(): Promise<Readonly<Record<string, number>>> {
  const ours = (await world.writes()).filter(({ principal }) => principal.includes('ecs-rollback-writer'));
  const counts: Record<string, number> = {};
  for (const { operation } of ours) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

const kindsOf = async (id: string): Promise<readonly string[]> => (await world.record(id)).map(({ kind }) => kind);

const wordsOf = async (id: string): Promise<unknown> => (await world.record(id)).at(-1)?.payload.words;

/** Makes a rollback's intent so much older, as if we had waited. */
const age = (id: string, by: string): Promise<unknown> =>
  fresh.owner.query(`UPDATE rollback SET intent_at = intent_at - interval '${by}' WHERE id = $1`, [id]);

const lapse = (id: string): Promise<unknown> =>
  fresh.owner.query("UPDATE rollback SET lease_until = now() - interval '1 s' WHERE id = $1", [id]);

/** Waits until a change is on the wire; a fault may hold its answer. */
async function onTheWire(operation: string): Promise<void> {
  while ((await sent())[operation] === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('an update ECS refuses', () => {
  it.each([
    ['throttle', 'ThrottlingException: Rate exceeded'],
    ['access-denied', expect.stringContaining('ecs:UpdateService')],
  ])('with %s is sent once, and nothing was changed', async (name, words) => {
    await fault('UpdateService', name);
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'refused' });
    expect(await wordsOf(id)).toEqual(words);
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
  });
});

describe('an update whose answer does not say what became of it', () => {
  it.each(['drop-after-apply', 'error-after-apply', 'truncate'])(
    'by %s, though ECS took it, is unknown, then watched, and succeeds without being sent again',
    async (name) => {
      await fault('UpdateService', name);
      const id = await world.start('api', IMAGES);
      expect(await world.row(id)).toMatchObject({ state: 'unknown', endedAt: null });
      expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
      expect(await kindsOf(id)).toEqual(['confirmed', 'registered', 'send-intent', 'unclear', 'seen', 'ended']);
      expect(await sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
    },
  );

  it.each(['server-error', 'drop-before-apply', 'bad-gateway-html'])(
    'by %s, and ECS did not take it, is not applied only by a reading that began 16 minutes later',
    async (name) => {
      await fault('UpdateService', name);
      const id = await world.start('api', IMAGES);
      await age(id, '15 min 50 s');
      await world.until(id, ({ state }) => state === 'unknown');
      await settle(await world.row(id), world.application);
      expect(await world.row(id)).toMatchObject({ state: 'unknown' });
      await age(id, '11 s');
      expect(await world.until(id, ends)).toMatchObject({ state: 'not-applied', reason: 'absent' });
      expect(await sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
    },
  );

  it('proves nothing by a reading that is not complete', async () => {
    await fault('UpdateService', 'server-error');
    const id = await world.start('api', IMAGES);
    await age(id, '17 min');
    await fault('ListServiceDeployments', 'access-denied');
    await settle(await world.row(id), world.application);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
  });

  it('because it hangs is unknown after the time a call may take', async () => {
    await fault('UpdateService', 'hang', { applied: true });
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
  });

  it('can be given up after a minute by typing the name, and planned again', async () => {
    await fault('UpdateService', 'server-error', { count: 1 });
    const id = await world.start('api', IMAGES);
    const closing = (typed: string) => closeRollback(world.operator, { id, typed }, world.application);
    expect(await closing('api')).toMatchObject({ ok: false, error: { kind: 'not-unknown' } });
    await age(id, '61 s');
    expect(await closing('web')).toMatchObject({ ok: false, error: { kind: 'form' } });
    expect(await closing('api')).toMatchObject({ ok: true, value: { service: 'api', wish: IMAGES } });
    expect(await world.row(id)).toMatchObject({ state: 'closed' });
    const again = await world.start('api', IMAGES);
    expect(await world.until(again, ends)).toMatchObject({ state: 'succeeded' });
    expect(await sent()).toEqual({ RegisterTaskDefinition: 2, UpdateService: 2 });
  });

  it('and arrives after it was given up is named as a late fact, and the end stays as it was', async () => {
    await fault('UpdateService', 'slow', { ms: 11_000 });
    const id = await world.start('api', IMAGES);
    await age(id, '61 s');
    await closeRollback(world.operator, { id, typed: 'api' }, world.application);
    const { copyArn } = await world.row(id);
    const reader = world.application.aws.reader(world.application.target('production') as never);
    for (;;) {
      const read = await reader.describeServices('notify', ['api']);
      if (read.ok && read.value.services[0]?.taskDefinitionArn === copyArn) break;
    }
    const later = { ...world.application, now: () => Date.now() + 120_000 };
    await lookForLateChanges(later, new Map());
    await lookForLateChanges(later, new Map());
    expect((await kindsOf(id)).filter((kind) => kind === 'late-fact')).toHaveLength(1);
    expect(await world.row(id)).toMatchObject({ state: 'closed' });
  });
});

describe('registering', () => {
  it('is repeated while AWS is busy, and says so', async () => {
    await fault('RegisterTaskDefinition', 'throttle', { count: 2 });
    const id = await world.start('api', IMAGES);
    expect((await kindsOf(id)).slice(0, 4)).toEqual([
      'confirmed',
      'register-waiting',
      'register-waiting',
      'registered',
    ]);
    expect(await sent()).toEqual({ RegisterTaskDefinition: 3, UpdateService: 1 });
  });

  it('is given up after five attempts, and ECS is not asked to change anything', async () => {
    await fault('RegisterTaskDefinition', 'throttle');
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'register-failed', copyArn: null });
    expect(await sent()).toEqual({ RegisterTaskDefinition: 5 });
  });

  it('that is denied is not repeated, and names the permission', async () => {
    await fault('RegisterTaskDefinition', 'access-denied');
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'register-failed' });
    expect(await wordsOf(id)).toContain('ecs:RegisterTaskDefinition');
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('whose answer is lost is done again; the spare copy is named and never deployed', async () => {
    await fault('RegisterTaskDefinition', 'drop-after-apply', { count: 1 });
    const id = await world.start('api', IMAGES);
    expect(await world.until(id, ends)).toMatchObject({
      state: 'succeeded',
      copyArn: expect.stringContaining('api:430'),
    });
    const spare = (await world.record(id)).find(({ kind }) => kind === 'late-fact');
    expect(spare?.payload).toMatchObject({ copies: [expect.stringContaining('api:429')] });
    expect(await sent()).toEqual({ RegisterTaskDefinition: 2, UpdateService: 1 });
  });

  it('that takes more than its minute ends before ECS is asked', async () => {
    world = await pressWorld(fresh.database, callLog(), { ...QUICK, deadline: () => () => true });
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'too-slow' });
    expect(await sent()).toEqual({});
  });
});

describe('between the press and the update', () => {
  it('a deployment of somebody else keeps it from being sent, and is named', async () => {
    await control('clock', { speed: 30 });
    await fault('RegisterTaskDefinition', 'slow', { ms: 800 });
    const drawn = await world.plan('api', IMAGES);
    const pressed = await world.press(drawn);
    await deploy();
    const id = pressed.ok ? pressed.value.id : '';
    expect(await world.until(id, ends)).toMatchObject({
      state: 'not-applied',
      reason: 'changed',
      copyArn: expect.stringContaining('api:430'),
    });
    expect(await wordsOf(id)).toBe('it now runs release-1124.');
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('a deployment that came and went does not, and is not called overwritten', async () => {
    await fault('RegisterTaskDefinition', 'slow', { ms: 1_500 });
    const pressed = await world.press(await world.plan('api', IMAGES));
    await control('service', { account: '111111111111', cluster: 'notify', service: 'api', tasks: 'cannot-pull' });
    await deploy();
    const id = pressed.ok ? pressed.value.id : '';
    await world.until(id, ({ state }) => state === 'watching');
    expect(await kindsOf(id)).toEqual(['confirmed', 'registered', 'send-intent', 'accepted']);
  });

  it('a session that is revoked keeps it from being sent', async () => {
    await fault('RegisterTaskDefinition', 'slow', { ms: 800 });
    const pressed = await world.press(await world.plan('api', IMAGES));
    await fresh.owner.query('UPDATE session SET revoked_at = now()');
    const id = pressed.ok ? pressed.value.id : '';
    expect(await world.until(id, ends)).toMatchObject({ state: 'not-applied', reason: 'revoked' });
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('a service that is deleted keeps it from being sent', async () => {
    await fault('RegisterTaskDefinition', 'slow', { ms: 800 });
    const pressed = await world.press(await world.plan('api', IMAGES));
    await control('service', { account: '111111111111', cluster: 'notify', service: 'api', delete: true });
    const id = pressed.ok ? pressed.value.id : '';
    expect(await world.until(id, ends)).toMatchObject({ state: 'not-applied' });
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('a last look that takes longer than three seconds keeps it from being sent', async () => {
    await fault('DescribeServices', 'slow', { ms: 3_500, skip: 2 });
    const id = await world.start('api', IMAGES);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'too-slow' });
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1 });
  });

  it('a deployment that slips in after the last look is overwritten, and named', async () => {
    await control('clock', { speed: 30 });
    await fault('UpdateService', 'slow', { ms: 1_500, count: 1 });
    const drawn = await world.plan('api', IMAGES);
    const pressed = await world.press(drawn);
    const id = pressed.ok ? pressed.value.id : '';
    await onTheWire('UpdateService');
    await deploy();
    await world.until(id, ({ state }) => state === 'watching');
    await control('clock', { speed: 1_000 });
    await world.until(id, ends);
    const overwrote = (await world.record(id)).find(({ kind }) => kind === 'overwrote');
    expect(overwrote?.payload).toMatchObject({ version: { name: 'release-1124', by: 'concourse-deploy' } });
  });
});

describe('a process that is gone', () => {
  const other = async (): Promise<PressWorld> => pressWorld(fresh.open(), callLog(), QUICK);

  it('while it registers: another ends the rollback, and what wakes up late sends nothing', async () => {
    await fault('RegisterTaskDefinition', 'slow', { ms: 1_500 });
    const pressed = await world.press(await world.plan('api', IMAGES));
    const id = pressed.ok ? pressed.value.id : '';
    await lapse(id);
    const successor = await other();
    await takeOver(successor.application);
    expect(await world.row(id)).toMatchObject({ state: 'not-applied', reason: 'starter-gone' });
    while (world.application.starter.inHand().includes(id)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1 });
    await successor.close();
  });

  it('while it sends: another reads what became of it and never sends', async () => {
    await fault('UpdateService', 'hang', { applied: true });
    const pressed = await world.press(await world.plan('api', IMAGES));
    const id = pressed.ok ? pressed.value.id : '';
    await onTheWire('UpdateService');
    await lapse(id);
    const successor = await other();
    await takeOver(successor.application);
    expect(await world.row(id)).toMatchObject({ state: 'unknown' });
    expect(await successor.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await sent()).toEqual({ RegisterTaskDefinition: 1, UpdateService: 1 });
    await successor.close();
  });
});
