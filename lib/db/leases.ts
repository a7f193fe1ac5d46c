import 'server-only';
import type { Queryable } from './database';
import { LEASE, type Rollback, type RollbackRow, rollbackOf } from './rollbacks';

/** A process, as leases name it, and the rollbacks its starter is registering or sending at this moment. */
export type Holder = { readonly owner: string; readonly inHand: readonly string[] };

/**
 * Locks rows in the order in which a group takes its services, by what their ARNs are byte by byte: of two that want
 * several, one waits for the other and neither for ever.
 */
const IN_TURN = 'ORDER BY service_arn COLLATE "C" FOR UPDATE';

/** Takes the lease of one rollback whose lease has lapsed; `null` where none has. What is in hand is nobody's to take. */
export async function claimLapsed(database: Queryable, { owner, inHand }: Holder): Promise<Rollback | null> {
  const [row] = await database.query<RollbackRow>(
    `UPDATE rollback SET lease_owner = $1, lease_until = clock_timestamp() + ${LEASE}
      WHERE id = (SELECT id FROM rollback WHERE ended_at IS NULL AND lease_until < clock_timestamp() AND id <> ALL($2)
                  ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *`,
    [owner, inHand],
  );
  return row === undefined ? null : rollbackOf(row);
}

/**
 * Renews the leases of a process and returns the rollbacks it keeps.
 *
 * A rollback that is still to be sent is renewed only while it is in hand: one whose starter failed, or whose commit was
 * never answered, must lapse, because nobody would ever move it.
 */
export async function renewLeases(database: Queryable, { owner, inHand }: Holder): Promise<readonly Rollback[]> {
  const rows = await database.query<RollbackRow>(
    `WITH own AS MATERIALIZED (SELECT id FROM rollback
        WHERE lease_owner = $1 AND ended_at IS NULL AND (state IN ('watching', 'unknown') OR id = ANY($2)) ${IN_TURN})
     UPDATE rollback SET lease_until = clock_timestamp() + ${LEASE}
      WHERE id IN (SELECT id FROM own) RETURNING *`,
    [owner, inHand],
  );
  return rows.map(rollbackOf);
}

/** Frees leases, one rollback's or all of a process, so that another process takes over at once. */
export async function freeLeases(database: Queryable, owner: string, id: string | null = null): Promise<void> {
  await database.query(
    `WITH own AS MATERIALIZED (SELECT id FROM rollback
        WHERE lease_owner = $1 AND ended_at IS NULL AND ($2::text IS NULL OR id = $2) ${IN_TURN})
     UPDATE rollback SET lease_until = clock_timestamp() - interval '1 second' WHERE id IN (SELECT id FROM own)`,
    [owner, id],
  );
}

/** The database's clock, in milliseconds since 1970: stored times are its, so ages are measured by it. */
export async function databaseClock(database: Queryable): Promise<number> {
  const [row] = await database.query<{ now: Date }>('SELECT clock_timestamp() AS now', []);
  if (row === undefined) throw new Error('the database told no time');
  return row.now.getTime();
}
