// Any replica: it takes over what nobody holds any more, reads ECS, and acts on what it read any time later.
import { TRUE_ENDS } from './promises.mjs';
import { handOver, ON_ITS_WAY } from './starter.mjs';
import { answers, bit, copyOf, move, NAMES } from './world.mjs';

/** A lease may lapse at any moment: a starter that pauses looks like one that is dead. */
export function takeOver(world, state, plan, take) {
  const { at, rules, row } = world;
  const [mine, name] = [at.plans[plan], NAMES[plan]];
  if (state[mine.row] === row.starting) {
    take(`the lease of ${name} lapsed: nothing was sent`, (t, told) =>
      move(world, t, told, { plan, from: ['starting'], to: 'not-applied' }),
    );
  }
  if (state[mine.row] !== row.sending) return;
  take(`the lease of ${name} lapsed: nobody knows`, (t, told) =>
    move(world, t, told, { plan, from: ['sending'], to: 'unknown' }),
  );
  if (!rules.takeoverOnlyReads && state[mine.wire] !== ON_ITS_WAY && state[mine.updates] < 2) {
    take(`another replica sends for ${name}`, (t, told) => handOver(world, t, told, plan));
  }
}

/** What a reading shows of a rollback. */
const [SEEN, RUNNING, COMPLETED, AFTER, PUT_BACK] = [1, 2, 4, 8, 16];

/** Reads ECS for a rollback that is unknown or watched. */
export function read(world, state, plan, take) {
  const { at, row } = world;
  const [mine, name] = [at.plans[plan], NAMES[plan]];
  if (state[mine.row] !== row.unknown && state[mine.row] !== row.watching) return;
  at.readers.forEach((reader, index) => {
    if (state[reader.reads] !== 0) return;
    for (const { how, runs, applied, completed } of answers(world, state)) {
      take(`replica ${index + 1} reads for ${name}${how}`, (t) => {
        t[reader.reads] = plan + 1;
        t[reader.from] = t[mine.row];
        t[reader.saw] =
          (applied & bit(plan) ? SEEN : 0) |
          (runs === copyOf(plan) ? RUNNING : 0) |
          (completed & bit(plan) ? COMPLETED : 0) |
          (t[mine.quarantine] === 1 ? AFTER : 0) |
          (runs === t[mine.before] ? PUT_BACK : 0);
      });
    }
  });
}

/** Acts on readings that were made. */
export function act(world, state, take) {
  const { at, row } = world;
  at.readers.forEach((reader, index) => {
    if (state[reader.reads] === 0) return;
    const plan = state[reader.reads] - 1;
    const [from, saw] = [state[reader.from], state[reader.saw]];
    take(`replica ${index + 1} acts on what it read for ${NAMES[plan]}`, (t, told) => {
      for (const field of [reader.reads, reader.from, reader.saw]) t[field] = 0;
      (from === row.unknown ? settle : conclude)(world, t, told, { plan, saw });
    });
  });
}

/** Nobody knows: seen means that ECS has it; absent, in a read that began late enough, that it never will. */
function settle(world, t, told, { plan, saw }) {
  const { at, rules } = world;
  const over = rules.readsAfterQuarantine ? (saw & AFTER) !== 0 : t[at.plans[plan].quarantine] === 1;
  if (saw & SEEN) move(world, t, told, { plan, from: ['unknown'], to: 'watching' });
  else if (over || !rules.waitsForQuarantine) move(world, t, told, { plan, from: ['unknown'], to: 'not-applied' });
}

/** ECS has it: how did it end? */
function conclude(world, t, told, { plan, saw }) {
  const { at, rules } = world;
  if (saw & RUNNING) {
    if (!(saw & SEEN) || !(saw & COMPLETED)) return;
    if (!(t[at.completed] & bit(plan))) told.breaks = TRUE_ENDS;
    move(world, t, told, { plan, from: ['watching'], to: 'succeeded' });
    return;
  }
  if (!(saw & SEEN) && rules.absenceProvesNothing) return;
  // It was applied and something else runs: what ran before, or something newer.
  if (!(t[at.applied] & bit(plan)) || !(saw & SEEN)) told.breaks = TRUE_ENDS;
  move(world, t, told, { plan, from: ['watching'], to: saw & PUT_BACK ? 'failed' : 'superseded' });
}
