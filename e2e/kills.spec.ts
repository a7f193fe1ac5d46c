import { setTimeout } from 'node:timers/promises';
import { expect, test } from './fixtures';
import { plainly, planned, rollbackOf, sent } from './press';
import { recordIsWhole } from './whole';
import type { World } from './world';

type Row = { readonly state: string; readonly reason: string | null; readonly reading: unknown };
type Entry = { readonly kind: string; readonly payload: string };

async function rowOf(world: World, id: string): Promise<Row> {
  const [row] = await world.query<Row>('SELECT state, reason, reading FROM rollback WHERE id = $1', [id]);
  if (row === undefined) throw new Error(`there is no rollback ${id}`);
  return row;
}

const entriesOf = (world: World, id: string): Promise<readonly Entry[]> =>
  world.query<Entry>('SELECT kind, payload FROM record WHERE rollback_id = $1 ORDER BY seq', [id]);
const kindsOf = async (world: World, id: string) => (await entriesOf(world, id)).map(({ kind }) => kind);

/** What the tool asked of ECS for one service; its family is named like it. */
const callsFor = async (world: World, operation: string, service: string): Promise<number> =>
  (await world.aws.writes()).filter(
    ({ operation: name, input, principal }) =>
      name === operation &&
      [input.service, input.family].includes(service) &&
      principal.includes('ecs-rollback-writer'),
  ).length;

/** A moment in which whoever took the press dies, and what the others then make of its rollback. */
type Moment = {
  readonly service: string;
  readonly plan: string;
  /** Holds what the moment is before or after: before the press, and once it was taken. */
  readonly hold?: (world: World) => Promise<void>;
  readonly holdPressed?: (world: World) => Promise<void>;
  readonly come: (world: World, id: string, service: string) => Promise<boolean>;
  /** How its entries go on, and the state that stays. */
  readonly told: readonly string[];
  readonly end: { readonly state: string; readonly reason: string | null };
  /** Updates that reached AWS. */
  readonly updates: number;
};

const hang = (operation: string, applied: boolean) => (world: World) =>
  world.aws.fault({ operation, fault: 'hang', applied });
const asked = (operation: string) => async (world: World, _id: string, service: string) =>
  (await callsFor(world, operation, service)) > 0;

const STAYS_UNKNOWN = { state: 'unknown', reason: null };
const SUCCEEDS = { state: 'succeeded', reason: null };

/** The look after the intent is what is held, so that nothing can have been sent. */
const INTENDED = {
  hold: (world: World) => world.aws.fault({ operation: 'RegisterTaskDefinition', fault: 'slow', ms: 4_000, count: 1 }),
  holdPressed: (world: World) => world.aws.fault({ operation: 'DescribeServices', fault: 'hang' }),
  come: async (world: World, id: string) => (await rowOf(world, id)).state === 'sending',
};

/** The six moments of a rollback in which its process may die. */
const MOMENTS = {
  'before Register is answered': {
    service: 'delivery-worker-letters',
    plan: 'delivery-worker-letters:94',
    hold: hang('RegisterTaskDefinition', true),
    come: asked('RegisterTaskDefinition'),
    // The copy was registered all the same, and people must know of it.
    told: ['ended', 'late-fact'],
    end: { state: 'not-applied', reason: 'starter-gone' },
    updates: 0,
  },
  'after Register was answered, the intent to send committed': {
    ...INTENDED,
    service: 'delivery-worker-jobs',
    plan: 'delivery-worker-jobs:201',
    told: ['unclear'],
    end: STAYS_UNKNOWN,
    updates: 0,
  },
  'before Update is answered, which ECS did not take': {
    service: 'delivery-worker-research',
    plan: 'delivery-worker-research:85',
    hold: hang('UpdateService', false),
    come: asked('UpdateService'),
    told: ['unclear'],
    end: STAYS_UNKNOWN,
    updates: 1,
  },
  'before Update is answered, which ECS took': {
    service: 'delivery-worker-receipts',
    plan: 'delivery-worker-receipts:138',
    hold: hang('UpdateService', true),
    come: asked('UpdateService'),
    told: ['unclear', 'seen', 'ended'],
    end: SUCCEEDS,
    updates: 1,
  },
  'after Update was answered': {
    service: 'canary',
    plan: 'canary:16',
    come: async (world, id) => (await kindsOf(world, id)).includes('accepted'),
    told: ['taken-over', 'ended'],
    end: SUCCEEDS,
    updates: 1,
  },
  'while ECS is watched': {
    service: 'delivery-worker-sms',
    plan: 'delivery-worker-sms:306',
    come: async (world, id) => {
      const { state, reading } = await rowOf(world, id);
      return state === 'watching' && reading !== null;
    },
    told: ['taken-over', 'ended'],
    end: SUCCEEDS,
    updates: 1,
  },
} as const satisfies Readonly<Record<string, Moment>>;

/** Presses at the first dashboard and waits for the moment; answers the rollback's id. */
async function reach(world: World, { service, plan, hold, holdPressed, come }: Moment) {
  const browser = await plainly(world, 'operator');
  const form = await planned(world, browser, `/services/production/notify/${service}/rollback?to=${plan}`);
  await hold?.(world);
  const id = rollbackOf(await sent(world, browser, { form }));
  await holdPressed?.(world);
  await expect.poll(() => come(world, id, service), { intervals: [50] }).toBe(true);
  return id;
}

for (const replicas of [1, 2]) {
  test.describe(`a dashboard that is killed, of ${replicas}`, () => {
    test.use({ replicas });

    test('whenever that is, leaves no rollback untold and is not followed by a second change', async ({ world }) => {
      test.setTimeout(240_000);
      const pressed: { readonly name: keyof typeof MOMENTS; readonly id: string; readonly entries: number }[] = [];
      for (const name of Object.keys(MOMENTS) as (keyof typeof MOMENTS)[]) {
        await test.step(name, async () => {
          // ECS does not finish before whoever watches it dies.
          await world.aws.clock({ speed: 5 });
          const id = await reach(world, MOMENTS[name]);
          world.signal('SIGKILL');
          pressed.push({ name, id, entries: (await entriesOf(world, id)).length });
          await world.aws.mend();
          await world.restart(0);
        });
      }
      await world.aws.clock({ speed: 600 });
      for (const { name, id, entries } of pressed) {
        const { service, told, end, updates } = MOMENTS[name];
        // A lease lapses after 30 s and is looked for every 5 s; a busy machine takes longer to read AWS.
        await expect
          .poll(async () => (await kindsOf(world, id)).slice(entries), { message: name, timeout: 50_000 })
          .toEqual(told);
        expect(await rowOf(world, id), name).toMatchObject(end);
        expect(await callsFor(world, 'UpdateService', service), name).toBe(updates);
        expect(await callsFor(world, 'RegisterTaskDefinition', service), name).toBe(1);
      }
      expect(await world.query('SELECT id FROM rollback')).toHaveLength(pressed.length);
      await recordIsWhole(world);
    });
  });
}

test.describe('two dashboards', () => {
  test.use({ replicas: 2 });

  test('one that was stopped for longer than its lease and wakes up sends nothing', async ({ world }) => {
    test.setTimeout(180_000);
    const service = 'delivery-worker-jobs';
    const id = await reach(world, MOMENTS['after Register was answered, the intent to send committed']);
    world.signal('SIGSTOP');
    await world.aws.mend();
    await expect.poll(async () => (await rowOf(world, id)).state, { timeout: 50_000 }).toBe('unknown');
    // Long enough for whatever it waited for to have lapsed, too.
    await setTimeout(25_000);
    expect(await rowOf(world, id)).toMatchObject(STAYS_UNKNOWN);
    world.signal('SIGCONT');
    // The only one that could have sent it knows that it did not.
    await expect.poll(async () => (await rowOf(world, id)).state, { timeout: 60_000 }).toBe('not-applied');
    expect((await rowOf(world, id)).reason).toMatch(/^(too-slow|not-sent)$/);
    expect(await callsFor(world, 'UpdateService', service)).toBe(0);
    expect(await callsFor(world, 'RegisterTaskDefinition', service)).toBe(1);
    await recordIsWhole(world);
  });
});
