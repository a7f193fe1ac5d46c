import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysFrom, sha256 } from '@/lib/digest';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { everydaySessions, LIMITS, newSid, signIn, silent } from './pressing';
import type { RecordKind } from './record';
import { type Sessions, sessionsIn } from './sessions';

let fresh: FreshDatabase;
let sessions: Sessions;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  sessions = everydaySessions(fresh.database);
});
afterAll(() => fresh?.drop());

const TOKENS = '{"refreshToken":"hunter2"}';
const SMITH = {
  issuer: 'https://login.example.org',
  subject: 'k.smith',
  name: 'K. Smith',
  email: 'k.smith@example.org',
  groups: ['rollback-operators'],
  tokens: TOKENS,
};

const aged = (id: string, column: string, age: string) =>
  fresh.owner.query(`UPDATE session SET ${column} = clock_timestamp() - $2::interval WHERE id = decode($1, 'hex')`, [
    id,
    age,
  ]);
const lastUsed = async (id: string): Promise<number> => {
  const [row] = await fresh.owner.query<{ ago: string }>(
    "SELECT extract(epoch FROM clock_timestamp() - last_used_at) AS ago FROM session WHERE id = decode($1, 'hex')",
    [id],
  );
  return Number(row?.ago);
};
const recorded = async (kind: RecordKind): Promise<readonly Record<string, unknown>[]> => {
  const rows = await fresh.owner.query<{ payload: string }>('SELECT payload FROM record WHERE kind = $1 ORDER BY seq', [
    kind,
  ]);
  return rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
};

describe('a session', () => {
  it('is found by the random id of its cookie, of which only the hash is stored', async () => {
    const sid = newSid();
    const session = await sessions.insert(sid, SMITH);
    expect(session).toMatchObject({
      id: sha256(sid),
      subject: 'k.smith',
      groups: ['rollback-operators'],
      renewing: false,
    });
    expect(session.expiresAt - session.createdAt).toBeCloseTo(LIMITS.maxSeconds * 1000, -2);
    expect(await sessions.find(sid, 'person')).toEqual(session);
    const dump = JSON.stringify(await fresh.owner.query('SELECT * FROM session s, record r'));
    expect(dump).not.toContain(sid);
    expect(await sessions.find(session.id, 'person')).toBeNull();
    expect((await recorded('signed-in')).at(-1)).toMatchObject({
      who: { subject: 'k.smith' },
      groups: ['rollback-operators'],
    });
  });

  it.each([
    ['that is eight hours old', (id: string) => aged(id, 'expires_at', '0 s'), 'age'],
    ['that nobody used for half an hour', (id: string) => aged(id, 'last_used_at', '30 min'), 'idle'],
    ['that was ended', (id: string) => sessions.end(id), 'ended'],
    ['that was revoked', () => sessions.revoke({ subject: 'k.smith' }), 'revoked'],
  ] as const)('%s counts no more, whoever asks', async (_, end, why) => {
    const sid = newSid();
    const { id } = await sessions.insert(sid, SMITH);
    expect(await sessions.whyOver(id)).toBeNull();
    await end(id);
    expect(await sessions.find(sid, 'person')).toBeNull();
    expect(await sessions.find(sid, 'polling')).toBeNull();
    expect(await sessions.peek(id)).toBeNull();
    expect(await sessions.claimRenewal(id, 10_000)).toBeNull();
    expect(await sessions.finishRenewal(id, { groups: ['more'], tokens: null })).toEqual(
      why === 'idle' ? expect.anything() : null,
    );
    expect(await sessions.whyOver(id)).toBe(why);
  });

  it('is kept alive by use, written once a minute, and not by polling', async () => {
    const sid = newSid();
    const { id } = await sessions.insert(sid, SMITH);
    await aged(id, 'last_used_at', '50 s');
    await sessions.find(sid, 'person');
    expect(await lastUsed(id)).toBeGreaterThan(49);
    await aged(id, 'last_used_at', '70 s');
    await sessions.find(sid, 'polling');
    await sessions.peek(id);
    expect(await lastUsed(id)).toBeGreaterThan(69);
    const found = await sessions.find(sid, 'person');
    expect(await lastUsed(id)).toBeLessThan(5);
    expect(found?.lastUsedAt).toBe((await sessions.peek(id))?.lastUsedAt);
  });

  it('is never made older or younger than its sign-in by use', async () => {
    const sid = newSid();
    const session = await sessions.insert(sid, SMITH);
    await aged(session.id, 'last_used_at', '70 s');
    expect(await sessions.find(sid, 'person')).toMatchObject({ expiresAt: session.expiresAt });
    expect(await sessions.peek(session.id)).toMatchObject({ expiresAt: session.expiresAt });
  });

  it('with a low idle limit stays alive while it is used', async () => {
    const short = everydaySessions(fresh.database, { maxSeconds: 10, idleSeconds: 5 });
    const sid = newSid();
    const { id } = await short.insert(sid, SMITH);
    await aged(id, 'last_used_at', '3 s');
    expect(await short.find(sid, 'person')).not.toBeNull();
    expect(await lastUsed(id)).toBeLessThan(1);
    await aged(id, 'last_used_at', '5 s');
    expect(await short.find(sid, 'person')).toBeNull();
  });

  it('is not found by what is no id', async () => {
    for (const id of ['', 'x', `${'0'.repeat(63)}g`, 'A'.repeat(64)]) {
      expect(await sessions.peek(id)).toBeNull();
      expect(await sessions.whyOver(id)).toBeNull();
      expect(await sessions.end(id)).toBeNull();
      expect(await sessions.claimRenewal(id, 1)).toBeNull();
      expect(await sessions.finishRenewal(id, null)).toBeNull();
    }
  });
});

describe("the provider's tokens", () => {
  it('are stored so that only this tool opens them, and only for their session', async () => {
    const { id } = await sessions.insert(newSid(), SMITH);
    const other = await sessions.insert(newSid(), SMITH);
    const dump = await fresh.owner.query<{ tokens: Buffer }>('SELECT tokens FROM session WHERE tokens IS NOT NULL');
    for (const { tokens } of dump) expect(tokens.toString('latin1')).not.toContain('hunter2');
    await fresh.owner.query(
      "UPDATE session SET tokens = (SELECT tokens FROM session WHERE id = decode($1, 'hex')) WHERE id = decode($2, 'hex')",
      [id, other.id],
    );
    expect(await sessions.claimRenewal(other.id, 10_000)).toEqual({ tokens: null });
    expect(await sessions.claimRenewal(id, 10_000)).toEqual({ tokens: TOKENS });
    const stranger = sessionsIn(fresh.database, {
      keys: keysFrom('another secret of thirty-two bytes!'),
      log: silent,
      limits: LIMITS,
    });
    expect(await stranger.end(id)).toEqual({ tokens: null });
  });

  it('are given back once by signing out, and then gone', async () => {
    const { id } = await sessions.insert(newSid(), SMITH);
    expect(await sessions.end(id)).toEqual({ tokens: TOKENS });
    expect(await sessions.end(id)).toBeNull();
    expect(await fresh.owner.query("SELECT tokens FROM session WHERE id = decode($1, 'hex')", [id])).toEqual([
      { tokens: null },
    ]);
    expect((await recorded('signed-out')).at(-1)).toMatchObject({ who: { subject: 'k.smith' } });
  });
});

describe('renewing groups', () => {
  it('is claimed by one process at a time, so that a refresh token is used once', async () => {
    const { id } = await sessions.insert(newSid(), SMITH);
    const replica = everydaySessions(fresh.open());
    const claims = await Promise.all(
      [sessions, replica, sessions, replica].map((each) => each.claimRenewal(id, 10_000)),
    );
    expect(claims.filter((claim) => claim !== null)).toEqual([{ tokens: TOKENS }]);
    expect(await sessions.peek(id)).toMatchObject({ renewing: true });
  });

  it('is not claimed by who saw groups that have been renewed since', async () => {
    const { id, groupsAt } = await sessions.insert(newSid(), SMITH);
    expect(await sessions.claimRenewal(id, 10_000, groupsAt - 1_000)).toBeNull();
    expect(await sessions.claimRenewal(id, 10_000, groupsAt)).toEqual({ tokens: TOKENS });
  });

  it('takes groups and tokens over, and records a change', async () => {
    const { id, groupsAt } = await sessions.insert(newSid(), SMITH);
    await sessions.claimRenewal(id, 10_000);
    const renewed = await sessions.finishRenewal(id, {
      groups: ['rollback-viewers'],
      tokens: '{"refreshToken":"next"}',
    });
    expect(renewed).toMatchObject({ groups: ['rollback-viewers'], renewing: false });
    expect(renewed?.groupsAt).toBeGreaterThan(groupsAt);
    expect(await sessions.claimRenewal(id, 10_000)).toEqual({ tokens: '{"refreshToken":"next"}' });
    expect((await recorded('groups-changed')).at(-1)).toMatchObject({
      before: ['rollback-operators'],
      after: ['rollback-viewers'],
    });
  });

  it('records nothing where the groups are the same, in whatever order', async () => {
    const before = (await recorded('groups-changed')).length;
    const { id } = await sessions.insert(newSid(), { ...SMITH, groups: ['a', 'b'] });
    await sessions.finishRenewal(id, { groups: ['b', 'a'], tokens: null });
    expect(await recorded('groups-changed')).toHaveLength(before);
  });

  it('leaves everything as it was where the provider gave nothing, and frees the claim', async () => {
    const { id, groupsAt } = await sessions.insert(newSid(), SMITH);
    await sessions.claimRenewal(id, 10_000);
    expect(await sessions.finishRenewal(id, null)).toMatchObject({ groups: SMITH.groups, groupsAt, renewing: false });
    expect(await sessions.claimRenewal(id, 10_000)).toEqual({ tokens: TOKENS });
  });

  it('can be claimed again when the process that claimed it died', async () => {
    const { id } = await sessions.insert(newSid(), SMITH);
    await sessions.claimRenewal(id, 1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await sessions.claimRenewal(id, 10_000)).not.toBeNull();
  });
});

describe('revoking', () => {
  it('ends every session of a subject in every process at once, and no other', async () => {
    const mine = await Promise.all(
      [newSid(), newSid()].map((sid) => sessions.insert(sid, { ...SMITH, subject: 'mine' })),
    );
    const theirs = await signIn(fresh.database, 'theirs');
    expect(await everydaySessions(fresh.open()).revoke({ subject: 'mine' })).toBe(2);
    for (const { id } of mine) expect(await sessions.whyOver(id)).toBe('revoked');
    expect(await sessions.peek(theirs.id)).not.toBeNull();
    expect((await recorded('sessions-revoked')).at(-1)).toMatchObject({ subject: 'mine', sessions: 2 });
  });

  it('of everybody leaves nobody', async () => {
    await signIn(fresh.database, 'one');
    expect(await sessions.revoke('everybody')).toBeGreaterThan(0);
    expect(await fresh.owner.query('SELECT 1 FROM session WHERE revoked_at IS NULL AND ended_at IS NULL')).toEqual([]);
    expect(await sessions.revoke('everybody')).toBe(0);
  });
});

describe('pruning', () => {
  it('deletes sessions a day after they were over at the latest', async () => {
    const old = await signIn(fresh.database, 'old');
    const young = await signIn(fresh.database, 'young');
    await aged(old.id, 'expires_at', '25 h');
    await aged(young.id, 'expires_at', '23 h');
    expect(await sessions.prune()).toBe(1);
    expect(await sessions.whyOver(young.id)).toBe('age');
    expect(await sessions.whyOver(old.id)).toBeNull();
  });
});
