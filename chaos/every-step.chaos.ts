import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '@/lib/db/pressing';
import { revoke } from '@/lib/db/sessions';
import { FULL } from './extent';
import { type Ground, layGround } from './ground';
import { narrative } from './journal';
import type { Replica } from './replica';
import { beginRun, calmDown, type Run, wrongWith } from './run';
import * as told from './stories';

// One rollback, disturbed in one way, at one step; then the same at the next step. A step is a call that leaves the
// process which took the press, or an answer to it, from just before the rollback is stored to the end of its work.

let ground: Ground;

beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground?.close());

type Disturb = (run: Run, starter: Replica) => Promise<void>;

/** What the starter is held up by, and what another replica makes of it meanwhile. */
const stoppedFor =
  (seconds: number): Disturb =>
  async (run, { process }) => {
    process.stopped = true;
    await run.ground.time.pass(seconds * 1000);
    for (const other of run.replicas()) if (!other.process.stopped) other.look();
    await run.finishOthers();
    process.stopped = false;
  };

const DISTURBANCES: Readonly<Record<string, Disturb>> = {
  'the process is killed': async (_run, { process }) => {
    process.alive = false;
  },
  'the process is stopped for a minute, and wakes up': stoppedFor(61),
  'the process is stopped until absence is proven, and wakes up': stoppedFor(17 * 60),
  'the process is stopped for eleven seconds, and nobody else looks': async (run) => run.ground.time.pass(11_000),
  'the request stays on its way, and the process is killed': async (run, { process }) => {
    run.ground.wire.keepNext('UpdateService');
    run.ground.wire.keepNext('RegisterTaskDefinition');
    run.ground.wire.keepNext('StopServiceDeployment');
    for (let step = 0; step < 3; step += 1) await run.gate.steps()[0]?.take();
    process.alive = false;
  },
  'a pipeline deploys': (run) => told.deploys(run),
  'the service is deleted': async (run) => void (await told.deletesService(run)),
  'every session is revoked': async (run) => void (await revoke(run.ground.fresh.database, silent, 'everybody')),
  'the database fails once': async (_run, starter) => void starter.databaseFaults.push('fails'),
  'the database does, and does not say so': async (_run, starter) => void starter.databaseFaults.push('unheard'),
  'ECS cannot be read': async (run) => void (await told.fails(run, 'reads', 'server-error', { count: 3 })),
  'reads lag behind': async (run) => {
    run.stale = true;
    await told.fails(run, 'reads', 'stale-read', { ms: 3_600_000 });
  },
  'somebody else presses, too': async (run) => {
    const [held] = run.plans;
    if (held !== undefined) told.presses(run, held);
  },
};

/** Those that every change of the sources is tried with; the others take minutes. */
const QUICK = [
  'the process is killed',
  'the process is stopped for a minute, and wakes up',
  'the process is stopped until absence is proven, and wakes up',
];

/** Stories of a stopped process take longest: between full runs every second step will do. */
const strideOf = (name: string): number => (FULL || name === 'the process is killed' ? 1 : 2);

const tried = Object.entries(DISTURBANCES).filter(([name]) => FULL || QUICK.includes(name));

describe.each(FULL ? (['copy', 'stop'] as const) : (['copy'] as const))('at every step of a %s', (kind) => {
  it.each(tried)('%s, and no promise is broken', async (name, disturb) => {
    let steps = 0;
    for (;;) {
      const story = await played(kind, steps, disturb);
      expect(story.wrong, `at step ${steps}, ${story.at}\n${story.narrative}`).toEqual([]);
      if (story.at === null) break;
      steps += strideOf(name);
    }
    expect(steps).toBeGreaterThan(8);
  });
});

/** Plays one story; `at` is the step before which it was disturbed, `null` where it has fewer. */
async function played(kind: 'copy' | 'stop', step: number, disturb: Disturb) {
  const run = await beginRun(ground, () => true);
  try {
    const starter = await opening(run, kind);
    let at: string | null = null;
    for (let taken = 0; ; ) {
      const [next] = run.gate.steps();
      if (next === undefined && !run.busy()) break;
      if (next === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      const counts = next?.process === starter.process && isPressed(run, next.label);
      if (counts && at === null && taken === step) {
        at = next.label;
        run.journal.note({ kind: 'done', what: `-- disturbed before: ${at}` });
        await disturb(run, starter);
        await run.journal.catchUp();
        continue;
      }
      if (counts) taken += 1;
      await next?.take();
      await run.journal.catchUp();
    }
    await calmDown(run);
    return { at, wrong: await wrongWith(run), narrative: narrative(run.journal) };
  } finally {
    await run.close();
  }
}

/** From just before the rollback is stored. */
const isPressed = (run: Run, label: string): boolean => run.journal.rows().length > 0 || label === 'transaction';

/** Two people hold a plan each, and one of them presses. */
async function opening(run: Run, kind: 'copy' | 'stop'): Promise<Replica> {
  const starter = told.starterOf(run);
  if (kind === 'stop') await told.deploys(run, 'release-30');
  const wish = kind === 'copy' ? { to: 'api:11' } : { stop: told.newestDeployment(run) };
  run.plans.push(await told.holds(run, 'j.doe', wish, run.replicas()[1]));
  told.presses(run, await told.holds(run, 'k.smith', wish));
  return starter;
}
