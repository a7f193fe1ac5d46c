import { expect, test } from './fixtures';
import { plainly, planned, press, rollbackOf, sent } from './press';
import { recordIsWhole } from './whole';
import type { World } from './world';

const PLAN = '/services/production/notify/api/rollback?to=api:421&bring=images';

const ourWrites = async (world: World) =>
  (await world.aws.writes())
    .filter(({ principal }) => principal.includes('ecs-rollback-writer'))
    .map(({ operation }) => operation);

const rollbacks = (world: World) =>
  world.query<{ id: string; state: string; reason: string | null }>('SELECT id, state, reason FROM rollback');

/** Kinds of the entries about rollbacks, in order. */
const story = async (world: World) =>
  (await world.query<{ kind: string }>('SELECT kind FROM record WHERE rollback_id IS NOT NULL ORDER BY seq')).map(
    ({ kind }) => kind,
  );

/** Until the only rollback has come to its end. */
const endsAs = (world: World, end: { readonly state: string; readonly reason: string | null }) =>
  expect
    .poll(async () => (await rollbacks(world)).map(({ state, reason }) => ({ state, reason })), { timeout: 60_000 })
    .toEqual([end]);

/** Everything that may be said inside a transaction that stores the intent to send. */
const INTENT = '"send-intent"';

async function pressed(world: World): Promise<string> {
  const browser = await plainly(world, 'operator');
  return rollbackOf(await sent(world, browser, { form: await planned(world, browser, PLAN) }));
}

test.beforeEach(({ world }) => world.aws.clock({ speed: 600 }));

test.describe('the database is stopped', () => {
  test('before a press is confirmed: it is refused, the way by hand stays, and it works again later', async ({
    page,
    signIn,
    world,
  }) => {
    await signIn('operator', PLAN);
    world.wire.stop();
    await press(page, 'api');
    await expect(page.getByRole('alert').filter({ hasText: 'none can be started' })).toBeVisible();
    await expect(page.getByText('Do this by hand (AWS CLI)')).toBeVisible();
    expect(await ourWrites(world)).toEqual([]);
    expect(await rollbacks(world)).toEqual([]);
    world.wire.start();
    await page.goto(PLAN);
    await press(page, 'api');
    await endsAs(world, { state: 'succeeded', reason: null });
    await recordIsWhole(world);
  });

  test('while the intent to send is committed: whether it was or not, nothing is sent', async ({ world }) => {
    for (const fault of ['lost', 'unheard'] as const) {
      world.wire.atCommit(INTENT, fault);
      const id = await pressed(world);
      await expect.poll(() => world.wire.struck()).toBe(true);
      await expect
        .poll(async () => (await rollbacks(world)).find((row) => row.id === id), { timeout: 30_000 })
        .toMatchObject({ state: 'not-applied', reason: 'not-sent' });
    }
    expect(await ourWrites(world)).toEqual(['RegisterTaskDefinition', 'RegisterTaskDefinition']);
    const once = ['confirmed', 'registered'];
    expect(await story(world)).toEqual([...once, 'not-sent', ...once, 'send-intent', 'not-sent']);
    await recordIsWhole(world);
  });

  test('between the intent and the change: it is sent once, and its answer is stored when it can be', async ({
    world,
  }) => {
    world.wire.atCommit(INTENT, 'last');
    await pressed(world);
    await expect.poll(() => ourWrites(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    await expect.poll(async () => (await world.log()).includes('"doing":"store an answer"')).toBe(true);
    expect(await rollbacks(world)).toMatchObject([{ state: 'sending' }]);
    world.wire.start();
    await endsAs(world, { state: 'succeeded', reason: null });
    expect(await story(world)).toEqual(['confirmed', 'registered', 'send-intent', 'accepted', 'ended']);
    expect(await ourWrites(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    await recordIsWhole(world);
  });

  test('after the change was sent, and its dashboard dies: the next one reads what became of it', async ({ world }) => {
    await world.aws.fault({ operation: 'UpdateService', fault: 'slow', ms: 2_000, count: 1 });
    await pressed(world);
    await expect.poll(() => ourWrites(world)).toContain('UpdateService');
    world.wire.stop();
    await expect.poll(async () => (await world.log()).includes('"doing":"store an answer"')).toBe(true);
    world.signal('SIGKILL');
    world.wire.start();
    await world.restart();
    await endsAs(world, { state: 'succeeded', reason: null });
    expect(await story(world)).toEqual(['confirmed', 'registered', 'send-intent', 'unclear', 'seen', 'ended']);
    expect(await ourWrites(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    await recordIsWhole(world);
  });
});

test.describe('the database is slow', () => {
  test('to confirm the intent to send: by then it is too late, and nothing is sent', async ({ world }) => {
    world.wire.atCommit(INTENT, { heardAfterMs: 30_000 });
    await pressed(world);
    await endsAs(world, { state: 'not-applied', reason: 'not-sent' });
    // What was said too late is nobody's to hear.
    await expect.poll(() => ourWrites(world)).toEqual(['RegisterTaskDefinition']);
    expect(await story(world)).toEqual(['confirmed', 'registered', 'send-intent', 'not-sent']);
    await recordIsWhole(world);
  });

  test('to confirm a press: it is refused, and the rollback it may have stored ends unsent', async ({ world }) => {
    const browser = await plainly(world, 'operator');
    const form = await planned(world, browser, PLAN);
    world.wire.atCommit('"confirmed"', 'unheard');
    const answer = await sent(world, browser, { form });
    expect(answer.html).toContain('none can be started');
    expect(await rollbacks(world)).toMatchObject([{ state: 'starting' }]);
    await endsAs(world, { state: 'not-applied', reason: 'starter-gone' });
    expect(await ourWrites(world)).toEqual([]);
    await recordIsWhole(world);
  });
});

test.describe('the disk of the database is full', () => {
  /** Says what PostgreSQL says then, of the next thing that is written into a table. */
  async function full(world: World, table: string): Promise<void> {
    await world.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`);
    await world.query(
      `CREATE TRIGGER aa_full_disk BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION full_disk()`,
    );
  }
  const emptied = (world: World) => world.query('DROP FUNCTION full_disk CASCADE');

  test('before a press: it is refused and nothing is sent; with room again it goes through', async ({ world }) => {
    const browser = await plainly(world, 'operator');
    const form = await planned(world, browser, PLAN);
    await full(world, 'record');
    expect((await sent(world, browser, { form })).html).toContain('none can be started');
    expect(await rollbacks(world)).toEqual([]);
    await emptied(world);
    rollbackOf(await sent(world, browser, { form }));
    await endsAs(world, { state: 'succeeded', reason: null });
    expect(await ourWrites(world)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    await recordIsWhole(world);
  });

  test('while it registers: the intent cannot be stored, so nothing is sent', async ({ world }) => {
    await world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'slow', ms: 2_000, count: 1 });
    await pressed(world);
    await full(world, 'record');
    await expect.poll(async () => (await world.log()).includes('"event":"rollback.starter-failed"')).toBe(true);
    await emptied(world);
    await endsAs(world, { state: 'not-applied', reason: 'starter-gone' });
    expect(await ourWrites(world)).toEqual(['RegisterTaskDefinition']);
    await recordIsWhole(world);
  });
});
