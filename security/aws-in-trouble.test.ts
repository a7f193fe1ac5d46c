import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadsTo, wordsOf } from './ask';
import { makeStage, PEOPLE, type Person, type Stage } from './people';
import { PLAN } from './surface';
import { until } from './together';

let stage: Stage;
let operator: Person;

const API = '/services/production/notify/api';

beforeAll(async () => {
  stage = await makeStage();
  operator = await stage.signedIn(PEOPLE.operator);
});
afterAll(() => stage?.end());

describe('a check AWS does not permit', () => {
  it('is named as not checked, in the words of the permission, and stops nothing', async () => {
    await stage.aws.fault({ operation: 'DescribeImages', fault: 'access-denied' });
    const words = wordsOf(await operator.ask(PLAN));
    expect(words).toMatch(/[Nn]ot checked/);
    expect(words).toContain('ecr:DescribeImages');
    expect(await operator.plan(PLAN)).not.toBeNull();
    await stage.aws.mend();
  });
});

/** Pages that were looked at before the trouble, and one that was not. */
const PAGES = ['/services?show=all', API, PLAN, `${API}/revisions/api:421`, '/status', '/record'];
const MINUTE_MS = 60_000;
const ROUND_MS = 6_000;

describe('reads that are all throttled for a minute', () => {
  it('leave every page readable with its age, are asked for less and less, and a press works', async () => {
    for (const path of PAGES.slice(0, 3)) expect((await operator.ask(path)).status, path).toBe(200);
    const form = await operator.plan(PLAN);
    if (form === null) throw new Error('there is nothing to press');
    const before = (await stage.aws.calls()).at(-1)?.n ?? 0;
    const since = Date.now();
    await stage.aws.fault({ operation: 'reads', fault: 'throttle', forMs: MINUTE_MS });

    const askedBy: number[] = [];
    for (let round = 1; Date.now() - since < MINUTE_MS - ROUND_MS; round += 1) {
      for (const path of PAGES) await looksRight(path);
      askedBy.push((await stage.aws.calls(before)).filter(({ service }) => service === 'ecs').length);
      await setTimeout(Math.max(0, since + round * ROUND_MS - Date.now()));
    }
    const middle = askedBy[Math.floor(askedBy.length / 2)] ?? 0;
    expect((askedBy.at(-1) ?? 0) - middle).toBeLessThan(middle);
    const overview = wordsOf(await operator.ask('/services?show=all'));
    expect(overview).toMatch(/(\d\d s|\d min) ago/);

    // What cannot be read cannot be pressed: nothing is done, and the page says so.
    const refused = await operator.press(form);
    expect([refused.status, leadsTo(refused)]).toEqual([200, null]);
    expect(wordsOf(refused)).toContain('cannot be read just now (AWS asked us to slow down)');
    expect(refused.body).toContain('aws ecs update-service');
    expect(await stage.aws.writes()).toEqual([]);

    await setTimeout(Math.max(0, since + MINUTE_MS - Date.now()));
    await until('the same form is pressed', async () => {
      const to = leadsTo(await operator.press(form));
      return to !== null && /^\/rollbacks\/rb-/.test(to);
    });
    await expect
      .poll(async () => (await stage.aws.writes()).map(({ operation }) => operation), { timeout: 30_000 })
      .toEqual(['RegisterTaskDefinition', 'UpdateService']);
  }, 240_000);

  it('a part of the time leave a press that works, or that says why it does not', async () => {
    const other = `${API.replace('/api', '/delivery-worker-sms')}/rollback?to=delivery-worker-sms:306`;
    const form = await operator.plan(other);
    if (form === null) throw new Error('there is nothing to press');
    await stage.aws.fault({ operation: 'reads', fault: 'throttle', probability: 0.3 });
    const answer = await operator.press(form);
    await stage.aws.mend();
    const to = leadsTo(answer);
    if (to === null) expect(wordsOf(answer)).toMatch(/nothing has been done|cannot be read just now/i);
    else expect(to).toMatch(/^\/rollbacks\/rb-/);
  });

  async function looksRight(path: string): Promise<void> {
    const answer = await operator.ask(path);
    expect(answer.status, path).toBe(200);
    expect(answer.body, path).not.toMatch(/ThrottlingException|\n\s+at |there is a problem with this tool/);
  }
});
