import { verifyRecord } from '@/lib/db/verify';
import { isEnd } from '@/lib/domain/rollback';
import { isReturning } from '@/lib/domain/service';
import { LEASE_MS } from '@/lib/domain/times';
import type { DrawnPlan } from '@/lib/rollback/plan-rollback';
import { ACCOUNT, CLUSTER, type SimulatedAws, type Truth } from './aws';
import { createGate, type Gate, type Process } from './gate';
import type { Ground } from './ground';
import { type Journal, openJournal, type Row, type Write } from './journal';
import type { Person } from './people';
import { brokenPromises } from './promises';
import { buildReplica, type Replica } from './replica';
import type { Wire, Written } from './wire';

/** The service everything happens to. */
export const SERVICE = 'api';

/** A plan somebody holds, and what became of it once pressed. */
export type Held = { readonly person: Person; readonly drawn: DrawnPlan; made: string | null };

/** One story: replicas, people and AWS, and what happened so far. */
export type Run = {
  readonly ground: Ground;
  readonly aws: SimulatedAws;
  readonly gate: Gate;
  readonly journal: Journal;
  /** Plans drawn and not forgotten. */
  readonly plans: Held[];
  /** What went wrong with what people did, such as one plan that led to two rollbacks. */
  readonly complaints: string[];
  /** Processes that live, stopped ones too. */
  replicas(): readonly Replica[];
  addReplica(): Replica;
  /** Begins something a process does, which goes on by itself at the gate. */
  begin(what: string, process: Process, work: () => Promise<void>): void;
  /** Whether anything goes on in a process that lives. */
  busy(): boolean;
  /** Takes steps, oldest first, until nothing is left to do. */
  finish(): Promise<void>;
  /** Takes steps, oldest first, until the next one is called so. */
  before(label: string): Promise<void>;
  /** The same for as long as somebody is stopped: whoever is not does what it can. */
  finishOthers(): Promise<void>;
  /** Whether reads may show an older state than the true one. */
  stale: boolean;
  close(): Promise<void>;
};

/** Longest a story may take to finish what it has begun, in steps. */
const MOST_STEPS = 2_000;

/** Begins a story on a ground, with two replicas. */
export async function beginRun(ground: Ground, waits: () => boolean): Promise<Run> {
  await ground.reset();
  const gate = createGate(waits);
  const journal = openJournal(ground, SERVICE);
  const replicas: Replica[] = [];
  const working = new Map<Promise<void>, Process>();
  ground.wire.onWrite = noting(ground, journal);
  const run: Run = {
    ground,
    aws: ground.aws,
    gate,
    journal,
    plans: [],
    complaints: [],
    stale: false,
    replicas: () => replicas.filter(({ process }) => process.alive),
    addReplica: () => {
      const looked = ({ name }: Process): void => {
        const owner = replicas.find(({ process }) => process.name === name)?.application.owner ?? '';
        journal.note({ kind: 'look', owner, stale: run.stale });
      };
      const replica = buildReplica(`replica ${replicas.length + 1}`, ground.open(), gate, { looked });
      replicas.push(replica);
      return replica;
    },
    begin: (what, process, work) => {
      journal.note({ kind: 'done', what });
      const one = work()
        .catch((error: unknown) => void run.complaints.push(`${what}: ${error}`))
        .finally(() => working.delete(one));
      working.set(one, process);
    },
    busy: () =>
      [...working.values()].some((process) => process.alive) ||
      run.replicas().some(({ application }) => application.starter.inHand().length > 0),
    finish: () => finish(run),
    before: (label) => before(run, label),
    finishOthers: async () => {
      for (let [next] = gate.steps(); next !== undefined; [next] = gate.steps()) {
        await next.take();
        await journal.catchUp();
      }
    },
    close: async () => {
      for (const { process, application } of replicas) {
        process.alive = false;
        await application.database.close();
      }
    },
  };
  run.addReplica();
  run.addReplica();
  return run;
}

/** Notes every change on its way to AWS, and what AWS made of it. */
function noting({ aws }: Ground, journal: Journal): Wire['onWrite'] {
  const before = new Map<Written, { readonly truth: Truth; readonly newest: string | null }>();
  let seen = 0;
  const carriedOut = async (operation: string): Promise<boolean> => {
    const calls = await aws.callsSince(seen);
    seen = calls.at(-1)?.n ?? seen;
    return calls.some((call) => call.operation === operation && call.applied);
  };
  return async (written, phase) => {
    const { operation, input } = written;
    const write: Write = { operation, input, rollback: aws.sessionOf(written.accessKeyId) ?? 'nobody', copy: null };
    if (phase === 'sent') journal.note({ kind: 'sent', write });
    if (phase === 'arriving') {
      await carriedOut(operation);
      before.set(written, { truth: aws.truth(SERVICE), newest: aws.newest(SERVICE) });
    }
    if (phase !== 'dealt-with' || !(await carriedOut(operation))) return;
    const newest = aws.newest(SERVICE);
    const was = before.get(written);
    // ECS takes a stop of what is being stopped already, and does nothing.
    if (operation === 'StopServiceDeployment' && !returns(aws.truth(SERVICE), input.serviceDeploymentArn)) return;
    journal.note({ kind: 'applied', write: { ...write, copy: newest === was?.newest ? null : newest } }, was?.truth);
  };
}

const returns = ({ records }: Truth, arn: unknown): boolean =>
  records.some((record) => record.arn === arn && isReturning(record));

/** Rests for a moment where what goes on waits for time to pass. */
const REST_MS = 10;
const LONGEST_REST_MS = 20_000;

async function finish(run: Run): Promise<void> {
  let rested = 0;
  for (let step = 0; step < MOST_STEPS && rested < LONGEST_REST_MS; ) {
    const [next] = run.gate.steps();
    if (next !== undefined) {
      step += 1;
      await next.take();
      await run.journal.catchUp();
    } else if (run.busy()) {
      rested += REST_MS;
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    } else return;
  }
  run.complaints.push('it never comes to rest');
}

async function before(run: Run, label: string): Promise<void> {
  for (let [next] = run.gate.steps(); next?.label.startsWith(label) !== true; [next] = run.gate.steps()) {
    if (next === undefined && !run.busy()) throw new Error(`there is no step ${label}`);
    await (next?.take() ?? new Promise((resolve) => setTimeout(resolve, REST_MS)));
    await run.journal.catchUp();
  }
}

/** Minutes of calm after which every rollback must have ended: the quarantine, and what a rollout takes. */
const CALM_MINUTES = 40;

/**
 * Lets everything calm down: what was stopped goes on, what was lost on the way is lost or arrives, nothing fails any
 * more. Then every rollback must end by itself.
 */
export async function calmDown(run: Run): Promise<void> {
  run.journal.note({ kind: 'done', what: 'all calms down' });
  run.stale = false;
  await run.aws.calm();
  await run.aws.control('service', { account: ACCOUNT, cluster: CLUSTER, service: SERVICE, tasks: 'healthy' });
  for (const { process, databaseFaults } of run.replicas()) {
    process.stopped = false;
    databaseFaults.length = 0;
  }
  if (run.replicas().length === 0) run.addReplica();
  await run.finish();
  for (const one of run.ground.wire.underway()) await one.deliver();
  await run.journal.catchUp();
  await run.ground.time.pass(LEASE_MS + 5_000);
  await lookAll(run);
  for (const { id, state } of run.journal.rows())
    if (state === 'starting' || state === 'sending') run.complaints.push(`I-9: ${id} is still ${state} after 35 s`);
  for (let minute = 0; minute < CALM_MINUTES && run.journal.rows().some(isActive); minute += 1) {
    await run.ground.time.pass(60_000);
    await lookAll(run);
  }
  // What was kept on its way arrived just now, and is looked for as long as it may.
  for (const seconds of run.journal.rows().length > 0 ? [60, 4 * 60, 12 * 60] : []) {
    await run.ground.time.pass(seconds * 1000);
    await lookAll(run);
  }
  for (const row of run.journal.rows())
    if (isActive(row))
      run.complaints.push(`I-9: ${row.id} is still ${row.state} after ${CALM_MINUTES} minutes of calm`);
}

const isActive = ({ state }: Row): boolean => !isEnd(state);

/** Every replica looks once at everything it keeps. */
async function lookAll(run: Run): Promise<void> {
  for (const replica of run.replicas()) replica.look();
  await run.finish();
}

/** Everything that is wrong with how a story went; empty where nothing is. */
export async function wrongWith(run: Run): Promise<readonly string[]> {
  const verified = await verifyRecord(run.ground.fresh.database);
  return [
    ...run.complaints,
    ...brokenPromises(run.journal, run.aws).map(({ promise, how }) => `${promise}: ${how}`),
    ...(verified.ok ? [] : [`I-13: entry ${verified.seq}: ${verified.words}`]),
  ];
}
