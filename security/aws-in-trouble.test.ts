import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadsTo, wordsOf } from './ask';
import { makeStage, PEOPLE, type Person, type Stage } from './people';
import { PLAN } from './surface';

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

describe('reads that are throttled', () => {
  it('leave every page readable with its age, and a press that works', async () => {
    for (const path of ['/services?show=all', API, PLAN]) expect((await operator.ask(path)).status).toBe(200);
    const form = await operator.plan(PLAN);
    await stage.aws.fault({ operation: 'reads', fault: 'throttle', probability: 0.5 });
    for (const path of ['/services?show=all', API, `${API}/revisions/api:421`, '/status', '/record']) {
      const answer = await operator.ask(path);
      expect(answer.status, path).toBe(200);
      expect(answer.body, path).not.toMatch(/ThrottlingException|\n\s+at /);
    }
    const answer = form === null ? null : await operator.press(form);
    await stage.aws.mend();
    // Either it was read well enough to press, or nothing was done and the page says so.
    const to = answer === null ? null : leadsTo(answer);
    if (to === null) expect(wordsOf(answer as NonNullable<typeof answer>)).toMatch(/nothing has been done/i);
    else expect(to).toMatch(/^\/rollbacks\/rb-/);
  });
});
