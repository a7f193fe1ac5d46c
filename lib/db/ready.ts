import 'server-only';
import type { Database } from './database';

/**
 * Whether the database takes a write and confirms it within `waitMs` milliseconds. A standby, a full disk, a missing
 * right and a server that hangs all say no.
 */
export async function takesWrites(database: Database, waitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs);
  });
  const written = database.query('UPDATE probe SET at = clock_timestamp()').then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([written, late]);
  } finally {
    clearTimeout(timer);
  }
}
