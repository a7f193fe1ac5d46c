// The protocol of the write path: what everybody may do next in a state, and which promises a state breaks.
import { EVER_ENDS, ONE_ACTIVE, ONE_UPDATE, TRULY_NOT } from './promises.mjs';
import { act, read, takeOver } from './replicas.mjs';
import { starter } from './starter.mjs';
import { network, outside, people, time } from './surroundings.mjs';
import { bit, PLANS, worldOf } from './world.mjs';

/** The protocol in a world over a table of states, for `explore`. */
export function protocolOf(sizesAndRules, next) {
  const world = worldOf(sizesAndRules, next);
  return {
    start: world.start,
    everEnds: EVER_ENDS,
    settled: (state) => PLANS.every((plan) => !world.isActive[state[world.at.plans[plan].row]]),
    broken: (state) => brokenBy(world, state),
    steps(state, take) {
      outside(world, state, take);
      for (const plan of PLANS) {
        for (const actor of [people, time, starter, network, takeOver, read]) actor(world, state, plan, take);
      }
      act(world, state, take);
    },
  };
}

function brokenBy({ at, row, isActive }, state) {
  const rows = PLANS.map((plan) => state[at.plans[plan].row]);
  const broken = [];
  if (rows.every((one) => isActive[one])) broken.push(ONE_ACTIVE);
  if (PLANS.some((plan) => state[at.plans[plan].updates] > 1)) broken.push(ONE_UPDATE);
  if (PLANS.some((plan) => rows[plan] === row['not-applied'] && state[at.applied] & bit(plan))) broken.push(TRULY_NOT);
  return broken;
}
