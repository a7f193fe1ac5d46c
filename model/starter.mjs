// The starter: the one process that took the press. It may pause for any time between two steps, or crash.
import { INTENT_FIRST, TRUE_ENDS } from './promises.mjs';
import { answers, bit, move, NAMES } from './world.mjs';

/** Its steps. */
export const [IDLE, REGISTERS, INTENDS, LOOKS, SENDS, WAITS, DONE] = [0, 1, 2, 3, 4, 5, 6];
const WORDS = ['idle', 'registering', 'before its intent', 'before its look', 'before its send', 'waiting', 'done'];

/** The request that points the service at the copy: 0 while it is not sent; and what came back, 0 while nothing did. */
export const [ON_ITS_WAY, LANDED] = [1, 2];
export const [ACCEPTED, REFUSED] = [1, 2];

/** What a starter may do next. */
export function starter(world, state, plan, take) {
  const { at } = world;
  const mine = at.plans[plan];
  const step = state[mine.starter];
  if (step === IDLE || step === DONE) return;
  if (state[at.crashes] > 0) {
    take(`the starter of ${NAMES[plan]} crashes ${WORDS[step]}`, (t) => {
      t[at.crashes] -= 1;
      t[mine.starter] = DONE;
    });
  }
  const doing = { [REGISTERS]: register, [INTENDS]: intend, [LOOKS]: look, [SENDS]: send, [WAITS]: wait };
  doing[step](world, state, plan, take);
}

/** Its last word on the row, from the states it may know better than anybody. */
function finish(world, t, told, { plan, from, to }) {
  move(world, t, told, { plan, from, to });
  t[world.at.plans[plan].starter] = DONE;
}

const notSent = (world, plan) => (t, told) =>
  finish(world, t, told, { plan, from: ['sending', 'unknown'], to: 'not-applied' });

function register(world, _state, plan, take) {
  take(`${NAMES[plan]} registers its copy`, (t) => {
    t[world.at.plans[plan].starter] = INTENDS;
  });
  take(`${NAMES[plan]} cannot register`, (t, told) =>
    finish(world, t, told, { plan, from: ['starting'], to: 'not-applied' }),
  );
}

function intend(world, _state, plan, take) {
  const { at, rules } = world;
  const mine = at.plans[plan];
  take(`${NAMES[plan]} commits its intent`, (t, told) => {
    const from = rules.oneIntent ? ['starting'] : ['starting', 'sending', 'unknown', 'not-applied'];
    if (!move(world, t, told, { plan, from, to: 'sending' })) {
      t[mine.starter] = DONE;
      return;
    }
    t[mine.intent] = 1;
    // Something else than planned, for everybody to see.
    t[mine.seenAtIntent] = t[at.stale] === 0 && t[at.runs] !== t[mine.base] ? t[at.runs] + 1 : 0;
    t[mine.starter] = rules.looksAgain ? LOOKS : SENDS;
  });
}

function look(world, state, plan, take) {
  const mine = world.at.plans[plan];
  for (const { how, runs } of answers(world, state)) {
    take(`${NAMES[plan]} looks again${how}`, (t, told) => {
      if (runs !== t[mine.base]) notSent(world, plan)(t, told);
      else t[mine.starter] = SENDS;
    });
  }
}

function send(world, state, plan, take) {
  const { at, rules } = world;
  const mine = at.plans[plan];
  // T_send is over long before T_q.
  if (state[mine.quarantine] === 0 || !rules.sendsInTime) {
    take(`${NAMES[plan]} sends its update`, (t, told) => {
      handOver(world, t, told, plan);
      t[mine.starter] = WAITS;
    });
  }
  take(`${NAMES[plan]} is too late and does not send`, notSent(world, plan));
}

/** Hands the request to the network. */
export function handOver({ at }, t, told, plan) {
  const mine = at.plans[plan];
  if (t[mine.intent] === 0) told.breaks = INTENT_FIRST;
  t[mine.updates] = Math.min(t[mine.updates] + 1, 3);
  t[mine.wire] = ON_ITS_WAY;
  t[mine.answer] = 0;
}

function wait(world, state, plan, take) {
  const { at, rules } = world;
  const [mine, name] = [at.plans[plan], NAMES[plan]];
  const known = ['sending', 'unknown'];
  if (state[mine.answer] === ACCEPTED) {
    take(`${name} records that ECS accepted`, (t, told) => {
      if (!rules.successFromReads && !(t[at.completed] & bit(plan))) told.breaks = TRUE_ENDS;
      finish(world, t, told, { plan, from: known, to: rules.successFromReads ? 'watching' : 'succeeded' });
    });
  }
  if (state[mine.answer] === REFUSED) {
    take(`${name} records that ECS refused`, (t, told) =>
      finish(world, t, told, { plan, from: known, to: 'not-applied' }),
    );
  }
  take(`${name} gets no clear answer`, (t, told) => {
    const again = !rules.oneAttempt && t[mine.updates] < 2 && t[mine.wire] !== ON_ITS_WAY;
    const to = rules.unclearIsUnknown ? 'unknown' : 'not-applied';
    if (again) handOver(world, t, told, plan);
    else finish(world, t, told, { plan, from: ['sending'], to });
  });
}
