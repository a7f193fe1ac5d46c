import 'server-only';
import type { ActiveRollback, Mark, PastRollback } from '@/lib/domain/past-rollback';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { State } from '@/lib/domain/rollback';
import type { Database } from './database';
import { type Rollback, rollbacksOf } from './rollbacks';

/** What our own record knows of a service. */
export type ServicePast = {
  readonly active: ActiveRollback | null;
  /** Versions left by a rollback that ECS accepted, unless cleared, undone or stopped. */
  readonly marks: readonly Mark[];
  /** Newest first. */
  readonly past: readonly PastRollback[];
  /** ARNs of service deployments that ECS was told to stop, and took it. */
  readonly stops: readonly string[];
};

type Pressed = { readonly rollback: Rollback; readonly plan: PlanBody };

/** States that only a write ECS accepted leads to. */
const ACCEPTED: ReadonlySet<State> = new Set(['watching', 'succeeded', 'failed', 'superseded']);
const UNDOES: ReadonlySet<State> = new Set(['watching', 'succeeded']);

/** Reads what the record says of a service. */
export async function servicePast(database: Database, serviceArn: string): Promise<ServicePast> {
  return (await servicePasts(database, [serviceArn])).get(serviceArn) ?? NO_PAST;
}

/** What the record says of a service it knows nothing of. */
export const NO_PAST: ServicePast = { active: null, marks: [], past: [], stops: [] };

/** Reads what the record says of many services; those it knows nothing of are left out. */
export async function servicePasts(
  database: Database,
  serviceArns: readonly string[],
): Promise<ReadonlyMap<string, ServicePast>> {
  const [pressed, cleared] = await Promise.all([
    rollbacksOf(database, serviceArns),
    database.query<{ rollback: string | null }>(
      `SELECT payload::jsonb->>'rollback' AS rollback FROM record
        WHERE kind = 'mark-cleared' AND payload::jsonb->>'serviceArn' = ANY($1)`,
      [serviceArns],
    ),
  ]);
  const lifted = new Set(cleared.flatMap(({ rollback }) => rollback ?? []));
  const known = new Set(pressed.map(({ rollback }) => rollback.serviceArn));
  return new Map(
    [...known].map((arn) => [
      arn,
      pastFrom(
        pressed.filter(({ rollback }) => rollback.serviceArn === arn),
        lifted,
      ),
    ]),
  );
}

function pastFrom(pressed: readonly Pressed[], cleared: ReadonlySet<string>): ServicePast {
  const current = pressed.find(({ rollback }) => rollback.endedAt === null)?.rollback;
  return {
    active:
      current === undefined
        ? null
        : { id: current.id, by: current.by.name, startedAt: current.createdAt, state: current.state },
    marks: marksOf(pressed, cleared),
    past: pressed.filter(({ plan }) => plan.kind === 'copy').map(pastOf),
    stops: pressed.filter(({ rollback }) => ACCEPTED.has(rollback.state)).flatMap(({ plan }) => plan.stopArn ?? []),
  };
}

function marksOf(pressed: readonly Pressed[], cleared: ReadonlySet<string>): readonly Mark[] {
  // An undo that ECS put back, or that was stopped, has undone nothing.
  const undone = new Set(
    pressed.filter(({ rollback }) => UNDOES.has(rollback.state)).flatMap(({ plan }) => plan.undo ?? []),
  );
  return (
    pressed
      // Who goes forward leaves an older version that may have been good: that says nothing against it.
      .filter(({ plan }) => plan.kind === 'copy' && plan.undo === null && !plan.forward)
      .filter(({ rollback }) => ACCEPTED.has(rollback.state))
      .filter(({ rollback }) => rollback.reason !== 'stopped' && !undone.has(rollback.id) && !cleared.has(rollback.id))
      .map(({ rollback, plan }) => ({
        taskDefinitionArn: plan.from.arn,
        digests: new Map(Object.entries(plan.from.digests)),
        rollbackId: rollback.id,
        by: rollback.by.name,
        at: rollback.createdAt,
        reason: rollback.why ?? 'no reason given',
      }))
  );
}

const pastOf = ({ rollback, plan }: Pressed): PastRollback => ({
  id: rollback.id,
  by: rollback.by.name,
  state: rollback.state,
  reason: rollback.reason,
  copyArn: rollback.copyArn,
  copiedFrom: plan.copiedFrom,
  originArn: plan.to.arn,
  originTag: plan.to.tag,
  digests: new Map(Object.entries(plan.to.digests)),
  leftArn: plan.from.arn,
  leftDigests: new Map(Object.entries(plan.from.digests)),
  startedAt: rollback.createdAt,
  endedAt: rollback.endedAt,
});
