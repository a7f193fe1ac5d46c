import 'server-only';
import { LRUCache } from 'lru-cache';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Queryable } from './database';
import { entriesOf, type RecordEntry } from './record';
import { getPlan, type Rollback, type RollbackRow, rollbackOf } from './rollbacks';

/** A rollback, the plan it was made from and its entries in the record, oldest first; all as of one moment. */
export type Story = {
  readonly rollback: Rollback;
  readonly plan: PlanBody;
  readonly entries: readonly RecordEntry[];
};

/** What is told of rollbacks. */
export type Stories = {
  /** One rollback as it stands; `null` where there is none. */
  read(id: string): Promise<Story | null>;
  /** The same for whoever asks again and again: those who ask in one moment share one look at the database. */
  poll(id: string): Promise<Story | null>;
};

/** Rollbacks whose plan and entries are kept: as many as are watched at once, and more. */
const KEPT = 100;

type Parts = Omit<Story, 'rollback'> & { readonly seq: number };

/** The stories a process tells. A plan never changes and entries are only added, so one row says whether both hold. */
export function createStories(database: Queryable): Stories {
  const kept = new LRUCache<string, Parts>({ max: KEPT });
  const underWay = new Map<string, Promise<Story | null>>();

  const read = async (id: string): Promise<Story | null> => {
    // One statement, one moment: a row older than its entries would contradict them.
    const [row] = await database.query<RollbackRow & { seq: string | null }>(
      'SELECT r.*, (SELECT max(seq) FROM record WHERE rollback_id = r.id) AS seq FROM rollback r WHERE r.id = $1',
      [id],
    );
    if (row === undefined) return null;
    const rollback = rollbackOf(row);
    const seq = Number(row.seq ?? 0);
    const known = kept.get(id);
    if (known?.seq === seq) return { rollback, plan: known.plan, entries: known.entries };
    const [plan, entries] = await Promise.all([
      known?.plan ?? getPlan(database, rollback.planId).then((stored) => stored?.body ?? null),
      entriesOf(database, id),
    ]);
    if (plan === null) return null;
    const until = entries.filter((entry) => entry.seq <= seq);
    kept.set(id, { plan, entries: until, seq });
    return { rollback, plan, entries: until };
  };

  return {
    read,
    poll: (id) => {
      const open = underWay.get(id) ?? read(id).finally(() => underWay.delete(id));
      underWay.set(id, open);
      return open;
    },
  };
}
