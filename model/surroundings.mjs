// Everybody but our own processes: ECS and its reads, pipelines, people, time and the network.
import { IN_ITS_TIME, NOT_OVER, UNSEEN } from './promises.mjs';
import { ACCEPTED, LANDED, ON_ITS_WAY, REFUSED, REGISTERS } from './starter.mjs';
import { answers, bit, catchUp, change, copyOf, move, NAMES, NO_PLAN, otherThan, PIPELINE, PLANS } from './world.mjs';

/** ECS, what reads show of it, and pipelines that know nothing of us. */
export function outside(world, state, take) {
  const { at, rules } = world;
  if (state[at.stale] === 1) take('reads catch up', (t) => catchUp(world, t));
  if (state[at.deploys] > 0) {
    take('a pipeline deploys', (t) => {
      t[at.deploys] -= 1;
      change(world, t, () => {
        t[at.runs] = PIPELINE;
      });
    });
  }
  for (const plan of PLANS) {
    if (state[at.runs] !== copyOf(plan) || state[at.completed] & bit(plan)) continue;
    take(`the rollout of ${NAMES[plan]} completes`, (t) =>
      change(world, t, () => {
        t[at.completed] |= bit(plan);
      }),
    );
    if (!rules.putsBack) continue;
    take(`ECS puts back what ran before ${NAMES[plan]}`, (t) =>
      change(world, t, () => {
        t[at.runs] = t[at.plans[plan].before];
      }),
    );
  }
}

/** People plan, confirm and give up. */
export function people(world, state, plan, take) {
  const { at, rules, row } = world;
  const [mine, name] = [at.plans[plan], NAMES[plan]];
  // A and B are two names for the same thing, so A is planned first.
  const turn = plan === 0 || state[at.plans[0].base] !== NO_PLAN;
  if (state[mine.base] === NO_PLAN && turn) {
    for (const { how, runs } of answers(world, state)) {
      take(`somebody plans ${name}${how}`, (t) => {
        t[mine.base] = runs;
      });
    }
  }
  if (state[mine.base] !== NO_PLAN && state[mine.row] === row.none) {
    take(`somebody confirms ${name}`, (t, told) => confirm(world, t, told, plan));
  }
  if (rules.closes && state[mine.row] === row.unknown && state[mine.quarantine] === 0) {
    take(`somebody gives up ${name}`, (t, told) => move(world, t, told, { plan, from: ['unknown'], to: 'closed' }));
  }
}

/** One transaction: the new row, and the one it replaces. */
function confirm(world, t, told, plan) {
  const { at, rules, row, names, isActive } = world;
  const other = otherThan(plan);
  const state = names[t[at.plans[other].row]];
  if (isActive[row[state]] && rules.uniqueIndex) {
    const from = rules.replacesOnlyWatching ? ['watching'] : ['watching', 'sending', 'unknown'];
    if (!from.includes(state) || !move(world, t, told, { plan: other, from, to: 'superseded' })) return false;
  }
  t[at.plans[plan].row] = row.starting;
  t[at.plans[plan].starter] = REGISTERS;
  return true;
}

/**
 * T_q after the intent: by then a request that was sent has landed or can no longer arrive, and every read shows its
 * effect. This is the one assumption about time; the numbers behind it stand in lib/domain/times.ts.
 */
export function time({ at }, state, plan, take) {
  const mine = at.plans[plan];
  const visible = !(state[at.applied] & bit(plan)) || state[at.stale] === 0 || state[at.staleApplied] & bit(plan);
  const due = state[mine.intent] === 1 && state[mine.quarantine] === 0 && state[mine.wire] !== ON_ITS_WAY;
  if (!due || !visible) return;
  take(`T_q passes for ${NAMES[plan]}`, (t) => {
    t[mine.quarantine] = 1;
  });
}

/** What may become of a request on its way. */
export function network(world, state, plan, take) {
  const { at } = world;
  const [mine, name] = [at.plans[plan], NAMES[plan]];
  if (state[mine.wire] !== ON_ITS_WAY) return;
  take(`ECS applies ${name} and answers`, (t, told) => {
    apply(world, t, told, plan);
    t[mine.answer] = ACCEPTED;
  });
  take(`ECS applies ${name}, the answer is lost`, (t, told) => apply(world, t, told, plan));
  take(`ECS refuses ${name}`, (t) => {
    t[mine.wire] = LANDED;
    t[mine.answer] = REFUSED;
  });
  take(`the request of ${name} is lost`, (t) => {
    t[mine.wire] = LANDED;
  });
}

function apply(world, t, told, plan) {
  const { at, row, isActive } = world;
  const mine = at.plans[plan];
  const inItsTime = isActive[t[mine.row]] && !isActive[t[at.plans[otherThan(plan)].row]];
  // Who gives up an unknown rollback is told that it may still arrive.
  if (!inItsTime && t[mine.row] !== row.closed) told.breaks = IN_ITS_TIME;
  if (t[mine.seenAtIntent] !== 0 && t[at.runs] === t[mine.seenAtIntent] - 1) told.breaks = NOT_OVER;
  if (t[at.runs] === PIPELINE && t[mine.base] !== PIPELINE) told.notices = UNSEEN;
  t[mine.wire] = LANDED;
  if (t[at.runs] === copyOf(plan)) return;
  t[mine.before] = t[at.runs];
  change(world, t, () => {
    t[at.runs] = copyOf(plan);
    t[at.applied] |= bit(plan);
  });
}
