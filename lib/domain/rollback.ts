/** Where each state may lead, as the database's trigger has it. An end leads nowhere: a later fact adds an event. */
export const NEXT = {
  starting: ['sending', 'not-applied'],
  sending: ['watching', 'unknown', 'not-applied'],
  unknown: ['watching', 'not-applied', 'closed'],
  watching: ['succeeded', 'failed', 'superseded'],
} as const;

/** A rollback that has not ended. */
export type Active = keyof typeof NEXT;

/** Every state; those that are not {@link Active} are ends. */
export type State = Active | (typeof NEXT)[Active][number];

/** A rollback's end. */
export type End = Exclude<State, Active>;

/** Why a rollback ended; plain success and `closed` need no reason. */
export const REASONS = {
  succeeded: ['zero-tasks'],
  failed: ['put-back', 'gave-up', 'stuck', 'gone', 'finished-first'],
  superseded: ['by-deployment', 'by-rollback', 'stopped'],
  'not-applied': [
    'changed',
    'check-failed',
    'refused',
    'register-failed',
    'not-sent',
    'too-slow',
    'starter-gone',
    'revoked',
    'first-failed',
    'absent',
  ],
  closed: [],
} as const satisfies Record<End, readonly string[]>;

/** A reason of any end. */
export type Reason = (typeof REASONS)[End][number];

/** Whether nothing follows this state. */
export const isEnd = (state: State): state is End => !Object.hasOwn(NEXT, state);
