import { DEMO_SPEED } from '@/simulator/clock';
import { emptyWorld, type World } from '@/simulator/world';
import { large } from './large';
import { notify } from './notify';
import { shop } from './shop';

/** Worlds to begin with, by name; each takes the wall clock, in milliseconds since 1970. */
export const SCENARIOS: Readonly<Record<string, (wallMs: number) => World>> = {
  notify,
  large,
  shop,
  /** Nothing at all: accounts appear when they are first asked for. */
  empty: () => emptyWorld('empty', DEMO_SPEED),
};
