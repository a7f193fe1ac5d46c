import 'server-only';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import type { ServiceDeployment } from '@/lib/domain/service';
import type { Queryable } from './database';

/** What is read of AWS once and holds for ever, kept so that a restart does not read it again. No values stand in it. */
export type ReadOnce = {
  /** Summaries by ARN, of those that are kept. */
  summaries(arns: readonly string[]): Promise<ReadonlyMap<string, RevisionSummary>>;
  keepSummaries(summaries: readonly RevisionSummary[]): Promise<void>;
  /**
   * Kept summaries of one family whose images or number hold a text, newest first.
   *
   * @param family - ARN of any of its revisions without the number: it ends in `:`.
   */
  findSummaries(family: string, text: string, limit: number): Promise<readonly RevisionSummary[]>;
  /** Finished service deployments by ARN, of those that are kept. */
  deployments(arns: readonly string[]): Promise<ReadonlyMap<string, ServiceDeployment>>;
  keepDeployments(deployments: readonly ServiceDeployment[]): Promise<void>;
};

/** What is kept so, in a database. Every method throws while it does not answer. */
export function readOnceIn(database: Queryable): ReadOnce {
  return {
    async summaries(arns) {
      const rows = await database.query<{ arn: string; summary: RevisionSummary }>(
        'SELECT arn, summary FROM revision WHERE arn = ANY($1)',
        [arns],
      );
      return new Map(rows.map(({ arn, summary }) => [arn, summary]));
    },
    async keepSummaries(summaries) {
      await keep(database, { table: 'revision', column: 'summary' }, summaries);
    },
    async findSummaries(family, text, limit) {
      const rows = await database.query<{ summary: RevisionSummary }>(
        `SELECT summary FROM revision
          WHERE arn LIKE $1 AND (summary->>'number' = $2
             OR EXISTS (SELECT 1 FROM jsonb_array_elements(summary->'shown'->'containerDefinitions') container
                         WHERE strpos(lower(container->>'image'), $2) > 0))
          ORDER BY (summary->>'number')::bigint DESC LIMIT $3`,
        [`${family.replace(/[\\%_]/g, '\\$&')}%`, text.trim().toLowerCase(), limit],
      );
      return rows.map(({ summary }) => summary);
    },
    async deployments(arns) {
      const rows = await database.query<{ deployment: StoredDeployment }>(
        'SELECT deployment FROM finished_deployment WHERE arn = ANY($1)',
        [arns],
      );
      return new Map(rows.map(({ deployment }) => [deployment.arn, restored(deployment)]));
    },
    async keepDeployments(deployments) {
      const stored = deployments.map((one) => ({ ...one, digests: Object.fromEntries(one.digests) }));
      await keep(database, { table: 'finished_deployment', column: 'deployment' }, stored);
    },
  };
}

/** A deployment as JSON has it. */
type StoredDeployment = Omit<ServiceDeployment, 'digests' | 'returnedBy' | 'returnsToArn'> & {
  readonly digests: Readonly<Record<string, string>>;
  /** These are not there in what former releases kept. */
  readonly returnedBy?: ServiceDeployment['returnedBy'];
  readonly returnsToArn?: ServiceDeployment['returnsToArn'];
};

const restored = (stored: StoredDeployment): ServiceDeployment => ({
  ...stored,
  digests: new Map(Object.entries(stored.digests)),
  returnedBy: stored.returnedBy ?? null,
  returnsToArn: stored.returnsToArn ?? null,
});

type Place =
  | { readonly table: 'revision'; readonly column: 'summary' }
  | { readonly table: 'finished_deployment'; readonly column: 'deployment' };

/** Several processes may keep the same; in the order of ARNs none of them waits for another in a circle. */
async function keep(
  database: Queryable,
  { table, column }: Place,
  things: readonly { readonly arn: string }[],
): Promise<void> {
  const sorted = [...new Map(things.map((thing) => [thing.arn, thing])).values()].sort((a, b) =>
    a.arn < b.arn ? -1 : 1,
  );
  if (sorted.length === 0) return;
  await database.query(
    `INSERT INTO ${table} (arn, ${column}, seen_at)
       SELECT thing->>'arn', thing, clock_timestamp() FROM jsonb_array_elements($1::jsonb) thing
     ON CONFLICT (arn) DO UPDATE SET ${column} = excluded.${column}, seen_at = excluded.seen_at`,
    [JSON.stringify(sorted)],
  );
}

/** Rows one statement deletes, so that none runs into the limit on statements. */
const BATCH = 5_000;

/** Deletes what was read more than 200 days ago: what is still asked for is then read once more. Returns how many. */
export async function pruneReadOnce(database: Queryable): Promise<number> {
  const deleted = await Promise.all(
    (['revision', 'finished_deployment'] as const).map((table) =>
      database.query(
        `DELETE FROM ${table} WHERE arn IN (
           SELECT arn FROM ${table} WHERE seen_at < clock_timestamp() - interval '200 days' LIMIT ${BATCH}) RETURNING 1`,
      ),
    ),
  );
  return deleted.reduce((sum, rows) => sum + rows.length, 0);
}
