import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, leadsTo, wordsOf } from './ask';
import { makeStage, ownSurroundings, PEOPLE, type Person, type Stage } from './people';

const WORKER = '/services/production/notify/delivery-worker-sms';
const WORKER_PLAN = `${WORKER}/rollback?to=delivery-worker-sms:306`;
const API = '/services/production/notify/api';

let stage: Stage;
let operator: Person;
let oncall: Person;

/** The demo's configuration, with services of production that have people of their own. */
function configuration(): string {
  const { folder } = ownSurroundings();
  const demo = readFileSync(join(folder, 'ecs-rollback.yaml'), 'utf8');
  const own = '      "notify/delivery-worker-*": { operators: [sms-oncall], viewers: [sms-oncall] }\n';
  const file = join(folder, 'patterns.yaml');
  writeFileSync(file, demo.replace(/( {4}services:\n)/, `$1${own}`));
  return file;
}

beforeAll(async () => {
  stage = await makeStage({ ECS_ROLLBACK_CONFIG: configuration() });
  await stage.setGroups('nobody', ['sms-oncall']);
  operator = await stage.signedIn(PEOPLE.operator);
  oncall = await stage.signedIn(PEOPLE.nobody);
});
afterAll(async () => {
  await stage?.setGroups('nobody', []);
  await stage?.end();
});

/** What an answer says, without the name that was asked for and what is called like it. */
const named = (answer: Answer, name: string): string =>
  `${answer.status} ${wordsOf(answer)
    .replaceAll(name, 'NAME')
    .replace(/Did you mean one of these\?.*(?=All services)/, '')}`;

/** Whether a service is for somebody what one is that nobody has. */
async function expectAbsent(person: Person, service: string, path: string): Promise<void> {
  const there = await person.ask(path);
  const nowhere = await person.ask(path.replaceAll(service, 'no-such-service'));
  expect(there.status, path).toBe(404);
  expect(named(there, service), path).toBe(named(nowhere, 'no-such-service'));
}

describe('services with people of their own', () => {
  it('exist for those alone, and everything else of the target exists for the others alone', async () => {
    for (const path of [WORKER, `${WORKER}/revisions/delivery-worker-sms:306`, WORKER_PLAN, `${WORKER}/rollback`]) {
      await expectAbsent(operator, 'delivery-worker-sms', path);
      expect((await oncall.ask(path)).status, path).toBe(200);
    }
    await expectAbsent(oncall, 'api', API);
    expect((await operator.ask(API)).status).toBe(200);
    const [all, theirs] = await Promise.all(
      [operator, oncall].map(async (person) => wordsOf(await person.ask('/services?show=all&target=production'))),
    );
    expect(all).not.toContain('delivery-worker');
    expect(theirs).toContain('delivery-worker-sms');
    expect(theirs).not.toMatch(/template-preview|document-download|antivirus/);
  });

  it('are rolled back by those alone, and nobody else learns of it', async () => {
    const form = await oncall.plan(WORKER_PLAN);
    if (form === null) throw new Error('there is nothing to press');
    const foreign = await operator.press(form);
    const made = { ...form, to: form.to.replaceAll('delivery-worker-sms', 'no-such-service') };
    const unknown = await operator.press({
      ...made,
      entries: made.entries.map(([name, value]) => [
        name,
        name === 'plan' ? '00000000-0000-4000-8000-000000000000' : value,
      ]),
    });
    expect(named(foreign, 'delivery-worker-sms')).toBe(named(unknown, 'no-such-service'));
    expect(await stage.aws.writes()).toEqual([]);

    const rollback = leadsTo(await oncall.press(form)) ?? '';
    expect(rollback).toMatch(/^\/rollbacks\/rb-/);
    for (const [path, other] of [
      [rollback, '/rollbacks/rb-zzzzzz'],
      [`${rollback}/progress`, '/rollbacks/rb-zzzzzz/progress'],
    ] as const) {
      const [theirs, nowhere] = [await operator.ask(path), await operator.ask(other)];
      expect([theirs.status, wordsOf(theirs)], path).toEqual([404, wordsOf(nowhere)]);
    }
    for (const path of ['/record', '/record/download?format=json', '/services?show=all', '/services/newer?since=1']) {
      expect((await operator.ask(path)).body, path).not.toContain('delivery-worker-sms');
    }
    expect((await oncall.ask('/record')).body).toContain('delivery-worker-sms');
  });
});
