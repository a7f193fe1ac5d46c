import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '@/lib/db/database';
import { everydaySessions } from '@/lib/db/pressing';
import type { Wish } from '@/lib/domain/facts';
import type { Failure } from '@/lib/domain/failure';
import type { Principal } from '@/lib/domain/permissions';
import type { Result } from '@/lib/result';
import { type Closed, closeRollback } from '@/lib/rollback/close-rollback';
import { type Confirmed, confirmRollback } from '@/lib/rollback/confirm-rollback';
import { type DrawnPlan, planRollback } from '@/lib/rollback/plan-rollback';
import { CLUSTER } from './aws';
import { type Replica, TARGET } from './replica';

/** Somebody with an open page: a session of theirs, at one replica. */
export type Person = { readonly principal: Principal; readonly replica: Replica };

/** Signs somebody in and gives them a page. */
export async function arrive(subject: string, replica: Replica, database: Database): Promise<Person> {
  const session = await everydaySessions(database).insert(randomBytes(32).toString('base64url'), {
    issuer: 'https://login.example.org',
    subject,
    name: subject,
    email: `${subject}@example.org`,
    groups: ['rollback-operators'],
    tokens: null,
  });
  const roles = new Map([[TARGET.name, 'operator']]);
  // Only sign-in makes a principal; a press asks for the session of this one anew.
  const principal = { ...session, sessionId: session.id, roles } as unknown as Principal;
  return { principal, replica };
}

const NOTHING: Wish = { to: null, bring: null, ran: null, undo: null, stop: null };

/** Draws a plan, with the images alone where there is a choice; `null` where there is none to press. */
export async function draw(person: Person, service: string, wish: Partial<Wish>): Promise<DrawnPlan | null> {
  const { principal, replica } = person;
  const question = { target: TARGET.name, cluster: CLUSTER, service, wish: { ...NOTHING, ...wish }, sameImage: [] };
  const drawn = await planRollback(principal, question, replica.application);
  if (!drawn.ok) return null;
  if (drawn.value.planned.kind === 'choose-bring') return draw(person, service, { ...wish, bring: 'images' });
  return drawn.value.saved === null ? null : drawn.value;
}

/** Presses a plan with everything ticked and typed. */
export function press({ principal, replica }: Person, drawn: DrawnPlan): Promise<Result<Confirmed, Failure>> {
  const { saved, body, planned } = drawn;
  if (saved === null || body === null || planned.kind !== 'plan') throw new Error('there is nothing to press');
  const confirmation = {
    plan: saved.id,
    hash: saved.hash,
    ticked: [...planned.plan.findings].filter(([, { kind }]) => kind === 'warns').map(([name]) => name),
    reason: body.undo === null ? 'Errors after release' : 'It did not help',
    details: randomUUID(),
    typed: body.service,
  };
  return confirmRollback(principal, confirmation, replica.application);
}

/** Gives up an unknown rollback. */
export const giveUp = ({ principal, replica }: Person, id: string, service: string): Promise<Result<Closed, Failure>> =>
  closeRollback(principal, { id, typed: service }, replica.application);
