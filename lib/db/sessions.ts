import 'server-only';
import { type Keys, sha256 } from '@/lib/digest';
import type { Log } from '@/lib/log';
import type { Database } from './database';
import { append } from './record';

/** Somebody's sign-in, as its row has it. Times are milliseconds since 1970, by the database's clock. */
export type Session = {
  /** SHA-256 of the random id in the cookie, in hex; the random id itself is stored nowhere. */
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  /** When the groups were last read from the provider. */
  readonly groupsAt: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Fixed at sign-in, never moved. */
  readonly expiresAt: number;
  /** Whether a process is reading the groups anew at this moment. */
  readonly renewing: boolean;
};

/** What a sign-in says. `tokens` is text of the provider's tokens; it is stored encrypted, bound to this session. */
export type SignIn = Pick<Session, 'issuer' | 'subject' | 'name' | 'email' | 'groups'> & {
  readonly tokens: string | null;
};

/** Why a session counts no more: over its age, not used for too long, revoked by an administrator, or signed out. */
export type SessionEnd = 'age' | 'idle' | 'revoked' | 'ended';

/** The sign-ins of everybody, in every process. */
export type Sessions = {
  /**
   * Stores a sign-in under the random id of at least 256 bits that the cookie carries.
   *
   * @param sid - The random id; a new one for every sign-in.
   */
  insert(sid: string, signIn: SignIn): Promise<Session>;
  /**
   * The session of a cookie's random id; `null` where it counts no more, or never did.
   *
   * Finding it is using it, except for what a page asks by itself.
   */
  find(sid: string, by: 'person' | 'polling'): Promise<Session | null>;
  /** A session by its own id, without using it; `null` where it counts no more. */
  peek(id: string): Promise<Session | null>;
  /** Why a session counts no more; `null` where it still does, or is not known. */
  whyOver(id: string): Promise<SessionEnd | null>;
  /** Ends a session and gives back its tokens, for signing out at the provider; `null` where it was over already. */
  end(id: string): Promise<{ readonly tokens: string | null } | null>;
  /** Ends every session of a subject, or of everybody, at once and everywhere. Returns how many. */
  revoke(whose: { readonly subject: string } | 'everybody'): Promise<number>;
  /**
   * Claims the renewal of a session's groups, so that a refresh token is used once; `null` where another process holds
   * the claim, has renewed since the groups of `seenAt` were read, or the session is over. A claim lapses after `claimMs`.
   */
  claimRenewal(id: string, claimMs: number, seenAt?: number): Promise<{ readonly tokens: string | null } | null>;
  /**
   * Ends a claim: with the groups and tokens read just now, or with `null` where the provider gave none and everything
   * stays. Returns the session as it stands; `null` where it is over.
   */
  finishRenewal(
    id: string,
    read: { readonly groups: readonly string[]; readonly tokens: string | null } | null,
  ): Promise<Session | null>;
  /** Deletes sessions that were over a day ago. Returns how many. */
  prune(): Promise<number>;
};

/** How long a session may last and lie idle, in seconds. */
export type SessionLimits = { readonly maxSeconds: number; readonly idleSeconds: number };

type Row = {
  id: Buffer;
  issuer: string;
  subject: string;
  name: string;
  email: string | null;
  groups: string[];
  groups_at: Date;
  tokens: Buffer | null;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
  renewing: boolean;
};

/** Every column, and whether a renewal is under way on the database's clock. */
const COLUMNS = '*, coalesce(renewing_until > clock_timestamp(), false) AS renewing';

/** Shape of a session's own id. */
const ID = /^[0-9a-f]{64}$/;

/** Last use is written once a minute; more often only where the idle limit is set so low that it would show. */
const TOUCH_SECONDS = 60;

const LIVE = `ended_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()`;

/** The sessions of a database. */
export function sessionsIn(
  database: Database,
  world: { readonly keys: Keys; readonly log: Log; readonly limits: SessionLimits },
): Sessions {
  const { keys, log, limits } = world;
  const usedLately = `last_used_at > clock_timestamp() - interval '${limits.idleSeconds} seconds'`;
  const live = `${LIVE} AND ${usedLately}`;
  const touchSeconds = Math.min(TOUCH_SECONDS, limits.idleSeconds / 4);
  const sealed = (tokens: string | null, id: string): Buffer | null =>
    tokens === null ? null : keys.encrypt(tokens, id);
  const opened = (tokens: Buffer | null, id: string): string | null =>
    tokens === null ? null : keys.decrypt(tokens, id);

  return {
    insert: (sid, signIn) =>
      database.transaction(async (tx) => {
        const id = sha256(sid);
        const [row] = await tx.query<Row>(
          `INSERT INTO session (id, issuer, subject, name, email, groups, tokens, expires_at)
           VALUES (decode($1, 'hex'), $2, $3, $4, $5, $6, $7, clock_timestamp() + interval '${limits.maxSeconds} seconds')
           RETURNING ${COLUMNS}`,
          [id, signIn.issuer, signIn.subject, signIn.name, signIn.email, signIn.groups, sealed(signIn.tokens, id)],
        );
        if (row === undefined) throw new Error('the session was not stored');
        const session = sessionOf(row);
        await append(tx, log, { kind: 'signed-in', who: who(session), session: brief(id), groups: session.groups });
        return session;
      }),

    async find(sid, by) {
      const [row] = await database.query<Row & { touched_at: Date | null }>(
        `WITH touched AS (UPDATE session SET last_used_at = clock_timestamp()
                WHERE $2 AND id = decode($1, 'hex') AND ${live}
                  AND last_used_at < clock_timestamp() - interval '${touchSeconds} seconds'
               RETURNING last_used_at)
         SELECT ${COLUMNS}, (SELECT last_used_at FROM touched) AS touched_at
           FROM session WHERE id = decode($1, 'hex') AND ${live}`,
        [sha256(sid), by === 'person'],
      );
      // A row is read as it was before its own statement changed it.
      return row === undefined ? null : sessionOf({ ...row, last_used_at: row.touched_at ?? row.last_used_at });
    },

    async peek(id) {
      if (!ID.test(id)) return null;
      const [row] = await database.query<Row>(
        `SELECT ${COLUMNS} FROM session WHERE id = decode($1, 'hex') AND ${live}`,
        [id],
      );
      return row === undefined ? null : sessionOf(row);
    },

    async whyOver(id) {
      if (!ID.test(id)) return null;
      const [row] = await database.query<{ why: SessionEnd | null }>(
        `SELECT CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN ended_at IS NOT NULL THEN 'ended'
                     WHEN expires_at <= clock_timestamp() THEN 'age' WHEN NOT (${usedLately}) THEN 'idle' END AS why
           FROM session WHERE id = decode($1, 'hex')`,
        [id],
      );
      return row?.why ?? null;
    },

    end: (id) =>
      database.transaction(async (tx) => {
        if (!ID.test(id)) return null;
        // The tokens are needed once more, and then by nobody.
        const [row] = await tx.query<Row>(
          `WITH ending AS (SELECT ${COLUMNS} FROM session WHERE id = decode($1, 'hex') AND ${LIVE} FOR UPDATE),
                ended AS (UPDATE session SET ended_at = clock_timestamp(), tokens = NULL WHERE id = (SELECT id FROM ending))
           SELECT * FROM ending`,
          [id],
        );
        if (row === undefined) return null;
        await append(tx, log, { kind: 'signed-out', who: who(sessionOf(row)), session: brief(id) });
        return { tokens: opened(row.tokens, id) };
      }),

    revoke: (whose) => revoke(database, log, whose),

    async claimRenewal(id, claimMs, seenAt = Number.POSITIVE_INFINITY) {
      if (!ID.test(id)) return null;
      // The two milliseconds are for the microseconds that a time loses on its way to us.
      const [row] = await database.query<Pick<Row, 'tokens'>>(
        `UPDATE session SET renewing_until = clock_timestamp() + make_interval(secs => $2)
          WHERE id = decode($1, 'hex') AND ${live} AND (renewing_until IS NULL OR renewing_until < clock_timestamp())
            AND groups_at < to_timestamp($3::float8) + interval '2 milliseconds'
         RETURNING tokens`,
        [id, claimMs / 1000, seenAt / 1000],
      );
      return row === undefined ? null : { tokens: opened(row.tokens, id) };
    },

    finishRenewal: (id, read) =>
      database.transaction(async (tx) => {
        if (!ID.test(id)) return null;
        const [before] = await tx.query<Row>(
          `SELECT ${COLUMNS} FROM session WHERE id = decode($1, 'hex') AND ${LIVE} FOR NO KEY UPDATE`,
          [id],
        );
        if (before === undefined) return null;
        const [row = before] = await tx.query<Row>(
          `UPDATE session SET renewing_until = NULL,
                  groups = CASE WHEN $2 THEN $3::text[] ELSE groups END,
                  groups_at = CASE WHEN $2 THEN clock_timestamp() ELSE groups_at END,
                  tokens = CASE WHEN $2 THEN $4::bytea ELSE tokens END
            WHERE id = decode($1, 'hex') RETURNING ${COLUMNS}`,
          [id, read !== null, read?.groups ?? null, sealed(read?.tokens ?? null, id)],
        );
        const after = sessionOf(row);
        if (!sameGroups(before.groups, after.groups)) {
          await append(tx, log, {
            kind: 'groups-changed',
            who: who(after),
            session: brief(id),
            before: before.groups,
            after: after.groups,
          });
        }
        return after;
      }),

    async prune() {
      const gone = await database.query(
        "DELETE FROM session WHERE expires_at < clock_timestamp() - interval '1 day' RETURNING 1",
      );
      return gone.length;
    },
  };
}

/**
 * Ends every session of a subject, or of everybody, in every process: each request asks the row. Returns how many.
 *
 * Stands alone too, for the command that has no keys.
 */
export async function revoke(
  database: Database,
  log: Log,
  whose: { readonly subject: string } | 'everybody',
): Promise<number> {
  const subject = whose === 'everybody' ? null : whose.subject;
  return database.transaction(async (tx) => {
    const rows = await tx.query(
      `UPDATE session SET revoked_at = clock_timestamp(), tokens = NULL
        WHERE ended_at IS NULL AND revoked_at IS NULL AND ($1::text IS NULL OR subject = $1) RETURNING 1`,
      [subject],
    );
    await append(tx, log, { kind: 'sessions-revoked', subject, sessions: rows.length });
    return rows.length;
  });
}

const sessionOf = (row: Row): Session => ({
  id: row.id.toString('hex'),
  issuer: row.issuer,
  subject: row.subject,
  name: row.name,
  email: row.email,
  groups: row.groups,
  groupsAt: row.groups_at.getTime(),
  createdAt: row.created_at.getTime(),
  lastUsedAt: row.last_used_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  renewing: row.renewing,
});

const who = ({ issuer, subject, name, email }: Session) => ({ issuer, subject, name, email });

/** Enough of a session's id to tell two apart in the record. */
const brief = (id: string): string => id.slice(0, 12);

const sameGroups = (before: readonly string[], after: readonly string[]): boolean =>
  before.length === after.length && new Set([...before, ...after]).size === new Set(before).size;
