import 'server-only';
import type { Application } from '@/lib/application';
import { databaseClock } from '@/lib/db/leases';
import { advance, getPlan, type Rollback } from '@/lib/db/rollbacks';
import { isReturning, type Service, type ServiceDeployment } from '@/lib/domain/service';
import { T_QUARANTINE_MS } from '@/lib/domain/times';
import { lookForOverwritten } from './overwritten';

const PRIORITY = { priority: 'rollback' } as const;

/**
 * Settles a rollback nobody knows the answer of, by reading AWS: to `watching` when the change shows, to `not-applied`
 * only by a complete reading that began 16 minutes after the intent and does not show it. Nothing is ever sent.
 */
export async function settle(rollback: Rollback, application: Application): Promise<void> {
  const { database, log } = application;
  const target = application.target(rollback.target);
  const plan = await getPlan(database, rollback.planId);
  if (target === null || plan === null || rollback.intentAt === null) return;
  const reader = application.aws.reader(target);
  // The intent was timed by the database, and this process's clock may be wrong.
  const readAt = await databaseClock(database);
  const [described, deployments] = await Promise.all([
    reader.describeServices(rollback.cluster, [rollback.service], PRIORITY),
    reader.serviceDeployments(rollback.cluster, rollback.service, PRIORITY),
  ]);
  const service = described.ok ? (described.value.services[0] ?? null) : null;
  const listed = service?.deployments ?? [];
  const records = deployments.ok ? deployments.value : [];
  const ours = listed.find(({ taskDefinitionArn }) => taskDefinitionArn === rollback.copyArn);
  const seen =
    rollback.kind === 'stop'
      ? records.some((one) => one.arn === plan.body.stopArn && isReturning(one))
      : ours !== undefined || records.some(({ taskDefinitionArn }) => taskDefinitionArn === rollback.copyArn);
  if (seen) {
    const deploymentId = rollback.kind === 'stop' ? plan.body.stopArn : (ours?.id ?? null);
    const move = { from: ['unknown'], to: 'watching' } as const;
    const moved = await advance(database, log, rollback.id, move, { event: 'seen', deploymentId });
    if (moved !== null) await lookForOverwritten(moved, application);
    return;
  }
  const { intentAt } = rollback;
  const complete = wasThere(service, intentAt) && deployments.ok && records.every((record) => isTold(record, intentAt));
  if (!complete || readAt - intentAt < T_QUARANTINE_MS) return;
  await advance(
    database,
    log,
    rollback.id,
    { from: ['unknown'], to: 'not-applied' },
    { event: 'ended', reason: 'absent' },
  );
}

/** Whether this is the service that was written to: what is deleted takes the proof with it. */
const wasThere = (service: Service | null, intentAt: number): boolean =>
  service !== null && service.status !== 'INACTIVE' && (service.createdAt ?? 0) < intentAt;

const CLOCK_MARGIN_MS = 10 * 60_000;

/** Whether a deployment that could be ours says what it deployed; one that does not might be ours. */
const isTold = ({ taskDefinitionArn, createdAt }: ServiceDeployment, intentAt: number): boolean =>
  taskDefinitionArn !== null || createdAt < intentAt - CLOCK_MARGIN_MS;
