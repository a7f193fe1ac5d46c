// A model of the write path: every order in which people, the process that took a press, other replicas, the network, ECS
// and a pipeline can act on one service, tried one after the other. It walks the very table of states the product has
// (`NEXT` of lib/domain/rollback.ts), so that the two cannot drift apart.
//
//   npm run model -- small            the protocol in small worlds; every arrow of the table is taken
//   npm run model -- full             the protocol in larger worlds: minutes, and a gigabyte
//   npm run model -- mutants          each rule left out in turn must break a promise
//   npm run model -- arrows           each arrow left out of the table in turn must be missed
//   npm run model -- break <mutant>   the shortest way to harm without one rule
//   npm run model -- list             names of the mutants
//
// Exit code 1: a promise broke (or a mutant lives); the shortest trace is printed.
import { NEXT } from '../lib/domain/rollback.ts';
import { explore } from './explore.mjs';
import { MUTANTS, PROMISES, SMALL_WORLDS, WORLDS } from './promises.mjs';
import { protocolOf } from './protocol.mjs';

const arrowsOf = (next) => Object.entries(next).flatMap(([from, to]) => to.map((state) => `${from} → ${state}`));

const anything = (broken) => broken.size > 0;

/** Explores one world and says how it went: the promises that broke, and the arrows that were taken. */
function check(title, world, next, until = null) {
  const began = Date.now();
  const result = explore(protocolOf(world, next), { until });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`\n== ${title}: ${result.states} states, ${result.steps} steps, ${seconds} s`);
  for (const promise of PROMISES) {
    const broken = result.broken.get(promise);
    if (broken === undefined && until !== null) continue;
    console.log(`   ${broken === undefined ? 'holds ' : 'BROKEN'} ${promise}`);
    if (broken !== undefined) console.log(`          ${broken.join(' | ')}`);
  }
  for (const [what, trace] of result.noticed) console.log(`   limit  ${what}:\n          ${trace.join(' | ')}`);
  return result;
}

/** The protocol over the product's own table: no promise may break, and no arrow may lie idle. */
function protocol(worlds, next) {
  const results = worlds.map(([title, world]) => check(title, world, next));
  const taken = new Set(results.flatMap(({ arrows }) => [...arrows]));
  const idle = arrowsOf(next).filter((arrow) => !taken.has(arrow));
  for (const arrow of idle) console.log(`\nIDLE  ${arrow}: the table has an arrow that no step of the protocol takes`);
  return results.reduce((sum, { broken }) => sum + broken.size, 0) + idle.length;
}

/** Whether a promise broke that a mutant is there for. */
const harmOf =
  ({ breaks }) =>
  (broken) =>
    [...broken.keys()].some((promise) => breaks.some((id) => promise.startsWith(`${id} `)));

/** A rule left out, and with it the database's guard, which would refuse some of what follows. */
const worldWithout = ({ without }) => ({ ...without, trigger: false });

function mutants(next) {
  const names = Object.keys(MUTANTS).filter((name) => {
    const until = harmOf(MUTANTS[name]);
    const { broken, states } = explore(protocolOf(worldWithout(MUTANTS[name]), next), { until });
    console.log(`${until(broken) ? 'caught' : 'LIVES '} ${name} (${states} states): ${[...broken.keys()].join(', ')}`);
    return !until(broken);
  });
  return names.length;
}

/** Every arrow taken out of the table must be missed by the protocol. */
function arrows(next) {
  const unnoticed = arrowsOf(next).filter((arrow) => {
    const [from, to] = arrow.split(' → ');
    const without = { ...next, [from]: next[from].filter((state) => state !== to) };
    const world = SMALL_WORLDS.find(
      ([, one]) => explore(protocolOf(one, without), { until: anything }).broken.size > 0,
    );
    console.log(`${world === undefined ? 'UNNOTICED' : 'missed   '} ${arrow}`);
    return world === undefined;
  });
  return unnoticed.length;
}

const [mode = 'small', name = ''] = process.argv.slice(2);
const MODES = {
  small: () => protocol(SMALL_WORLDS, NEXT),
  full: () => protocol(WORLDS, NEXT),
  mutants: () => mutants(NEXT),
  arrows: () => arrows(NEXT),
  break: () => check(`without ${name}`, worldWithout(MUTANTS[name]), NEXT, harmOf(MUTANTS[name])).broken.size,
  list: () => console.log(Object.keys(MUTANTS).join('\n')) ?? 0,
};
const run = Object.hasOwn(MODES, mode) && (mode !== 'break' || Object.hasOwn(MUTANTS, name)) ? MODES[mode] : null;
if (run === null) {
  console.error('usage: rollback-model.mjs small | full | mutants | arrows | list | break <mutant>');
  process.exitCode = 1;
} else {
  const bad = run();
  if (mode !== 'list') console.log(bad === 0 ? '\nOK' : `\nFAILED (${bad})`);
  process.exitCode = bad === 0 ? 0 : 1;
}
