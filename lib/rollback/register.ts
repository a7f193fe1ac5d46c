import 'server-only';
import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Application } from '@/lib/application';
import { mayRegisterAgain, type WriteAnswer } from '@/lib/aws/answer';
import type { RegisteredRevision } from '@/lib/aws/ecs-writes';
import { addEvent, advance } from '@/lib/db/rollbacks';
import { canonical } from '@/lib/digest';
import { revisionName } from '@/lib/domain/arn';
import { cloneOf, rollbackTags, sameDefinition } from '@/lib/domain/clone';
import type { Reason } from '@/lib/domain/rollback';
import { MAX_REGISTER_ATTEMPTS } from '@/lib/domain/times';
import { fail, ok, type Result } from '@/lib/result';
import type { Start } from './starter';

/** The registered copy. */
export type Copy = { readonly arn: string };

/** Why no copy stands ready; `arn` names one that was registered and is not what was planned. */
type NoCopy = { readonly reason: Reason; readonly words: string; readonly arn: string | null };

/**
 * Registers the copy the plan names and compares the answer with it; `null` where the rollback has ended instead.
 *
 * A repeat after a throttle or an unclear answer may leave a second identical revision. It is never deployed; that it may
 * be there is recorded.
 */
export async function register(start: Start, application: Application): Promise<Copy | null> {
  const copy = await copyOf(start, application);
  if (copy.ok) return copy.value;
  const { reason, words, arn } = copy.error;
  const { database, log } = application;
  await advance(
    database,
    log,
    start.rollback.id,
    { from: ['starting'], to: 'not-applied' },
    { reason, copyArn: arn, payload: { words } },
  );
  return null;
}

const none = (reason: Reason, words: string, arn: string | null = null): Result<never, NoCopy> =>
  fail({ reason, words, arn });

async function copyOf(start: Start, application: Application): Promise<Result<Copy, NoCopy>> {
  const { rollback, plan, principal } = start;
  const [input, writer] = await Promise.all([
    inputOf(start, application),
    application.aws.writer({
      target: plan.target,
      serviceArn: plan.service.arn,
      clusterName: plan.service.clusterName,
      family: plan.source?.family ?? '',
      rollbackId: rollback.id,
      person: principal.email ?? principal.name,
      priority: start.inGroup ? 'group' : 'rollback',
    }),
  ]);
  if (!input.ok) return input;
  if (!writer.ok) return none('register-failed', writer.error.words);
  const answer = await attempts(start, application, () => writer.value.register(input.value));
  if (answer === null) return none('too-slow', 'Registering took too long.');
  if (answer.kind === 'refused') return none('register-failed', `${answer.code}: ${answer.words}`);
  if (answer.kind !== 'accepted') return none('register-failed', answer.cause);
  const { arn, definition, tags } = answer.value;
  const differing = sameDefinition(input.value, definition, tags);
  if (differing.length > 0) {
    return none(
      'register-failed',
      `ECS stored something else than was sent: ${differing.slice(0, 3).join(', ')}.`,
      arn,
    );
  }
  await addEvent(application.database, application.log, rollback.id, 'registered', { copy: arn });
  return ok({ arn });
}

/** The copy's definition from the source described again, or why it can no longer be what was planned. */
async function inputOf(
  { plan, rollback, principal }: Start,
  { aws }: Application,
): Promise<Result<RegisterTaskDefinitionCommandInput, NoCopy>> {
  const { source } = plan;
  if (source === null) throw new Error('a plan without a source copies nothing');
  const again = await aws.reader(plan.target).describeRevision(source.arn, { priority: 'rollback' });
  if (!again.ok) return none('register-failed', `${revisionName(source.arn)} cannot be read: ${again.error.words}`);
  const [unknown] = again.value.unknownFields;
  if (unknown !== undefined) {
    return none('check-failed', `${revisionName(source.arn)} has a field this tool cannot copy (${unknown}).`);
  }
  const original = again.value.original.open();
  if (copied(original.definition) !== copied(source.original.open().definition)) {
    return none('changed', `${revisionName(source.arn)} is not what it was when the plan was drawn.`);
  }
  const provenance = { id: rollback.id, by: principal.email ?? principal.name, copiedFrom: plan.copiedFrom };
  return ok(cloneOf(original, plan.images, rollbackTags(original.tags, provenance)));
}

/** What of a definition is copied: its status and dates may move. */
const copied = (definition: TaskDefinition): string => canonical(cloneOf({ definition, tags: [] }, new Map(), []));

/** Repeats what may be repeated, at most five times within a minute; `null` where the time is over. */
async function attempts(
  { rollback, startBy }: Start,
  { database, log, sleep }: Application,
  send: () => Promise<WriteAnswer<RegisteredRevision>>,
): Promise<WriteAnswer<RegisteredRevision> | null> {
  for (let attempt = 1; ; attempt += 1) {
    if (startBy()) return null;
    const answer = await send();
    if (answer.kind === 'accepted' || !mayRegisterAgain(answer) || attempt === MAX_REGISTER_ATTEMPTS) return answer;
    const waitMs = 1000 * 2 ** (attempt - 1);
    const kind = answer.kind === 'unclear' ? 'register-unclear' : 'register-waiting';
    const words = answer.kind === 'refused' ? answer.code : answer.cause;
    await addEvent(database, log, rollback.id, kind, { attempt: attempt + 1, waitMs, words });
    await sleep(waitMs);
  }
}
