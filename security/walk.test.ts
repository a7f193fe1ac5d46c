import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoToken } from '@/scripts/demo-settings.mjs';
import { type Answer, askRsc, leadsTo, wordsOf } from './ask';
import { makeStage, PEOPLE, type Stage } from './people';
import { strangersOf } from './strangers';
import {
  ACTIONS,
  addressesOf,
  BUILT_ACTIONS,
  BUILT_DOORS,
  type BuiltAction,
  called,
  DOORS,
  type Door,
  EDGE_ACTIONS,
} from './surface';
import { pairs, together } from './together';
import { HEADER_TRICKS, METHODS, pathTricks } from './tricks';

let stage: Stage;

beforeAll(async () => {
  stage = await makeStage();
});
afterAll(() => stage?.end());

type Named = readonly [string, Door];
const CLOSED: readonly Named[] = Object.entries(DOORS).filter(([, { open }]) => open === undefined);
const OPEN: readonly Named[] = Object.entries(DOORS).filter(([, { open }]) => open !== undefined);
const addresses = (doors: readonly Named[]): readonly string[] => doors.flatMap(([, { at }]) => at);

/** What only somebody who is signed in may read: services, versions and accounts that no address of the walk names. */
const KNOWLEDGE =
  /delivery-worker|document-download|template-preview|antivirus|release-1\d{3}|api:4(0|1[0-9]|2[02-7])\d*\b|111111111111|Needs attention|Last known good/;

/** What the framework's script is told in place of a page: to go elsewhere, or that there is none. */
const TOLD = /NEXT_REDIRECT;\w+;\/sign-in[?;]|NEXT_HTTP_ERROR_FALLBACK;404/;

/** Whether a stranger was turned away: to sign-in, out, or to where there is nothing. */
function isTurnedAway(answer: Answer): boolean {
  if (answer.headers['content-type']?.startsWith('text/x-component') && TOLD.test(answer.body)) return true;
  const to = leadsTo(answer);
  if (to !== null) return /^\/(?!\/)/.test(to.replace(stage.url, ''));
  return [204, 307, 400, 401, 403, 404, 405, 411].includes(answer.status);
}

function expectTurnedAway(what: string, answer: Answer): void {
  expect(isTurnedAway(answer), `${what}: ${answer.status} ${leadsTo(answer) ?? ''}`).toBe(true);
  expect(knowledgeIn(answer, what), what).toBeNull();
}

/** A page that does not know an action answers with nothing at all. */
function expectNotRun(what: string, answer: Answer): void {
  if (answer.status === 200 && answer.body === '{}') return;
  expectTurnedAway(what, answer);
}

/** What an answer gives away that the address did not say already. */
function knowledgeIn({ body }: Answer, address: string): string | null {
  const [found = null] = KNOWLEDGE.exec(body) ?? [];
  return found !== null && address.includes(found) ? null : found;
}

const soFar = async () => ({
  calls: (await stage.aws.calls()).length,
  writes: (await stage.aws.writes()).length,
  recorded: await stage.recorded(),
});

describe('the build', () => {
  it('has no page and no route that this suite does not know', () => {
    expect(BUILT_DOORS).toEqual(Object.keys(DOORS).sort());
  });

  it('has no action that this suite does not know', () => {
    const known = Object.keys(ACTIONS).sort((a, b) => a.localeCompare(b));
    expect(BUILT_ACTIONS.map(({ name }) => name)).toEqual(known);
    expect(EDGE_ACTIONS).toEqual([]);
    for (const action of BUILT_ACTIONS) expect(addressesOf(action)).toHaveLength(action.pages.length);
  });
});

describe('somebody who is not signed in', () => {
  it('finds open what is for everybody, and nothing in it', async () => {
    for (const [name, { at, open }] of OPEN) {
      for (const path of at) {
        const answer = await stage.ask(path);
        expect(answer.status, name).toBe(open);
        expect(answer.body, name).not.toMatch(KNOWLEDGE);
      }
    }
  });

  it.each(CLOSED)('is sent to sign-in or turned away at %s, whatever headers come along', async (_name, door) => {
    await together(pairs(door.at, HEADER_TRICKS), async ([path, headers]) => {
      const answer = await stage.ask(path, { headers });
      const what = `${path} ${JSON.stringify(headers)}`;
      expectTurnedAway(what, answer);
      expect(door.data ? [307, 401] : [307], what).toContain(answer.status);
      const to = leadsTo(answer)?.replace(stage.url, '');
      // Or to the same address with the framework's mark, to be asked again.
      if (to !== undefined) expect(to, what).toMatch(/^\/sign-in(\?|$)|[?&]_rsc(=|&|$)/);
    });
  });

  it.each(CLOSED)('finds no other way to write the address of %s', async (_name, { at: [path] }) => {
    await together(pathTricks(path), async (written) => {
      for (const answer of [await stage.ask(written), await askRsc(stage, written)]) {
        expectTurnedAway(written, answer);
        const to = leadsTo(answer);
        if (to === null || to.startsWith('/sign-in')) continue;
        // A tidied address is asked for again, as nobody.
        expectTurnedAway(to, await stage.ask(new URL(to, stage.url).pathname));
      }
    });
  });

  it('finds no method that opens a door', async () => {
    await together(pairs(addresses(CLOSED), METHODS), async ([path, method]) => {
      for (const headers of [{}, stage.own]) {
        expectTurnedAway(`${method} ${path}`, await stage.ask(path, { method, headers }));
      }
    });
  });

  it('runs no action, however it is called', async () => {
    const calls = BUILT_ACTIONS.flatMap((action) =>
      [...addressesOf(action), '/services', '/sign-in', '/nowhere'].map((path) => [action, path] as const),
    );
    await together(calls, async ([action, path]) => {
      const call = await called(action);
      for (const from of [stage.own, {}, { origin: 'https://evil.example' }]) {
        const answer = await stage.ask(path, { ...call, headers: { ...call.headers, ...from } });
        expectNotRun(`${action.name} at ${path}`, answer);
      }
    });
  });

  it('has made the dashboard ask AWS for nothing, and left nothing in the record', async () => {
    expect(await soFar()).toEqual({ calls: 0, writes: 0, recorded: 0 });
  });
});

/** Strangers who try every door in both ways; one way does for the others, who get as far. */
const WALKED: ReadonlySet<string> = new Set(['garbage', 'revoked', 'of our secret, with an id nobody has']);

describe('somebody whose session does not count', () => {
  it('is a stranger at every door and to every action', async () => {
    const strangers = Object.entries(await strangersOf(stage)).map(
      ([what, cookie]) => [what, stage.showing(cookie)] as const,
    );
    const before = await soFar();
    const doors = CLOSED.map(([, { at }]) => at[0]);
    await together(pairs(strangers, doors), async ([[what, stranger], path]) => {
      const both = WALKED.has(what) ? [await askRsc(stranger, path)] : [];
      for (const answer of [await stranger.ask(path), ...both]) {
        expectTurnedAway(`${what} at ${path}`, answer);
        expect(wordsOf(answer)).not.toMatch(/rollback-operators/);
      }
    });
    await together(pairs(strangers, BUILT_ACTIONS), async ([[what, stranger], action]) => {
      const [path = '/'] = addressesOf(action);
      const call = await called(action);
      const answer = await stranger.ask(path, { ...call, headers: { ...call.headers, ...stage.own } });
      expectNotRun(`${what}: ${action.name} at ${path}`, answer);
    });
    const { writes, recorded } = before;
    // Those who signed in to become strangers left an overview behind that is read on for a while.
    expect(await soFar()).toMatchObject({ writes, recorded });
  });
});

describe('a request that names a host of somebody else’s', () => {
  it('makes the dashboard fetch nothing there, though its actions lead to other pages', async () => {
    const asked: string[] = [];
    const theirs = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.writeHead(200, { 'content-type': 'text/x-component' }).end();
    });
    await new Promise<void>((listening) => theirs.listen(0, '127.0.0.1', listening));
    const host = `127.0.0.1:${(theirs.address() as AddressInfo).port}`;
    for (const action of BUILT_ACTIONS) {
      const operator = await stage.signedIn(PEOPLE.operator);
      const call = await called(action);
      for (const names of [['host'], ['x-forwarded-host'], ['host', 'x-forwarded-host']]) {
        const named = Object.fromEntries(names.map((name) => [name, host]));
        const headers = { ...call.headers, ...stage.own, ...named };
        const answer = await operator.ask(addressesOf(action)[0] ?? '/', { ...call, headers });
        expect(leadsTo(answer) ?? '', action.name).not.toContain(host);
      }
    }
    theirs.closeAllConnections();
    theirs.close();
    expect(asked).toEqual([]);
  });
});

describe('looking', () => {
  it('changes nothing, however often and with whatever method that looks', async () => {
    const operator = await stage.signedIn(PEOPLE.operator);
    const before = await soFar();
    for (let round = 0; round < 2; round += 1) {
      await together(pairs(addresses(Object.entries(DOORS)), ['GET', 'HEAD']), async ([path, method]) => {
        const answer = await operator.ask(path, { method });
        if (path !== '/_global-error') expect(answer.status, `${method} ${path}`).toBeLessThan(500);
      });
    }
    expect(await soFar()).toMatchObject({ writes: 0, recorded: before.recorded });
  });
});

describe('somebody with a role elsewhere', () => {
  /** A page's words with the target's name taken out. */
  const normal = (answer: Answer, target: string): string =>
    `${answer.status} ${answer.headers['content-type'] ?? ''} ${wordsOf(answer).replaceAll(target, 'TARGET')}`;

  /** What heads the page that the framework's script is told of. */
  const heading = ({ status, body }: Answer): string =>
    `${status} ${/We cannot find that [\w",]+/.exec(body)?.[0] ?? ''}`;

  it('sees a target that is not theirs exactly as one that does not exist', async () => {
    await stage.setGroups('nobody', ['rollback-staging']);
    const outsider = await stage.signedIn(PEOPLE.nobody);
    const inProduction = addresses(CLOSED).filter((path) => path.includes('/production/'));
    expect(inProduction.length).toBeGreaterThan(4);
    await together(inProduction, async (path) => {
      const theirs = await outsider.ask(path);
      const nowhere = await outsider.ask(path.replace('/production/', '/nowhere/'));
      expect(normal(theirs, 'production'), path).toBe(normal(nowhere, 'nowhere'));
      expect(theirs.status, path).toBe(404);
      const part = await askRsc(outsider, path);
      const nothing = await askRsc(outsider, path.replace('/production/', '/nowhere/'));
      expect(heading(part), path).toMatch(/We cannot find/);
      expect(heading(part), path).toBe(heading(nothing));
      for (const answer of [theirs, part]) {
        // The framework repeats an address, and that of a group names tags.
        const said = answer.body.replaceAll(/release-\d+/g, (tag) => (path.includes(tag) ? '' : tag));
        expect(said, path).not.toMatch(/release-1\d{3}|api:4\d\d.*(INACTIVE|SUCCESSFUL)|111111111111/);
      }
    });
    const lists = ['/services?show=all', '/services?target=production&show=all', '/record', '/status', '/go?q=api'];
    await together(lists, async (path) => {
      const answer = await outsider.ask(path);
      expect(answer.body, path).not.toMatch(/111111111111/);
      expect(wordsOf(answer), path).not.toMatch(/\bproduction\b/);
    });
  });

  it('is told of no service and no target without any role, on every page alike', async () => {
    await stage.setGroups('nobody', []);
    const nobody = await stage.signedIn(PEOPLE.nobody);
    for (const [, { at, data }] of CLOSED) {
      for (const path of at.filter((one) => one !== '/')) {
        const answer = await nobody.ask(path);
        expect(knowledgeIn(answer, path), path).toBeNull();
        if (!data) expect(wordsOf(answer), path).toMatch(/^You do not have access\./);
      }
    }
  });
});

describe('a pipeline', () => {
  const token = { authorization: `Bearer ${demoToken('production')}` };

  it('opens its own door, which opens to no session', async () => {
    const operator = await stage.signedIn(PEOPLE.operator);
    const doors = addresses(CLOSED.filter(([, { token: own }]) => own));
    expect(doors.length).toBeGreaterThan(0);
    for (const path of doors) {
      expect((await operator.ask(path)).status, path).toBe(401);
      expect((await stage.ask(path, { headers: token })).status, path).toBe(200);
    }
  });

  it('is a stranger at every other door and to every action', async () => {
    const before = await soFar();
    for (const path of addresses(CLOSED.filter(([, { token: own }]) => !own))) {
      expectTurnedAway(path, await stage.ask(path, { headers: token }));
    }
    await together(BUILT_ACTIONS, async (action) => {
      const [path = '/'] = addressesOf(action);
      const call = await called(action);
      expectNotRun(
        `${action.name} at ${path}`,
        await stage.ask(path, { ...call, headers: { ...call.headers, ...stage.own, ...token } }),
      );
    });
    expect(await soFar()).toMatchObject({ writes: 0, recorded: before.recorded });
  });
});

describe('a viewer', () => {
  const act = async (action: BuiltAction): Promise<void> => {
    const viewer = await stage.signedIn(PEOPLE.viewer);
    const call = await called(action);
    for (const path of addressesOf(action)) {
      const answer = await viewer.ask(path, { ...call, headers: { ...call.headers, ...stage.own } });
      expect(answer.status, `${action.name} at ${path}`).toBeLessThan(500);
    }
  };

  it('looks everywhere, and finds nothing to press', async () => {
    const viewer = await stage.signedIn(PEOPLE.viewer);
    for (const [name, { at, data }] of CLOSED.filter(([, { token }]) => !token)) {
      for (const path of at.filter((one) => !/\/(rb|gr)-000000/.test(one) && one !== '/' && !one.startsWith('/go'))) {
        const answer = await viewer.ask(path);
        expect(answer.status, `${name} ${path}`).toBe(200);
        if (!data) expect(answer.body, path).not.toMatch(/name="(plans?|hash|typed)"/);
      }
    }
  });

  it('changes nothing with any action, and reaching for one that is not theirs is recorded', async () => {
    for (const action of BUILT_ACTIONS) await act(action);
    expect((await soFar()).writes).toBe(0);
    const refused = await stage.query("SELECT 1 FROM record WHERE kind = 'access-refused'");
    expect(refused.length).toBeGreaterThan(0);
  });
});
