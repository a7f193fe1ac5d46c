import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FilledForm } from '@/scripts/plan-form.mjs';
import { leadsTo, wordsOf } from './ask';
import { makeStage, multipart, PEOPLE, type Person, type Stage } from './people';
import { PLAN } from './surface';
import { together } from './together';

let stage: Stage;
let operator: Person;

beforeAll(async () => {
  stage = await makeStage();
  operator = await stage.signedIn(PEOPLE.operator);
});
afterAll(() => stage?.end());

const drawn = async (path = PLAN, by = operator): Promise<FilledForm> => {
  const form = await by.plan(path);
  if (form === null) throw new Error(`there is nothing to press at ${path}`);
  return form;
};
const writes = async () => (await stage.aws.writes()).length;
const refusals = async (): Promise<readonly string[]> => {
  const rows = await stage.query<{ kind: string; why: string }>(
    "SELECT kind, payload::jsonb->>'why' AS why FROM record WHERE kind LIKE '%-refused' ORDER BY seq",
  );
  return rows.map(({ kind, why }) => `${kind}: ${why}`);
};
const changed = (form: FilledForm, field: string, value: string): FilledForm => ({
  ...form,
  entries: form.entries.map(([name, old]) => [name, name === field ? value : old] as const),
});

describe('a plan of an operator', () => {
  let form: FilledForm;

  beforeAll(async () => {
    form = await drawn();
  });

  it.each([
    ['a viewer', PEOPLE.viewer, 'You can no longer roll back in production'],
    ['an operator of another target', PEOPLE.staging, 'You can no longer roll back in production'],
  ])('is not pressed by %s, who is told why, and the record keeps it', async (_who, email, words) => {
    const before = await refusals();
    const answer = await (await stage.signedIn(email)).press(form);
    expect(answer.status).toBe(200);
    expect(wordsOf(answer)).toContain(words);
    expect((await refusals()).slice(before.length)).toEqual(['access-refused: lost-role']);
    expect(await writes()).toBe(0);
  });

  it('is not pressed by another operator either: it was not drawn for them', async () => {
    await stage.setGroups('viewer', ['rollback-operators']);
    const other = await stage.signedIn(PEOPLE.viewer);
    const answer = await other.press(form);
    expect(wordsOf(answer)).toContain('This plan was drawn for somebody else');
    expect((await refusals()).at(-1)).toBe('access-refused: not-your-plan');
    expect(await writes()).toBe(0);
    await stage.setGroups('viewer', ['rollback-viewers']);
  });

  it('does not exist for somebody with a role elsewhere, and the attempt is recorded', async () => {
    await stage.setGroups('nobody', ['rollback-staging']);
    const outsider = await stage.signedIn(PEOPLE.nobody);
    const nowhere = { ...form, to: form.to.replace('/production/', '/nowhere/') };
    const theirs = await outsider.press(form);
    const unknown = await outsider.press(changed(nowhere, 'plan', '00000000-0000-4000-8000-000000000000'));
    expect(theirs.status).toBe(unknown.status);
    expect(wordsOf(theirs).replaceAll('production', 'T')).toBe(wordsOf(unknown).replaceAll('nowhere', 'T'));
    expect((await refusals()).at(-1)).toBe('access-refused: not-found');
    expect(await writes()).toBe(0);
    await stage.setGroups('nobody', []);
  });

  it('is not pressed with another hash, another plan’s hash or another id', async () => {
    const other = await drawn('/services/production/notify/delivery-worker-sms/rollback?to=delivery-worker-sms:306');
    const hash = other.entries.find(([name]) => name === 'hash')?.[1] ?? '';
    for (const pressed of [
      changed(form, 'hash', '0'.repeat(64)),
      changed(form, 'hash', hash),
      changed(form, 'plan', "' OR 1=1 --"),
    ]) {
      const answer = await operator.press(pressed);
      expect(leadsTo(answer)).toBeNull();
    }
    expect(await writes()).toBe(0);
  });

  const foreign: readonly (readonly [string, Readonly<Record<string, string | null>>])[] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that is null', { origin: 'null' }],
    ['no origin', { origin: null }],
    ['no origin and no site', { origin: null, 'sec-fetch-site': null }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring site', { 'sec-fetch-site': 'same-site' }],
    ['an address bar', { 'sec-fetch-site': 'none' }],
    ['a forged host and origin', { 'x-forwarded-host': 'evil.example', origin: 'https://evil.example' }],
    ['a forged host', { host: 'evil.example', 'x-forwarded-host': 'evil.example', origin: 'http://evil.example' }],
    ['our origin with a dot', { origin: 'http://localhost.' }],
    ['our origin in another scheme', { origin: 'https://localhost' }],
    ['two origins', { origin: 'http://localhost:1, https://evil.example' }],
  ];

  it.each(foreign)('is not pressed from %s', async (_what, headers) => {
    const answer = await operator.press(form, headers);
    expect(answer.status).toBe(403);
    expect(answer.body).toBe('No page of this tool sent this request.\n');
    expect(await writes()).toBe(0);
  });

  it('is not pressed by a link, nor with a body of another kind', async () => {
    const fields = new URLSearchParams(form.entries.map(([name, value]) => [name, value])).toString();
    const { pathname, search } = new URL(form.to);
    await operator.ask(`${pathname}${search}&${fields}`);
    for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded']) {
      const body = type === 'application/json' ? JSON.stringify(Object.fromEntries(form.entries)) : fields;
      await operator.ask(`${pathname}${search}`, {
        method: 'POST',
        body,
        headers: { ...stage.own, 'content-type': type },
      });
    }
    expect(await writes()).toBe(0);
    expect(await stage.query('SELECT 1 FROM rollback')).toEqual([]);
  });

  it('is not pressed by somebody whose groups were taken away since', async () => {
    await stage.setGroups('operator', []);
    const answer = await operator.press(form);
    expect(wordsOf(answer)).toMatch(/You can no longer roll back in production|You do not have access/);
    expect((await refusals()).at(-1)).toBe('access-refused: lost-role');
    expect(await writes()).toBe(0);
    await stage.setGroups('operator', ['rollback-operators']);
    operator = await stage.signedIn(PEOPLE.operator);
  });

  it('is not pressed after its owner signed out or was signed out', async () => {
    const again = await stage.signedIn(PEOPLE.operator);
    await stage.query(
      'UPDATE session SET revoked_at = clock_timestamp() WHERE created_at = (SELECT max(created_at) FROM session)',
    );
    const answer = await again.press(form);
    expect(leadsTo(answer)).toMatch(/^\/sign-in\?/);
    expect(await writes()).toBe(0);
  });

  it('makes one rollback, however often and in however many windows it is pressed', async () => {
    const window = await stage.signedIn(PEOPLE.operator);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 ? window : operator).press(form)));
    const places = new Set(answers.map((answer) => leadsTo(answer) ?? wordsOf(answer)));
    expect([...places]).toHaveLength(1);
    expect([...places][0]).toMatch(/^\/rollbacks\/rb-[0-9a-z]{6,12}$/);
    expect(await stage.query('SELECT 1 FROM rollback')).toHaveLength(1);
    await expect
      .poll(async () => (await stage.aws.writes()).map(({ operation }) => operation), { timeout: 30_000 })
      .toEqual(['RegisterTaskDefinition', 'UpdateService']);
    expect(leadsTo(await operator.press(form))).toBe([...places][0]);
    expect(await writes()).toBe(2);
  });
});

describe('a request that is too large', () => {
  const large = 'x'.repeat(70_000);

  it('is refused before anybody reads it', async () => {
    const before = await stage.recorded();
    const form = await drawn('/services/staging/notify/api/rollback?to=api:421&bring=images').catch(() => null);
    const { type, body } = await multipart([...(form?.entries ?? []), ['details', large]]);
    const headers = { ...stage.own, 'content-type': type };
    expect((await operator.ask('/services', { method: 'POST', body, headers })).status).toBe(413);
    expect((await operator.ask('/services', { method: 'POST', body, headers, chunked: true })).status).toBe(411);
    const signIn = { method: 'POST', headers: { ...stage.own, 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await stage.ask('/api/auth/signin/oidc', { ...signIn, body: `callbackUrl=${large}` })).status).toBe(413);
    expect(await stage.recorded()).toBe(before);
  });
});

describe('one session', () => {
  it('presses six different plans a minute and no more', async () => {
    const busy = await stage.signedIn(PEOPLE.operator);
    const services = ['receipts', 'research', 'jobs', 'letters', 'sms'].map((name) => `delivery-worker-${name}`);
    const paths = [...services, 'template-preview', 'canary', 'housekeeping'].map(
      (name) => `/services/staging/notify/${name}/rollback`,
    );
    const plans: FilledForm[] = [];
    for (const path of paths) plans.push(...((await planOf(busy, path)) ?? []));
    expect(plans.length).toBeGreaterThan(6);
    // Pressed with a hash that is not theirs, nothing starts; the press is counted all the same.
    const answers: string[] = [];
    for (const plan of plans) answers.push(wordsOf(await busy.press(withoutTicks(plan))));
    expect(answers.slice(0, 6).join()).not.toContain('more than six presses');
    expect(answers[6]).toContain('That is more than six presses in a minute');
  });

  it('draws thirty different plans a minute and no more, and others are not held up by it', async () => {
    const busy = await stage.signedIn(PEOPLE.staging);
    const [plan] = (await planOf(busy, '/services/staging/notify/delivery-worker-receipts/rollback')) ?? [];
    const { pathname, search } = new URL(plan?.to ?? stage.url);
    const drawn = async (n: number) => wordsOf(await busy.ask(`${pathname}${search}&undo=rb-task-${n}`));
    expect(await drawn(0)).not.toContain('thirty plans');
    await together(
      Array.from({ length: 28 }, (_, n) => n + 1),
      async (n) => void (await drawn(n)),
    );
    // The same one again is no other plan.
    expect(await drawn(0)).not.toContain('thirty plans');
    expect(await drawn(30)).toContain('That is more than thirty plans in a minute');
    const other = await stage.signedIn(PEOPLE.staging);
    expect(await other.plan(`${pathname}${search}`)).not.toBeNull();
  });

  /** The plan a service's page offers, if it offers one. */
  async function planOf(person: Person, path: string): Promise<readonly FilledForm[] | null> {
    const { body } = await person.ask(path.replace(/\/rollback$/, ''));
    const [, to] = new RegExp(`href="(${path}\\?[^"]*to=[^"]+)"`).exec(body) ?? [];
    const form = to === undefined ? null : await person.plan(to.replaceAll('&amp;', '&'));
    return form === null ? null : [form];
  }

  const withoutTicks = (form: FilledForm): FilledForm => ({
    ...changed(form, 'typed', 'not its name'),
    entries: form.entries
      .filter(([name]) => name !== 'ticked')
      .map(([n, v]) => [n, n === 'reason' ? 'no reason of ours' : v]),
  });
});
