import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askRsc, leadsTo } from './ask';
import { definitionWith, machineDefinitionWith, nest, searcher } from './canaries';
import { makeStage, PEOPLE, type Person, type Stage } from './people';
import { type TalkativeAws, talkativeAws } from './talkative-aws';
import { together, until } from './together';

const SERVICE = '/services/production/notify/canary';

const secrets = nest();
const search = searcher(secrets.all);
const control = searcher(secrets.all);
let stage: Stage;
let aws: TalkativeAws;
let ecs: ECSClient;
const revisions: Record<'good' | 'bad' | 'machine', string> = { good: '', bad: '', machine: '' };

const register = async (definition: RegisterTaskDefinitionCommandInput): Promise<string> => {
  const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(definition));
  return (taskDefinition?.taskDefinitionArn ?? '').split('/').at(-1) ?? '';
};

/** The command and the marked secrets of a definition, as a failing container would say them. Copies are of `good`. */
const valuesOf = new Map<string, string>();

function remembered(name: 'good' | 'bad', definition: RegisterTaskDefinitionCommandInput): typeof definition {
  const [container] = definition.containerDefinitions ?? [];
  const marked = JSON.stringify(definition).match(/cnry-\d\d-[0-9a-f]+/g) ?? [];
  valuesOf.set(name, [...(container?.command ?? []), ...marked].join(' '));
  return definition;
}

/** A pipeline deploys a revision, and ECS gets it running. */
async function deploy(taskDefinition: string): Promise<void> {
  await ecs.send(new UpdateServiceCommand({ cluster: 'notify', service: 'canary', taskDefinition }));
  await until(`${taskDefinition} runs`, async () => {
    await stage.aws.clock({ advanceSeconds: 60 });
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: 'notify', services: ['canary'] }));
    const [{ deployments = [] } = {}] = services;
    return deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';
  });
}

beforeAll(async () => {
  stage = await makeStage({}, async (around) => {
    aws = await talkativeAws(around.simulator);
    return { ...around, ports: { ...around.ports, simulator: aws.port } };
  });
  ecs = new ECSClient({
    region: 'eu-west-1',
    endpoint: stage.around.simulator,
    credentials: { accessKeyId: 'AKIA111111111111DEMO', secretAccessKey: 'any' },
  });
  revisions.good = await register(remembered('good', definitionWith(secrets, 'release-56')));
  await deploy(revisions.good);
  await stage.aws.clock({ advanceSeconds: 4 * 3600 });
  revisions.bad = await register(remembered('bad', definitionWith(secrets, 'release-57')));
  await deploy(revisions.bad);
  revisions.machine = await register(machineDefinitionWith(secrets));
  // A newer AWS has fields nobody here knows, and its messages quote what they are about.
  const unknown = {
    task: secrets.put('a field nobody knows'),
    container: secrets.put('a field of a container nobody knows'),
  };
  aws.talk.adds = (operation, answer) => {
    if (operation === 'DescribeTaskDefinition') addFields(answer.taskDefinition as Members, unknown);
    if (operation === 'DescribeTasks') {
      for (const task of answer.tasks as Members[]) Object.assign(task, { stoppedReason: failed(task) });
    }
    if (operation === 'DescribeServices') {
      for (const service of (answer.services as Members[]).filter(isOurs)) {
        const event = { id: 'quoting', createdAt: Date.now() / 1000, message: failed(service) };
        Object.assign(service, { events: [event, ...((service.events as Members[] | undefined) ?? [])] });
        for (const one of service.deployments as Members[]) Object.assign(one, { rolloutStateReason: failed(one) });
      }
    }
    if (/ServiceDeployments$/.test(operation)) {
      for (const one of (answer.serviceDeployments as Members[]).filter(isOurs)) {
        Object.assign(one, { statusReason: `hook: ${[...valuesOf.values()].join(' ')}` });
      }
    }
  };
}, 180_000);
afterAll(async () => {
  await stage?.end();
  ecs?.destroy();
  await aws?.close();
});

type Members = Record<string, unknown>;

/** Whether something of AWS is of the service with the marked secrets; others are called so too. */
const isOurs = (one: Members): boolean => /:111111111111:[\w-]+\/notify\/canary\b/.test(JSON.stringify(one));

/** What ECS says of something that a definition describes. */
const failed = ({ taskDefinition, taskDefinitionArn = taskDefinition }: Members): string =>
  `exec failed: ${valuesOf.get(String(taskDefinitionArn).endsWith(revisions.bad) ? 'bad' : 'good')}`;

function addFields(definition: Members, unknown: { readonly task: string; readonly container: string }): void {
  if (!String(definition.taskDefinitionArn).endsWith(revisions.machine)) return;
  const [first = {}] = definition.containerDefinitions as Members[];
  Object.assign(definition, { novelty: { deep: [unknown.task] } });
  Object.assign(first, { novelty: unknown.container });
}

const ROUTES = /^\/(services|rollbacks|record|status|go|sign-in)\b|^\/$/;
const MOST_PAGES = 60;

/** Follows every link of ours from a page on, and looks through everything that comes of it. */
async function crawl(
  person: Person,
  from: readonly string[],
  { who, most = MOST_PAGES }: { readonly who: string; readonly most?: number },
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>(from);
  let next = [...from];
  while (next.length > 0) {
    const found = new Set<string>();
    await together(next, async (path) => {
      const page = await person.ask(path);
      search.look(`${who}: ${path}`, page.body + JSON.stringify(page.headers));
      const parts = await askRsc(person, path);
      search.look(`${who}: ${path} (parts)`, parts.body);
      const to = leadsTo(page);
      for (const [, href = ''] of page.body.matchAll(/href="([^"]+)"/g)) found.add(href.replaceAll('&amp;', '&'));
      if (to !== null) found.add(to);
    });
    next = [...found]
      .filter((href) => href.startsWith('/') && ROUTES.test(href) && !seen.has(href))
      .sort((a, b) => Number(b.includes('canary')) - Number(a.includes('canary')))
      .slice(0, Math.max(0, most - seen.size));
    for (const href of next) seen.add(href);
  }
  return seen;
}

/** Watches a rollback as its page does, until it has ended; how it did. */
async function ending(path: string, person: Person): Promise<string> {
  const id = path.split('/').at(-1) ?? '';
  let state = '';
  await until(`${path} has ended`, async () => {
    search.look(`${path}/progress`, (await person.ask(`${path}/progress`)).body);
    await stage.aws.clock({ advanceSeconds: 20 });
    const [row] = await stage.query<{ state: string; ended: boolean }>(
      'SELECT state, ended_at IS NOT NULL AS ended FROM rollback WHERE id = $1',
      [id],
    );
    state = row?.state ?? '';
    return row?.ended;
  });
  return state;
}

async function pressed(person: Person, query: string): Promise<string> {
  const form = await person.plan(`${SERVICE}/rollback?${query}`);
  if (form === null) throw new Error(`nothing to press at ${query}`);
  const answer = await person.press(form);
  search.look(`press of ${query}`, answer.body);
  return leadsTo(answer) ?? '';
}

describe('marked secrets in every text of a definition that is masked', () => {
  let operator: Person;

  it('are fifty and more, and are really there', async () => {
    expect(secrets.all.length).toBeGreaterThanOrEqual(50);
    const state = await (await fetch(`${stage.around.simulator}/_simulator/state`)).text();
    const there = secrets.all.filter(({ text }) => state.includes(text));
    expect(there.length).toBeGreaterThanOrEqual(secrets.all.length - 2);
  });

  it('are found by the search in whatever form, so that finding nothing means something', () => {
    const { text } = secrets.all[0] ?? { text: '' };
    const written = [
      text,
      encodeURIComponent(text),
      `"${text}"`,
      Buffer.from(`{"a":"${text}"}`).toString('base64'),
      Buffer.from(text).toString('hex'),
    ];
    for (const [n, one] of written.entries()) control.look(String(n), one);
    expect(new Set(control.hits.map(({ where }) => where)).size).toBe(written.length);
  });

  it('are not in what ECS says of a service nobody has looked at before, its definitions not read yet', async () => {
    operator = await stage.signedIn(PEOPLE.operator);
    const { body } = await operator.ask(SERVICE);
    search.look(SERVICE, body);
    expect(search.hits).toEqual([]);
    expect(body).toContain('exec failed: [hidden]');
    expect(body).toContain('hook: [hidden]');
  });

  it('are on no page, in no part of one and in no JSON, for an operator or a viewer', async () => {
    const from = [
      '/services?show=all',
      SERVICE,
      `${SERVICE}/revisions/${revisions.good}`,
      `${SERVICE}/revisions/${revisions.bad}`,
      `${SERVICE}/revisions/${revisions.machine}`,
      `${SERVICE}/compare?from=${revisions.bad}&to=${revisions.good}`,
      `${SERVICE}/compare?from=${revisions.bad}&to=${revisions.machine}`,
      `${SERVICE}/rollback?to=${revisions.good}`,
      `${SERVICE}/rollback?to=${revisions.good}&bring=images`,
      `${SERVICE}/rollback?to=${revisions.good}&bring=everything`,
      `${SERVICE}/rollback?to=${revisions.machine}`,
    ];
    const seen = await crawl(operator, from, { who: 'operator' });
    expect(seen.size).toBeGreaterThan(30);
    // The definitions were looked at: their names are there.
    const { body } = await operator.ask(`${SERVICE}/revisions/${revisions.bad}`);
    for (const name of ['SECRET_0', 'DATABASE_URI', 'awslogs-datetime-format']) expect(body).toContain(name);
    expect((await operator.ask(`${SERVICE}/revisions/${revisions.machine}`)).body).toContain('splunk-token');
    await crawl(await stage.signedIn(PEOPLE.viewer), from, { who: 'viewer', most: 0 });
    expect(search.hits).toEqual([]);
  });

  it('are in nothing that comes of a rollback, of one that fails and of one that cannot be registered', async () => {
    const done = await pressed(operator, `to=${revisions.good}&bring=everything`);
    expect(await ending(done, operator)).toBe('succeeded');

    // Tasks of the copy never start, and ECS says why in words of the definition.
    await deploy(revisions.bad);
    await stage.aws.service({ account: '111111111111', cluster: 'notify', service: 'canary', tasks: 'crash' });
    const failed = await pressed(operator, `to=${revisions.good}&bring=everything`);
    await ending(failed, operator);
    expect((await operator.ask(failed)).body).toContain('exec failed: [hidden]');
    await stage.aws.service({ account: '111111111111', cluster: 'notify', service: 'canary', tasks: 'healthy' });

    aws.talk.quotes = new Set(['RegisterTaskDefinition']);
    const refused = await pressed(operator, `to=${revisions.good}&bring=everything`);
    expect(await ending(refused, operator)).toBe('not-applied');
    aws.talk.quotes = new Set();
    const { body } = await operator.ask(refused);
    expect(body).toContain('Invalid request');

    await crawl(
      operator,
      [done, failed, refused, '/record', '/record/download?format=csv', '/record/download?format=json'],
      { who: 'operator', most: 20 },
    );
    expect(search.hits).toEqual([]);
  });

  it('are in no answer about an AWS that refuses to describe, answers half or quotes what it was asked', async () => {
    for (const talk of [
      { truncates: new Set(['DescribeTaskDefinition']) },
      { quotes: new Set(['DescribeTaskDefinition', 'DescribeImages']) },
    ]) {
      Object.assign(aws.talk, { truncates: new Set(), quotes: new Set(), ...talk });
      const paths = [
        `${SERVICE}/revisions/canary:${Number(revisions.machine.split(':')[1]) + 40}`,
        `${SERVICE}/rollback?to=${revisions.good}`,
        SERVICE,
        '/status',
      ];
      for (const path of paths) {
        const answer = await operator.ask(path);
        search.look(path, answer.body);
        expect(answer.body).not.toMatch(/SyntaxError|Unexpected token|at JSON\.parse/);
      }
    }
    Object.assign(aws.talk, { truncates: new Set(), quotes: new Set() });
    expect(search.hits).toEqual([]);
  });

  it('are in no log and in no row of any table', async () => {
    search.look('log of the dashboard', await stage.log());
    for (const name of ['postgres', 'oidc']) {
      search.look(
        `log of ${name}`,
        await readFile(join(stage.around.folder, `logs/${name}.log`), 'utf8').catch(() => ''),
      );
    }
    const tables = await stage.query<{ name: string }>(
      "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
    );
    expect(tables.length).toBeGreaterThan(6);
    for (const { name } of tables) {
      const rows = await stage.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      // Bytes are written in hexadecimal.
      for (const { row } of rows) search.look(`table ${name}`, row);
    }
    expect(search.searched()).toBeGreaterThan(1_000_000);
    expect(search.hits).toEqual([]);
  });
});
