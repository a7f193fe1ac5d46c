import 'server-only';
import type { Asked } from '@/lib/domain/hold';
import type { Queryable } from './database';

/** Questions one token has asked within its minute, this one counted, and when that minute ends. */
export async function countQuestion(
  database: Queryable,
  { target, pipeline }: { readonly target: string; readonly pipeline: string },
): Promise<{ readonly asked: number; readonly againInSeconds: number }> {
  const [row] = await database.query<{ asked: number; left: number }>(
    `INSERT INTO hold_caller AS c (target, pipeline, since, asked) VALUES ($1, $2, clock_timestamp(), 1)
     ON CONFLICT (target, pipeline) DO UPDATE SET
       since = CASE WHEN c.since < clock_timestamp() - interval '1 minute' THEN clock_timestamp() ELSE c.since END,
       asked = CASE WHEN c.since < clock_timestamp() - interval '1 minute' THEN 1 ELSE c.asked + 1 END
     RETURNING asked, ceil(extract(epoch FROM since + interval '1 minute' - clock_timestamp()))::int AS left`,
    [target, pipeline],
  );
  return { asked: row?.asked ?? 1, againInSeconds: Math.max(1, row?.left ?? 60) };
}

/** What a pipeline asks about, as it is kept: a service with its cluster, or a repository. */
export const aboutService = (cluster: string, service: string): string => `${cluster}/${service}`;
export const aboutRepository = (repository: string): string => `image:${repository}`;

/** Keeps that a pipeline asked. */
export async function keepQuestion(
  database: Queryable,
  question: { readonly target: string; readonly about: string; readonly pipeline: string },
): Promise<void> {
  await database.query(
    `INSERT INTO hold_question (target, about, pipeline, asked_at) VALUES ($1, $2, $3, clock_timestamp())
     ON CONFLICT (target, about, pipeline) DO UPDATE SET asked_at = excluded.asked_at`,
    [question.target, question.about, question.pipeline],
  );
}

/** Who asked last about any of these; `null` where nobody did. */
export async function lastAsked(database: Queryable, target: string, about: readonly string[]): Promise<Asked | null> {
  const [row] = await database.query<{ pipeline: string; asked_at: Date }>(
    'SELECT pipeline, asked_at FROM hold_question WHERE target = $1 AND about = ANY($2) ORDER BY asked_at DESC LIMIT 1',
    [target, about],
  );
  return row === undefined ? null : { pipeline: row.pipeline, at: row.asked_at.getTime() };
}

/** Forgets who asked longer ago than anybody minds. Returns how many. */
export async function pruneQuestions(database: Queryable): Promise<number> {
  const gone = await database.query(
    "DELETE FROM hold_question WHERE asked_at < clock_timestamp() - interval '90 days' RETURNING 1",
  );
  return gone.length;
}
