import type { RecordRow } from '@/lib/queries/list-rollbacks';

/** A record row as it stands in a file; times are ISO 8601 in UTC. */
const asFields = (row: RecordRow) => ({
  entry: row.seq,
  at: new Date(row.at).toISOString(),
  by: row.by,
  email: row.email,
  target: row.target,
  cluster: row.cluster,
  service: row.service,
  from: row.from,
  to: row.to,
  state: row.state,
  outcome: row.outcome.word,
  endedAt: row.endedAt === null ? null : new Date(row.endedAt).toISOString(),
  reason: row.reason,
  details: row.details,
  rollback: row.rollbackId,
  group: row.groupId,
  overwritten: row.overwritten,
});

/** The record as JSON. */
export const recordAsJson = (rows: readonly RecordRow[]): string => `${JSON.stringify(rows.map(asFields), null, 2)}\n`;

const HEAD = [
  'entry',
  'at',
  'by',
  'email',
  'target',
  'cluster',
  'service',
  'from',
  'to',
  'state',
  'outcome',
  'endedAt',
  'reason',
  'details',
  'rollback',
  'group',
  'overwritten',
] as const satisfies readonly (keyof ReturnType<typeof asFields>)[];

/**
 * The record as CSV. What people typed cannot become a formula of the program that opens it: a cell that begins like one
 * gets a leading quote.
 *
 * @see {@link https://owasp.org/www-community/attacks/CSV_Injection} and RFC 4180.
 */
export function recordAsCsv(rows: readonly RecordRow[]): string {
  const lines = rows.map((row) => {
    const fields = asFields(row);
    return HEAD.map((name) => cell(fields[name])).join(',');
  });
  return [HEAD.join(','), ...lines, ''].join('\r\n');
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
