import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeStage, PEOPLE, type Stage } from './people';
import { DOORS } from './surface';
import { together } from './together';

let stage: Stage;

beforeAll(async () => {
  stage = await makeStage();
  await stage.setGroups('nobody', ['rollback-staging']);
});
afterAll(async () => {
  await stage?.setGroups('nobody', []);
  await stage?.end();
});

describe('a target somebody has no role on', () => {
  it('makes the dashboard ask AWS as little as one that does not exist: nothing', async () => {
    const outsider = await stage.signedIn(PEOPLE.nobody);
    const paths = Object.values(DOORS).flatMap(({ at, open }) => (open === undefined ? at : []));
    await together(paths, async (path) => {
      for (const target of ['production', 'nowhere']) await outsider.ask(path.replaceAll('production', target));
    });
    // Whoever takes a role does so as the account the process stands in.
    const asked = (await stage.aws.calls()).filter(({ service }) => service !== 'sts');
    const accounts = new Set(asked.map(({ account }) => account));
    expect(accounts).toContain('222222222222');
    expect(accounts).not.toContain('111111111111');
  });
});
