import 'server-only';
import type { Principal } from '@/lib/domain/permissions';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Log } from '@/lib/log';
import { fail, ok, type Result } from '@/lib/result';
import type { Database, Queryable, Transaction } from './database';
import { type Holding, placeHold } from './holds';
import { newId } from './new-id';
import { append, type Entry, entriesOfGroup, type RecordEntry } from './record';
import {
  appendStored,
  isSignedIn,
  type Press,
  type Rollback,
  type RollbackRow,
  rollbackOf,
  type Stored,
  store,
  who,
} from './rollbacks';

/** A service that was chosen and not started, and why. */
export type LeftOut = {
  readonly cluster: string;
  readonly service: string;
  readonly why: 'stale' | 'busy' | 'unreadable';
  /** In the words the person reads. */
  readonly words: string;
};

/** Rollbacks confirmed by one press. Times are milliseconds since 1970, by the database's clock. */
export type GroupRollback = {
  readonly id: string;
  readonly target: string;
  /** `repository:tag` left, and the tag returned to. */
  readonly image: string;
  readonly to: string;
  /** Rollback that goes before the rest; `null` where all start at once. */
  readonly firstId: string | null;
  readonly undoes: string | null;
  readonly leftOut: readonly LeftOut[];
  readonly by: { readonly name: string; readonly email: string | null };
  readonly why: string | null;
  readonly details: string | null;
  readonly createdAt: number;
};

/** What one press of a group stores. */
export type GroupPress = {
  readonly target: string;
  readonly image: string;
  readonly to: string;
  readonly undoes: string | null;
  readonly principal: Principal;
  readonly why: string | null;
  readonly details: string | null;
  /** In the order in which they start. */
  readonly presses: readonly Press[];
  /** Whether the first of them goes before the rest. */
  readonly firstAlone: boolean;
  readonly leftOut: readonly LeftOut[];
  /** Deployments of every service that runs the repository are held from the press on. */
  readonly hold: { readonly hours: number; readonly repository: string } | null;
};

/** A group that was stored with its rollbacks, in the order in which they start. */
export type StoredGroup = {
  readonly group: GroupRollback;
  readonly rollbacks: readonly { readonly rollback: Rollback; readonly press: Press }[];
};

/** Why a confirmed group started nothing. */
export type GroupNotConfirmed = 'session-over' | 'nothing-started';

type GroupRow = {
  id: string;
  target: string;
  image: string;
  to_tag: string;
  first_id: string | null;
  undoes: string | null;
  left_out: string;
  by_name: string;
  by_email: string | null;
  why: string | null;
  details: string | null;
  created_at: Date;
};

const groupOf = (row: GroupRow): GroupRollback => ({
  id: row.id,
  target: row.target,
  image: row.image,
  to: row.to_tag,
  firstId: row.first_id,
  undoes: row.undoes,
  leftOut: JSON.parse(row.left_out) as readonly LeftOut[],
  by: { name: row.by_name, email: row.by_email },
  why: row.why,
  details: row.details,
  createdAt: row.created_at.getTime(),
});

/** Nothing of the transaction stays where none of its services could be started. */
class NothingStarted extends Error {}

/**
 * Stores a confirmed group: its row, a rollback for every service that no other rollback has, and their entries in the
 * record, all or nothing. A service that is busy meanwhile is left out and named.
 *
 * @param busyWords - What is said of a service that another rollback has.
 */
export async function confirmGroup(
  database: Database,
  log: Log,
  press: GroupPress,
  busyWords: (service: string) => string,
): Promise<Result<StoredGroup, GroupNotConfirmed>> {
  try {
    return await database.transaction(async (tx) => {
      if (!(await isSignedIn(tx, press.principal))) return fail('session-over');
      const groupId = newId('gr');
      const stored = await storeAll(tx, press.presses, groupId);
      const busy = press.presses.filter((one) => !stored.some((going) => going.press === one)).map(busyOne);
      const firstWaits = press.firstAlone && stored[0]?.press !== press.presses[0];
      if (stored.length === 0 || firstWaits) throw new NothingStarted();
      const leftOut = [...press.leftOut, ...busy];
      const firstId = press.firstAlone ? (stored[0]?.row.id ?? null) : null;
      const group = await insertGroup(tx, groupId, { ...press, leftOut }, firstId);
      await append(tx, log, entryOf(group, stored, press));
      const first = stored.find(({ row }) => row.id === firstId)?.row.service ?? null;
      for (const one of stored) await appendStored(tx, log, one, one.row.id === firstId ? null : first);
      if (press.hold !== null) await placeHold(tx, log, holdingOf(group, press, press.hold));
      return ok({ group, rollbacks: stored.map(({ row, press: one }) => ({ rollback: rollbackOf(row), press: one })) });
    });
  } catch (error) {
    if (error instanceof NothingStarted) return fail('nothing-started');
    throw error;
  }

  function busyOne({ plan }: Press): LeftOut {
    const { cluster, service } = plan.body;
    return { cluster, service, why: 'busy', words: busyWords(service) };
  }
}

async function insertGroup(
  tx: Queryable,
  id: string,
  { target, image, to, undoes, principal, why, details, leftOut }: GroupPress,
  firstId: string | null,
): Promise<GroupRollback> {
  const { issuer, subject, name, email } = principal;
  const [row] = await tx.query<GroupRow>(
    `INSERT INTO group_rollback (id, target, image, to_tag, first_id, undoes, left_out, by_issuer, by_subject, by_name,
       by_email, why, details) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING *`,
    [id, target, image, to, firstId, undoes, JSON.stringify(leftOut), issuer, subject, name, email, why, details],
  );
  if (row === undefined) throw new Error('the group was not stored');
  return groupOf(row);
}

/**
 * Stores the rollbacks, and leaves out those of services that another rollback has. Every group takes services in the same
 * order, so that of two that overlap one waits for the other; they are given back in the order in which they start.
 */
async function storeAll(tx: Transaction, presses: readonly Press[], groupId: string): Promise<readonly Stored[]> {
  const arnOf = ({ plan }: Press): string => plan.body.serviceArn;
  const stored: Stored[] = [];
  for (const press of [...presses].sort((a, b) => (arnOf(a) < arnOf(b) ? -1 : 1))) {
    const one = await store(tx, press, groupId);
    if (one !== null) stored.push(one);
  }
  return presses.flatMap((press) => stored.find((one) => one.press === press) ?? []);
}

const entryOf = (group: GroupRollback, stored: readonly Stored[], { principal }: GroupPress): Entry => ({
  kind: 'group-confirmed',
  group: group.id,
  target: group.target,
  who: who(principal),
  image: group.image,
  to: group.to,
  first: group.firstId,
  undoes: group.undoes,
  rollbacks: stored.map(({ row }) => row.id),
  leftOut: group.leftOut.map(({ cluster, service, why }) => ({ cluster, service, why })),
  why: group.why,
  details: group.details,
});

const holdingOf = (
  { id: groupId, target, why, details }: GroupRollback,
  { principal }: GroupPress,
  { hours, repository }: NonNullable<GroupPress['hold']>,
): Holding => ({
  target,
  scope: { kind: 'repository', repository },
  repository,
  hours,
  reason: why ?? details ?? `Group rollback ${groupId}`,
  by: principal,
  rollbackId: null,
  groupId,
});

/** One group, `null` where there is none. */
export async function getGroupRow(database: Queryable, id: string): Promise<GroupRollback | null> {
  const [row] = await database.query<GroupRow>('SELECT * FROM group_rollback WHERE id = $1', [id]);
  return row === undefined ? null : groupOf(row);
}

/** The group a plan was pressed with, `null` where it was not pressed yet, or by itself. */
export async function groupMadeFrom(database: Queryable, planIds: readonly string[]): Promise<string | null> {
  const [row] = await database.query<{ group_id: string }>(
    'SELECT group_id FROM rollback WHERE plan_id = ANY($1) AND group_id IS NOT NULL LIMIT 1',
    [planIds],
  );
  return row?.group_id ?? null;
}

/** Rollbacks of a group with the plan each was made from. */
export async function rollbacksIn(
  database: Queryable,
  groupId: string,
): Promise<readonly { readonly rollback: Rollback; readonly plan: PlanBody }[]> {
  const rows = await database.query<RollbackRow & { body: string }>(
    'SELECT r.*, p.body FROM rollback r JOIN plan p ON p.id = r.plan_id WHERE r.group_id = $1 ORDER BY r.service, r.cluster',
    [groupId],
  );
  return rows.map((row) => ({ rollback: rollbackOf(row), plan: JSON.parse(row.body) as PlanBody }));
}

/** Entries of every rollback of a group, oldest first, by rollback. */
export async function entriesIn(
  database: Queryable,
  groupId: string,
): Promise<ReadonlyMap<string, readonly RecordEntry[]>> {
  const entries = await entriesOfGroup(database, groupId);
  const byRollback = new Map<string, RecordEntry[]>();
  for (const entry of entries) {
    const id = entry.rollbackId ?? '';
    byRollback.set(id, [...(byRollback.get(id) ?? []), entry]);
  }
  return byRollback;
}
