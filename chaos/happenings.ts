import { silent } from '@/lib/db/pressing';
import { revoke } from '@/lib/db/sessions';
import type { Wish } from '@/lib/domain/facts';
import { ACCOUNT, CLUSTER } from './aws';
import { arrive, draw, giveUp, press } from './people';
import type { Replica } from './replica';
import { type Held, type Run, SERVICE } from './run';

/** Chooses among things; the first is the plainest. */
export type Choose = <T>(among: readonly T[]) => T | undefined;

/** Something people, the pipeline, AWS, the machines or time may do to a story at any moment. */
export type Happening = (run: Run, choose: Choose) => Promise<void>;

const PEOPLE = ['j.doe', 'k.smith'];

/** What may happen, and how often beside the others. */
export const HAPPENINGS: readonly (readonly [number, Happening])[] = [
  [5, plan],
  [6, pressOne],
  [2, pressAgain],
  [6, look],
  [4, timePasses],
  [2, pipelineDeploys],
  [3, awsFails],
  [1, readsLag],
  [2, requestStaysOnItsWay],
  [2, requestArrives],
  [1, tasksFare],
  [1, databaseFails],
  [1, processDies],
  [1, processStops],
  [2, processGoesOn],
  [1, processStarts],
  [2, close],
  [1, allAreRevoked],
];

const running = (run: Run): readonly Replica[] => run.replicas().filter(({ process }) => !process.stopped);

const note = (run: Run, what: string): void => run.journal.note({ kind: 'done', what });

/** Somebody draws a plan: back to an older version, an undo of the last rollback, or a stop of what is being deployed. */
export async function plan(run: Run, choose: Choose): Promise<void> {
  const replica = choose(running(run));
  const subject = choose(PEOPLE);
  if (replica === undefined || subject === undefined) return;
  const wish = choose(wishes(run));
  if (wish === undefined) return;
  const person = await arrive(subject, replica, run.ground.fresh.database);
  run.begin(`${subject} plans ${JSON.stringify(wish)} at ${replica.process.name}`, replica.process, async () => {
    const drawn = await draw(person, SERVICE, wish);
    if (drawn !== null) run.plans.push({ person, drawn, made: null });
  });
}

function wishes(run: Run): readonly Partial<Wish>[] {
  const ended = run.journal
    .rows()
    .findLast(({ state, kind }) => kind === 'copy' && (state === 'succeeded' || state === 'watching'));
  const left = ended && run.journal.plans.get(ended.id)?.from.revision;
  const [newest] = run.aws.truth(SERVICE).records;
  const stoppable = newest && /^(PENDING|IN_PROGRESS)$/.test(newest.status);
  return [
    { to: 'api:11' },
    { to: 'api:10' },
    ...(ended && left ? [{ to: left, undo: ended.id }] : []),
    ...(stoppable ? [{ stop: newest.arn.slice(newest.arn.lastIndexOf('/') + 1) }] : []),
  ];
}

/** Somebody presses the plan in front of them. */
export async function pressOne(run: Run, choose: Choose): Promise<void> {
  const held = choose(run.plans.filter(({ made }) => made === null).reverse());
  if (held !== undefined) presses(run, held);
}

/** Somebody presses a plan a second time. */
async function pressAgain(run: Run, choose: Choose): Promise<void> {
  const held = choose([...run.plans].reverse());
  if (held !== undefined) presses(run, held);
}

function presses(run: Run, held: Held): void {
  const { process } = held.person.replica;
  if (!process.alive || process.stopped) return;
  const { saved } = held.drawn;
  run.begin(
    `${held.person.principal.subject} presses ${saved?.id.slice(0, 8)} at ${process.name}`,
    process,
    async () => {
      const answer = await press(held.person, held.drawn);
      note(run, answer.ok ? `press: ${answer.value.id}` : `press refused: ${answer.error.kind}`);
      if (!answer.ok) return;
      if (held.made !== null && held.made !== answer.value.id)
        run.complaints.push(`I-16: one plan, ${held.made} and ${answer.value.id}`);
      held.made = answer.value.id;
    },
  );
}

async function look(run: Run, choose: Choose): Promise<void> {
  choose(running(run))?.look();
}

const SECONDS = [1, 4, 11, 35, 61, 300, 961];

async function timePasses(run: Run, choose: Choose): Promise<void> {
  const seconds = choose(SECONDS) ?? 1;
  note(run, `${seconds} s pass`);
  // No request outlives its signature, and reads show a write within a minute.
  if (seconds >= 300)
    for (const one of run.ground.wire.underway()) if (Date.now() + seconds * 1000 - one.at > 600_000) one.lose();
  if (seconds > 60) await readsCatchUp(run);
  await run.ground.time.pass(seconds * 1000);
}

async function readsCatchUp(run: Run): Promise<void> {
  if (!run.stale) return;
  run.stale = false;
  await run.aws.calm();
}

async function pipelineDeploys(run: Run, choose: Choose): Promise<void> {
  const number = 100 + run.journal.events.length;
  const image = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/${SERVICE}:release-${number}`;
  const what = choose([{ image }, { taskDefinition: `${SERVICE}:12` }]) ?? { image };
  note(run, `the pipeline deploys ${Object.values(what)[0]}`);
  await run.aws
    .control('deploy', { account: ACCOUNT, cluster: CLUSTER, service: SERVICE, ...what })
    .catch((error: unknown) => note(run, `and cannot: ${error}`));
}

const WRITING = ['UpdateService', 'RegisterTaskDefinition', 'StopServiceDeployment'];
const FAULTS = [
  'drop-after-apply',
  'error-after-apply',
  'server-error',
  'drop-before-apply',
  'throttle',
  'truncate',
  'bad-gateway-html',
  'access-denied',
  'expired-token',
];

async function awsFails(run: Run, choose: Choose): Promise<void> {
  const operation = choose([...WRITING, 'DescribeServices', 'ListServiceDeployments']);
  const fault = choose(FAULTS);
  note(run, `AWS: ${fault} on the next ${operation}`);
  await run.aws.control('faults', { service: 'ecs', operation, fault, count: 1 });
}

async function readsLag(run: Run, choose: Choose): Promise<void> {
  const operation = choose(['reads', 'DescribeServices', 'ListServiceDeployments']);
  note(run, `AWS: ${operation} shows from now on what is`);
  run.stale = true;
  await run.aws.control('faults', { service: 'ecs', operation, fault: 'stale-read', ms: 3_600_000 });
}

async function requestStaysOnItsWay(run: Run, choose: Choose): Promise<void> {
  const operation = choose(WRITING) ?? 'UpdateService';
  note(run, `the next ${operation} stays on its way`);
  run.ground.wire.keepNext(operation);
}

async function requestArrives(run: Run, choose: Choose): Promise<void> {
  const one = choose(run.ground.wire.underway());
  if (one === undefined) return;
  note(run, `${one.operation} arrives after all`);
  await one.deliver();
}

async function tasksFare(run: Run, choose: Choose): Promise<void> {
  const tasks = choose(['crash', 'healthy', 'cannot-pull']);
  note(run, `tasks that start: ${tasks}`);
  await run.aws
    .control('service', { account: ACCOUNT, cluster: CLUSTER, service: SERVICE, tasks })
    .catch(() => undefined);
}

async function databaseFails(run: Run, choose: Choose): Promise<void> {
  const replica = choose(running(run));
  const fault = choose(['unheard', 'fails'] as const);
  if (replica === undefined || fault === undefined) return;
  note(run, `the next statement of ${replica.process.name} ${fault}`);
  replica.databaseFaults.push(fault);
}

async function processDies(run: Run, choose: Choose): Promise<void> {
  const replica = choose(run.replicas());
  if (replica === undefined) return;
  note(run, `${replica.process.name} is killed`);
  replica.process.alive = false;
  if (run.replicas().length === 0) run.addReplica();
}

async function processStops(run: Run, choose: Choose): Promise<void> {
  const replica = choose(running(run));
  if (replica === undefined) return;
  note(run, `${replica.process.name} is stopped`);
  replica.process.stopped = true;
}

async function processGoesOn(run: Run, choose: Choose): Promise<void> {
  const replica = choose(run.replicas().filter(({ process }) => process.stopped));
  if (replica === undefined) return;
  note(run, `${replica.process.name} goes on`);
  replica.process.stopped = false;
}

async function processStarts(run: Run): Promise<void> {
  if (run.replicas().length > 3) return;
  note(run, 'another replica starts');
  run.addReplica();
}

async function close(run: Run, choose: Choose): Promise<void> {
  const replica = choose(running(run));
  const row = run.journal.rows().find(({ state }) => state === 'unknown');
  if (replica === undefined || row === undefined) return;
  const person = await arrive('k.smith', replica, run.ground.fresh.database);
  run.begin(`k.smith gives up ${row.id}`, replica.process, async () => {
    const answer = await giveUp(person, row.id, SERVICE);
    note(run, answer.ok ? `given up: ${row.id}` : `not given up: ${answer.error.kind}`);
  });
}

async function allAreRevoked(run: Run): Promise<void> {
  note(run, 'every session is revoked');
  await revoke(run.ground.fresh.database, silent, 'everybody');
}
