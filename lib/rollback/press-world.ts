import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Application } from '@/lib/application';
import type { Access } from '@/lib/auth/access';
import { createAws } from '@/lib/aws/clients';
import { deadlineAfter } from '@/lib/aws/deadline';
import type { Database } from '@/lib/db/database';
import { keys, principalOf, signIn, silent } from '@/lib/db/pressing';
import { entriesOf, type RecordEntry } from '@/lib/db/record';
import { createRefusals } from '@/lib/db/refusals';
import { getRollbackRow, type Rollback } from '@/lib/db/rollbacks';
import { createStories } from '@/lib/db/stories';
import type { Wish } from '@/lib/domain/facts';
import type { Failure } from '@/lib/domain/failure';
import type { Principal } from '@/lib/domain/permissions';
import type { Target } from '@/lib/domain/target';
import { ok, type Result } from '@/lib/result';
import { type Confirmation, type Confirmed, confirmRollback } from './confirm-rollback';
import { createKeeper } from './keeper';
import { type DrawnPlan, planRollback } from './plan-rollback';
import { settle } from './settle';
import { createStarter } from './starter';
import { watch } from './watch';

/** What tests of the write path press with: the real thing but for the wire to AWS and the provider's answer. */

export const TARGET: Target = {
  name: 'production',
  account: '111111111111',
  region: 'eu-west-1',
  readerRole: 'arn:aws:iam::111111111111:role/ecs-rollback-reader',
  writerRole: 'arn:aws:iam::111111111111:role/ecs-rollback-writer',
  externalId: null,
  clusters: ['notify'],
  protected: true,
  colour: 'red',
  pipelineUrl: null,
  operators: ['rollback-operators'],
  viewers: ['rollback-viewers'],
  services: [],
};

/** A call as AWS saw it. */
export type Seen = {
  readonly operation: string;
  readonly status: number;
  readonly input: Readonly<Record<string, unknown>>;
  readonly principal: string;
};

/** A dashboard without pages. */
export type PressWorld = {
  readonly application: Application;
  readonly operator: Principal;
  /** Draws a plan for a service of the cluster. */
  plan(service: string, wish: Partial<Wish>, by?: Principal): Promise<DrawnPlan>;
  /** Presses a plan with everything filled in. */
  press(drawn: DrawnPlan, change?: Partial<Confirmation>, by?: Principal): Promise<Result<Confirmed, Failure>>;
  /** Plans, presses and waits until the starter has done its part. */
  start(service: string, wish: Partial<Wish>): Promise<string>;
  /** Reads AWS, as the keeper does, until the rollback satisfies a question. */
  until(id: string, holds: (rollback: Rollback) => boolean): Promise<Rollback>;
  row(id: string): Promise<Rollback>;
  /** Kinds of a rollback's entries, in order. */
  record(id: string): Promise<readonly RecordEntry[]>;
  /** Calls that change AWS, in order. */
  writes(): Promise<readonly Seen[]>;
  close(): Promise<void>;
};

/** Waits of the product shortened for a test; everything else is as it is. */
export type Change = Partial<Pick<Application, 'sleep' | 'deadline' | 'now'>>;

/**
 * Builds one. The SDK finds AWS, or what stands in for it, by its own variable.
 *
 * @param callLog - Address at which that tells what it was asked.
 */
export async function pressWorld(database: Database, callLog: string, change: Change = {}): Promise<PressWorld> {
  const application = build(database, change);
  const operator = {
    ...principalOf(await signIn(database, `k.smith ${randomUUID().slice(0, 8)}`)),
    groupsAt: Date.now(),
  };
  const world: PressWorld = {
    application,
    operator,
    async plan(service, wish, by = operator) {
      const whole: Wish = { to: null, bring: null, ran: null, undo: null, stop: null, ...wish };
      const question = { target: TARGET.name, cluster: 'notify', service, wish: whole, sameImage: [] };
      const drawn = await planRollback(by, question, application);
      if (!drawn.ok) throw new Error(`no plan: ${JSON.stringify(drawn.error)}`);
      return drawn.value;
    },
    press: (drawn, confirmation, by = operator) =>
      confirmRollback(by, { ...filledIn(drawn), ...confirmation }, application),
    async start(service, wish) {
      const pressed = await world.press(await world.plan(service, wish));
      if (!pressed.ok) throw new Error(`not pressed: ${JSON.stringify(pressed.error)}`);
      await whenSent(application, pressed.value.id);
      return pressed.value.id;
    },
    async until(id, holds) {
      const giveUpAt = Date.now() + 40_000;
      for (;;) {
        const row = await world.row(id);
        if (holds(row)) return row;
        if (Date.now() > giveUpAt) throw new Error(`${id} stays ${row.state}: ${JSON.stringify(row.reading)}`);
        if (row.state === 'watching') await watch(row, application);
        if (row.state === 'unknown') await settle(row, application);
        await pause(50);
      }
    },
    async row(id) {
      const row = await getRollbackRow(database, id);
      if (row === null) throw new Error(`there is no rollback ${id}`);
      return row;
    },
    record: (id) => entriesOf(database, id),
    async writes() {
      const calls = (await (await fetch(callLog)).json()) as readonly Seen[];
      return calls.filter(({ operation }) => /^(Register|Update|Stop)/.test(operation));
    },
    async close() {
      await application.starter.close();
      application.aws.close();
    },
  };
  return world;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A press with every warning ticked, a reason and the name. */
function filledIn({ saved, notSaved, body, planned }: DrawnPlan): Confirmation {
  if (saved === null || body === null || planned.kind !== 'plan')
    throw new Error(`cannot be pressed: ${planned.kind}, ${notSaved}`);
  const warned = [...planned.plan.findings].filter(([, { kind }]) => kind === 'warns').map(([name]) => name);
  return {
    plan: saved.id,
    hash: saved.hash,
    ticked: warned,
    reason: body.undo === null ? 'Errors after release' : 'It did not help',
    details: 'INC-204',
    typed: body.service,
  };
}

async function whenSent({ starter }: Application, id: string): Promise<void> {
  while (starter.inHand().includes(id)) await pause(10);
}

function build(database: Database, change: Change): Application {
  const aws = createAws({
    targets: [TARGET],
    replicas: 1,
    fingerprint: keys.fingerprint,
    showValuesOf: new Set(),
    log: silent,
  });
  const built: Application = {
    aws,
    database,
    keys,
    log: silent,
    // The provider says what it said at sign-in; what it may say else is tested where groups are.
    access: {
      renewGroups: async (principal) => ok(principal),
      plans: { take: () => true },
      presses: { take: () => true },
    } as Partial<Access> as Access,
    configuration: { oldVersionDays: 30, lastKnownGoodMinutes: 60, targets: [TARGET] },
    starter: createStarter(() => built),
    keeper: { ...createKeeper(() => built), wake: () => undefined },
    refusals: createRefusals({ database, log: silent }),
    stories: createStories(database),
    owner: randomUUID(),
    target: (name: string) => (name === TARGET.name ? TARGET : null),
    now: Date.now,
    sleep: pause,
    deadline: deadlineAfter,
    ...change,
  } as unknown as Application;
  return built;
}
