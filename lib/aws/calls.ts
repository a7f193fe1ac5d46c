import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FinalizeRequestMiddleware, MiddlewareStack } from '@smithy/types';
import type { Fact } from '@/lib/domain/facts';
import type { Log } from '@/lib/log';
import { fail, ok } from '@/lib/result';
import type { Budget, Place } from './budget';
import type { Credentials } from './credentials';
import { readFailure } from './failure';
import type { Timeouts } from './limits';
import { isThrottle } from './throttle';
import { type Priority, type Urgency, urgencyOf } from './urgency';

/** Answers that readings made together share: what several of them lean on is asked for once. */
export type AskedOnce = Map<string, Promise<unknown>>;

/** Whom a read is for, what ends it early, and whom it shares answers with. The default priority is `page`. */
export type ReadOptions = {
  readonly priority?: Priority | Urgency;
  readonly signal?: AbortSignal;
  readonly once?: AskedOnce;
};

/** The answer to a question, asked once among the readings that share their answers. */
export function askedOnce<T>({ once }: ReadOptions, question: string, ask: () => Promise<T>): Promise<T> {
  const known = once?.get(question) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const answer = ask();
  once?.set(question, answer);
  return answer;
}

/** One reading call to AWS: waits for its turn, ends after ten seconds, and turns what is thrown into a value. */
export type Call = <T>(
  action: string,
  options: ReadOptions,
  send: (signal: AbortSignal) => Promise<T>,
) => Promise<Fact<T>>;

/** What a place's calls share. */
export type CallContext = {
  readonly place: Place;
  readonly target: string;
  readonly budget: Budget;
  readonly credentials: Credentials;
  readonly log: Log;
  readonly timeouts: Timeouts;
};

/** The call under way: whom its repeats are for, and what ends them. */
const underWay = new AsyncLocalStorage<{ readonly urgency: Urgency; readonly signal: AbortSignal }>();

/**
 * Makes the calls of one place. Repeats inside the SDK wait for their turn in {@link countRepeats}.
 *
 * Calls run apart from the request that asks: a connection that stays open would keep everything of the page it was
 * opened for.
 */
export function createCall(context: CallContext): Call {
  const apart = AsyncLocalStorage.snapshot();
  return (action, options, send) => apart(() => callOnce(context, { action, options, send }));
}

type Once<T> = {
  readonly action: string;
  readonly options: ReadOptions;
  readonly send: (signal: AbortSignal) => Promise<T>;
};

async function callOnce<T>(
  { place, target, budget, credentials, log, timeouts }: CallContext,
  { action, options: { priority = 'page', signal }, send }: Once<T>,
): Promise<Fact<T>> {
  const urgency = urgencyOf(priority);
  let used = action;
  try {
    await budget.take(place, action, urgency, signal);
    const limit = AbortSignal.timeout(timeouts.readCallMs);
    const ends = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    // Taking a role is a call of its own with a permission of its own; its failure must not wear another's name.
    used = credentials.action;
    await credentials.provide();
    used = action;
    return ok(await underWay.run({ urgency, signal: ends }, () => send(ends)));
  } catch (error) {
    const failure = readFailure(error, used);
    // What is not there was asked for by an address, and is answered there.
    if (failure.kind !== 'gone')
      log('aws.read-failed', { target, action: failure.action, kind: failure.kind, words: failure.words });
    return fail(failure);
  }
}

/** What counting needs of a place. */
export type Counting = Pick<CallContext, 'place' | 'target' | 'budget' | 'log'>;

/**
 * Lets every repeat the SDK makes by itself wait for a turn of its own, and notes every throttle, the ones that a repeat
 * got over included. So many reads that fail together are not repeated together, and none of them takes a rollback's turn.
 */
export function countRepeats<I extends object, O extends object>(
  stack: MiddlewareStack<I, O>,
  { place, target, budget, log }: Counting,
  permissions: string,
): void {
  const middleware: FinalizeRequestMiddleware<I, O> = (next, context) => {
    let attempts = 0;
    const action = `${permissions}:${String(context.commandName).replace(/Command$/, '')}`;
    return async (args) => {
      attempts += 1;
      if (attempts > 1) await turnOf(budget, place, action);
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof Error && isThrottle(error.name)) {
          budget.throttled(place, action);
          log('aws.throttled', { target, action });
        }
        throw error;
      }
    };
  };
  stack.addRelativeTo(middleware, { relation: 'after', toMiddleware: 'retryMiddleware', name: 'countRepeats' });
}

function turnOf(budget: Budget, place: Place, action: string): Promise<void> {
  const call = underWay.getStore();
  // Whatever is sent outside a call of ours is counted all the same.
  return call === undefined
    ? Promise.resolve(budget.debit(place, action))
    : budget.take(place, action, call.urgency, call.signal);
}
