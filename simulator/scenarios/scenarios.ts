import { DEMO_SPEED } from '@/simulator/clock';
import { emptyWorld, type World } from '@/simulator/world';

/** What a simulator can begin with, by name; the clock of a new world starts at the given wall milliseconds. */
export const SCENARIOS: Readonly<Record<string, (wallMs: number) => World>> = {
  empty: () => emptyWorld('empty', DEMO_SPEED),
};
