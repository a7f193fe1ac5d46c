import { inject } from 'vitest';
import { makeWorld, type World } from '@/e2e/world';
import { parseMarkup } from '@/scripts/markup.mjs';
import { type FilledForm, filledPlan } from '@/scripts/plan-form.mjs';
import type { Surroundings } from '@/scripts/stack.mjs';
import { signIn } from '@/scripts/walk-in.mjs';
import { type Answer, ask, type Question } from './ask';

/** Somebody's browser, as far as a dashboard sees it. */
export type Person = {
  /** As a Cookie header takes it. */
  readonly cookie: string;
  ask(path: string, question?: Question): Promise<Answer>;
  /** The form of a plan page, filled in; `null` where the page has none for this person. */
  plan(path: string): Promise<FilledForm | null>;
  /** Sends a form as a page of the dashboard does; `headers` replace its own, and those that are null are left out. */
  press(form: FilledForm, headers?: Readonly<Record<string, string | null>>): Promise<Answer>;
};

/** A world of its own for a file of tests, and how people come into it. */
export type Stage = World & {
  readonly around: Surroundings;
  /** A request of nobody, or with whatever headers it brings. */
  ask(path: string, question?: Question): Promise<Answer>;
  /** Signs in through the provider's own page. */
  signedIn(email: string): Promise<Person>;
  /** Somebody who shows this cookie. */
  showing(cookie: string): Person;
  /** Headers of a form that a page of the dashboard sends. */
  readonly own: Readonly<Record<string, string>>;
  /** Number of the record's last entry. */
  recorded(): Promise<number>;
};

export const PEOPLE = {
  operator: 'operator@notify.example',
  staging: 'staging@notify.example',
  viewer: 'viewer@notify.example',
  nobody: 'nobody@notify.example',
} as const;

/**
 * Starts a dashboard on an untouched world.
 *
 * @param changed - The surroundings as this dashboard is to see them.
 */
export async function makeStage(
  settings: Readonly<Record<string, string>> = {},
  changed: (around: Surroundings) => Promise<Surroundings> = async (around) => around,
): Promise<Stage> {
  const around = await changed(ownSurroundings());
  const world = await makeWorld(around, { replicas: 1, settings });
  const stage: Stage = {
    ...world,
    around,
    ask: (path, question) => ask(world.url, path, question),
    signedIn: async (email) => stage.showing((await signIn(email, world.url)).cookie),
    showing: (cookie) => showing(cookie, world.url),
    own: { origin: world.url, 'sec-fetch-site': 'same-origin' },
    recorded: async () => {
      const [head] = await world.query<{ seq: string }>('SELECT seq FROM record_head');
      return Number(head?.seq);
    },
  };
  return stage;
}

/** Those of the worker this runs in: no two files are in them at once. */
export function ownSurroundings(): Surroundings {
  const around = inject('arounds')[Number(process.env.VITEST_POOL_ID) - 1];
  if (around === undefined) throw new Error(`no surroundings for worker ${process.env.VITEST_POOL_ID}`);
  return around as Surroundings;
}

export function showing(cookie: string, url: string): Person {
  const person: Person = {
    cookie,
    ask: (path, question = {}) => ask(url, path, { ...question, headers: { cookie, ...question.headers } }),
    plan: async (path) => {
      const { body } = await person.ask(path);
      return filledPlan({ url: `${url}${path}`, page: parseMarkup(body) });
    },
    press: async ({ to, entries }, headers = {}) => {
      const { type, body } = await multipart(entries);
      const own = { 'content-type': type, origin: url, 'sec-fetch-site': 'same-origin', ...headers };
      const sent = Object.entries(own).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
      const { pathname, search } = new URL(to);
      return person.ask(`${pathname}${search}`, { method: 'POST', body, headers: Object.fromEntries(sent) });
    },
  };
  return person;
}

/** Entries of a form as a body. */
export async function multipart(entries: readonly (readonly [string, string])[]) {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  const encoded = new Response(form);
  const type = encoded.headers.get('content-type') ?? '';
  return { type, body: Buffer.from(await encoded.arrayBuffer()) };
}
