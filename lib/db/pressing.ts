import 'server-only';
import { randomBytes, randomUUID } from 'node:crypto';
import { keysFrom } from '@/lib/digest';
import type { Principal } from '@/lib/domain/permissions';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Log } from '@/lib/log';
import type { Result } from '@/lib/result';
import type { Database } from './database';
import { confirm, getPlan, type NotConfirmed, type Press, type Rollback, type StoredPlan, savePlan } from './rollbacks';
import { type Session, sessionsIn } from './sessions';

/** What tests press with: people, plans and presses that differ in what the test is about. */

export const silent: Log = () => undefined;

export const LIMITS = { maxSeconds: 28_800, idleSeconds: 1_800 };

export const keys = keysFrom('a secret of at least thirty-two bytes');

/** Sessions of a database with everyday limits. */
export const everydaySessions = (database: Database, limits = LIMITS, log = silent) =>
  sessionsIn(database, { keys, log, limits });

export const newSid = (): string => randomBytes(32).toString('base64url');

const ISSUER = 'https://login.example.org';

/** Signs somebody in. */
export const signIn = (database: Database, subject = 'k.smith', sid = newSid()): Promise<Session> =>
  everydaySessions(database).insert(sid, {
    issuer: ISSUER,
    subject,
    name: subject,
    email: `${subject}@example.org`,
    groups: ['rollback-operators'],
    tokens: null,
  });

/** The principal of a session, as only sign-in makes one. */
export const principalOf = (session: Session): Principal =>
  ({ ...session, sessionId: session.id, roles: new Map([['production', 'operator']]) }) as unknown as Principal;

/** A plan for a service, complete enough to be stored and pressed. */
export function planBody(service: string, change: Partial<PlanBody> = {}): PlanBody {
  const arn = `arn:aws:ecs:eu-west-1:111111111111:task-definition/${service}`;
  const version = (number: number, tag: string) => ({
    arn: `${arn}:${number}`,
    revision: `${service}:${number}`,
    name: `${tag} (${number})`,
    tag,
    digests: { app: `sha256:${'0'.repeat(63)}${number % 10}` },
  });
  return {
    kind: 'copy',
    target: 'production',
    account: '111111111111',
    region: 'eu-west-1',
    cluster: 'notify',
    service,
    serviceArn: `arn:aws:ecs:eu-west-1:111111111111:service/notify/${service}`,
    protected: true,
    wish: { to: `${service}:421`, bring: 'images', ran: null, undo: null, stop: null },
    from: version(428, 'release-1123'),
    to: version(421, 'release-1119'),
    forward: false,
    undo: null,
    bring: 'images',
    copiedFrom: `${service}:428 images:421`,
    family: service,
    sourceArn: `${arn}:428`,
    images: { app: 'registry.example.org/api:release-1119' },
    stopArn: null,
    cli: 'AWS CLI 2.13.0 or newer',
    primaryId: 'ecs-svc/1',
    earlier: ['ecs-svc/1'],
    registeredBy: null,
    desiredCount: 6,
    steps: ['Register a copy.', 'Update the service.'],
    notes: [],
    changes: [],
    findings: [],
    usualMs: 240_000,
    readAt: 1_795_000_000_000,
    ...change,
  };
}

/** Draws and stores a plan for somebody. */
export async function drawn(database: Database, session: Session, body: PlanBody): Promise<StoredPlan> {
  const id = randomUUID();
  await savePlan(database, { id, issuer: session.issuer, subject: session.subject, body, decision: 'd'.repeat(64) });
  const plan = await getPlan(database, id);
  if (plan === null) throw new Error('the plan was not stored');
  return plan;
}

export const OWNER = randomUUID();

/** Presses a plan. */
export const press = (
  database: Database,
  session: Session,
  plan: StoredPlan,
  change: Partial<Press> = {},
): Promise<Result<Rollback, NotConfirmed>> =>
  confirm(database, silent, {
    plan,
    principal: principalOf(session),
    why: 'Errors after release',
    details: 'INC-204',
    ticked: [],
    owner: OWNER,
    replaces: null,
    ...change,
  });

/** A confirmed rollback of a service of its own. */
export async function pressed(database: Database, session: Session, body: PlanBody): Promise<Rollback> {
  const confirmed = await press(database, session, await drawn(database, session, body));
  if (!confirmed.ok) throw new Error(`not confirmed: ${confirmed.error.kind}`);
  return confirmed.value;
}
