import 'server-only';

/** Whether a time limit is over. */
export type Deadline = () => boolean;

/** The two clocks a limit is measured by, in milliseconds. */
export type Clocks = { readonly monotonic: () => number; readonly wall: () => number };

const REAL_CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * A limit that is over once either clock says so: a suspended machine stops the monotonic one, and the wall clock can
 * be set back.
 */
export function deadlineAfter(ms: number, clocks: Clocks = REAL_CLOCKS): Deadline {
  const monotonic = clocks.monotonic();
  const wall = clocks.wall();
  return () => Math.max(clocks.monotonic() - monotonic, clocks.wall() - wall) >= ms;
}
