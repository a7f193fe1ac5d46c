import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '@/lib/db/pressing';
import { revoke } from '@/lib/db/sessions';
import { isEnd, NEXT, REASONS } from '@/lib/domain/rollback';
import { CLUSTER } from './aws';
import { type Ground, layGround } from './ground';
import { narrative } from './journal';
import { beginRun, calmDown, type Run, SERVICE, wrongWith } from './run';
import * as told from './stories';

// How every end is reached: what the world does, and what the row says then. Time passes as far as a story wants it.

let ground: Ground;

beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground?.close());

const BACK = { to: 'api:11' };

/** A circuit breaker that stops a deployment and does not return. */
const STOPS_ONLY = {
  cluster: CLUSTER,
  service: SERVICE,
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
};

/** Until ECS has done what it does of itself. */
const ecsGoesOn = async (run: Run): Promise<void> => {
  for (let minute = 0; minute < 12 && told.newest(run).endedAt === null; minute += 1) await told.later(run, 60);
};

const STORIES: Readonly<Record<string, (run: Run) => Promise<void>>> = {
  succeeded: async (run) => {
    await told.rollsBack(run);
    await ecsGoesOn(run);
  },
  'succeeded zero-tasks': async (run) => {
    run.aws.ask('UpdateService', { cluster: CLUSTER, service: SERVICE, desiredCount: 0 });
    await run.ground.time.pass(120_000);
    await told.rollsBack(run);
    await ecsGoesOn(run);
  },
  'failed put-back': async (run) => {
    await told.tasksFare(run, 'crash');
    await told.rollsBack(run);
    await ecsGoesOn(run);
  },
  'failed gave-up': async (run) => {
    run.aws.ask('UpdateService', STOPS_ONLY);
    await told.tasksFare(run, 'crash');
    await told.rollsBack(run);
    await ecsGoesOn(run);
  },
  'failed stuck': async (run) => {
    await told.tasksFare(run, 'crash');
    await told.rollsBack(run);
    // Whatever it returns to, more tasks are wanted than still run.
    run.aws.ask('UpdateService', { cluster: CLUSTER, service: SERVICE, desiredCount: 6 });
    await ecsGoesOn(run);
  },
  'failed gone': async (run) => {
    await told.rollsBack(run);
    await told.deletesService(run);
    await told.later(run, 6);
  },
  'failed finished-first': async (run) => {
    await told.deploys(run);
    await told.rollsBack(run, { stop: told.newestDeployment(run) });
    // ECS may finish what it was asked to stop; nothing that a request can do brings it about.
    const [record] = run.aws.service(SERVICE).serviceDeployments;
    if (record !== undefined) Object.assign(record, { status: 'SUCCESSFUL', finishedAt: Date.now() });
    await told.later(run, 6);
  },
  'superseded by-deployment': async (run) => {
    await told.rollsBack(run);
    await told.deploys(run);
    await told.later(run, 60);
  },
  'superseded by-rollback': async (run) => {
    const first = await told.rollsBack(run);
    await told.rollsBack(run, { to: 'api:10' }, 'j.doe');
    expect(told.newest(run).id).not.toBe(first.id);
  },
  'superseded stopped': async (run) => {
    await told.rollsBack(run);
    await told.rollsBack(run, { stop: told.newestDeployment(run) }, 'j.doe');
  },
  'not-applied changed': async (run) => {
    await told.startsTo(run, BACK);
    await run.before('register');
    await told.deploys(run);
    await run.finish();
  },
  'not-applied check-failed': async (run) => {
    await told.startsTo(run, BACK);
    await run.before('register');
    const numbers = { minimumHealthyPercent: 100, maximumPercent: 100 };
    run.aws.ask('UpdateService', { cluster: CLUSTER, service: SERVICE, deploymentConfiguration: numbers });
    await run.finish();
  },
  'not-applied refused': async (run) => {
    await told.fails(run, 'UpdateService', 'access-denied');
    await told.rollsBack(run);
  },
  'not-applied register-failed': async (run) => {
    await told.fails(run, 'RegisterTaskDefinition', 'access-denied');
    await told.rollsBack(run);
  },
  'not-applied not-sent': async (run) => {
    await told.startsTo(run, BACK);
    await run.before('register');
    await told.fails(run, 'DescribeServices', 'server-error', { count: 3 });
    await run.finish();
  },
  'not-applied too-slow': async (run) => {
    await told.startsTo(run, BACK);
    await run.before('register');
    await run.ground.time.pass(61_000);
    await run.finish();
  },
  'not-applied starter-gone': async (run) => {
    const { process } = told.starterOf(run);
    await told.startsTo(run, BACK);
    await run.before('register');
    process.alive = false;
    await told.later(run, 35);
  },
  'not-applied revoked': async (run) => {
    await told.startsTo(run, BACK);
    await run.before('register');
    await revoke(run.ground.fresh.database, silent, 'everybody');
    await run.finish();
  },
  'not-applied absent': async (run) => {
    await told.fails(run, 'UpdateService', 'server-error');
    await told.rollsBack(run);
    await told.later(run, 15 * 60);
    expect(told.newest(run)).toMatchObject({ state: 'unknown' });
    await told.later(run, 61);
  },
  closed: async (run) => {
    await told.fails(run, 'UpdateService', 'server-error');
    await told.givesUp(run, await unknownFor(run, 61));
  },
};

async function unknownFor(run: Run, seconds: number) {
  const row = await told.rollsBack(run);
  await told.later(run, seconds);
  expect(told.newest(run)).toMatchObject({ state: 'unknown' });
  return row;
}

/** Ends that only one of several services has; lib/rollback/group.integration.test.ts tells their stories. */
const IN_GROUPS: readonly string[] = ['not-applied first-failed'];

/** Every end of a rollback of one service, as the table of the domain has them. */
const ENDS = Object.entries(REASONS)
  .flatMap(([state, reasons]) => [
    ...(state === 'succeeded' || state === 'closed' ? [state] : []),
    ...reasons.map((reason) => `${state} ${reason}`),
  ])
  .filter((end) => !IN_GROUPS.includes(end));

describe('an end', () => {
  it('has a story here, whichever it is', () => {
    expect(Object.keys(STORIES).sort()).toEqual([...ENDS].sort());
    const ends = new Set(Object.values(NEXT).flat().filter(isEnd));
    expect([...ends].sort()).toEqual(Object.keys(REASONS).sort());
  });

  it.each(ENDS)('of %s is reached, by what AWS shows, and no promise is broken', async (end) => {
    const run = await beginRun(ground, () => false);
    try {
      await STORIES[end]?.(run);
      await run.journal.catchUp();
      const reached = run.journal.rows().map(({ state, reason }) => (reason === null ? state : `${state} ${reason}`));
      expect(reached, narrative(run.journal)).toContain(end);
      await calmDown(run);
      expect(await wrongWith(run), narrative(run.journal)).toEqual([]);
    } finally {
      await run.close();
    }
  });
});
