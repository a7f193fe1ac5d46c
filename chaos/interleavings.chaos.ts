import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL } from './extent';
import { type Ground, layGround } from './ground';
import { type Choose, HAPPENINGS, plan, pressOne } from './happenings';
import { narrative } from './journal';
import { beginRun, calmDown, type Run, wrongWith } from './run';

// Random orders of everything that can happen to a service in rollback: people, processes, AWS, database and network.
// Each call that leaves a process waits at a gate, so that anything may come before it, between it and its answer, or
// in place of the answer.

// A failure names seed and path. CHAOS_SEED plays that seed again, CHAOS_SHRINK looks for the shortest story that fails.
const RUNS = Number(process.env.CHAOS_RUNS ?? (FULL ? 3_000 : 25));
const SEED = process.env.CHAOS_SEED ?? (FULL ? undefined : '4');

let ground: Ground;

beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground?.close());

describe('whatever happens in whatever order', () => {
  it('no promise is broken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 40, maxLength: 400, size: 'max' }), async (numbers) => {
        const story = await told(numbers);
        expect(story.wrong, story.narrative).toEqual([]);
      }),
      {
        numRuns: RUNS,
        endOnFailure: process.env.CHAOS_SHRINK === undefined,
        ...(SEED !== undefined && { seed: Number(SEED) }),
      },
    );
  });
});

/** Share of turns in which something goes on that is under way already, of a hundred. */
const GOES_ON = 75;

/** How far it goes on at once: mostly a little, sometimes right through what waits. */
const STRIDES = [1, 1, 2, 4, 8, 16, 32];

async function turn(run: Run, choose: Choose, number: number): Promise<void> {
  const rest = Math.floor(number / 100);
  if (number % 100 < GOES_ON && run.gate.steps().length > 0) return goOn(run, choose, rest);
  const weighted = HAPPENINGS.flatMap(([weight, happening]) => Array.from({ length: weight }, () => happening));
  await weighted[rest % weighted.length]?.(run, choose);
}

/** Takes a step that was chosen, and then the ones that wait longest. */
async function goOn(run: Run, choose: Choose, number: number): Promise<void> {
  const stride = choose(STRIDES) ?? 1;
  for (let taken = 0; taken < stride; taken += 1) {
    const steps = run.gate.steps();
    await steps[taken === 0 ? number % Math.max(1, steps.length) : 0]?.take();
    await run.journal.catchUp();
  }
}

/** Every story begins with somebody who presses a plan. */
async function opening(run: Run, choose: Choose): Promise<void> {
  await plan(run, choose);
  await run.finish();
  await pressOne(run, choose);
}

/** Plays the story that a list of numbers stands for. */
async function told(numbers: readonly number[]) {
  const left = [...numbers];
  const next = (): number => left.shift() ?? 0;
  const choose: Choose = (among) => (among.length === 0 ? undefined : among[next() % among.length]);
  const run = await beginRun(ground, () => next() % 4 === 1);
  try {
    await opening(run, choose);
    while (left.length > 0) {
      await turn(run, choose, next());
      await run.journal.catchUp();
    }
    await calmDown(run);
    return { wrong: await wrongWith(run), narrative: narrative(run.journal) };
  } finally {
    await run.close();
  }
}
