import 'server-only';
import type { Database } from './database';

/** A row of no revision: readiness is shown by writing to it. */
const ROW = 'ready';

/**
 * Whether the database takes a write and confirms it within `waitMs` milliseconds. A standby, a full disk, a missing
 * right and a server that hangs all say no.
 */
export async function takesWrites(database: Database, waitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs);
  });
  const written = database
    .query(
      `INSERT INTO revision (arn, summary, seen_at) VALUES ($1, '{}', clock_timestamp())
       ON CONFLICT (arn) DO UPDATE SET seen_at = excluded.seen_at`,
      [ROW],
    )
    .then(
      () => true,
      () => false,
    );
  try {
    return await Promise.race([written, late]);
  } finally {
    clearTimeout(timer);
  }
}
