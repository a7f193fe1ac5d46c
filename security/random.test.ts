import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FilledForm } from '@/scripts/plan-form.mjs';
import { type Answer, ask, type Question } from './ask';
import { makeStage, multipart, PEOPLE, type Person, type Stage } from './people';
import { addressesOf, BUILT_ACTIONS, called, PLAN } from './surface';
import { together } from './together';

/** Another seed tries other requests; a failure names the one it had. */
const SEED = Number(process.env.SECURITY_SEED ?? 20_261_124);
const REQUESTS = 5_000;

let stage: Stage;
let operator: Person;
let form: FilledForm;

beforeAll(async () => {
  stage = await makeStage();
  operator = await stage.signedIn(PEOPLE.operator);
  const drawn = await operator.plan(PLAN);
  if (drawn === null) throw new Error('there is nothing to press');
  form = drawn;
});
afterAll(() => stage?.end());

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number, salt: number): readonly T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: SEED + salt });

const NASTY = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '$ACTION_ID_x',
  '$ACTION_REF_1',
  '$ACTION_1:0',
  'then',
  '..',
  '../../etc/passwd',
  '%00',
  '\u0000',
  '\r\nX: y',
  '\u001b[31m',
  '\u202e',
  '\ud800',
  'null',
  'NaN',
  '-1',
  '9'.repeat(400),
  "' OR 1=1 --",
  '{{7*7}}',
  '<svg onload=alert(1)>',
  'rb-000000',
  'api:421',
  'api:0',
  'api:99999999999',
  'arn:aws:ecs:eu-west-1:111111111111:service/notify/api',
  '\ufeff',
  'é'.repeat(300),
  '🧨'.repeat(200),
  '[object Object]',
  'a'.repeat(3_000),
] as const;

const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 300 }),
);

/** As an address holds it, mostly encoded. */
const segment = fc.oneof(
  text.map((one) => encodeURIComponent(one.toWellFormed()).slice(0, 1_500)),
  fc.constantFrom(
    'production',
    'notify',
    'api',
    'staging',
    'api:421',
    '%e0%a4%a',
    '%',
    '%%',
    '..',
    '.',
    ';',
    'a'.repeat(2_000),
  ),
);
const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

type Sent = { readonly path: string; readonly question: Question; readonly by: 'operator' | 'nobody' };

const PLACES = [
  'services',
  'rollbacks',
  'record',
  'go',
  'status',
  'api/auth',
  'api',
  '_next',
  '_next/static',
  'sign-in',
  'services/newer',
  'record/download',
];
const QUERY = [
  'to',
  'from',
  'bring',
  'ran',
  'undo',
  'stop',
  'q',
  'target',
  'show',
  'sort',
  'before',
  'since',
  'format',
  'callbackUrl',
  'error',
  'over',
  '_rsc',
  '__proto__',
  'older',
];

const address = fc
  .tuple(
    fc.constantFrom(...PLACES),
    fc.array(segment, { maxLength: 6 }),
    fc.array(fc.tuple(fc.constantFrom(...QUERY), segment), { maxLength: 4 }),
  )
  .map(([first, rest, query]) => {
    const search = query.map(([name, value]) => `${name}=${value}`).join('&');
    return `/${[first, ...rest].join('/')}${search && `?${search}`}`.slice(0, 6_000);
  });

const HEADERS = [
  'rsc',
  'next-router-state-tree',
  'next-action',
  'accept',
  'x-forwarded-for',
  'if-none-match',
  'range',
  'accept-language',
  'x-nextjs-data',
];

const looks: fc.Arbitrary<Sent> = fc.record({
  path: address,
  by: fc.constantFrom('operator', 'nobody', 'nobody'),
  question: fc.record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'DELETE', 'PUT'),
    headers: fc.dictionary(
      fc.constantFrom(...HEADERS),
      fc.string({ unit: fc.constantFrom(...'abcXYZ012%[]{}",:;*/-'), maxLength: 120 }),
      { maxKeys: 3 },
    ),
  }),
});

/** Fields of a form, some of them repeated or strange. */
const fields = fc.array(
  fc.tuple(
    fc.oneof(fc.constantFrom('plan', 'reason', 'details', 'typed', 'ticked', 'theme', 'keys', 'id'), text),
    fc.oneof(text, fc.constant(deep(2_000))),
  ),
  { maxLength: 12 },
);

/** The form of the account menu. */
const PREFERENCES = BUILT_ACTIONS.filter(({ name }) => name.endsWith('#choose')).map(
  ({ id }) => [`$ACTION_ID_${id}`, ''] as const,
);

/** A form sent as a browser without script does; one in thirty is the plan's, with a hash that no plan has. */
async function formSent(entries: readonly (readonly [string, string])[], index: number): Promise<Sent> {
  const ofPlan = index % 30 === 0;
  const kept = form.entries.map(([name, value]) => [name, name === 'hash' ? '0'.repeat(64) : value] as const);
  const begun = ofPlan ? kept.filter(([name]) => index % 60 === 0 || name.startsWith('$ACTION')) : PREFERENCES;
  const strange = entries.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()] as const);
  const { type, body } = await multipart([...begun, ...strange]);
  const { pathname, search } = new URL(form.to);
  const headers = { ...stage.own, 'content-type': type };
  return {
    path: ofPlan ? `${pathname}${search}` : '/record',
    by: 'operator',
    question: { method: 'POST', body, headers },
  };
}

/** Bodies in the framework's own protocol, and in none. */
const bodies = fc.oneof(
  fc.json({ maxDepth: 8 }),
  fc.constantFrom(
    deep(10_000),
    '["$K1"]',
    '["$F1"]',
    '["$1:__proto__:then"]',
    '["$1:constructor:constructor"]',
    '["$@0"]',
    '["$B1"]',
    '[{"__proto__":{"x":1}}]',
    '["$Q1"]',
    '["$i1"]',
    '["$undefined","$NaN","$-0"]',
    '["$D-1"]',
    '["$n99999999999999999999"]',
  ),
  fc.string({ unit: 'binary', maxLength: 2_000 }),
);

const BOUNDARY = 'b0und';
const part = (name: string, value: string): string =>
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

async function actionSent(body: string, index: number): Promise<Sent> {
  const action = BUILT_ACTIONS[index % BUILT_ACTIONS.length];
  if (action === undefined) throw new Error('the build has no action');
  const { headers } = await called(action);
  const plain = index % 3 === 0;
  const whole = body.toWellFormed();
  const type = plain ? 'text/plain;charset=UTF-8' : `multipart/form-data; boundary=${BOUNDARY}`;
  return {
    path: addressesOf(action)[0] ?? '/',
    by: index % 5 === 0 ? 'nobody' : 'operator',
    question: {
      method: 'POST',
      body: plain ? whole : `${part('1', whole)}${part('0', '["$1"]')}--${BOUNDARY}--\r\n`,
      headers: { ...headers, ...stage.own, 'content-type': type },
    },
  };
}

/** What nobody at a browser may read, whatever they send. */
const INSIDES =
  /\n\s+at [\w.<>[\] ]+\(|node_modules|webpack-internal|\/lib\/(aws|db|auth)\/|ECONNREFUSED|pg_catalog|syntax error at or near|DATABASE_URL|TypeError:|ReferenceError:/;

/** Failures of a connection whose request Node's own parser, here or there, will not have. */
const UNPARSED = new Set([
  'ECONNRESET',
  'EPIPE',
  'HPE_INVALID_HEADER_TOKEN',
  'ERR_INVALID_CHAR',
  'ERR_UNESCAPED_CHARACTERS',
]);

/** Memory of the dashboard in MiB. */
function memory(): number {
  const [pid = ''] = readFileSync(join(stage.around.folder, 'dashboard.pid'), 'utf8').trim().split(/\s/);
  const [, kib = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

describe('whatever is sent', () => {
  let answers = 0;
  let before = 0;

  const send = async ({ path, question, by }: Sent): Promise<void> => {
    const headers = { ...(by === 'operator' && { cookie: operator.cookie }), ...question.headers };
    const answer: Answer | null = await ask(stage.url, path, { ...question, headers }).catch(
      (error: NodeJS.ErrnoException) => {
        if (UNPARSED.has(error.code ?? '')) return null;
        throw error;
      },
    );
    if (answer === null) return;
    answers += 1;
    expect(INSIDES.exec(answer.body)?.[0] ?? null, `${question.method} ${path} (seed ${SEED})`).toBeNull();
  };

  it('shows no insides: addresses, queries and headers', async () => {
    before = memory();
    await together(sample(looks, REQUESTS * 0.6, 1), send);
  });

  it('shows no insides: forms, whole and in pieces', async () => {
    const sent = await Promise.all(sample(fields, REQUESTS * 0.15, 2).map(formSent));
    await together(sent, send);
  });

  it('shows no insides: calls of actions in the framework’s own protocol', async () => {
    const sent = await Promise.all(sample(bodies, REQUESTS * 0.25, 3).map(actionSent));
    await together(sent, send);
  });

  it('leaves the dashboard as it was: alive, no larger than it should be, and nothing begun', async () => {
    expect(answers).toBeGreaterThan(REQUESTS * 0.9);
    expect((await stage.ask('/api/ready')).status).toBe(200);
    expect(memory() - before).toBeLessThan(400);
    expect(await stage.query('SELECT 1 FROM rollback')).toEqual([]);
    expect(await stage.aws.writes()).toEqual([]);
    expect(await operator.plan(PLAN)).not.toBeNull();
    const { body } = await operator.ask('/services/newer?since=1');
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['newer']);
  });

  it('has left one JSON object in every line of the log, none of them longer than a log bears', async () => {
    const lines = (await stage.log()).split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      expect(() => JSON.parse(line), line.slice(0, 300)).not.toThrow();
      expect(line).not.toMatch(/\p{Cc}/u);
      expect(line.length).toBeLessThan(32_768);
    }
  });
});
