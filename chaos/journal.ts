import type { RecordKind } from '@/lib/db/record';
import { getPlan, type Rollback, type RollbackRow, rollbackOf } from '@/lib/db/rollbacks';
import type { PlanBody } from '@/lib/domain/plan-body';
import type { Truth } from './aws';
import type { Ground } from './ground';
import type { Written } from './wire';

/** An entry of the record, as far as promises ask. */
export type Entry = {
  readonly seq: number;
  readonly kind: RecordKind;
  readonly rollbackId: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
};

/** A row of the table, and the process that took the press, as its lease named it first. */
export type Row = Rollback & { readonly owner: string };

/** A request that changes AWS, by the rollback it was sent for. */
export type Write = Pick<Written, 'operation' | 'input'> & {
  readonly rollback: string;
  /** The revision that came of registering, once it was carried out. */
  readonly copy: string | null;
};

/** Something that happened. */
export type Happening =
  | { readonly kind: 'entries'; readonly entries: readonly Entry[] }
  /** Rows that changed, all at once. */
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  /** The service changed. */
  | { readonly kind: 'truth' }
  /** A process began to look at the service; `stale` where AWS may show it an older state. */
  | { readonly kind: 'look'; readonly owner: string; readonly stale: boolean }
  /** A request left its sender. */
  | { readonly kind: 'sent'; readonly write: Write }
  /** AWS carried a request out; the truth is that before it. */
  | { readonly kind: 'applied'; readonly write: Write }
  /** A person, the world or the tests did something. */
  | { readonly kind: 'done'; readonly what: string };

/** A happening with its time, in milliseconds since 1970, and how the service truly stood. */
export type Event = Happening & { readonly at: number; readonly truth: Truth };

/** Everything that happened, in order. */
export type Journal = {
  readonly events: readonly Event[];
  /** Plans of rollbacks, by rollback. */
  readonly plans: ReadonlyMap<string, PlanBody>;
  note(happening: Happening, truth?: Truth): void;
  /** Notes what changed in the database and in AWS since it was last asked. */
  catchUp(): Promise<void>;
  /** Rows as they stand. */
  rows(): readonly Row[];
};

/** A journal of one service. */
export function openJournal({ owner, aws }: Ground, service: string): Journal {
  const events: Event[] = [];
  const plans = new Map<string, PlanBody>();
  const known = new Map<string, { readonly text: string; readonly row: Row }>();
  let seq = 0;
  let seen = JSON.stringify(aws.truth(service));

  const note: Journal['note'] = (happening, truth = aws.truth(service)) =>
    void events.push({ ...happening, at: Date.now(), truth });

  const noteRows = async (): Promise<void> => {
    const rows = await owner.query<RollbackRow & { lease_owner: string }>('SELECT * FROM rollback ORDER BY created_at');
    const changed = rows.flatMap((row) => {
      const { lease_until: _renewed, ...lasting } = row as typeof row & { lease_until: Date };
      const text = JSON.stringify(lasting);
      const before = known.get(row.id);
      if (before?.text === text) return [];
      const one: Row = { ...rollbackOf(row), owner: before?.row.owner ?? row.lease_owner };
      known.set(row.id, { text, row: one });
      return [one];
    });
    for (const { id, planId } of changed) if (!plans.has(id)) plans.set(id, await planBody(planId));
    if (changed.length > 0) note({ kind: 'rows', rows: changed });
  };
  const planBody = async (id: string): Promise<PlanBody> => {
    const plan = await getPlan(owner, id);
    if (plan === null) throw new Error(`the plan ${id} is gone`);
    return plan.body;
  };
  const noteEntries = async (): Promise<void> => {
    const rows = await owner.query<{ seq: string; kind: RecordKind; rollback_id: string | null; payload: string }>(
      'SELECT seq, kind, rollback_id, payload FROM record WHERE seq > $1 ORDER BY seq',
      [seq],
    );
    if (rows.length === 0) return;
    const entries = rows.map(({ seq: number, kind, rollback_id, payload }) => ({
      ...{ seq: Number(number), kind, rollbackId: rollback_id },
      payload: JSON.parse(payload) as Entry['payload'],
    }));
    seq = entries.at(-1)?.seq ?? seq;
    note({ kind: 'entries', entries });
  };
  return {
    events,
    plans,
    note,
    catchUp: async () => {
      await noteEntries();
      await noteRows();
      const now = JSON.stringify(aws.truth(service));
      if (now !== seen) note({ kind: 'truth' });
      seen = now;
    },
    rows: () => [...known.values()].map(({ row }) => row),
  };
}

/** The journal in lines, for whoever looks for what went wrong. */
export const narrative = ({ events }: Journal): string => {
  const start = events[0]?.at ?? 0;
  return events
    .map((event) => `${((event.at - start) / 1000).toFixed(1).padStart(7)} s  ${sentence(event)}`)
    .join('\n');
};

function sentence(event: Event): string {
  switch (event.kind) {
    case 'entries':
      return event.entries
        .map(({ seq, kind, rollbackId, payload }) => `record ${seq}: ${kind} ${rollbackId ?? ''} ${wordsIn(payload)}`)
        .join(' · ');
    case 'rows':
      return event.rows
        .map(({ id, state, reason, copyArn }) => `row ${id}: ${state} ${reason ?? ''} ${lastOf(copyArn)}`)
        .join(' · ');
    case 'truth': {
      const { gone, taskDefinition, primaryId, rollout, steady, records } = event.truth;
      const newest = records.slice(0, 3).map(({ status }) => status);
      return gone
        ? 'AWS: gone'
        : `AWS: ${lastOf(taskDefinition)} ${primaryId} ${rollout}${steady ? ' steady' : ''} [${newest.join(', ')}]`;
    }
    case 'look':
      return `look by ${event.owner.slice(0, 4)}${event.stale ? ', perhaps stale' : ''}`;
    case 'sent':
    case 'applied':
      return `${event.kind}: ${event.write.operation} of ${event.write.rollback}`;
    case 'done':
      return event.what;
    default:
      return event satisfies never;
  }
}

const wordsIn = ({ reason, words }: Entry['payload']): string => [reason, words].filter(Boolean).join(': ');

const lastOf = (arn: string | null): string => arn?.slice(arn.lastIndexOf('/') + 1) ?? '';
