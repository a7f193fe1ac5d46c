import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Application } from '@/lib/application';
import { createAws } from '@/lib/aws/clients';
import type { Database } from '@/lib/db/database';
import { readOnceIn } from '@/lib/db/read-once';
import { keysFrom } from '@/lib/digest';
import { revisionName } from '@/lib/domain/arn';
import type { Wish } from '@/lib/domain/facts';
import { planFrom } from '@/lib/domain/plan';
import type { Plan, Planned } from '@/lib/domain/plan-shape';
import type { Target } from '@/lib/domain/target';
import { goodVersion } from '@/lib/queries/good-version';
import { createReads } from '@/lib/queries/reads';
import { PLAIN_SECRETS } from '@/simulator/scenarios/notify-settings';
import { type Simulator, startSimulator } from '@/simulator/start';
import { readFacts } from './read-facts';

// What the product itself makes of the demo's story, read through AWS's protocols with the shipped roles.

let simulator: Simulator;
let application: Application;

const TARGET: Target = {
  name: 'production',
  account: '111111111111',
  region: 'eu-west-1',
  readerRole: 'arn:aws:iam::111111111111:role/ecs-rollback-reader',
  writerRole: 'arn:aws:iam::111111111111:role/ecs-rollback-writer',
  externalId: null,
  clusters: ['notify'],
  protected: true,
  colour: 'red',
  pipelineUrl: null,
  operators: [],
  viewers: [],
  services: [],
};

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, scenario: 'notify' });
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
    AWS_SECRET_ACCESS_KEY: 'any',
  })) {
    process.env[name] = value;
  }
  const log = () => undefined;
  const aws = createAws({
    targets: [TARGET],
    replicas: 1,
    fingerprint: keysFrom('x'.repeat(32)).fingerprint,
    showValuesOf: new Set(),
    log,
  });
  // The story is AWS's alone; what the record would say is not asked.
  const database = new Proxy({}, { get: () => () => Promise.reject(new Error('no database')) }) as Database;
  application = {
    aws,
    database,
    log,
    reads: createReads({ aws, kept: readOnceIn(database), replicas: 1, targetOf: () => TARGET }),
    configuration: { oldVersionDays: 30, lastKnownGoodMinutes: 60 },
    now: Date.now,
  } as unknown as Application;
});

afterAll(async () => {
  application.aws.close();
  await simulator.close();
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
});

async function starOf(service: string): Promise<string | null> {
  const described = await application.aws.reader(TARGET).describeServices('notify', [service]);
  const found = described.ok ? described.value.services[0] : undefined;
  if (found === undefined) throw new Error(`no service ${service}`);
  const { good } = await goodVersion({ target: TARGET, service: found, waitMs: 10_000 }, application);
  return good === null ? null : revisionName(good.version.arn);
}

const ASKED: Wish = { to: null, bring: null, ran: null, undo: null, stop: null };

async function planned(service: string, wish: Partial<Wish>): Promise<Planned> {
  const facts = await readFacts(
    { target: TARGET, cluster: 'notify', service, wish: { ...ASKED, ...wish } },
    application,
  );
  if (!facts.ok) throw new Error(`${service}: ${facts.error.kind}`);
  return planFrom(facts.value);
}

async function plan(service: string, to: string, bring: Wish['bring']): Promise<Plan> {
  const answer = await planned(service, { to, bring });
  if (answer.kind !== 'plan') throw new Error(`${service}: ${answer.kind}`);
  return answer.plan;
}

const OF_THE_RECORD = ['rollback-active', 'rolled-back-from'];

const found = ({ findings }: Plan, kind: string): string[] =>
  [...findings].filter(([, finding]) => finding.kind === kind).map(([name]) => name);

describe('in the demo’s production', () => {
  it.each<readonly [string, string | null]>([
    ['api', 'api:421'],
    ['delivery-worker-sms', 'delivery-worker-sms:306'],
    ['delivery-worker-letters', 'delivery-worker-letters:94'],
    ['delivery-worker-jobs', 'delivery-worker-jobs:201'],
    ['delivery-worker-research', 'delivery-worker-research:85'],
    ['delivery-worker-receipts', 'delivery-worker-receipts:138'],
    ['template-preview', 'template-preview:88'],
    ['antivirus', null],
    ['admin', 'admin:231'],
    ['document-download-api', 'document-download-api:63'],
    ['document-download-frontend', 'document-download-frontend:48'],
    ['letters-frontend', null],
    ['status-page', 'status-page:20'],
    ['housekeeping', 'housekeeping:11'],
    ['single', 'single:8'],
    ['upload-scanner', 'upload-scanner:39'],
    ['canary', 'canary:16'],
    ['flaky-worker', 'flaky-worker:24'],
  ])('the star of %s stands at %s', async (service, revision) => {
    expect(await starOf(service)).toBe(revision);
  });

  it('api asks what to bring back, for five things that differ', async () => {
    const answer = await planned('api', { to: 'api:421' });
    expect(answer).toMatchObject({ kind: 'choose-bring', from: { tag: 'release-1123' }, to: { tag: 'release-1119' } });
    expect(answer.kind === 'choose-bring' ? answer.changes : []).toHaveLength(5);
  });

  it.each<readonly [string, string, Wish['bring']]>([
    ['api', 'api:421', 'images'],
    ['delivery-worker-sms', 'delivery-worker-sms:306', null],
    ['flaky-worker', 'flaky-worker:24', null],
    ['canary', 'canary:16', null],
  ])('%s can go back with nothing against it', async (service, to, bring) => {
    const drawn = await plan(service, to, bring);
    expect([found(drawn, 'blocks'), found(drawn, 'warns')]).toEqual([[], []]);
    expect(found(drawn, 'not-checked')).toEqual([...OF_THE_RECORD, 'database']);
  });

  it.each<readonly [string, string, Wish['bring'], readonly string[]]>([
    ['api', 'api:412', 'images', ['images-exist']],
    ['antivirus', 'antivirus:56', null, ['images-exist']],
    ['admin', 'admin:231', 'everything', ['secrets-exist']],
    ['document-download-api', 'document-download-api:63', 'everything', ['roles-exist']],
    ['letters-frontend', 'letters-frontend:32', null, ['controller']],
    ['single', 'single:8', null, ['room-to-replace']],
    ['upload-scanner', 'upload-scanner:39', 'everything', ['lb-port']],
  ])('%s cannot go back to %s (%s)', async (service, to, bring, blocks) => {
    expect(found(await plan(service, to, bring), 'blocks')).toEqual(blocks);
  });

  it.each<readonly [string, string, readonly string[]]>([
    ['template-preview', 'template-preview:88', ['image-digest']],
    ['document-download-frontend', 'document-download-frontend:48', ['deployment-running']],
    ['status-page', 'status-page:20', ['slow-strategy']],
    ['housekeeping', 'housekeeping:11', ['zero-tasks']],
  ])('%s warns on the way to %s', async (service, to, warnings) => {
    const drawn = await plan(service, to, null);
    expect([found(drawn, 'blocks'), found(drawn, 'warns')]).toEqual([[], warnings]);
  });

  it('admin and document-download-api can still go back with only the images', async () => {
    for (const [service, to] of [
      ['admin', 'admin:231'],
      ['document-download-api', 'document-download-api:63'],
      ['upload-scanner', 'upload-scanner:39'],
    ] as const) {
      expect(found(await plan(service, to, 'images'), 'blocks')).toEqual([]);
    }
  });

  it('no value of a plain variable is anywhere in what people may see or keep', async () => {
    const drawn = await plan('api', 'api:421', 'everything');
    const said = JSON.stringify([drawn, inspect(drawn, { depth: 20 }), await planned('api', { to: 'api:421' })]);
    expect(PLAIN_SECRETS.filter((value) => said.includes(value))).toEqual([]);
  });

  it('the digest that ran is pinned where the tag moved', async () => {
    const { images } = await plan('template-preview', 'template-preview:88', null);
    expect(images.get('app')).toMatch(/\/template-preview@sha256:[0-9a-f]{64}$/);
  });
});
