import 'server-only';
import type { Application } from '@/lib/application';
import type { WriteAnswer } from '@/lib/aws/answer';
import type { UpdatedService } from '@/lib/aws/ecs-writes';
import { advance, type Intent, intend, type Moved, type Rollback } from '@/lib/db/rollbacks';
import { canonical, sha256 } from '@/lib/digest';
import { revisionName } from '@/lib/domain/arn';
import { runChecks } from '@/lib/domain/checks/run-checks';
import type { Plan } from '@/lib/domain/plan-shape';
import type { Reason, State } from '@/lib/domain/rollback';
import { primaryOf, type Service } from '@/lib/domain/service';
import { T_FRESH_MS, T_SEND_MS } from '@/lib/domain/times';
import { nameVersion } from './name-version';
import { nameOverwritten } from './overwritten';
import type { Copy } from './register';
import type { Start } from './starter';

/** What keeps an intended write from being sent. */
export type Objection = { readonly reason: Reason; readonly words: string };

/**
 * Points the service at the registered copy. The only caller of UpdateService, called only by the process that took
 * the press: it commits the intent, looks at the service again and sends once.
 *
 * A row somebody else has moved is dropped; a row found in `sending` is never sent, it is settled by reading AWS.
 */
export async function send(start: Start, copy: Copy, application: Application): Promise<void> {
  const { rollback, plan } = start;
  const update = { cluster: plan.service.clusterName, service: plan.service.name, taskDefinition: copy.arn };
  const sendBy = application.deadline(T_SEND_MS);
  if (!(await intended(start, { copyArn: copy.arn, request: update }, application))) return;

  const freshBy = application.deadline(T_FRESH_MS);
  const again = await application.aws
    .reader(plan.target)
    .describeServices(plan.service.clusterName, [plan.service.name], { priority: 'rollback' });
  const service = again.ok ? (again.value.services[0] ?? null) : null;
  const objection = objectionTo(plan, service, again.ok ? null : again.error.words);
  if (objection !== null) return notSent(rollback, await inWords(objection, plan, service, application), application);

  const answer = await application.aws.writerOf(rollback.id).updateService(update, [sendBy, freshBy]);
  if (answer.kind !== 'accepted') return settleUnaccepted(rollback, answer, application);
  await accepted(start, copy, answer.value, application);
}

/** Commits the intent to send; false where it came too late, the row was moved meanwhile, or the session was revoked. */
export async function intended(
  { rollback, startBy }: Start,
  intent: { readonly copyArn: string | null; readonly request: unknown },
  application: Application,
): Promise<boolean> {
  const { database, log } = application;
  const { copyArn } = intent;
  if (startBy()) {
    await advance(
      database,
      log,
      rollback.id,
      { from: ['starting'], to: 'not-applied' },
      { reason: 'too-slow', copyArn },
    );
    return false;
  }
  const committed = await intend(database, log, rollback.id, {
    copyArn,
    requestDigest: sha256(canonical(intent.request)),
  }).catch((error: unknown) => unconfirmed(rollback, copyArn, error, application));
  if (committed.kind === 'revoked') {
    await advance(
      database,
      log,
      rollback.id,
      { from: ['starting'], to: 'not-applied' },
      { reason: 'revoked', copyArn },
    );
  }
  return committed.kind === 'intended';
}

/**
 * An intent whose commit nobody confirmed may have been committed or not. Either way nothing is sent, and only this process
 * knows that; so it ends the rollback from where it stands.
 */
async function unconfirmed(
  { id }: Rollback,
  copyArn: string | null,
  error: unknown,
  application: Application,
): Promise<Intent> {
  application.log('database.failed', { doing: 'commit an intent', rollback: id, error });
  await keepTrying(application, id, ['starting', 'sending', 'unknown'], 'not-applied', {
    event: 'not-sent',
    reason: 'not-sent',
    copyArn,
    payload: { words: 'our database did not confirm the intent to ask it.' },
  });
  return { kind: 'moved' };
}

/**
 * Why the write must not go out after all: the service moved from what was planned, or a check now blocks. Images, roles
 * and secrets are those read at the press.
 */
export function objectionTo(plan: Plan, service: Service | null, unread: string | null): Objection | null {
  if (service === null) return { reason: 'not-sent', words: unread ?? 'The service is gone.' };
  const moved =
    primaryOf(service)?.id !== primaryOf(plan.service)?.id ||
    service.taskDefinitionArn !== plan.service.taskDefinitionArn;
  if (moved) return { reason: 'changed', words: `it now runs ${revisionName(service.taskDefinitionArn)}.` };
  const findings = runChecks({ ...plan.facts, service, active: null }, plan.draft);
  const block = [...findings.values()].find(({ kind }) => kind === 'blocks');
  return block === undefined ? null : { reason: 'check-failed', words: block.words };
}

/** What runs now, by the name people know; the number alone where it cannot be read. */
async function inWords(
  objection: Objection,
  { target }: Plan,
  service: Service | null,
  application: Application,
): Promise<Objection> {
  if (objection.reason !== 'changed' || service === null) return objection;
  const { name } = await nameVersion({ target, service, arn: service.taskDefinitionArn }, application);
  return { ...objection, words: `it now runs ${name}.` };
}

/** Ends a rollback that certainly was not sent. Only the process that committed the intent knows. */
export async function notSent({ id }: Rollback, { reason, words }: Objection, application: Application): Promise<void> {
  await keepTrying(application, id, ['sending', 'unknown'], 'not-applied', {
    event: 'not-sent',
    reason,
    payload: { words },
  });
}

/** What an answer that is no acceptance makes of the row; unclear is neither failure nor success. */
export async function settleUnaccepted(
  rollback: Rollback,
  answer: Exclude<WriteAnswer<unknown>, { kind: 'accepted' }>,
  application: Application,
): Promise<void> {
  switch (answer.kind) {
    case 'refused': {
      const { code, words, requestId } = answer;
      const moved: Moved = {
        event: 'refused',
        reason: 'refused',
        payload: { code, words: `${code}: ${words}`, requestId },
      };
      return keepTrying(application, rollback.id, ['sending', 'unknown'], 'not-applied', moved);
    }
    case 'not-sent':
      return notSent(rollback, { reason: answer.late ? 'too-slow' : 'not-sent', words: answer.cause }, application);
    case 'unclear':
      return keepTrying(application, rollback.id, ['sending'], 'unknown', {
        event: 'unclear',
        payload: { words: answer.cause },
      });
    default:
      answer satisfies never;
  }
}

async function accepted(start: Start, copy: Copy, answer: UpdatedService, application: Application): Promise<void> {
  const { id } = start.rollback;
  const ours = answer.deployments.find(({ taskDefinitionArn }) => taskDefinitionArn === copy.arn);
  await keepTrying(application, id, ['sending', 'unknown'], 'watching', {
    event: 'accepted',
    deploymentId: ours?.id ?? null,
    payload: { requestId: answer.requestId },
  });
  await nameOverwritten(start, copy, answer, application);
}

const TRIES = 30;

/**
 * Stores what only this process knows. While the database does not answer it is tried again from memory for about a
 * minute; after that whoever takes the lease reads AWS.
 */
export async function keepTrying(
  application: Application,
  id: string,
  from: readonly State[],
  to: State,
  moved: Moved,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await advance(application.database, application.log, id, { from, to }, moved);
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
      application.log('database.failed', { doing: 'store an answer', rollback: id, attempt, error });
      await application.sleep(2_000);
    }
  }
}
