import 'server-only';
import type { Environment } from '@/lib/config/environment';
import type { Log } from '@/lib/log';
import { type Database, migrate, openDatabase, requireDurable, roleOf, UnfitDatabase } from './database';

type Urls = Pick<Environment, 'databaseUrl' | 'migrationDatabaseUrl'>;

/** What preparing needs beside the addresses. */
export type Preparing = {
  readonly database: Database;
  /** Folder of the numbered SQL files. */
  readonly migrations: string;
  readonly log: Log;
  /** How long a database that does not answer yet is waited for, in milliseconds. */
  readonly waitMs?: number;
};

const WAIT_MS = 60_000;
const TRY_MS = 500;

/** Nothing listens there yet, its name is not known yet, or it is still starting. */
const NOT_YET: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  '57P03',
]);

/**
 * Looks at the server's settings and brings the schema up to date; what is wrong in one line, or `null`. A database that
 * is started at the same time may come after this process.
 */
export async function prepareDatabase(urls: Urls, preparing: Preparing): Promise<string | null> {
  const { log, waitMs = WAIT_MS } = preparing;
  const until = performance.now() + waitMs;
  for (;;) {
    const failure = await prepareOnce(urls, preparing);
    if (failure === null) return null;
    if (!NOT_YET.has(failure.code) || performance.now() > until) return failure.words;
    log('start.waiting', { for: 'database', why: failure.code });
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
}

type Unprepared = { readonly code: string | undefined; readonly words: string };

async function prepareOnce(urls: Urls, { database, migrations }: Preparing): Promise<Unprepared | null> {
  const migrating = openDatabase(urls.migrationDatabaseUrl, () => undefined);
  let variable = 'DATABASE_URL';
  try {
    await requireDurable(database);
    if (urls.migrationDatabaseUrl !== urls.databaseUrl) variable = 'MIGRATION_DATABASE_URL';
    await migrate(migrating, migrations, roleOf(urls.databaseUrl));
    return null;
  } catch (error) {
    const { code } = error as { code?: string };
    return { code, words: `${variable}: ${wordsOf(error)}` };
  } finally {
    await migrating.close();
  }
}

const WORDS: Readonly<Record<string, string>> = {
  '28P01': 'the server refuses the role or its password; correct them',
  '28000': 'the server refuses the role; let it in, or name another',
  '3D000': 'there is no database of that name; create it, or name another',
  '42501': 'the role may not create tables; make it the owner of the database',
};

function wordsOf(error: unknown): string {
  if (error instanceof UnfitDatabase) return error.message;
  const { code, message } = error as { code?: string; message?: string };
  return (code && WORDS[code]) || `the database cannot be used (${code ?? message ?? 'no reason given'})`;
}
