import type { Wish } from '@/lib/domain/facts';
import type { Failure } from '@/lib/domain/failure';
import type { Result } from '@/lib/result';
import type { Confirmed } from '@/lib/rollback/confirm-rollback';
import { ACCOUNT, CLUSTER } from './aws';
import type { Row } from './journal';
import { arrive, draw, giveUp, press } from './people';
import type { Replica } from './replica';
import { type Held, type Run, SERVICE } from './run';

// What stories are told with, once a run has begun.

const place = { account: ACCOUNT, cluster: CLUSTER, service: SERVICE };

/** The first replica: it takes the presses. */
export function starterOf(run: Run): Replica {
  const [first] = run.replicas();
  if (first === undefined) throw new Error('no replica lives');
  return first;
}

/** Somebody draws a plan. */
export async function holds(run: Run, subject: string, wish: Partial<Wish>, replica = starterOf(run)): Promise<Held> {
  const person = await arrive(subject, replica, run.ground.fresh.database);
  let held: Held | null = null;
  run.begin(`${subject} plans ${JSON.stringify(wish)}`, replica.process, async () => {
    const drawn = await draw(person, SERVICE, wish);
    held = drawn && { person, drawn, made: null };
  });
  await run.finish();
  if (held === null) throw new Error(`no plan for ${JSON.stringify(wish)}`);
  return held;
}

/** Begins a press; the answer comes when its steps are taken. */
export function presses(run: Run, held: Held): { answer: Result<Confirmed, Failure> | null } {
  const pressed: { answer: Result<Confirmed, Failure> | null } = { answer: null };
  run.begin(`${held.person.principal.subject} presses`, held.person.replica.process, async () => {
    pressed.answer = await press(held.person, held.drawn);
  });
  return pressed;
}

/** Plans and presses at once, and waits for nothing. */
export async function startsTo(run: Run, wish: Partial<Wish>, subject = 'k.smith'): Promise<void> {
  presses(run, await holds(run, subject, wish));
}

/** Plans, presses and lets the starter finish its part. */
export async function rollsBack(run: Run, wish: Partial<Wish> = { to: 'api:11' }, subject = 'k.smith'): Promise<Row> {
  await startsTo(run, wish, subject);
  await run.finish();
  return newest(run);
}

/** The rollback that was stored last. */
export function newest(run: Run): Row {
  const row = run.journal.rows().at(-1);
  if (row === undefined) throw new Error('there is no rollback');
  return row;
}

/** Somebody gives an unknown rollback up. */
export async function givesUp(run: Run, { id }: Row): Promise<void> {
  const replica = starterOf(run);
  const person = await arrive('k.smith', replica, run.ground.fresh.database);
  run.begin('k.smith gives up', replica.process, async () => {
    const answer = await giveUp(person, id, SERVICE);
    if (!answer.ok) throw new Error(answer.error.kind);
  });
  await run.finish();
}

/** Time passes, and every replica looks. */
export async function later(run: Run, seconds: number): Promise<void> {
  await run.ground.time.pass(seconds * 1000);
  await run.journal.catchUp();
  for (const replica of run.replicas()) replica.look();
  await run.finish();
}

export async function deploys(run: Run, release = 'release-31'): Promise<void> {
  const image = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/${SERVICE}:${release}`;
  await run.aws.control('deploy', { ...place, image });
}

/** Decides how tasks fare that start from now on. */
export const tasksFare = (run: Run, tasks: 'crash' | 'cannot-pull' | 'healthy'): Promise<unknown> =>
  run.aws.control('service', { ...place, tasks });

export const deletesService = (run: Run): Promise<unknown> => run.aws.control('service', { ...place, delete: true });

/** The next so many calls of an operation fail so. */
export const fails = (run: Run, operation: string, fault: string, more: object = { count: 1 }): Promise<unknown> =>
  run.aws.control('faults', { operation, fault, ...more });

/** Last part of the newest service deployment's ARN, as a stop names it. */
export function newestDeployment(run: Run): string {
  const [record] = run.aws.truth(SERVICE).records;
  return record?.arn.slice(record.arn.lastIndexOf('/') + 1) ?? '';
}
