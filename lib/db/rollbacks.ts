import 'server-only';
import { canonical, sha256 } from '@/lib/digest';
import type { ActiveRollback } from '@/lib/domain/past-rollback';
import type { Principal } from '@/lib/domain/permissions';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Reason, State } from '@/lib/domain/rollback';
import { isEnd } from '@/lib/domain/rollback';
import { LEASE_MS, T_SETTLE_MS } from '@/lib/domain/times';
import type { Log } from '@/lib/log';
import { fail, ok, type Result } from '@/lib/result';
import type { Database, Queryable, Transaction } from './database';
import { endHoldsOf, type Holding, placeHold } from './holds';
import { newId } from './new-id';
import { append, appendAlone, type RecordKind } from './record';

/** A rollback as its row has it. Times are milliseconds since 1970, by the database's clock. */
export type Rollback = {
  readonly id: string;
  readonly planId: string;
  readonly kind: 'copy' | 'stop';
  readonly target: string;
  readonly cluster: string;
  readonly service: string;
  readonly serviceArn: string;
  readonly by: {
    readonly issuer: string;
    readonly subject: string;
    readonly name: string;
    readonly email: string | null;
  };
  /** Why the person rolled back, as chosen on the plan. */
  readonly why: string | null;
  readonly details: string | null;
  readonly ticked: readonly string[];
  readonly state: State;
  readonly reason: Reason | null;
  readonly copyArn: string | null;
  readonly deploymentId: string | null;
  readonly intentAt: number | null;
  /** What the keeper read last, masked. */
  readonly reading: unknown;
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Group it was confirmed with; `null` for a rollback by itself. */
  readonly groupId: string | null;
};

/** A stored plan, as it was shown. */
export type StoredPlan = {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly body: PlanBody;
  readonly hash: string;
  readonly decision: string;
  readonly createdAt: number;
};

/** Which states a move leaves, and the one it enters. */
export type Move = { readonly from: readonly State[]; readonly to: State };

/** What is written beside a move, and what the record says of it. */
export type Moved = {
  readonly event?: RecordKind;
  readonly reason?: Reason | null;
  readonly copyArn?: string | null;
  readonly deploymentId?: string | null;
  readonly payload?: Readonly<Record<string, unknown>>;
};

/** Why a confirmed plan made no rollback. */
export type NotConfirmed =
  | { readonly kind: 'already-pressed'; readonly id: string }
  | { readonly kind: 'busy'; readonly id: string; readonly by: string; readonly since: number; readonly state: State }
  | { readonly kind: 'session-over' };

/** A row of the table, as its file and the one of leases read it. */
export type RollbackRow = {
  id: string;
  plan_id: string;
  kind: 'copy' | 'stop';
  target: string;
  cluster: string;
  service: string;
  service_arn: string;
  by_issuer: string;
  by_subject: string;
  by_name: string;
  by_email: string | null;
  why: string | null;
  details: string | null;
  ticked: string[];
  state: State;
  reason: Reason | null;
  copy_arn: string | null;
  deployment_id: string | null;
  intent_at: Date | null;
  reading: unknown;
  created_at: Date;
  ended_at: Date | null;
  group_id: string | null;
};

/** A rollback as its row has it. */
export const rollbackOf = (row: RollbackRow): Rollback => ({
  id: row.id,
  planId: row.plan_id,
  kind: row.kind,
  target: row.target,
  cluster: row.cluster,
  service: row.service,
  serviceArn: row.service_arn,
  by: { issuer: row.by_issuer, subject: row.by_subject, name: row.by_name, email: row.by_email },
  why: row.why,
  details: row.details,
  ticked: row.ticked,
  state: row.state,
  reason: row.reason,
  copyArn: row.copy_arn,
  deploymentId: row.deployment_id,
  intentAt: row.intent_at?.getTime() ?? null,
  reading: row.reading,
  createdAt: row.created_at.getTime(),
  endedAt: row.ended_at?.getTime() ?? null,
  groupId: row.group_id,
});

/** Length of a lease, as SQL. */
export const LEASE = `interval '${LEASE_MS} milliseconds'`;
const EVENT_OF_STATE: Partial<Record<State, RecordKind>> = {
  sending: 'send-intent',
  watching: 'seen',
  unknown: 'unclear',
  closed: 'closed',
};

/** Stores a plan as it was shown; its hash is what the form carries. */
export async function savePlan(
  database: Queryable,
  plan: {
    readonly id: string;
    readonly issuer: string;
    readonly subject: string;
    readonly body: PlanBody;
    readonly decision: string;
  },
): Promise<string> {
  const body = canonical(plan.body);
  const hash = sha256(body);
  await database.query(
    `INSERT INTO plan (id, issuer, subject, target, service_arn, kind, body, body_sha256, decision_sha256)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      plan.id,
      plan.issuer,
      plan.subject,
      plan.body.target,
      plan.body.serviceArn,
      plan.body.kind,
      body,
      hash,
      plan.decision,
    ],
  );
  return hash;
}

/** The plan of an id, `null` where there is none. */
export async function getPlan(database: Queryable, id: string): Promise<StoredPlan | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  const [row] = await database.query<{
    id: string;
    issuer: string;
    subject: string;
    body: string;
    body_sha256: string;
    decision_sha256: string;
    created_at: Date;
  }>('SELECT * FROM plan WHERE id = $1', [id]);
  return row === undefined
    ? null
    : {
        id: row.id,
        issuer: row.issuer,
        subject: row.subject,
        body: JSON.parse(row.body) as PlanBody,
        hash: row.body_sha256,
        decision: row.decision_sha256,
        createdAt: row.created_at.getTime(),
      };
}

/** What a press is: the plan that was read, who pressed, and what they said to it. */
export type Press = {
  readonly plan: StoredPlan;
  readonly principal: Principal;
  readonly why: string | null;
  readonly details: string | null;
  readonly ticked: readonly string[];
  /** Process that will register and send. */
  readonly owner: string;
  /** A watching rollback this one replaces, because the plan said so. */
  readonly replaces: { readonly id: string; readonly reason: 'by-rollback' | 'stopped' } | null;
  /** Deployments of the service are held from the press on; `repository` is what it runs images of, where known. */
  readonly hold?: { readonly hours: number; readonly repository: string | null } | null;
};

/** Who somebody is, as entries of the record say it. */
export const who = (person: { issuer: string; subject: string; name: string; email: string | null }) => ({
  issuer: person.issuer,
  subject: person.subject,
  name: person.name,
  email: person.email,
});

/**
 * Stores a confirmed rollback: its row, its entry in the record, and the end of the one it replaces, all or nothing.
 *
 * One plan makes one rollback and one service has at most one that has not ended; both are the database's own rules.
 */
export async function confirm(database: Database, log: Log, press: Press): Promise<Result<Rollback, NotConfirmed>> {
  const { plan, principal } = press;
  try {
    return await database.transaction(async (tx) => {
      if (!(await isSignedIn(tx, principal))) return fail({ kind: 'session-over' });
      const stored = await store(tx, press);
      if (stored === null) throw new Error('the rollback was not stored');
      // The record's head is locked last everywhere: whoever holds it waits for nobody.
      await appendStored(tx, log, stored);
      const { row } = stored;
      return ok(rollbackOf(row));
    });
  } catch (error) {
    const taken = await takenBy(database, error, plan);
    if (taken !== null) return fail(taken);
    throw error;
  }
}

/** Whether a session may still act; held until the transaction ends, so that nobody signs it out meanwhile. */
export async function isSignedIn(tx: Queryable, { sessionId }: Principal): Promise<boolean> {
  const [session] = await tx.query<{ id: Buffer }>(
    `SELECT id FROM session WHERE id = decode($1, 'hex') AND ended_at IS NULL AND revoked_at IS NULL
        AND expires_at > clock_timestamp() FOR SHARE`,
    [sessionId],
  );
  return session !== undefined;
}

/** A rollback that was stored, and the row of the one it replaced. */
export type Stored = {
  readonly row: RollbackRow;
  readonly replaced: RollbackRow | null;
  readonly press: Press;
  /** Records the holds that ended with the one it replaced. */
  readonly recordEnded: (log: Log) => Promise<void>;
};

/**
 * Stores the row of a confirmed rollback and ends the one it replaces. For a member of a group `null` where another
 * rollback is in the way; by itself that is an error of the database's, which says which rule it was.
 */
export async function store(tx: Transaction, press: Press, groupId: string | null = null): Promise<Stored | null> {
  const { plan, principal } = press;
  const replaced = await replace(tx, press);
  const stopped = press.replaces?.reason === 'stopped' ? (replaced?.id ?? null) : null;
  const recordEnded = await endHoldsOf(tx, stopped, 'undone');
  const [row] = await tx.query<RollbackRow>(
    `INSERT INTO rollback (id, plan_id, kind, target, cluster, service, service_arn, session_id, by_issuer, by_subject,
       by_name, by_email, why, details, ticked, lease_owner, group_id, lease_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'), $9, $10, $11, $12, $13, $14, $15, $16, $17, clock_timestamp() + ${LEASE})
     ${groupId === null ? '' : 'ON CONFLICT DO NOTHING'} RETURNING *`,
    [
      newId('rb'),
      plan.id,
      plan.body.kind,
      plan.body.target,
      plan.body.cluster,
      plan.body.service,
      plan.body.serviceArn,
      principal.sessionId,
      principal.issuer,
      principal.subject,
      principal.name,
      principal.email,
      press.why,
      press.details,
      press.ticked,
      press.owner,
      groupId,
    ],
  );
  if (row !== undefined) return { row, replaced, press, recordEnded };
  // Ending one and starting none is no answer: everything is taken back.
  if (replaced !== null) throw new Error('a rollback was replaced by none');
  return null;
}

/**
 * Appends what was stored to the record. Its head is locked last everywhere.
 *
 * @param after - Service of its group that goes first, where this one waits for it.
 */
export async function appendStored(
  tx: Transaction,
  log: Log,
  { row, replaced, press, recordEnded }: Stored,
  after: string | null = null,
): Promise<void> {
  const { plan, principal } = press;
  if (replaced !== null) await appendReplaced(tx, log, { replaced, by: row.id, press });
  await append(tx, log, {
    kind: 'confirmed',
    rollback: row.id,
    target: row.target,
    cluster: row.cluster,
    service: row.service,
    ...(row.group_id !== null && { group: row.group_id }),
    ...(after !== null && { after }),
    who: who(principal),
    // How old the groups were that allowed it: the provider may have been silent.
    groupsAt: principal.groupsAt,
    plan: plan.id,
    planHash: plan.hash,
    from: plan.body.from.name,
    to: plan.body.to.name,
    why: press.why,
    details: press.details,
    ticked: press.ticked,
  });
  await recordEnded(log);
  if (press.hold) await placeHold(tx, log, holdingOf(row, press, press.hold));
}

const holdingOf = (
  { id, target, cluster, service }: RollbackRow,
  { principal, why, details }: Press,
  { hours, repository }: NonNullable<Press['hold']>,
): Holding => ({
  target,
  scope: { kind: 'service', cluster, service },
  repository,
  hours,
  reason: why ?? details ?? `Rollback ${id}`,
  by: principal,
  rollbackId: id,
  groupId: null,
});

/** A newer rollback or stop ends the one it replaces, only while that one is being watched; `null` where it is not. */
async function replace(tx: Queryable, { replaces }: Press): Promise<RollbackRow | null> {
  if (replaces === null) return null;
  const [row] = await tx.query<RollbackRow>(
    `UPDATE rollback SET state = 'superseded', reason = $2, ended_at = clock_timestamp()
      WHERE id = $1 AND state = 'watching' RETURNING *`,
    [replaces.id, replaces.reason],
  );
  return row ?? null;
}

type Replacement = { readonly replaced: RollbackRow; readonly by: string; readonly press: Press };

const appendReplaced = (tx: Transaction, log: Log, { replaced, by, press }: Replacement): Promise<number> =>
  append(tx, log, {
    kind: 'ended',
    rollback: replaced.id,
    target: replaced.target,
    state: replaced.state,
    reason: replaced.reason,
    by,
    who: who(press.principal),
  });

/** Which of the two unique rules refused a press, if one did. */
async function takenBy(database: Queryable, error: unknown, plan: StoredPlan): Promise<NotConfirmed | null> {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23505') return null;
  if (constraint === 'rollback_plan_id_key') {
    const id = await madeFrom(database, plan.id);
    return id === null ? null : { kind: 'already-pressed', id };
  }
  if (constraint !== 'rollback_one_active') return null;
  const active = await activeOf(database, plan.body.serviceArn);
  return active === null
    ? null
    : { kind: 'busy', id: active.id, by: active.by, since: active.startedAt, state: active.state };
}

/** Rollback a plan made, `null` where it was not pressed yet. */
export async function madeFrom(database: Queryable, planId: string): Promise<string | null> {
  const [row] = await database.query<{ id: string }>('SELECT id FROM rollback WHERE plan_id = $1', [planId]);
  return row?.id ?? null;
}

/** The rollback of a service that has not ended. */
export async function activeOf(database: Queryable, serviceArn: string): Promise<ActiveRollback | null> {
  const [row] = await database.query<RollbackRow>(
    'SELECT * FROM rollback WHERE service_arn = $1 AND ended_at IS NULL',
    [serviceArn],
  );
  return row === undefined ? null : activeIn(row);
}

/**
 * The rollback that keeps a plan from being pressed: one whose request may still be on its way, or one that changed the
 * service after the plan was drawn. `null` where there is none; a rollback of the plan's own is no other.
 */
export async function inTheWayOf(
  database: Queryable,
  { id, body, createdAt }: StoredPlan,
): Promise<ActiveRollback | null> {
  const [row] = await database.query<RollbackRow>(
    `SELECT * FROM rollback WHERE service_arn = $1 AND plan_id <> $2
        AND (state IN ('starting', 'sending', 'unknown')
          OR (created_at > to_timestamp($3::double precision / 1000) AND state <> 'not-applied'))
      ORDER BY created_at DESC LIMIT 1`,
    [body.serviceArn, id, createdAt],
  );
  return row === undefined ? null : activeIn(row);
}

const activeIn = (row: RollbackRow): ActiveRollback => ({
  id: row.id,
  by: row.by_name,
  startedAt: row.created_at.getTime(),
  state: row.state,
});

/**
 * Moves a rollback out of one of the `from` states and appends the entry, in one transaction; `null` where somebody else
 * moved it, and then the work is to be dropped. The only statement that changes a state, but for the intent's and a
 * replacement's beside it.
 */
export async function advance(
  database: Database,
  log: Log,
  id: string,
  move: Move,
  moved: Moved,
): Promise<Rollback | null> {
  const end = isEnd(move.to);
  return database.transaction(async (tx) => {
    const [row] = await tx.query<RollbackRow>(
      `UPDATE rollback SET state = $3, reason = coalesce($4, reason), copy_arn = coalesce($5, copy_arn),
              deployment_id = coalesce($6, deployment_id), ended_at = CASE WHEN $7 THEN clock_timestamp() END
        WHERE id = $1 AND state = ANY($2) AND state <> $3 RETURNING *`,
      [id, move.from, move.to, moved.reason ?? null, moved.copyArn ?? null, moved.deploymentId ?? null, end],
    );
    if (row === undefined) return null;
    const recordEnded = await endHolds(tx, row);
    await append(tx, log, {
      ...moved.payload,
      kind: moved.event ?? EVENT_OF_STATE[move.to] ?? 'ended',
      rollback: id,
      target: row.target,
      state: move.to,
      reason: row.reason,
      copy: row.copy_arn,
      deployment: row.deployment_id,
    });
    await recordEnded(log);
    tx.afterCommit(() => log('rollback.moved', { rollback: id, state: move.to, reason: row.reason }));
    return rollbackOf(row);
  });
}

/** Holds end with a rollback that changed nothing, and with an undo of the one they were made with. */
async function endHolds(tx: Transaction, row: RollbackRow): Promise<(log: Log) => Promise<void>> {
  if (row.state === 'not-applied') return endHoldsOf(tx, row.id, 'nothing-changed');
  if (row.state !== 'watching') return async () => undefined;
  const undone = (await getPlan(tx, row.plan_id))?.body.undo ?? null;
  return endHoldsOf(tx, undone, 'undone');
}

/** How the intent to send ended: committed, dropped because somebody moved the row, or refused to a revoked session. */
export type Intent =
  | { readonly kind: 'intended'; readonly rollback: Rollback }
  | { readonly kind: 'moved' }
  | { readonly kind: 'revoked' };

/**
 * Commits the intent to send, the one-way step out of `starting`. What this commits is sent at most once, by the process
 * that committed it; a commit whose answer is lost counts as not committed.
 */
export async function intend(
  database: Database,
  log: Log,
  id: string,
  intent: { readonly copyArn: string | null; readonly requestDigest: string },
): Promise<Intent> {
  return database.transaction(async (tx) => {
    const [live] = await tx.query<{ revoked: boolean }>(
      'SELECT s.revoked_at IS NOT NULL AS revoked FROM rollback r JOIN session s ON s.id = r.session_id WHERE r.id = $1 FOR SHARE OF s',
      [id],
    );
    if (live === undefined || live.revoked) return { kind: 'revoked' };
    const [row] = await tx.query<RollbackRow>(
      `UPDATE rollback SET state = 'sending', copy_arn = $2, intent_at = clock_timestamp()
        WHERE id = $1 AND state = 'starting' RETURNING *`,
      [id, intent.copyArn],
    );
    if (row === undefined) return { kind: 'moved' };
    await append(tx, log, {
      kind: 'send-intent',
      rollback: id,
      target: row.target,
      state: 'sending',
      copy: intent.copyArn,
      requestDigest: intent.requestDigest,
    });
    tx.afterCommit(() => log('rollback.moved', { rollback: id, state: 'sending' }));
    return { kind: 'intended', rollback: rollbackOf(row) };
  });
}

/** Appends a fact about a rollback; its state does not change. */
export async function addEvent(
  database: Database,
  log: Log,
  id: string,
  kind: RecordKind,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const [row] = await database.query<{ target: string }>('SELECT target FROM rollback WHERE id = $1', [id]);
  await appendAlone(database, log, { ...payload, kind, rollback: id, ...(row && { target: row.target }) });
  log('rollback.event', { rollback: id, kind });
}

/** Stores what the keeper read, if it still holds the lease. */
export async function saveReading(database: Queryable, id: string, owner: string, reading: unknown): Promise<void> {
  await database.query('UPDATE rollback SET reading = $3 WHERE id = $1 AND lease_owner = $2 AND ended_at IS NULL', [
    id,
    owner,
    JSON.stringify(reading),
  ]);
}

/** Ends an unknown rollback for a person who will not wait; `null` where it is not unknown, or too young. */
export async function close(database: Database, log: Log, id: string, principal: Principal): Promise<Rollback | null> {
  return database.transaction(async (tx) => {
    const [row] = await tx.query<RollbackRow>(
      `UPDATE rollback SET state = 'closed', ended_at = clock_timestamp()
        WHERE id = $1 AND state = 'unknown' AND intent_at < clock_timestamp() - interval '${T_SETTLE_MS} milliseconds' RETURNING *`,
      [id],
    );
    if (row === undefined) return null;
    await append(tx, log, { kind: 'closed', rollback: id, target: row.target, state: 'closed', who: who(principal) });
    return rollbackOf(row);
  });
}

/** Rollbacks given up while unknown within the last `withinMs` milliseconds, whose request is not known to have arrived. */
export async function closedLately(database: Queryable, withinMs: number): Promise<readonly Rollback[]> {
  const rows = await database.query<RollbackRow>(
    `SELECT * FROM rollback r WHERE state = 'closed' AND ended_at > clock_timestamp() - $1 * interval '1 millisecond'
        AND NOT EXISTS (SELECT 1 FROM record e WHERE e.rollback_id = r.id AND e.kind = 'late-fact'
                        AND coalesce(e.payload::jsonb->'copies' ? r.copy_arn, r.copy_arn IS NULL))`,
    [withinMs],
  );
  return rows.map(rollbackOf);
}

/**
 * Rollbacks begun within the last `withinMs` milliseconds that may have registered a copy nobody was told of: an answer
 * was lost, or the process was gone before it could say so.
 */
export async function registeredUnsurely(database: Queryable, withinMs: number): Promise<readonly Rollback[]> {
  const rows = await database.query<RollbackRow>(
    `SELECT * FROM rollback r WHERE kind = 'copy' AND created_at > clock_timestamp() - $1 * interval '1 millisecond'
        AND (reason = 'starter-gone' OR EXISTS (SELECT 1 FROM record e WHERE e.rollback_id = r.id AND e.kind = 'register-unclear'))`,
    [withinMs],
  );
  return rows.map(rollbackOf);
}

/** Appends what turned up after a rollback's end, once however many processes see it. */
export async function addLateFact(
  database: Database,
  log: Log,
  id: string,
  fact: { readonly copies: readonly string[]; readonly words: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    // Held against other processes that saw the same, so that one of them says it.
    const [row] = await tx.query<{ target: string }>('SELECT target FROM rollback WHERE id = $1 FOR UPDATE', [id]);
    const [known] = await tx.query(
      `SELECT 1 FROM record WHERE rollback_id = $1 AND kind = 'late-fact' AND payload::jsonb->>'words' = $2`,
      [id, fact.words],
    );
    if (known !== undefined) return;
    await append(tx, log, { ...fact, kind: 'late-fact', rollback: id, ...(row && { target: row.target }) });
    tx.afterCommit(() => log('rollback.event', { rollback: id, kind: 'late-fact' }));
  });
}

/** One rollback, `null` where there is none. */
export async function getRollbackRow(database: Queryable, id: string): Promise<Rollback | null> {
  const [row] = await database.query<RollbackRow>('SELECT * FROM rollback WHERE id = $1', [id]);
  return row === undefined ? null : rollbackOf(row);
}

/** Rollbacks that have not ended, oldest first. */
export async function listActive(database: Queryable, targets: readonly string[]): Promise<readonly Rollback[]> {
  const rows = await database.query<RollbackRow>(
    'SELECT * FROM rollback WHERE ended_at IS NULL AND target = ANY($1) ORDER BY created_at',
    [targets],
  );
  return rows.map(rollbackOf);
}

/** Rollbacks by their ids. */
export async function rollbacksById(
  database: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Rollback>> {
  const rows = await database.query<RollbackRow>('SELECT * FROM rollback WHERE id = ANY($1)', [ids]);
  return new Map(rows.map((row) => [row.id, rollbackOf(row)]));
}

/** The rollbacks of services with the plan each was made from, newest first; of each service the newest 200. */
export async function rollbacksOf(
  database: Queryable,
  serviceArns: readonly string[],
): Promise<readonly { rollback: Rollback; plan: PlanBody }[]> {
  const rows = await database.query<RollbackRow & { body: string }>(
    `SELECT r.*, p.body FROM unnest($1::text[]) wanted
       CROSS JOIN LATERAL (SELECT * FROM rollback WHERE service_arn = wanted ORDER BY created_at DESC LIMIT 200) r
       JOIN plan p ON p.id = r.plan_id ORDER BY r.created_at DESC`,
    [serviceArns],
  );
  return rows.map((row) => ({ rollback: rollbackOf(row), plan: JSON.parse(row.body) as PlanBody }));
}
