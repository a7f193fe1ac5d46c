import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '@/scripts/root.mjs';
import { leadsTo } from './ask';
import { makeStage, PEOPLE, type Person, type Stage } from './people';
import { BUILT_ACTIONS, called, PLAN } from './surface';

const MAX_SECONDS = 10;
const IDLE_SECONDS = 4;

let stage: Stage;
let rollback: string;

beforeAll(async () => {
  stage = await makeStage({
    SESSION_MAX_SECONDS: String(MAX_SECONDS),
    SESSION_IDLE_SECONDS: String(IDLE_SECONDS),
  });
  const operator = await stage.signedIn(PEOPLE.operator);
  const form = await operator.plan(PLAN);
  const answer = form === null ? null : await operator.press(form);
  rollback = (answer && leadsTo(answer)) ?? '';
  expect(rollback).toMatch(/^\/rollbacks\/rb-/);
  await stage.aws.clock({ speed: 20 });
});
afterAll(() => stage?.end());

/** Asks again and again until the session is over; how it asked last and what it was told. */
async function untilOver(
  person: Person,
  ask: (person: Person) => Promise<{ readonly status: number; readonly body: string }>,
) {
  const since = performance.now();
  for (;;) {
    const answer = await ask(person);
    const seconds = (performance.now() - since) / 1000;
    if (answer.status === 401) return { why: JSON.parse(answer.body) as unknown, seconds };
    if (seconds > 3 * MAX_SECONDS) throw new Error(`still signed in after ${seconds} s`);
    await setTimeout(500);
  }
}

describe('a session', () => {
  it('ends by idleness while its page polls on, and the rollback goes on', async () => {
    const person = await stage.signedIn(PEOPLE.operator);
    expect((await person.ask('/status')).status).toBe(200);
    const { why, seconds } = await untilOver(person, () => person.ask(`${rollback}/progress`));
    expect(why).toEqual({ kind: 'over', why: 'idle' });
    expect(seconds).toBeLessThan(MAX_SECONDS);
    expect(leadsTo(await person.ask(rollback))).toMatch(/^\/sign-in\?.*over=idle/);
    await expect
      .poll(async () => (await stage.query<{ state: string }>('SELECT state FROM rollback'))[0]?.state, {
        timeout: 40_000,
      })
      .toBe('succeeded');
  });

  it('is not kept alive by a page that asks for itself again, with script or without', async () => {
    const person = await stage.signedIn(PEOPLE.operator);
    const byScript = { cookie: `${person.cookie}; by-itself=yes` };
    const byMark = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const { why } = await untilOver(person, async () => {
      await person.ask('/services', { headers: byScript });
      await person.ask('/services', { headers: byMark });
      return person.ask('/services/newer?since=1');
    });
    expect(why).toEqual({ kind: 'over', why: 'idle' });
  });

  it('is kept alive by whoever presses “Stay signed in”', async () => {
    const person = await stage.signedIn(PEOPLE.operator);
    const [stay] = BUILT_ACTIONS.filter(({ name }) => name.endsWith('#stay'));
    if (stay === undefined) throw new Error('the build has no such action');
    const call = await called(stay);
    for (let time = 0; time < 2; time += 1) {
      await setTimeout((IDLE_SECONDS - 1) * 1_000);
      const answer = await person.ask('/status', { ...call, headers: { ...call.headers, ...stage.own } });
      expect([answer.status, leadsTo(answer)]).toEqual([200, null]);
    }
    expect((await person.ask('/services/newer?since=1')).status).toBe(200);
  });

  it('ends by its age however much it is used, and no longer lives for it', async () => {
    const person = await stage.signedIn(PEOPLE.operator);
    const { why } = await untilOver(person, async () => {
      await person.ask('/status', { headers: { 'sec-fetch-user': '?1' } });
      return person.ask('/services/newer?since=1');
    });
    expect(why).toEqual({ kind: 'over', why: 'age' });
  });

  it('is over at once, everywhere, when it is revoked from a shell, and the record says so', async () => {
    const people = await Promise.all([PEOPLE.operator, PEOPLE.viewer].map((email) => stage.signedIn(email)));
    for (const person of people) expect((await person.ask('/services/newer?since=1')).status).toBe(200);
    const [{ url = '' } = {}] = await stage.query<{ url: string }>('SELECT current_database() AS url');
    const address = new URL(stage.around.database.superuserUrl ?? '');
    address.pathname = `/${url}`;
    const env = { ...process.env, DATABASE_URL: address.toString() };
    await promisify(execFile)('npm', ['run', '--silent', 'sessions', '--', 'revoke', '--all'], { cwd: ROOT, env });
    for (const person of people) {
      const answer = await person.ask('/services/newer?since=1');
      expect([answer.status, answer.body]).toEqual([401, '{"kind":"over","why":"revoked"}']);
      expect(leadsTo(await person.ask('/status'))).toMatch(/over=revoked/);
    }
    const kinds = await stage.query<{ kind: string }>('SELECT DISTINCT kind FROM record');
    expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['signed-in', 'sessions-revoked']));
  });
});

describe('groups', () => {
  it('that change at the provider count from the next page on that finds them old, and the record says so', async () => {
    const person = await stage.signedIn(PEOPLE.viewer);
    await stage.setGroups('viewer', []);
    await stage.query("UPDATE session SET groups_at = clock_timestamp() - interval '6 minutes' WHERE ended_at IS NULL");
    expect((await person.ask('/status')).body).toContain('You do not have access');
    const [entry] = await stage.query<{ payload: string }>("SELECT payload FROM record WHERE kind = 'groups-changed'");
    expect(JSON.parse(entry?.payload ?? '{}')).toMatchObject({ before: ['rollback-viewers'], after: [] });
    await stage.setGroups('viewer', ['rollback-viewers']);
  });
});
