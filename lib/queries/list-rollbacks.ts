import 'server-only';
import type { Application } from '@/lib/application';
import { overwrittenOf } from '@/lib/db/overwrites';
import { listPresses, type RecordEntry, type RecordFilter } from '@/lib/db/record';
import { type Rollback, rollbacksById } from '@/lib/db/rollbacks';
import { refusalWords } from '@/lib/domain/failure';
import { may, type Principal } from '@/lib/domain/permissions';
import { RECORD_OUTCOMES } from '@/lib/domain/record-outcomes';
import { isEnd, type State } from '@/lib/domain/rollback';
import { formatDuration } from '@/lib/domain/time-words';
import { rollbackWord, type StateWord } from '@/lib/domain/wording';
import { sentenceOn } from './overwritten';

/** One line of the record: a rollback, or a press that was refused. Times are milliseconds since 1970. */
export type RecordRow = {
  readonly seq: number;
  readonly at: number;
  readonly by: string;
  readonly email: string | null;
  readonly target: string;
  readonly cluster: string;
  readonly service: string;
  readonly from: string;
  readonly to: string;
  /** Rollback to open; `null` for a refusal. */
  readonly rollbackId: string | null;
  /** Group it was confirmed with. */
  readonly groupId: string | null;
  readonly state: State | 'refused';
  readonly outcome: StateWord;
  readonly endedAt: number | null;
  readonly reason: string | null;
  readonly details: string | null;
  /** What a deployment did to it afterwards. */
  readonly overwritten: string | null;
};

/** What the record's address asks for; `from` and `to` are days in UTC, `2026-11-23`, both counted in. */
export type RecordQuery = Readonly<
  Partial<Record<'service' | 'target' | 'who' | 'outcome' | 'from' | 'to' | 'before', string>>
>;

/** A page of the record. */
export type RecordPage = {
  /** `null` while the record cannot be read. */
  readonly rows: readonly RecordRow[] | null;
  readonly targets: readonly string[];
  /** Value of `before` for the next 50; `null` at the end. */
  readonly older: string | null;
  readonly now: number;
};

const ROWS = 50;

/** Rollbacks and refused presses in targets this person may look at, newest first. */
export async function listRollbacks(
  principal: Principal,
  query: RecordQuery,
  application: Application,
): Promise<RecordPage> {
  const targets = viewable(principal, application);
  const rows = await read(principal, { ...filterFrom(query, targets), limit: ROWS + 1 }, application);
  return {
    rows: rows?.slice(0, ROWS) ?? null,
    targets,
    older: rows !== null && rows.length > ROWS ? String(rows[ROWS - 1]?.seq ?? '') : null,
    now: application.now(),
  };
}

const DOWNLOADED = 10_000;

/** The same without pages, for a file: at most the newest 10,000. `null` while the record cannot be read. */
export async function listAllRollbacks(
  principal: Principal,
  query: RecordQuery,
  application: Application,
): Promise<readonly RecordRow[] | null> {
  const filter = filterFrom({ ...query, before: undefined }, viewable(principal, application));
  return read(principal, { ...filter, limit: DOWNLOADED }, application);
}

const viewable = (principal: Principal, { configuration }: Application): readonly string[] =>
  configuration.targets.map(({ name }) => name).filter((name) => may(principal, 'look', name));

const DAY_MS = 86_400_000;

/** What is asked of the record; what an address holds besides counts for nothing. */
export function filterFrom(query: RecordQuery, targets: readonly string[]): Omit<RecordFilter, 'limit'> {
  const { target, service, who, outcome, from, to, before } = query;
  const until = dayOf(to);
  return {
    targets: target ? targets.filter((name) => name === target) : targets,
    service: service?.trim() || null,
    who: who?.trim() || null,
    outcome: RECORD_OUTCOMES.find((known) => known === outcome) ?? null,
    since: dayOf(from),
    until: until === null ? null : until + DAY_MS,
    before: /^\d{1,15}$/.test(before ?? '') ? Number(before) : null,
  };
}

function dayOf(text: string | undefined): number | null {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

async function read(
  principal: Principal,
  filter: RecordFilter,
  application: Application,
): Promise<readonly RecordRow[] | null> {
  try {
    return await newest(principal, filter, application);
  } catch (error) {
    application.log('database.failed', { doing: 'list rollbacks', error });
    return null;
  }
}

/** The newest rows that match, as many as asked for. Services with groups of their own are left out for other people. */
async function newest(
  principal: Principal,
  filter: RecordFilter,
  { database, now }: Pick<Application, 'database' | 'now'>,
): Promise<readonly RecordRow[]> {
  const rows: RecordRow[] = [];
  let before = filter.before;
  for (;;) {
    const entries = await listPresses(database, { ...filter, before });
    const ids = entries.flatMap(({ rollbackId }) => rollbackId ?? []);
    const [rollbacks, overwritten] = await Promise.all([rollbacksById(database, ids), overwrittenOf(database, ids)]);
    const found = entries.map((entry) => ({
      ...rowOf(entry, rollbacks.get(entry.rollbackId ?? '') ?? null),
      overwritten: sentenceOn(overwritten.get(entry.rollbackId ?? ''), now()),
    }));
    rows.push(...found.filter((row) => may(principal, 'look', row.target, row)));
    before = entries.at(-1)?.seq ?? null;
    if (entries.length < filter.limit || rows.length >= filter.limit) return rows.slice(0, filter.limit);
  }
}

type Payload = Readonly<{
  who?: { name?: string; email?: string | null };
  cluster?: string;
  service?: string;
  from?: string;
  to?: string;
  why?: string | null;
  details?: string | null;
}>;

/** A row from an entry of the record and, for one that became a rollback, how that stands now. */
export function rowOf({ seq, at, target, rollbackId, payload }: RecordEntry, rollback: Rollback | null): RecordRow {
  const { who, cluster = '', service = '', from = '', to = '', why = null, details = null } = payload as Payload;
  const refused = rollbackId === null;
  return {
    seq,
    at,
    by: who?.name ?? 'not known',
    email: who?.email ?? null,
    target: target ?? '',
    cluster,
    service,
    from,
    to,
    rollbackId,
    groupId: rollback?.groupId ?? null,
    state: refused ? 'refused' : (rollback?.state ?? 'starting'),
    outcome: refused ? refusal(why) : outcomeOf(rollback),
    endedAt: rollback?.endedAt ?? null,
    reason: refused ? null : why,
    details: refused ? null : details,
    overwritten: null,
  };
}

const refusal = (why: string | null): StateWord => ({
  icon: '✕',
  word: `Refused: ${refusalWords(why ?? 'no reason was kept')}`,
  tone: 'muted',
});

/** A success is told by how long it took. */
function outcomeOf(rollback: Rollback | null): StateWord {
  if (rollback === null) return { icon: '?', word: 'not known', tone: 'muted' };
  const { state, reason, createdAt, endedAt } = rollback;
  const word = rollbackWord(state, reason);
  if (state !== 'succeeded' || reason !== null || !isEnd(state) || endedAt === null) return word;
  return { ...word, word: formatDuration(endedAt - createdAt) };
}
