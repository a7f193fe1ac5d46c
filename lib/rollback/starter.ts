import 'server-only';
import type { Application } from '@/lib/application';
import { freeLeases, type Rollback } from '@/lib/db/rollbacks';
import type { Principal } from '@/lib/domain/permissions';
import type { Plan } from '@/lib/domain/plan-shape';
import { lostAnAnswer, nameSpareCopies } from './late-facts';
import { register } from './register';
import { send } from './send';
import { stop } from './stop';

/** What the process that took the press holds while it registers and sends. Only it ever writes to AWS. */
export type Start = { readonly rollback: Rollback; readonly plan: Plan; readonly principal: Principal };

/** Runs confirmed rollbacks in the background, bound to no request. */
export type Starter = {
  start(rollback: Rollback, plan: Plan, principal: Principal): void;
  /** Does what a press asks for; the end of the process waits for it, and for the rollback it starts. */
  awaited<T>(press: Promise<T>): Promise<T>;
  /** Whether presses are refused because the process is ending. */
  closing(): boolean;
  /** Refuses new presses and resolves once those under way have finished. */
  close(): Promise<void>;
};

/** The one starter of a process. */
export function createStarter(application: () => Application): Starter {
  const running = new Set<Promise<unknown>>();
  let ending = false;
  const awaited = <T>(work: Promise<T>): Promise<T> => {
    const ended = work.finally(() => running.delete(ended));
    running.add(ended);
    return ended;
  };
  return {
    start(rollback, plan, principal) {
      void awaited(run({ rollback, plan, principal }, application()));
    },
    awaited,
    closing: () => ending,
    async close() {
      ending = true;
      // A press that came before may still start a rollback.
      while (running.size > 0) await Promise.allSettled([...running]);
    },
  };
}

async function run(start: Start, application: Application): Promise<void> {
  try {
    if (start.plan.kind === 'stop') await stop(start, application);
    else {
      const copy = await register(start, application);
      if (copy !== null) await send(start, copy, application);
      if (await lostAnAnswer(start.rollback, application)) await nameSpareCopies(start.rollback, application);
    }
  } catch (error) {
    // The row keeps its state; whoever takes the lease reads what became of it.
    application.log('rollback.starter-failed', { rollback: start.rollback.id, error });
    await freeLeases(application.database, application.owner, start.rollback.id).catch(() => undefined);
  }
  application.keeper.wake();
}
