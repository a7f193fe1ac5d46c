import { DescribeTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Application } from '@/lib/application';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { overwrittenOf } from '@/lib/db/overwrites';
import { readOnceIn } from '@/lib/db/read-once';
import { servicePast } from '@/lib/db/service-past';
import { verifyRecord } from '@/lib/db/verify';
import { overwrittenServices } from '@/lib/queries/overwritten';
import { createReads, type Reads, serviceKey } from '@/lib/queries/reads';
import { type Simulator, startSimulator } from '@/simulator/start';
import { lookForOverwrites } from './in-force';
import { intendOverwrite } from './intend-overwrite';
import { type PressWorld, pressWorld, TARGET } from './press-world';

// A rollback in force, and what a pipeline does to it, with the real SDK over HTTP and a real PostgreSQL.

let fresh: FreshDatabase;
let simulator: Simulator;
let world: PressWorld;
let application: Application;
let skippedMs = 0;

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_REGION: 'eu-west-1',
};
const SERVICE = 'delivery-worker-sms';
const TO = { to: `${SERVICE}:306`, bring: 'images' } as const;
const REPOSITORY = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api';

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
  skippedMs = 0;
  world = await pressWorld(fresh.database, `${simulator.url}/_simulator/calls`);
  application = { ...world.application, reads: newReads(), now: () => Date.now() + skippedMs };
});
afterEach(async () => {
  await world.close();
  const verified = await verifyRecord(fresh.database);
  await Promise.all([fresh.drop(), simulator.close()]);
  expect(verified).toMatchObject({ ok: true });
});

const newReads = (): Reads => {
  const { aws } = world.application;
  return createReads({ aws, kept: readOnceIn(fresh.database), replicas: 1, targetOf: () => TARGET });
};

/** Looks anew, however lately it has looked. */
async function look(): Promise<void> {
  await lookForOverwrites(application, new Map());
}

const control = async (path: string, body: object): Promise<void> => {
  const answer = await fetch(`${simulator.url}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
};

const deploy = (what: { image: string } | { taskDefinition: string }): Promise<void> =>
  control('deploy', { account: '111111111111', cluster: 'notify', service: SERVICE, ...what });

async function rolledBack(): Promise<string> {
  const id = await world.start(SERVICE, TO);
  expect(await world.until(id, ({ endedAt }) => endedAt !== null)).toMatchObject({ state: 'succeeded' });
  await look();
  expect(await warnings()).toEqual([]);
  return id;
}

const warnings = async () => [...(await overwrittenServices(application)).values()];
const kinds = async (id: string) => (await world.record(id)).map(({ kind }) => kind).slice(-2);

/** What runs now, with one setting more. */
async function withOtherSettings(): Promise<string> {
  const ecs = new ECSClient({});
  const { copyArn } = await world.row(await only());
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: copyArn ?? '' }));
  const { family, containerDefinitions, cpu, networkMode, requiresCompatibilities, executionRoleArn, taskRoleArn } =
    taskDefinition ?? {};
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions,
      cpu,
      networkMode,
      requiresCompatibilities,
      executionRoleArn,
      taskRoleArn,
      memory: String(Number(taskDefinition?.memory) * 2),
    }),
  );
  return registered.taskDefinition?.taskDefinitionArn ?? '';
}

async function only(): Promise<string> {
  const [row] = await fresh.database.query<{ id: string }>('SELECT id FROM rollback');
  return row?.id ?? '';
}

describe('a rollback in force', () => {
  it('is found to be overwritten by the version it left, once, and says who registered it', async () => {
    const id = await rolledBack();
    await deploy({ image: `${REPOSITORY}:release-1123` });
    await Promise.all([look(), look(), look()]);
    expect(await warnings()).toMatchObject([
      {
        rollbackId: id,
        sentence: expect.stringMatching(
          /^A deployment at \d\d:\d\d UTC brought release-1123 back to delivery-worker-sms\.$/,
        ),
        background: expect.stringMatching(
          /^Registered by concourse-deploy\. Rolled back at \d\d:\d\d UTC: Errors after release\.$/,
        ),
        again: {
          words: 'Roll back again to release-1119 (306)',
          href: `/services/production/notify/${SERVICE}/rollback?to=${SERVICE}%3A306&bring=images&again=${id}`,
        },
      },
    ]);
    expect((await world.record(id)).filter(({ kind }) => kind === 'overwritten')).toHaveLength(1);
  });

  it('says that only settings were replaced, and leads back to the copy itself', async () => {
    const id = await rolledBack();
    await deploy({ taskDefinition: await withOtherSettings() });
    await look();
    const { copyArn } = await world.row(id);
    const number = Number(copyArn?.split(':').at(-1));
    expect(await warnings()).toMatchObject([
      {
        sentence: expect.stringMatching(
          /^The settings of delivery-worker-sms were changed at \d\d:\d\d UTC; the images are still release-1119\.$/,
        ),
        again: { words: `Roll back again to release-1119 (${number}: 310 with images of 306)` },
      },
    ]);
  });

  it('is replaced by a newer version for good: the record says so and nobody is warned', async () => {
    const id = await rolledBack();
    await deploy({ image: `${REPOSITORY}:release-1122` });
    const found = async () => {
      await look();
      return (await overwrittenOf(fresh.database, [id])).get(id)?.found?.finding;
    };
    await expect.poll(found, { timeout: 20_000 }).toBe('newer');
    expect(await warnings()).toEqual([]);
    expect(await kinds(id)).toEqual(['ended', 'overwritten']);
    await deploy({ image: `${REPOSITORY}:release-1123` });
    await look();
    expect(await warnings()).toEqual([]);
  });

  it('is in force again where ours comes back', async () => {
    const id = await rolledBack();
    await deploy({ image: `${REPOSITORY}:release-1123` });
    await look();
    const { copyArn } = await world.row(id);
    await deploy({ taskDefinition: copyArn ?? '' });
    await look();
    expect(await warnings()).toEqual([]);
    expect(await kinds(id)).toEqual(['overwritten', 'in-force-again']);
  });

  it('keeps silent about our own undo, and about another rollback of ours', async () => {
    const id = await rolledBack();
    const undo = await world.start(SERVICE, { to: `${SERVICE}:310`, bring: 'everything', undo: id });
    await look();
    expect(await world.until(undo, ({ endedAt }) => endedAt !== null)).toMatchObject({ state: 'succeeded' });
    await look();
    expect(await warnings()).toEqual([]);
    await deploy({ image: `${REPOSITORY}:release-1119` });
    await look();
    expect(await warnings()).toEqual([]);
    expect((await world.record(id)).some(({ kind }) => kind === 'overwritten')).toBe(false);
  });

  it('is closed by an operator who says that it was intended, and the mark goes with it', async () => {
    const id = await rolledBack();
    await deploy({ image: `${REPOSITORY}:release-1123` });
    await look();
    expect(await intendOverwrite(world.operator, { id, reason: ' ' }, application)).toMatchObject({
      ok: false,
      error: { kind: 'form' },
    });
    const { serviceArn } = await world.row(id);
    expect((await servicePast(fresh.database, serviceArn)).marks).toHaveLength(1);
    expect(await intendOverwrite(world.operator, { id, reason: 'fixed by data' }, application)).toMatchObject({
      ok: true,
      value: { service: SERVICE },
    });
    expect(await kinds(id)).toEqual(['overwrite-intended', 'mark-cleared']);
    expect((await servicePast(fresh.database, serviceArn)).marks).toEqual([]);
    await look();
    expect(await warnings()).toEqual([]);
    expect(await intendOverwrite(world.operator, { id, reason: 'twice' }, application)).toMatchObject({
      error: { kind: 'no-overwrite' },
    });
  });

  it('is looked at every twenty seconds while somebody watches the target or a service of it, and every four minutes else', async () => {
    await rolledBack();
    const lookedAt = new Map<string, number>();
    const looks = async (afterMs: number): Promise<boolean> => {
      skippedMs += afterMs;
      const before = await described();
      await lookForOverwrites(application, lookedAt);
      return (await described()) > before;
    };
    expect([await looks(0), await looks(60_000), await looks(170_000), await looks(20_000)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    const watching = [
      () => application.reads.service.get(serviceKey(TARGET.name, 'notify', SERVICE), 10_000),
      () => application.reads.services.get(TARGET.name, 10_000),
    ];
    for (const watch of watching) {
      application = { ...application, reads: newReads() };
      skippedMs = 0;
      lookedAt.clear();
      await watch();
      expect([await looks(0), await looks(16_000), await looks(16_000)]).toEqual([true, false, true]);
    }
  });
});

async function described(): Promise<number> {
  const calls = (await (await fetch(`${simulator.url}/_simulator/calls`)).json()) as readonly { operation: string }[];
  return calls.filter(({ operation }) => operation === 'DescribeServices').length;
}
