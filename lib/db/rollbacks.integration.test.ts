import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isEnd, NEXT, type State } from '@/lib/domain/rollback';
import type { Transaction } from './database';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { claimLapsed, freeLeases, renewLeases } from './leases';
import { drawn, everydaySessions, OWNER, planBody, press, pressed, principalOf, signIn, silent } from './pressing';
import { entriesOf, latestLateFact } from './record';
import {
  activeOf,
  addEvent,
  addLateFact,
  advance,
  appendStored,
  close,
  closedLately,
  getPlan,
  getRollbackRow,
  inTheWayOf,
  intend,
  listActive,
  type Rollback,
  registeredUnsurely,
  saveReading,
  store,
} from './rollbacks';
import type { Session } from './sessions';
import { verifyRecord } from './verify';

let fresh: FreshDatabase;
let session: Session;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  session = await signIn(fresh.database);
});
afterAll(async () => {
  if (fresh === undefined) return;
  const verified = await verifyRecord(fresh.database);
  await fresh.drop();
  expect(verified).toMatchObject({ ok: true });
});

let services = 0;
const service = (): string => {
  services += 1;
  return `service-${services}`;
};
const rollback = () => pressed(fresh.database, session, planBody(service()));
const move = (id: string, from: State, to: State) => advance(fresh.database, silent, id, { from: [from], to }, {});
const intent = (id: string) => intend(fresh.database, silent, id, { copyArn: 'arn:copy', requestDigest: 'r' });

describe('a plan', () => {
  it('is read as it was stored, and never changes', async () => {
    const plan = await drawn(fresh.database, session, planBody('planned'));
    expect(plan).toMatchObject({ subject: 'k.smith', body: planBody('planned') });
    await expect(fresh.owner.query("UPDATE plan SET target = 'staging'")).rejects.toThrow('plan never changes');
  });

  it('is not found by what is no id', async () => {
    for (const id of ['', 'x', "' OR 1=1", randomUUID(), randomUUID().toUpperCase()]) {
      expect(await getPlan(fresh.database, id)).toBeNull();
    }
  });
});

describe('a press', () => {
  it('stores the rollback and its entry together', async () => {
    const plan = await drawn(fresh.database, session, planBody('api'));
    const confirmed = await press(fresh.database, session, plan, { ticked: ['old-version'] });
    const made = confirmed.ok ? confirmed.value : null;
    expect(made).toMatchObject({
      planId: plan.id,
      service: 'api',
      state: 'starting',
      why: 'Errors after release',
      reason: null,
    });
    expect(await entriesOf(fresh.database, made?.id ?? '')).toMatchObject([
      {
        kind: 'confirmed',
        target: 'production',
        payload: { plan: plan.id, planHash: plan.hash, ticked: ['old-version'] },
      },
    ]);
  });

  it('of one plan, twenty times at once, makes one rollback', async () => {
    const plan = await drawn(fresh.database, session, planBody(service()));
    const answers = await Promise.all(Array.from({ length: 20 }, () => press(fresh.database, session, plan)));
    const made = answers.filter(({ ok }) => ok);
    expect(made).toHaveLength(1);
    const id = made[0]?.ok ? made[0].value.id : '';
    for (const answer of answers) if (!answer.ok) expect(answer.error).toEqual({ kind: 'already-pressed', id });
  });

  it('of a service somebody else is rolling back is told who, since when and in which state', async () => {
    const other = await signIn(fresh.database, 'a.jones');
    const body = planBody(service());
    const first = await pressed(fresh.database, session, body);
    const refused = await press(fresh.database, other, await drawn(fresh.database, other, body));
    expect(refused).toEqual({
      ok: false,
      error: { kind: 'busy', id: first.id, by: 'k.smith', since: first.createdAt, state: 'starting' },
    });
  });

  it('is told of a rollback that is being sent, and of one that changed the service since the plan was drawn', async () => {
    const body = planBody(service());
    const before = await drawn(fresh.database, session, body);
    const inTheWay = async (plan = before) => (await inTheWayOf(fresh.database, plan))?.id ?? null;
    expect(await inTheWay()).toBeNull();
    const { id, planId } = await pressed(fresh.database, session, body);
    expect(await inTheWay()).toBe(id);
    const own = await getPlan(fresh.database, planId);
    expect(own && (await inTheWay(own))).toBeNull();

    await intent(id);
    await move(id, 'sending', 'watching');
    expect(await inTheWay()).toBe(id);
    expect(await inTheWay(await drawn(fresh.database, session, body))).toBeNull();
    await move(id, 'watching', 'failed');
    expect(await inTheWay()).toBe(id);
  });

  it('is not told of a rollback that changed nothing', async () => {
    const body = planBody(service());
    const plan = await drawn(fresh.database, session, body);
    const { id } = await pressed(fresh.database, session, body);
    await move(id, 'starting', 'not-applied');
    expect(await inTheWayOf(fresh.database, plan)).toBeNull();
  });

  it('by fifty people at once from two processes makes one rollback of a service', async () => {
    const second = fresh.open();
    const body = planBody(service());
    const people = await Promise.all(Array.from({ length: 50 }, (_, n) => signIn(fresh.database, `person-${n}`)));
    const plans = await Promise.all(people.map((person) => drawn(fresh.database, person, body)));
    const answers = await Promise.all(
      people.map((person, n) => press(n % 2 ? second : fresh.database, person, plans[n] ?? raise())),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.error.kind === 'busy')).toHaveLength(49);
  });

  it('by somebody signed out, revoked or unknown stores nothing', async () => {
    const sessions = everydaySessions(fresh.database);
    const out = await signIn(fresh.database, 'out');
    const revoked = await signIn(fresh.database, 'revoked');
    await sessions.end(out.id);
    await sessions.revoke({ subject: 'revoked' });
    const unknown = { ...session, id: 'f'.repeat(64) };
    for (const person of [out, revoked, unknown]) {
      const body = planBody(service());
      const answer = await press(fresh.database, person, await drawn(fresh.database, session, body));
      expect(answer).toEqual({ ok: false, error: { kind: 'session-over' } });
      expect(await activeOf(fresh.database, body.serviceArn)).toBeNull();
    }
  });

  it('replaces a rollback that is being watched, in the same transaction', async () => {
    const body = planBody(service());
    const first = await pressed(fresh.database, session, body);
    await intent(first.id);
    await move(first.id, 'sending', 'watching');
    const replaces = { id: first.id, reason: 'by-rollback' } as const;
    const second = await press(fresh.database, session, await drawn(fresh.database, session, body), { replaces });
    expect(second.ok).toBe(true);
    expect(await getRollbackRow(fresh.database, first.id)).toMatchObject({
      state: 'superseded',
      reason: 'by-rollback',
    });
    expect((await entriesOf(fresh.database, first.id)).at(-1)).toMatchObject({
      kind: 'ended',
      payload: { reason: 'by-rollback' },
    });
  });

  it('does not replace one whose request may still be on its way', async () => {
    for (const state of ['starting', 'sending', 'unknown'] as const) {
      const body = planBody(service());
      const first = await pressed(fresh.database, session, body);
      if (state !== 'starting') await intent(first.id);
      if (state === 'unknown') await move(first.id, 'sending', 'unknown');
      const replaces = { id: first.id, reason: 'by-rollback' } as const;
      const second = await press(fresh.database, session, await drawn(fresh.database, session, body), { replaces });
      expect(second).toMatchObject({ error: { kind: 'busy', id: first.id, state } });
    }
  });

  it('that replaces is all or nothing', async () => {
    const body = planBody(service());
    const first = await pressed(fresh.database, session, body);
    await intent(first.id);
    await move(first.id, 'sending', 'watching');
    const replaces = { id: first.id, reason: 'by-rollback' } as const;
    const pressedBefore = await getPlan(fresh.database, first.planId);
    const again = await press(fresh.database, session, pressedBefore ?? raise(), { replaces });
    expect(again).toEqual({ ok: false, error: { kind: 'already-pressed', id: first.id } });
    expect(await getRollbackRow(fresh.database, first.id)).toMatchObject({ state: 'watching' });
  });

  it('goes through while ten others press, replace and move at the same time', async () => {
    const bodies = Array.from({ length: 10 }, () => planBody(service()));
    const firsts = await Promise.all(bodies.map((body) => pressed(fresh.database, session, body)));
    await Promise.all(firsts.map(({ id }) => intent(id)));
    await Promise.all(firsts.map(({ id }) => move(id, 'sending', 'watching')));
    const presses = firsts.flatMap((first, n) =>
      Array.from({ length: 3 }, async () => {
        const plan = await drawn(fresh.database, session, bodies[n] ?? raise());
        return press(fresh.database, session, plan, { replaces: { id: first.id, reason: 'by-rollback' } });
      }),
    );
    const answers = await Promise.all(presses);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    expect(answers.filter((answer) => !answer.ok && answer.error.kind === 'busy')).toHaveLength(20);
  });
});

describe('a move', () => {
  it('has one winner, and one entry', async () => {
    const { id } = await rollback();
    const answers = await Promise.all(Array.from({ length: 10 }, () => intent(id)));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['intended', ...Array.from({ length: 9 }, () => 'moved')]);
    const entries = await entriesOf(fresh.database, id);
    expect(entries.map(({ kind }) => kind)).toEqual(['confirmed', 'send-intent']);
    expect(entries[1]?.payload).toMatchObject({ copy: 'arn:copy', requestDigest: 'r' });
  });

  it('out of a state it is not in changes nothing and records nothing', async () => {
    const { id } = await rollback();
    expect(await move(id, 'watching', 'succeeded')).toBeNull();
    expect(await entriesOf(fresh.database, id)).toHaveLength(1);
  });

  it('takes the database clock for the intent', async () => {
    const { id } = await rollback();
    const answer = await intent(id);
    const [clock] = await fresh.database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    const at = answer.kind === 'intended' ? (answer.rollback.intentAt ?? 0) : 0;
    expect(Math.abs((clock?.now.getTime() ?? 0) - at)).toBeLessThan(5_000);
  });

  it('keeps reason, copy and deployment once they are known', async () => {
    const { id } = await rollback();
    await intent(id);
    await advance(
      fresh.database,
      silent,
      id,
      { from: ['sending'], to: 'watching' },
      { event: 'accepted', deploymentId: 'ecs-svc/2' },
    );
    const ended = await advance(
      fresh.database,
      silent,
      id,
      { from: ['watching'], to: 'failed' },
      { reason: 'put-back' },
    );
    expect(ended).toMatchObject({
      state: 'failed',
      reason: 'put-back',
      copyArn: 'arn:copy',
      deploymentId: 'ecs-svc/2',
    });
    expect(ended?.endedAt).toBeGreaterThan(0);
    expect((await entriesOf(fresh.database, id)).map(({ kind }) => kind)).toEqual([
      'confirmed',
      'send-intent',
      'accepted',
      'ended',
    ]);
  });

  it('to the intent is refused once the session was revoked, though not by signing out', async () => {
    const sessions = everydaySessions(fresh.database);
    for (const [end, kind] of [
      [(person: Session) => sessions.revoke({ subject: person.subject }), 'revoked'],
      [(person: Session) => sessions.end(person.id), 'intended'],
    ] as const) {
      const person = await signIn(fresh.database, `person-${randomUUID()}`);
      const { id } = await pressed(fresh.database, person, planBody(service()));
      await end(person);
      expect((await intent(id)).kind).toBe(kind);
    }
  });

  it('waits for a revocation under way instead of passing it by', async () => {
    const person = await signIn(fresh.database, 'slowly-revoked');
    const { id } = await pressed(fresh.database, person, planBody(service()));
    let answer: Promise<unknown> = Promise.resolve();
    await fresh.owner.transaction(async (tx) => {
      await tx.query("UPDATE session SET revoked_at = clock_timestamp() WHERE subject = 'slowly-revoked'");
      answer = intent(id);
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    expect(await answer).toEqual({ kind: 'revoked' });
  });
});

const ACTIVE = Object.keys(NEXT) as (keyof typeof NEXT)[];
const STATES: readonly State[] = [...new Set<State>([...ACTIVE, ...Object.values(NEXT).flat()])];

describe('the arrows between states', () => {
  it('are the same in the table of the domain and in the database, for every pair', async () => {
    for (const from of STATES) {
      for (const to of STATES.filter((state) => state !== from)) {
        const row = await rowIn(from);
        const change = fresh.owner.query(
          'UPDATE rollback SET state = $2, intent_at = coalesce(intent_at, now()), ended_at = CASE WHEN $3 THEN now() END WHERE id = $1',
          [row, to, isEnd(to)],
        );
        const allowed = !isEnd(from) && (NEXT[from] as readonly State[]).includes(to);
        if (allowed) await change;
        else await expect(change, `${from} → ${to}`).rejects.toThrow(/no transition|has ended/);
      }
    }
  });

  it('lead nowhere from an end, not even to itself', async () => {
    for (const end of STATES.filter(isEnd)) {
      const id = await rowIn(end);
      await expect(fresh.owner.query("UPDATE rollback SET reason = 'other' WHERE id = $1", [id])).rejects.toThrow(
        'has ended',
      );
    }
  });

  it('leave identity alone', async () => {
    const { id } = await rollback();
    for (const change of [
      "id = 'rb-zzzzzz'",
      'plan_id = gen_random_uuid()',
      "service_arn = 'x'",
      'created_at = now()',
    ]) {
      await expect(fresh.owner.query(`UPDATE rollback SET ${change} WHERE id = $1`, [id])).rejects.toThrow();
    }
  });

  /** A row put into a state by hand, beside every rule but the one under test. */
  async function rowIn(state: State): Promise<string> {
    const { id } = await rollback();
    await fresh.owner.transaction(async (tx) => {
      await tx.query('ALTER TABLE rollback DISABLE TRIGGER rollback_guard');
      await tx.query(
        'UPDATE rollback SET state = $2, intent_at = now(), ended_at = CASE WHEN $3 THEN now() END WHERE id = $1',
        [id, state, isEnd(state)],
      );
      await tx.query('ALTER TABLE rollback ENABLE TRIGGER rollback_guard');
    });
    return id;
  }
});

describe('leases', () => {
  it('keep a rollback with its process, and pass to one other when they lapse', async () => {
    const { id } = await rollback();
    const mine = randomUUID();
    expect(await claimedBy(mine)).not.toContain(id);
    await lapse(id);
    const others = Array.from({ length: 5 }, () => randomUUID());
    const claims = await Promise.all(others.map(claimedBy));
    expect(claims.flat().filter((claimed) => claimed === id)).toHaveLength(1);
  });

  it('are renewed for every rollback of a process at once', async () => {
    const { id } = await rollback();
    await lapse(id);
    expect((await renewLeases(fresh.database, { owner: OWNER, inHand: [id] })).map((kept) => kept.id)).toContain(id);
    expect(await claimedBy(randomUUID())).not.toContain(id);
  });

  it('lapse for a rollback still to be sent that nobody has in hand, and stay with one that is read', async () => {
    const dropped = await rollback();
    const watched = await rollback();
    await intent(watched.id);
    await move(watched.id, 'sending', 'watching');
    const kept = await renewLeases(fresh.database, { owner: OWNER, inHand: [] });
    const ids = kept.map((row) => row.id);
    expect(ids).toContain(watched.id);
    expect(ids).not.toContain(dropped.id);
  });

  it('are renewed, or freed, behind a press that replaces several of the same process: neither waits for ever', async () => {
    const owner = randomUUID();
    const name = service();
    const watched = async (which: string): Promise<Rollback> => {
      const plan = await drawn(fresh.database, session, planBody(`${name}-${which}`));
      const made = await press(fresh.database, session, plan, { owner });
      if (!made.ok) throw new Error(`not confirmed: ${made.error.kind}`);
      await intent(made.value.id);
      await move(made.value.id, 'sending', 'watching');
      return made.value;
    };
    // The one that a press takes last comes first in the table.
    const [last, first] = [await watched('b'), await watched('a')];
    const replacing = async (tx: Transaction, replaced: Rollback): Promise<void> => {
      const plan = await drawn(fresh.database, session, planBody(replaced.service));
      const replaces = { id: replaced.id, reason: 'by-rollback' } as const;
      const principal = principalOf(session);
      const said = { why: 'Errors after release', details: null, ticked: [], owner: OWNER };
      const one = await store(tx, { plan, principal, replaces, ...said });
      if (one !== null) await appendStored(tx, silent, one);
    };
    const waiting = (count: number) =>
      vi.waitFor(async () => {
        const sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        expect(await fresh.owner.query(sql)).toHaveLength(count);
      });
    const behind = await fresh.database.transaction(async (tx) => {
      await replacing(tx, first);
      const renewal = renewLeases(fresh.open(), { owner, inHand: [] });
      await waiting(1);
      const freeing = freeLeases(fresh.open(), owner);
      await waiting(2);
      await replacing(tx, last);
      return { renewal, freeing };
    });
    expect(await behind.renewal).toEqual([]);
    await behind.freeing;
    const rows = await Promise.all([first, last].map(({ id }) => getRollbackRow(fresh.database, id)));
    expect(rows.map((row) => row?.state)).toEqual(['superseded', 'superseded']);
  });

  it('are not taken from the starter that has its rollback in hand', async () => {
    const { id } = await rollback();
    await lapse(id);
    expect((await claimLapsed(fresh.database, { owner: OWNER, inHand: [id] }))?.id).not.toBe(id);
  });

  it('are freed at once by a process that ends', async () => {
    const owner = randomUUID();
    const plan = await drawn(fresh.database, session, planBody(service()));
    const made = await press(fresh.database, session, plan, { owner });
    const id = made.ok ? made.value.id : '';
    await freeLeases(fresh.database, owner);
    expect(await claimedBy(randomUUID())).toContain(id);
  });

  it('guard the reading: a process that lost its lease writes none', async () => {
    const { id } = await rollback();
    await saveReading(fresh.database, id, OWNER, { running: 3 });
    await saveReading(fresh.database, id, randomUUID(), { running: 99 });
    expect(await getRollbackRow(fresh.database, id)).toMatchObject({ reading: { running: 3 } });
  });

  const lapse = (id: string) =>
    fresh.owner.query("UPDATE rollback SET lease_until = now() - interval '1 s' WHERE id = $1", [id]);
  const claimedBy = async (owner: string): Promise<string[]> => {
    const ids: string[] = [];
    for (
      let row = await claimLapsed(fresh.database, { owner, inHand: [] });
      row;
      row = await claimLapsed(fresh.database, { owner, inHand: [] })
    )
      ids.push(row.id);
    return ids;
  };
});

describe('closing', () => {
  it('is possible from a minute after the intent, for an unknown rollback alone', async () => {
    const { id } = await rollback();
    const principal = principalOf(session);
    await intent(id);
    expect(await close(fresh.database, silent, id, principal)).toBeNull();
    await move(id, 'sending', 'unknown');
    expect(await close(fresh.database, silent, id, principal)).toBeNull();
    await fresh.owner.query("UPDATE rollback SET intent_at = now() - interval '61 s' WHERE id = $1", [id]);
    expect(await close(fresh.database, silent, id, principal)).toMatchObject({ state: 'closed' });
    expect((await entriesOf(fresh.database, id)).at(-1)).toMatchObject({
      kind: 'closed',
      payload: { who: { subject: 'k.smith' } },
    });
  });

  it('takes a later fact as an entry, and nothing else', async () => {
    const { id } = await rollback();
    await move(id, 'starting', 'not-applied');
    await addLateFact(fresh.database, silent, id, { copies: [], words: 'A copy turned up.' });
    expect(await getRollbackRow(fresh.database, id)).toMatchObject({ state: 'not-applied' });
    expect((await entriesOf(fresh.database, id)).at(-1)).toMatchObject({ kind: 'late-fact', target: 'production' });
  });
});

describe('facts that turn up after the end', () => {
  it('are said once, however many processes see them at once', async () => {
    const { id } = await rollback();
    await move(id, 'starting', 'not-applied');
    const fact = { copies: ['api:429'], words: 'api:429 turned up.' };
    await Promise.all(Array.from({ length: 5 }, () => addLateFact(fresh.database, silent, id, fact)));
    const facts = (await entriesOf(fresh.database, id)).filter(({ kind }) => kind === 'late-fact');
    expect(facts).toMatchObject([{ payload: fact }]);
  });

  it('are looked for in closed rollbacks until the request is known to have arrived, whatever else is known', async () => {
    const { id } = await rollback();
    await intent(id);
    await move(id, 'sending', 'unknown');
    await fresh.owner.query("UPDATE rollback SET intent_at = now() - interval '61 s' WHERE id = $1", [id]);
    const { copyArn } = (await close(fresh.database, silent, id, principalOf(session))) ?? {};
    const lately = async () => (await closedLately(fresh.database, 60_000)).map((closed) => closed.id);
    expect(await lately()).toContain(id);
    await addLateFact(fresh.database, silent, id, { copies: ['arn:spare'], words: 'A spare copy.' });
    expect(await lately()).toContain(id);
    await addLateFact(fresh.database, silent, id, { copies: [copyArn ?? ''], words: 'It arrived.' });
    expect(await lately()).not.toContain(id);
  });

  it('are told of the service whose rollback was given up, and of no other', async () => {
    const { id } = await rollback();
    await intent(id);
    await move(id, 'sending', 'unknown');
    await fresh.owner.query("UPDATE rollback SET intent_at = now() - interval '61 s' WHERE id = $1", [id]);
    await close(fresh.database, silent, id, principalOf(session));
    const serviceArn = (await getRollbackRow(fresh.database, id))?.serviceArn ?? '';
    expect(await latestLateFact(fresh.database, serviceArn)).toBeNull();
    await addLateFact(fresh.database, silent, id, { copies: [], words: 'It arrived.' });
    expect(await latestLateFact(fresh.database, serviceArn)).toMatchObject({ rollbackId: id, words: 'It arrived.' });
    expect(await latestLateFact(fresh.database, `${serviceArn}-other`)).toBeNull();
  });

  it('are looked for where an answer to registering was lost, or nobody was left to hear it', async () => {
    const unsure = async () => (await registeredUnsurely(fresh.database, 60_000)).map((one) => one.id);
    const [lost, gone, sound] = [await rollback(), await rollback(), await rollback()];
    await addEvent(fresh.database, silent, lost.id, 'register-unclear', {});
    const end = { from: ['starting'], to: 'not-applied' } as const;
    await advance(fresh.database, silent, gone.id, end, { reason: 'starter-gone' });
    await advance(fresh.database, silent, sound.id, end, { reason: 'too-slow' });
    expect(await unsure()).toEqual(expect.arrayContaining([lost.id, gone.id]));
    expect(await unsure()).not.toContain(sound.id);
  });
});

describe('random orders of moves, by several processes', () => {
  it('follow the arrows, record each step once and leave one active rollback a service', async () => {
    const steps = fc.array(fc.tuple(fc.nat(2), fc.constantFrom(...ACTIVE), fc.constantFrom(...STATES)), {
      minLength: 5,
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (moves) => {
        const rows = [await rollback(), await rollback(), await rollback()];
        const won = await Promise.all(
          moves.map(([n, from, to]) => {
            const id = rows[n]?.id ?? '';
            if (to === 'sending')
              return intent(id).then(
                ({ kind }) => (kind === 'intended' ? to : null),
                () => null,
              );
            return move(id, from, to).then(
              (row) => (row === null ? null : to),
              () => null,
            );
          }),
        );
        for (const [n, row] of rows.entries()) {
          const entries = await entriesOf(fresh.database, row.id);
          const path = entries.slice(1).map(({ payload }) => payload.state as State);
          expect(path).toHaveLength(won.filter((to, index) => to !== null && moves[index]?.[0] === n).length);
          path.reduce<State>((from, to) => {
            expect(isEnd(from) ? [] : NEXT[from]).toContain(to);
            return to;
          }, 'starting');
          expect((await getRollbackRow(fresh.database, row.id))?.state).toBe(path.at(-1) ?? 'starting');
        }
      }),
      { numRuns: 25 },
    );
    const active = await listActive(fresh.database, ['production']);
    expect(new Set(active.map(({ serviceArn }) => serviceArn)).size).toBe(active.length);
  });
});

function raise(): never {
  throw new Error('missing');
}
