import 'server-only';
import { parseGroupImage } from '@/lib/domain/group';
import type { Hold, HoldScope } from '@/lib/domain/hold';
import type { Principal } from '@/lib/domain/permissions';
import type { PlanBody } from '@/lib/domain/plan-body';
import { shortName } from '@/lib/domain/version';
import type { Log } from '@/lib/log';
import type { Database, Queryable, Transaction } from './database';
import { newId } from './new-id';
import { append } from './record';

type Person = Pick<Principal, 'issuer' | 'subject' | 'name' | 'email'>;

/** A hold to be. */
export type Holding = {
  readonly target: string;
  readonly scope: HoldScope;
  /** What the service runs images of, where it is a service that is held. */
  readonly repository: string | null;
  readonly hours: number;
  readonly reason: string;
  readonly by: Person;
  /** What it is made with, and ends with: a rollback of one service, or of several. */
  readonly rollbackId: string | null;
  readonly groupId: string | null;
};

type HoldRow = {
  id: string;
  target: string;
  cluster: string | null;
  service: string | null;
  repository: string | null;
  reason: string;
  by_name: string;
  since: Date;
  until: Date;
  rollback_id: string | null;
  group_id: string | null;
  body?: string | null;
  image?: string | null;
  to_tag?: string | null;
};

function holdOf(row: HoldRow): Hold {
  const { cluster, service } = row;
  return {
    id: row.id,
    target: row.target,
    scope:
      cluster === null || service === null
        ? { kind: 'repository', repository: row.repository ?? '' }
        : { kind: 'service', cluster, service },
    reason: row.reason,
    by: row.by_name,
    since: row.since.getTime(),
    until: row.until.getTime(),
    rollbackId: row.rollback_id,
    groupRollbackId: row.group_id,
    rolledBack: rolledBackIn(row),
  };
}

function rolledBackIn({ body, image, to_tag: to }: HoldRow): Hold['rolledBack'] {
  if (image && to) return { from: parseGroupImage(image)?.tag ?? image, to };
  const plan = body ? (JSON.parse(body) as PlanBody) : null;
  return plan === null ? null : { from: shortName(plan.from, plan.to), to: shortName(plan.to, plan.from) };
}

const who = ({ issuer, subject, name, email }: Person) => ({ issuer, subject, name, email });

/** Where a hold stands, as the record tells it. */
const placeOf = ({ target, cluster, service, repository }: HoldRow) => ({ target, cluster, service, repository });

/** What a hold was made with, as the record tells it. */
const madeWith = ({ rollback_id: rollback, group_id: group }: HoldRow) => ({
  ...(rollback !== null && { rollback }),
  ...(group !== null && { group }),
});

/** Stores a hold and records it, in the transaction it is given. */
export async function placeHold(tx: Transaction, log: Log, holding: Holding): Promise<string> {
  const { target, scope, reason, by, rollbackId, groupId, hours } = holding;
  const [cluster, service] = scope.kind === 'service' ? [scope.cluster, scope.service] : [null, null];
  const repository = scope.kind === 'service' ? holding.repository : scope.repository;
  const [row] = await tx.query<HoldRow>(
    `INSERT INTO hold (id, target, cluster, service, repository, reason, by_issuer, by_subject, by_name, by_email,
                       rollback_id, group_id, until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, clock_timestamp() + $13 * interval '1 hour') RETURNING *`,
    [
      newId('hold'),
      target,
      cluster,
      service,
      repository,
      reason,
      by.issuer,
      by.subject,
      by.name,
      by.email,
      rollbackId,
      groupId,
      hours,
    ],
  );
  if (row === undefined) throw new Error('the hold was not stored');
  const until = row.until.toISOString();
  await append(tx, log, {
    kind: 'hold-created',
    ...placeOf(row),
    hold: row.id,
    ...madeWith(row),
    until,
    reason,
    who: who(by),
  });
  return row.id;
}

/** Why holds ended that nobody released. */
export type HoldEnd = 'undone' | 'nothing-changed';

/**
 * Ends the holds that were made with a rollback, because it was undone or had changed nothing; one made with several ends
 * with the last of them that still counts. Gives back what records that, to be called where the record's head may be locked.
 */
export async function endHoldsOf(
  tx: Transaction,
  rollbackId: string | null,
  why: HoldEnd,
): Promise<(log: Log) => Promise<void>> {
  const own = await tx.query<HoldRow>(
    `UPDATE hold SET ended_at = clock_timestamp()
      WHERE rollback_id = $1 AND ended_at IS NULL AND until > clock_timestamp() RETURNING *`,
    [rollbackId],
  );
  const rows = [...own, ...(await endHoldsOfGroup(tx, rollbackId, why))];
  return async (log) => {
    for (const row of rows) {
      const ended = { ...madeWith(row), rollback: rollbackId ?? '' };
      await append(tx, log, { kind: 'hold-ended', ...placeOf(row), hold: row.id, ...ended, why });
    }
  };
}

/**
 * Holds of a rollback's group, ended where no rollback of it counts any more: where one changed nothing that did something,
 * whatever came of it; where one is undone that brought the version and has it still, as far as we know.
 */
async function endHoldsOfGroup(tx: Transaction, rollbackId: string | null, why: HoldEnd): Promise<readonly HoldRow[]> {
  // Of two that end together the second sees the first, because it waited for it here.
  const open = await tx.query<{ id: string }>(
    `SELECT h.id FROM hold h JOIN rollback r ON r.group_id = h.group_id
      WHERE r.id = $1 AND h.ended_at IS NULL AND h.until > clock_timestamp() FOR UPDATE OF h`,
    [rollbackId],
  );
  if (open.length === 0) return [];
  return tx.query<HoldRow>(
    `UPDATE hold h SET ended_at = clock_timestamp()
      WHERE h.id = ANY($1) AND NOT EXISTS (
        SELECT 1 FROM rollback r WHERE r.group_id = h.group_id AND r.state <> 'not-applied'
          AND ($2 = 'nothing-changed' OR r.state IN ('starting', 'sending', 'unknown', 'watching', 'succeeded'))
          AND NOT EXISTS (
            SELECT 1 FROM rollback u JOIN plan p ON p.id = u.plan_id
             WHERE u.service_arn = r.service_arn AND p.body::jsonb->>'undo' = r.id
               AND u.state NOT IN ('starting', 'sending', 'unknown', 'not-applied', 'closed')))
      RETURNING h.*`,
    [open.map(({ id }) => id), why],
  );
}

/** Holds that hold now, the newest first; of one target or of all. */
export async function openHolds(database: Queryable, target: string | null): Promise<readonly Hold[]> {
  const rows = await database.query<HoldRow>(
    `SELECT h.*, p.body, g.image, g.to_tag
       FROM hold h LEFT JOIN rollback r ON r.id = h.rollback_id LEFT JOIN plan p ON p.id = r.plan_id
                   LEFT JOIN group_rollback g ON g.id = h.group_id
      WHERE h.ended_at IS NULL AND h.until > clock_timestamp() AND ($1::text IS NULL OR h.target = $1)
      ORDER BY h.since DESC`,
    [target],
  );
  return rows.map(holdOf);
}

/** Holds that hold now on images of a repository: those of the repository, and those of services that ran it. */
export async function openHoldsOn(
  database: Queryable,
  target: string,
  repository: string,
): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ id: string }>(
    `SELECT id FROM hold WHERE ended_at IS NULL AND until > clock_timestamp() AND target = $1 AND repository = $2`,
    [target, repository],
  );
  return new Set(rows.map(({ id }) => id));
}

/** One hold that holds now. */
export async function openHold(database: Queryable, id: string): Promise<Hold | null> {
  const [row] = await database.query<HoldRow>(
    'SELECT * FROM hold WHERE id = $1 AND ended_at IS NULL AND until > clock_timestamp()',
    [id],
  );
  return row === undefined ? null : holdOf(row);
}

/** Who changes a hold, and why. */
export type HoldChange = { readonly id: string; readonly by: Person; readonly words: string };

/** Ends a hold for a person; `false` where it does not hold any more. */
export const releaseHold = (database: Database, log: Log, { id, by, words }: HoldChange): Promise<boolean> =>
  database.transaction(async (tx) => {
    const [row] = await tx.query<HoldRow>(
      `UPDATE hold SET ended_at = clock_timestamp()
        WHERE id = $1 AND ended_at IS NULL AND until > clock_timestamp() RETURNING *`,
      [id],
    );
    if (row === undefined) return false;
    await append(tx, log, {
      kind: 'hold-released',
      ...placeOf(row),
      hold: id,
      ...madeWith(row),
      words,
      who: who(by),
    });
    return true;
  });

/** Makes a hold end later, so many hours from now; `false` where it does not hold any more, or would not be longer. */
export const prolongHold = (
  database: Database,
  log: Log,
  { id, by, words, hours }: HoldChange & { readonly hours: number },
): Promise<boolean> =>
  database.transaction(async (tx) => {
    const [row] = await tx.query<HoldRow>(
      `UPDATE hold SET until = clock_timestamp() + $2 * interval '1 hour'
        WHERE id = $1 AND ended_at IS NULL AND until > clock_timestamp()
          AND until < clock_timestamp() + $2 * interval '1 hour' RETURNING *`,
      [id, hours],
    );
    if (row === undefined) return false;
    await append(tx, log, {
      kind: 'hold-prolonged',
      ...placeOf(row),
      hold: id,
      ...madeWith(row),
      until: row.until.toISOString(),
      words,
      who: who(by),
    });
    return true;
  });
