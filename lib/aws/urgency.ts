import 'server-only';

/**
 * Who a call is for: a rollback may empty a bucket, a page leaves a tenth of it, the background half. A service of a group
 * waits for its turn behind rollbacks by themselves.
 */
export type Priority = 'rollback' | 'group' | 'page' | 'background';

/** Priorities, the first one first. */
export const ORDER: readonly Priority[] = ['rollback', 'group', 'page', 'background'];

/** The priority of a read that others may come to wait for while it is under way. */
export type Urgency = {
  priority(): Priority;
  /** Makes the read at least as urgent; it never becomes less. */
  raise(to: Priority): void;
  /** Tells of every raise; what it gives back ends that. */
  onRaise(listener: () => void): () => void;
};

/** An urgency to begin with. */
export function urgency(from: Priority): Urgency {
  let current = from;
  const listeners = new Set<() => void>();
  return {
    priority: () => current,
    raise: (to) => {
      if (ORDER.indexOf(to) >= ORDER.indexOf(current)) return;
      current = to;
      for (const listener of listeners) listener();
    },
    onRaise: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The urgency of a read, whichever way its priority was given. */
export const urgencyOf = (given: Priority | Urgency): Urgency => (typeof given === 'string' ? urgency(given) : given);
