import 'server-only';
import type { Application } from '@/lib/application';
import { advance } from '@/lib/db/rollbacks';
import { familyOf } from '@/lib/domain/arn';
import { T_FRESH_MS, T_SEND_MS } from '@/lib/domain/times';
import { intended, keepTrying, notSent, settleUnaccepted } from './send';
import type { Start } from './starter';

const STOPPABLE = new Set(['PENDING', 'IN_PROGRESS']);

/**
 * Asks ECS to stop the deployment a plan names and to return to the one before it. There is no copy, so the intent is
 * committed at once; the only caller of StopServiceDeployment.
 */
export async function stop(start: Start, application: Application): Promise<void> {
  const { rollback, plan, principal } = start;
  const arn = plan.stopArn ?? '';
  const writer = await application.aws.writer({
    target: plan.target,
    serviceArn: plan.service.arn,
    clusterName: plan.service.clusterName,
    family: familyOf(plan.to.taskDefinitionArn),
    rollbackId: rollback.id,
    person: principal.email ?? principal.name,
    priority: 'rollback',
  });
  // Without a writing session nothing can be sent, so nothing is intended either.
  if (!writer.ok) return endUnsent(start, writer.error.words, application);
  const sendBy = application.deadline(T_SEND_MS);
  const request = { serviceDeploymentArn: arn, stopType: 'ROLLBACK' };
  if (!(await intended(start, { copyArn: null, request }, application))) return;

  const freshBy = application.deadline(T_FRESH_MS);
  const again = await application.aws
    .reader(plan.target)
    .serviceDeployments(plan.service.clusterName, plan.service.name, { priority: 'rollback' });
  if (!again.ok) return notSent(rollback, { reason: 'not-sent', words: again.error.words }, application);
  const named = again.value.find((deployment) => deployment.arn === arn);
  if (named === undefined || !STOPPABLE.has(named.status)) {
    return notSent(rollback, { reason: 'changed', words: 'the deployment has already finished.' }, application);
  }
  const answer = await writer.value.stopServiceDeployment(arn, [sendBy, freshBy]);
  if (answer.kind !== 'accepted') return settleUnaccepted(rollback, answer, application);
  await keepTrying(application, rollback.id, ['sending', 'unknown'], 'watching', {
    event: 'accepted',
    deploymentId: arn,
    payload: { requestId: answer.value.requestId },
  });
}

async function endUnsent({ rollback }: Start, words: string, { database, log }: Application): Promise<void> {
  await advance(
    database,
    log,
    rollback.id,
    { from: ['starting'], to: 'not-applied' },
    { reason: 'not-sent', payload: { words } },
  );
}
