import { describe, expect, it } from 'vitest';
import type { ReadFailure } from '@/lib/domain/facts';
import { service } from '@/lib/domain/fixtures';
import { findLink } from './find-link';
import { operatorOf, PREVIEW, PRODUCTION, STAGING } from './look-world';

const TARGETS = [PRODUCTION, STAGING];
const SILENT: ReadFailure = { kind: 'no-answer', action: 'ecs:ListClusters', words: 'AWS has not answered' };

const inCluster = (clusterName: string, name: string, family = name) =>
  service({
    name,
    clusterName,
    taskDefinitionArn: `arn:aws:ecs:eu-west-1:111111111111:task-definition/${family}:428`,
  });

const whole = (services: readonly ReturnType<typeof service>[], failures: readonly object[] = []) => ({
  value: { services, clusters: ['notify'], failures, calls: 1 },
  readAt: 0,
  failure: null,
  partial: false,
});

const READ: Readonly<Record<string, object | null>> = {
  production: whole([inCluster('notify', 'api'), inCluster('notify', 'worker', 'api'), inCluster('jobs', 'cron')]),
  staging: whole([inCluster('notify', 'api'), inCluster('jobs', 'cron')]),
};

function find(q: string, read: Readonly<Record<string, object | null>> = READ, targets = TARGETS) {
  const reads = { services: { get: async (name: string) => read[name] ?? null } };
  return findLink(operatorOf(targets), q, { configuration: { targets: [...TARGETS, PREVIEW] }, reads } as never);
}

const API = '/services/production/notify/api';
const CONSOLE = 'https://eu-west-1.console.aws.amazon.com/ecs';
const arn = (rest: string, account = '111111111111') => `arn:aws:ecs:eu-west-1:${account}:${rest}`;

describe('A text leads', () => {
  it.each([
    ['the ARN of a service', arn('service/notify/api'), API],
    ['its old form, without the cluster', arn('service/worker'), '/services/production/notify/worker'],
    ['one with blanks around it', `  ${arn('service/notify/api')}\n`, API],
    ['the ARN of a revision', arn('task-definition/cron:12'), '/services/production/jobs/cron/revisions/cron%3A12'],
    ['the ARN in another account', arn('service/jobs/cron', '222222222222'), '/services/staging/jobs/cron'],
    [
      'a cluster in the console',
      `${CONSOLE}/v2/clusters/notify/services?region=eu-west-1`,
      '/services?target=all&cluster=notify&show=all',
    ],
    ['any other text', 'delivery', '/services?target=all&show=all&q=delivery'],
    ['nothing', ' ', '/services'],
  ])('from %s to its page', async (_what, q, href) => {
    expect(await find(q)).toEqual({ kind: 'redirect', href });
  });

  it.each([
    `https://111111111111-ab12cd34.eu-west-1.console.aws.amazon.com/ecs/v2/clusters/notify/services/api/health?region=eu-west-1`,
    `https://111111111111-ab12cd34.eu-west-1.console.aws.amazon.com/ecs/v2/clusters/notify/services/api`,
  ])('from a console that names the account to the one service: %s', async (q) => {
    expect(await find(q)).toEqual({ kind: 'redirect', href: API });
  });

  it.each([
    `${CONSOLE}/v2/clusters/notify/services/api/tasks?region=eu-west-1`,
    `${CONSOLE}/home?region=eu-west-1#/clusters/notify/services/api/details`,
  ])('from a console that names none to a choice between targets: %s', async (q) => {
    const found = await find(q);
    expect(found.kind === 'several' && found.links.map(({ href }) => href)).toEqual([
      API,
      '/services/staging/notify/api',
    ]);
  });

  it('from a family to every service that runs it, with the revision as each sees it', async () => {
    expect(await find(`${arn('task-definition/api:421')}`)).toEqual({
      kind: 'several',
      links: [
        { href: `${API}/revisions/api%3A421`, words: 'api:421 as service api in notify, production sees it' },
        {
          href: '/services/production/notify/worker/revisions/api%3A421',
          words: 'api:421 as service worker in notify, production sees it',
        },
      ],
    });
    const family = await find(`${CONSOLE}/v2/task-definitions/cron?region=eu-west-1`);
    expect(family.kind === 'several' && family.links.map(({ href }) => href)).toEqual([
      '/services/production/jobs/cron',
      '/services/staging/jobs/cron',
    ]);
  });
});

describe('What is not there', () => {
  it('is said to be not there once everything was read', async () => {
    expect(await find(arn('service/notify/none'))).toEqual({
      kind: 'none',
      words: 'There is no service none in the targets you may look at.',
    });
    expect(await find(arn('task-definition/none:1'))).toMatchObject({
      words: 'No service that you may look at runs family none.',
    });
  });

  it('is of an account that is no target, or none of the person’s, in the same words', async () => {
    const words = (account: string) => ({
      kind: 'none',
      words: `Account ${account} in eu-west-1 is not one of this tool's targets.`,
    });
    expect(await find(arn('service/notify/api', '999999999999'))).toEqual(words('999999999999'));
    expect(await find(arn('service/notify/api', '333333333333'))).toEqual(words('333333333333'));
    const only = await find(arn('service/notify/api'), READ, [STAGING]);
    expect(only).toEqual(words('111111111111'));
  });

  it.each([
    ['has not answered', null],
    ['could not be read', { ...whole([]), value: null, failure: SILENT }],
    ['was read in part', { ...whole([]), partial: true }],
    ['has a cluster that could not be read', whole([], [{ cluster: 'notify', failure: SILENT }])],
  ])('is not said of a target that %s', async (_what, production) => {
    const read = { ...READ, production };
    // The page of the service asks AWS about it alone.
    expect(await find(arn('service/notify/api'), read)).toEqual({ kind: 'redirect', href: API });
    const words =
      'Nothing was found yet: production could not be read in full just now. Try again, or search all services.';
    expect(await find(arn('service/worker'), read)).toEqual({ kind: 'none', words });
    expect(await find(arn('task-definition/api:421'), read)).toEqual({ kind: 'none', words });
  });

  it('is known where only other clusters could not be read', async () => {
    const production = whole([], [{ cluster: 'jobs', failure: SILENT }]);
    expect(await find(arn('service/notify/api'), { ...READ, production })).toMatchObject({ kind: 'none' });
    expect(await find(arn('service/notify/api'), { ...READ, production })).toMatchObject({
      words: 'There is no service api in the targets you may look at.',
    });
  });
});
