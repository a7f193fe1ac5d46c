import 'server-only';
import type { Application } from '@/lib/application';
import type { Deadline } from '@/lib/aws/deadline';
import { freeLeases } from '@/lib/db/leases';
import type { Rollback } from '@/lib/db/rollbacks';
import type { Principal } from '@/lib/domain/permissions';
import type { Plan } from '@/lib/domain/plan-shape';
import { PRESS_READ_MS, T_START_GROUP_MS, T_START_MS } from '@/lib/domain/times';
import { within } from '@/lib/within';
import { type GroupStart, startInTurn } from './group-start';
import { register } from './register';
import { send } from './send';
import { mayHaveSpareCopies, nameSpareCopies } from './spare-copies';
import { stop } from './stop';

/** What the process that took the press holds while it registers and sends. Only it ever writes to AWS. */
export type Start = {
  readonly rollback: Rollback;
  readonly plan: Plan;
  readonly principal: Principal;
  /** Until when the intent to send may be committed. */
  readonly startBy: Deadline;
  /** Whether it is one of several services that were confirmed together. */
  readonly inGroup: boolean;
};

/** Runs confirmed rollbacks in the background, bound to no request. */
export type Starter = {
  start(rollback: Rollback, plan: Plan, principal: Principal): void;
  /** Starts the rollbacks of a group in their order, as fast as our share of the quotas lets them. */
  startGroup(group: GroupStart, principal: Principal): void;
  /**
   * Decides one press of a service after the other. Whoever comes second waits for the first, for as long as a press may
   * read, and then most often need not read at all: a crowd that presses asks AWS once.
   */
  oneByOne<T>(serviceArn: string, press: () => Promise<T>): Promise<T>;
  /** Does what a press asks for; the end of the process waits for it, and for the rollback it starts. */
  awaited<T>(press: Promise<T>): Promise<T>;
  /** Ids of the rollbacks that are being registered or sent at this moment. */
  inHand(): readonly string[];
  /** Whether presses are refused because the process is ending. */
  closing(): boolean;
  /** Refuses new presses and resolves once those under way have finished. */
  close(): Promise<void>;
};

/** The one starter of a process. */
export function createStarter(application: () => Application): Starter {
  const inHand = new Set<string>();
  const running = new Set<Promise<unknown>>();
  const deciding = new Map<string, Promise<unknown>>();
  let ending = false;
  const awaited = <T>(work: Promise<T>): Promise<T> => {
    const ended = work.finally(() => running.delete(ended));
    running.add(ended);
    return ended;
  };
  const inTheEnd = ({ id }: Rollback, work: Promise<void>): Promise<void> =>
    work
      // Out of hand first: a lease that is freed must not be renewed.
      .finally(() => inHand.delete(id))
      .catch((error: unknown) => letGo(id, error, application()))
      .then(() => application().keeper.wake());
  return {
    start(rollback, plan, principal) {
      const startBy = application().deadline(T_START_MS);
      inHand.add(rollback.id);
      void awaited(inTheEnd(rollback, run({ rollback, plan, principal, startBy, inGroup: false }, application())));
    },
    startGroup(group, principal) {
      const startBy = application().deadline(T_START_GROUP_MS);
      for (const { rollback } of group.members) inHand.add(rollback.id);
      const turns = startInTurn(
        group,
        {
          startBy,
          closing: () => ending,
          begin: ({ rollback, plan }) =>
            inTheEnd(rollback, run({ rollback, plan, principal, startBy, inGroup: true }, application())),
          drop: ({ rollback }, dropped) => inTheEnd(rollback, dropped),
        },
        application(),
      );
      void awaited(turns);
    },
    awaited,
    async oneByOne(serviceArn, press) {
      const until = performance.now() + PRESS_READ_MS;
      for (let left = PRESS_READ_MS; left > 0; left = until - performance.now()) {
        const before = deciding.get(serviceArn);
        if (before === undefined) break;
        await within(before, left);
      }
      const own = press();
      const over = own.then(nothing, nothing);
      deciding.set(serviceArn, over);
      return own.finally(() => {
        if (deciding.get(serviceArn) === over) deciding.delete(serviceArn);
      });
    },
    inHand: () => [...inHand],
    closing: () => ending,
    async close() {
      ending = true;
      // A press that came before may still start a rollback.
      while (running.size > 0) await Promise.allSettled([...running]);
    },
  };
}

const nothing = (): void => undefined;

async function run(start: Start, application: Application): Promise<void> {
  if (start.plan.kind === 'stop') return stop(start, application);
  const copy = await register(start, application);
  if (copy !== null) await send(start, copy, application);
  // From here on the keeper watches.
  application.keeper.wake();
  if (await mayHaveSpareCopies(start.rollback, application)) await nameSpareCopies(start.rollback, application);
}

/** The row keeps its state; whoever takes the lease reads what became of it. */
async function letGo(id: string, error: unknown, { database, owner, log }: Application): Promise<void> {
  log('rollback.starter-failed', { rollback: id, error });
  await freeLeases(database, owner, id).catch((cause: unknown) =>
    log('database.failed', { doing: 'free a lease', cause }),
  );
}
