import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { ROOT } from '@/scripts/root.mjs';
import { endLeftovers, type Surroundings, startSurroundings } from '@/scripts/stack.mjs';
import { forgetEverything } from '@/scripts/stack-database.mjs';
import { signIn } from '@/scripts/walk-in.mjs';
import { ACCOUNTS, type Account, makeWorld, type World, type WorldOptions } from './world';

export { expect } from '@playwright/test';

type ForEachTest = WorldOptions & {
  /** Whether the test changes nothing, so that the next which changes nothing may have the same world. */
  readonly onlyLooks: boolean;
  /** What this test has for itself. */
  readonly world: World;
  /** Whether somebody signs in by clicking through the provider's own page, and not by the same requests without one. */
  readonly throughPages: boolean;
  /** Signs the page's browser in and goes to an address; the start where none is named. */
  readonly signIn: (who: Account, address?: string) => Promise<void>;
  /** A page of somebody else, in a browser of their own, signed in. */
  readonly pageOf: (who: Account, address?: string) => Promise<Page>;
};

type ForEachWorker = { readonly around: Surroundings; readonly worlds: Worlds };

/** Hands out worlds: a new one to each test, and one after the other to those that only look. */
class Worlds {
  #kept: { readonly world: World; readonly made: string } | null = null;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async take(options: WorldOptions, onlyLooks: boolean): Promise<World> {
    const made = JSON.stringify(options);
    if (onlyLooks && this.#kept?.made === made) return this.#kept.world;
    await this.end();
    const world = await makeWorld(this.#around, options);
    this.#kept = { world, made };
    return world;
  }

  /** Ends the world that was handed out last. */
  async end(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    await kept?.world.end();
  }
}

/** Two dashboards, most of all tests. */
const MOST_REPLICAS = 2;

/** Settings of whoever runs the tests must not reach what is tested. */
const PASSED_ON = /^(PATH|HOME|TMPDIR|TMP|TEMP|LANG|LC_\w+|TZ|SYSTEMROOT|NODE_OPTIONS)$/;

/**
 * Playwright's `test`, with a world for each: `test.use({ replicas: 2, settings: { … } })` changes how it is made. Those
 * that only look may share one: `test.use({ onlyLooks: true })`.
 */
export const test = base.extend<ForEachTest, ForEachWorker>({
  replicas: [1, { option: true }],
  settings: [{}, { option: true }],
  onlyLooks: [false, { option: true }],
  throughPages: [false, { option: true }],

  around: [
    // biome-ignore lint/correctness/noEmptyPattern: what a fixture depends on is read off its first parameter.
    async ({}, use, worker) => {
      const folder = join(ROOT, '.test', `browser-${worker.parallelIndex}`);
      await endLeftovers(folder, () => undefined);
      await forgetEverything(folder);
      const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));
      const around = await startSurroundings({ folder, replicas: MOST_REPLICAS, env, say: () => undefined });
      await use(around);
      await around.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  worlds: [
    async ({ around }, use) => {
      const worlds = new Worlds(around);
      await use(worlds);
      await worlds.end();
    },
    { scope: 'worker' },
  ],

  world: [
    async ({ worlds, replicas, settings, onlyLooks }, use, info) => {
      const world = await worlds.take({ replicas, settings }, onlyLooks);
      await use(world);
      const failed = info.status !== info.expectedStatus;
      if (failed) await info.attach('dashboard.log', { body: await world.log(), contentType: 'text/plain' });
      if (failed || !onlyLooks) await worlds.end();
    },
    { auto: true, timeout: 60_000 },
  ],

  baseURL: ({ world }, use) => use(world.url),

  signIn: ({ page, world, throughPages }, use) =>
    use((who, address = '/') => (throughPages ? clickIn(page, who, address) : enter({ page, world, who, address }))),

  pageOf: async ({ browser, world, baseURL, viewport, javaScriptEnabled }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (who, address = '/') => {
      const context = await browser.newContext({ baseURL, viewport, javaScriptEnabled });
      contexts.push(context);
      const page = await context.newPage();
      await enter({ page, world, who, address });
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

type Entering = { readonly page: Page; readonly world: World; readonly who: Account; readonly address: string };

/** A page nobody has: coming to it costs AWS nothing. */
const NOWHERE = '/rollbacks/none';

/** By the same requests as a browser's, which takes a third of the time. */
async function enter({ page, world, who, address }: Entering): Promise<void> {
  const { cookie } = await signIn(ACCOUNTS[who].email, world.url, NOWHERE);
  const [name = '', ...value] = cookie.split('=');
  const session = { name, value: value.join('='), url: world.url, httpOnly: true, sameSite: 'Lax' as const };
  await page.context().addCookies([session]);
  await page.goto(address);
}

/** As people do: by asking for the page they want. */
async function clickIn(page: Page, who: Account, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await answerProvider(page, who);
  await page.waitForURL((url) => url.hostname === 'localhost' && !url.pathname.startsWith('/api/'));
}

/** Fills in the provider's own page. */
export async function answerProvider(page: Page, who: Account): Promise<void> {
  await page.getByLabel('E-mail address').fill(ACCOUNTS[who].email);
  await page.getByLabel('Password').fill('any password');
  await page.getByRole('button', { name: 'Sign in' }).click();
}
