// A state of the world: what the service runs and what reads show of it, two rollbacks, and the replicas that read.
import { FIXED, IN_TABLE, RULES } from './promises.mjs';

export const PLANS = [0, 1];
export const NAMES = ['A', 'B'];

/** What the service runs: 0 is the bad release, 1 and 2 the copies of A and B, 3 what a pipeline deployed. */
export const PIPELINE = 3;
export const copyOf = (plan) => plan + 1;
export const otherThan = (plan) => 1 - plan;
export const bit = (plan) => 1 << plan;

/** A rollback nobody has planned yet is based on nothing. */
export const NO_PLAN = 9;

/** Fields of a state, in the order they lie in it. */
function layoutOf(keepers) {
  const names = [
    'runs',
    'applied',
    'completed',
    'stale',
    'staleRuns',
    'staleApplied',
    'staleCompleted',
    'deploys',
    'crashes',
  ];
  const plan = [
    'base',
    'before',
    'row',
    'starter',
    'wire',
    'answer',
    'updates',
    'intent',
    'quarantine',
    'seenAtIntent',
  ];
  const keeper = ['reads', 'from', 'saw'];
  const of = (fields, offset) => Object.fromEntries(fields.map((name, index) => [name, offset + index]));
  const plans = PLANS.map((index) => of(plan, names.length + index * plan.length));
  const after = names.length + PLANS.length * plan.length;
  const readers = Array.from({ length: keepers }, (_, index) => of(keeper, after + index * keeper.length));
  return { ...of(names, 0), plans, readers, width: after + keepers * keeper.length };
}

/** A world over a table of states: where fields lie, what rows are called, and the first state. */
export function worldOf(sizesAndRules, next) {
  const rules = { ...RULES, ...sizesAndRules };
  const at = layoutOf(rules.keepers);
  // Rows go by the table's own names; `none` is a rollback nobody has confirmed yet.
  const names = ['none', ...new Set([...Object.keys(next), ...Object.values(next).flat()])];
  const row = Object.fromEntries(names.map((name, index) => [name, index]));
  const isActive = names.map((name) => Object.hasOwn(next, name));
  const start = new Uint8Array(at.width);
  start[at.deploys] = rules.deploys;
  start[at.crashes] = rules.crashes;
  for (const plan of PLANS) start[at.plans[plan].base] = NO_PLAN;
  return { rules, at, next, names, row, isActive, start };
}

/**
 * Moves a row, as one statement that names the states it may leave; false where another moved it before. The database lets
 * through what the table has.
 */
export function move({ rules, at, next, names, row, isActive }, state, told, { plan, from, to }) {
  const place = at.plans[plan].row;
  const was = names[state[place]];
  if (rules.compareAndSet && !from.includes(was)) return false;
  if (was !== 'none' && !isActive[row[was]] && was !== to) told.breaks = FIXED;
  if (rules.trigger && !next[was]?.includes(to)) {
    told.breaks = IN_TABLE;
    return false;
  }
  told.arrow = `${was} → ${to}`;
  state[place] = row[to];
  return true;
}

/** A change in AWS: reads may go on giving the answer of before until they catch up. */
export function change({ at }, state, apply) {
  if (state[at.stale] === 0) {
    state[at.stale] = 1;
    state[at.staleRuns] = state[at.runs];
    state[at.staleApplied] = state[at.applied];
    state[at.staleCompleted] = state[at.completed];
  }
  apply(state);
}

export function catchUp({ at }, state) {
  for (const field of [at.stale, at.staleRuns, at.staleApplied, at.staleCompleted]) state[field] = 0;
}

/** What a read may answer now. */
export function answers({ at }, state) {
  const current = { how: '', runs: state[at.runs], applied: state[at.applied], completed: state[at.completed] };
  if (state[at.stale] === 0) return [current];
  const [runs, applied, completed] = [state[at.staleRuns], state[at.staleApplied], state[at.staleCompleted]];
  return [current, { how: ' (an older answer)', runs, applied, completed }];
}
