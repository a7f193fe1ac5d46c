import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { verifyRecord } from '@/lib/db/verify';
import { type Simulator, startSimulator } from '@/simulator/start';
import { type PressWorld, pressWorld } from './press-world';

// The write path with the real SDK over HTTP and a real PostgreSQL; time inside ECS is shortened.

let fresh: FreshDatabase;
let simulator: Simulator;
let world: PressWorld;

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_REGION: 'eu-west-1',
};

beforeAll(async () => {
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
  world = await pressWorld(fresh.database, callLog());
});
afterEach(async () => {
  await world.close();
  const verified = await verifyRecord(fresh.database);
  await Promise.all([fresh.drop(), simulator.close()]);
  expect(verified).toMatchObject({ ok: true });
});

const callLog = (): string => `${simulator.url}/_simulator/calls`;

const control = (path: string, body: object): Promise<Response> =>
  fetch(`${simulator.url}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });

const deploy = (service: string, image: string): Promise<Response> =>
  control('deploy', { account: '111111111111', cluster: 'notify', service, image });

/** A definition as AWS returns it, in the values that are sealed everywhere else. */
async function definition(revision: string): Promise<TaskDefinition> {
  const read = await world.application.aws
    .reader(world.application.target('production') as never)
    .describeRevision(revision);
  if (!read.ok) throw new Error(read.error.words);
  const { definition: whole } = read.value.original.open();
  const { taskDefinitionArn, revision: _n, status, registeredAt, registeredBy, deregisteredAt, ...kept } = whole;
  return kept;
}

const ends = ({ endedAt }: { readonly endedAt: number | null }): boolean => endedAt !== null;

describe('a rollback from plan to outcome', () => {
  it('with the images alone: one revision, one update of three members, and the running definition with other images', async () => {
    const id = await world.start('api', { to: 'api:421', bring: 'images' });
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded', reason: null });

    const writes = await world.writes();
    expect(writes.map(({ operation, status }) => [operation, status])).toEqual([
      ['RegisterTaskDefinition', 200],
      ['UpdateService', 200],
    ]);
    const { copyArn } = await world.row(id);
    expect(writes[1]?.input).toEqual({ cluster: 'notify', service: 'api', taskDefinition: copyArn });
    expect(writes.every(({ principal }) => principal.endsWith(`/${id}`))).toBe(true);

    const [copy, running, wanted] = await Promise.all(['api:429', 'api:428', 'api:421'].map(definition));
    const images = new Map(wanted?.containerDefinitions?.map(({ name, image }) => [name, image]));
    expect(copy).toEqual({
      ...running,
      containerDefinitions: running?.containerDefinitions?.map((container) => ({
        ...container,
        image: images.get(container.name),
      })),
    });
    expect((await world.record(id)).map(({ kind }) => kind)).toEqual([
      'confirmed',
      'registered',
      'send-intent',
      'accepted',
      'ended',
    ]);
  });

  it('with everything in the revision: the copy equals it', async () => {
    const id = await world.start('api', { to: 'api:421', bring: 'everything' });
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await definition('api:429')).toEqual(await definition('api:421'));
  });

  it('of a revision that is ACTIVE goes the same way: a copy, never the old one itself', async () => {
    const id = await world.start('canary', { to: 'canary:16' });
    expect(await world.until(id, ends)).toMatchObject({
      state: 'succeeded',
      copyArn: expect.stringContaining('canary:18'),
    });
  });

  it('tags the copy with where it comes from, and keeps the tags people gave', async () => {
    await world.start('api', { to: 'api:421', bring: 'images' });
    const target = world.application.target('production') as never;
    const read = async (revision: string) => {
      const fact = await world.application.aws.reader(target).describeRevision(revision);
      return fact.ok ? fact.value.tags.filter(({ key }) => !key?.startsWith('aws:')) : [];
    };
    const [copy, source] = await Promise.all([read('api:429'), read('api:428')]);
    expect(copy).toEqual(expect.arrayContaining([...source]));
    expect(copy).toContainEqual({ key: 'ecs-rollback:copied-from', value: 'api:428 images:421' });
  });

  it('is undone by a plan that brings back everything that was left, and then there is no mark', async () => {
    const first = await world.start('api', { to: 'api:421', bring: 'images' });
    await world.until(first, ends);
    const drawn = await world.plan('api', { to: 'api:428', undo: first });
    expect(drawn).toMatchObject({ planned: { kind: 'plan', plan: { undo: first, bring: 'everything', cards: null } } });
    expect(drawn.details).toBe('INC-204');
    const id = await world.start('api', { to: 'api:428', undo: first });
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded' });
    expect(await definition('api:430')).toEqual(await definition('api:428'));
    const again = await world.plan('api', { to: 'api:421', bring: 'images' });
    const [finding] = again.planned.kind === 'plan' ? [again.planned.plan.findings.get('rolled-back-from')] : [];
    expect(finding?.kind).toBe('passed');
  });

  it('that tasks cannot run is put back by ECS, and is never called a success', async () => {
    const id = await world.start('flaky-worker', { to: 'flaky-worker:24' });
    expect(await world.until(id, ends)).toMatchObject({ state: 'failed', reason: 'put-back' });
  });

  it('that another deployment replaces is superseded, and names what runs now and who registered it', async () => {
    const id = await world.start('api', { to: 'api:421', bring: 'images' });
    await deploy('api', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1124');
    expect(await world.until(id, ends)).toMatchObject({ state: 'superseded', reason: 'by-deployment' });
    const end = (await world.record(id)).at(-1);
    expect(end?.payload).toMatchObject({ nowRuns: { name: 'release-1124', by: 'concourse-deploy' } });
  });

  it('to no tasks is told from a success that ran', async () => {
    const id = await world.start('housekeeping', { to: 'housekeeping:11' });
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded', reason: 'zero-tasks' });
  });

  it('of a service that is deleted meanwhile has failed', async () => {
    const id = await world.start('api', { to: 'api:421', bring: 'images' });
    await control('service', { account: '111111111111', cluster: 'notify', service: 'api', delete: true });
    expect(await world.until(id, ends)).toMatchObject({ state: 'failed', reason: 'gone' });
  });
});

describe('a stop', () => {
  it('of a pipeline’s deployment asks ECS once, and ends as ECS’s record of it does', async () => {
    await control('clock', { speed: 30 });
    await deploy('canary', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/canary:release-58');
    const target = world.application.target('production') as never;
    const listed = await world.application.aws.reader(target).serviceDeployments('notify', 'canary');
    const running = listed.ok
      ? listed.value.find(({ status }) => status === 'IN_PROGRESS' || status === 'PENDING')
      : null;
    const id = await world.start('canary', { stop: running?.arn.split('/').at(-1) ?? '' });
    await control('clock', { speed: 1_000 });
    expect(await world.until(id, ends)).toMatchObject({ state: 'succeeded', reason: null, copyArn: null });
    const writes = (await world.writes()).filter(({ principal }) => principal.includes('ecs-rollback-writer'));
    expect(writes.map(({ operation, input }) => [operation, input])).toEqual([
      ['StopServiceDeployment', { serviceDeploymentArn: running?.arn, stopType: 'ROLLBACK' }],
    ]);
  });

  it('of our own rollback is a rollback of its own, and ends the one it stops', async () => {
    await control('clock', { speed: 30 });
    const first = await world.start('api', { to: 'api:421', bring: 'images' });
    const watched = await world.until(first, ({ reading }) => (reading as { deployment?: string })?.deployment != null);
    const { deployment } = watched.reading as { deployment: string };
    const stop = await world.start('api', { stop: deployment });
    expect(await world.row(first)).toMatchObject({ state: 'superseded', reason: 'stopped' });
    expect((await world.record(first)).at(-1)?.payload).toMatchObject({ by: stop });
    await control('clock', { speed: 1_000 });
    expect(await world.until(stop, ends)).toMatchObject({ state: 'succeeded' });
    const past = await world.plan('api', { to: 'api:421', bring: 'images' });
    expect(past.planned.kind === 'plan' && past.planned.plan.facts.marks).toEqual([]);
  });
});

describe('a press', () => {
  it('of a plan that moved does nothing, and draws no conclusion of its own', async () => {
    // Slow enough that what is deployed stays: its image is missing, so ECS would put the version before it back.
    await control('clock', { speed: 1 });
    const drawn = await world.plan('api', { to: 'api:421', bring: 'images' });
    await deploy('api', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1124');
    expect(await world.press(drawn)).toMatchObject({
      ok: false,
      error: { kind: 'stale', now: expect.stringContaining('release-1124') },
    });
    expect((await world.writes()).filter(({ principal }) => principal.includes('ecs-rollback-writer'))).toEqual([]);
  });

  it('made twice at once, and again later, is one rollback', async () => {
    const drawn = await world.plan('canary', { to: 'canary:16' });
    const presses = await Promise.all(Array.from({ length: 8 }, () => world.press(drawn)));
    presses.push(await world.press(drawn));
    expect(new Set(presses.map((press) => press.ok && press.value.id)).size).toBe(1);
    expect(presses.filter((press) => press.ok && !press.value.again)).toHaveLength(1);
    const [first] = presses;
    await world.until(first?.ok ? first.value.id : '', ends);
    expect((await world.writes()).map(({ operation }) => operation)).toEqual([
      'RegisterTaskDefinition',
      'UpdateService',
    ]);
  });

  it.each([
    [{ typed: 'wrong' }, [{ kind: 'name-wrong', service: 'api' }]],
    [{ typed: '  ' }, [{ kind: 'name-missing', service: 'api' }]],
    [{ reason: '' }, [{ kind: 'reason-missing', forward: false }]],
    [{ reason: 'Other', details: ' ' }, [{ kind: 'details-missing', forward: false }]],
    [{ reason: 'Because' }, [{ kind: 'reason-missing', forward: false }]],
  ])('with %j is answered with what is wrong, recorded, and does nothing', async (change, problems) => {
    const drawn = await world.plan('api', { to: 'api:421', bring: 'images' });
    expect(await world.press(drawn, change)).toEqual({ ok: false, error: { kind: 'form', problems } });
    expect(await world.writes()).toEqual([]);
    const refused = await fresh.database.query("SELECT kind FROM record WHERE kind = 'press-refused'");
    expect(refused).toHaveLength(1);
  });

  it('takes the name in any case, with blanks around it', async () => {
    const drawn = await world.plan('canary', { to: 'canary:16' });
    expect(await world.press(drawn, { typed: '  CANARY ' })).toMatchObject({ ok: true });
  });

  it('of somebody who may only look is denied and recorded', async () => {
    const drawn = await world.plan('api', { to: 'api:421', bring: 'images' });
    const viewer = { ...world.operator, roles: new Map([['production', 'viewer']]) } as typeof world.operator;
    expect(await world.press(drawn, {}, viewer)).toMatchObject({ ok: false, error: { kind: 'lost-role' } });
    const stranger = { ...world.operator, roles: new Map() } as typeof world.operator;
    expect(await world.press(drawn, {}, stranger)).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    expect(await world.writes()).toEqual([]);
    expect(await fresh.database.query("SELECT kind FROM record WHERE kind = 'access-refused'")).toHaveLength(2);
  });

  it('beside another that is being sent is told who started that', async () => {
    await control('faults', { operation: 'RegisterTaskDefinition', fault: 'slow', ms: 1_500 });
    const [first, second] = [
      await world.plan('canary', { to: 'canary:16' }),
      await world.plan('canary', { to: 'canary:16' }),
    ];
    expect(await world.press(first)).toMatchObject({ ok: true });
    expect(await world.press(second)).toMatchObject({ ok: false, error: { kind: 'busy', by: world.operator.name } });
  });
});

describe('a plan that cannot be pressed', () => {
  it('while the record is silent is drawn all the same, with the commands by hand and nothing called checked', async () => {
    await fresh.owner.query('ALTER TABLE rollback RENAME TO elsewhere');
    const drawn = await world.plan('api', { to: 'api:421', bring: 'images' });
    expect(drawn).toMatchObject({ saved: null, notSaved: 'database-down' });
    expect(drawn.byHand.join()).toContain('aws ecs update-service');
    const findings = drawn.planned.kind === 'plan' ? drawn.planned.plan.findings : new Map();
    expect(findings.get('rollback-active')?.kind).toBe('not-checked');
    expect(findings.get('rolled-back-from')?.kind).toBe('not-checked');
  });

  it('whose press finds the record silent does nothing', async () => {
    const drawn = await world.plan('api', { to: 'api:421', bring: 'images' });
    await fresh.owner.query('ALTER TABLE rollback RENAME TO elsewhere');
    expect(await world.press(drawn)).toEqual({ ok: false, error: { kind: 'database-down' } });
    expect(await world.writes()).toEqual([]);
  });

  it('by somebody whose groups are too old is not stored', async () => {
    const stale = { ...world.operator, groupsAt: Date.now() - 6 * 60_000 } as typeof world.operator;
    const drawn = await world.plan('api', { to: 'api:421', bring: 'images' }, stale);
    expect(drawn).toMatchObject({ saved: null, notSaved: 'groups-unknown' });
    expect(await fresh.database.query('SELECT 1 FROM plan')).toEqual([]);
  });

  it('by somebody who may only look is not stored', async () => {
    const viewer = { ...world.operator, roles: new Map([['production', 'viewer']]) } as typeof world.operator;
    const drawn = await world.plan('api', { to: 'api:421', bring: 'images' }, viewer);
    expect(drawn).toMatchObject({ saved: null, notSaved: 'viewer' });
    expect(await fresh.database.query('SELECT 1 FROM plan')).toEqual([]);
  });
});
