import 'server-only';
import { IN_FORCE_MS, type OverwriteFinding } from '@/lib/domain/in-force';
import type { Principal } from '@/lib/domain/permissions';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Log } from '@/lib/log';
import type { Database, Queryable, Transaction } from './database';
import { append } from './record';
import { type Rollback, type RollbackRow, rollbackOf } from './rollbacks';

/** The deployment that overwrote a rollback. `at` is milliseconds since 1970. */
export type Overwriting = {
  readonly finding: OverwriteFinding;
  readonly taskDefinition: string;
  readonly name: string;
  /** Who registered it, where that is known. */
  readonly by: string | null;
  readonly at: number;
};

/** A finished rollback that nothing has closed, and what overwrote it, if anything did. */
export type InForce = { readonly rollback: Rollback; readonly plan: PlanBody; readonly found: Overwriting | null };

type OverwriteRow = {
  finding: OverwriteFinding | null;
  task_definition: string;
  name: string;
  registered_by: string | null;
  deployed_at: Date;
};

const foundIn = (row: OverwriteRow): Overwriting | null =>
  row.finding === null
    ? null
    : {
        finding: row.finding,
        taskDefinition: row.task_definition,
        name: row.name,
        by: row.registered_by,
        at: row.deployed_at.getTime(),
      };

type Joined = RollbackRow & OverwriteRow & { body: string };

const inForceOf = (row: Joined): InForce => ({
  rollback: rollbackOf(row),
  plan: JSON.parse(row.body) as PlanBody,
  found: foundIn(row),
});

/**
 * Of each service the newest rollback, while it is in force: it succeeded, undid none, and nobody has closed it. A later
 * one of ours closes it by being there, unless it changed nothing.
 *
 * @param only - Services meant, by ARN; those of every target where left out.
 */
export async function inForce(database: Queryable, only?: readonly string[]): Promise<readonly InForce[]> {
  const rows = await database.query<Joined>(
    `SELECT r.*, p.body, o.finding, o.task_definition, o.name, o.registered_by, o.deployed_at
       FROM rollback r JOIN plan p ON p.id = r.plan_id LEFT JOIN overwrite o ON o.rollback_id = r.id
      WHERE r.state = 'succeeded' AND r.kind = 'copy' AND r.ended_at > clock_timestamp() - $1 * interval '1 millisecond'
        AND ($2::text[] IS NULL OR r.service_arn = ANY($2)) AND o.closed_at IS NULL AND p.body::jsonb->>'undo' IS NULL
        AND NOT EXISTS (SELECT 1 FROM rollback later WHERE later.service_arn = r.service_arn AND later.kind = 'copy'
                        AND later.created_at > r.created_at AND later.state NOT IN ('not-applied', 'closed'))
      ORDER BY r.created_at`,
    [IN_FORCE_MS, only ?? null],
  );
  return rows.map(inForceOf);
}

/** Of these rollbacks those that were overwritten, closed or not, by id. */
export async function overwrittenOf(
  database: Queryable,
  rollbackIds: readonly string[],
): Promise<ReadonlyMap<string, InForce>> {
  const rows = await database.query<Joined>(
    `SELECT r.*, p.body, o.finding, o.task_definition, o.name, o.registered_by, o.deployed_at
       FROM overwrite o JOIN rollback r ON r.id = o.rollback_id JOIN plan p ON p.id = r.plan_id
      WHERE o.rollback_id = ANY($1)`,
    [rollbackIds],
  );
  return new Map(rows.map((row) => [row.id, inForceOf(row)]));
}

/** Stores what overwrote a rollback, and records it once however many processes find it. `newer` closes it. */
export async function saveOverwrite(database: Database, log: Log, id: string, found: Overwriting): Promise<void> {
  await database.transaction(async (tx) => {
    const target = await lockedTarget(tx, id);
    const [changed] = await tx.query(
      `INSERT INTO overwrite AS o (rollback_id, finding, task_definition, name, registered_by, deployed_at, closed_at)
       VALUES ($1, $2, $3, $4, $5, to_timestamp($6::double precision / 1000),
               CASE WHEN $2 = 'newer' THEN clock_timestamp() END)
       ON CONFLICT (rollback_id) DO UPDATE SET finding = excluded.finding, task_definition = excluded.task_definition,
         name = excluded.name, registered_by = excluded.registered_by, deployed_at = excluded.deployed_at,
         found_at = clock_timestamp(), closed_at = excluded.closed_at
        WHERE o.closed_at IS NULL AND (o.finding, o.task_definition) <> (excluded.finding, excluded.task_definition)
       RETURNING 1`,
      [id, found.finding, found.taskDefinition, found.name, found.by, found.at],
    );
    if (changed === undefined) return;
    await append(tx, log, { ...found, kind: 'overwritten', rollback: id, target });
    tx.afterCommit(() => log('rollback.event', { rollback: id, kind: 'overwritten' }));
  });
}

/** What had overwritten a rollback is gone again: ECS returned to it, or a person did. */
export async function forgetOverwrite(database: Database, log: Log, id: string): Promise<void> {
  await database.transaction(async (tx) => {
    const target = await lockedTarget(tx, id);
    const [gone] = await tx.query<{ name: string }>(
      'DELETE FROM overwrite WHERE rollback_id = $1 AND closed_at IS NULL RETURNING name',
      [id],
    );
    if (gone !== undefined) await append(tx, log, { kind: 'in-force-again', rollback: id, target, name: gone.name });
  });
}

/** Who says that an overwrite was intended, and why. */
export type Intention = { readonly id: string; readonly principal: Principal; readonly words: string };

/** Closes an overwritten rollback; a mark on the version that returned goes with it. `false` where nothing was open. */
export async function closeOverwritten(database: Database, log: Log, intention: Intention): Promise<boolean> {
  const { id, words } = intention;
  const { issuer, subject, name, email } = intention.principal;
  return database.transaction(async (tx) => {
    const [rollback] = await tx.query<RollbackRow>('SELECT * FROM rollback WHERE id = $1 FOR UPDATE', [id]);
    const [closed] = await tx.query<{ finding: OverwriteFinding }>(
      'UPDATE overwrite SET closed_at = clock_timestamp() WHERE rollback_id = $1 AND closed_at IS NULL RETURNING finding',
      [id],
    );
    if (closed === undefined || rollback === undefined) return false;
    const { target, cluster, service, service_arn: serviceArn } = rollback;
    const entry = { rollback: id, target, cluster, service, who: { issuer, subject, name, email }, words };
    await append(tx, log, { ...entry, kind: 'overwrite-intended', finding: closed.finding });
    if (closed.finding === 'returned-to-bad') await append(tx, log, { ...entry, kind: 'mark-cleared', serviceArn });
    return true;
  });
}

/** Held against other processes that see the same, so that one of them says it. */
async function lockedTarget(tx: Transaction, id: string): Promise<string> {
  const [row] = await tx.query<{ target: string }>('SELECT target FROM rollback WHERE id = $1 FOR UPDATE', [id]);
  return row?.target ?? '';
}
