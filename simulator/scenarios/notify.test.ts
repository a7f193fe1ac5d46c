import { describe, expect, it } from 'vitest';
import { catchUp } from '@/simulator/ecs/rollout';
import type { Service } from '@/simulator/ecs/state';
import { isRunning } from '@/simulator/ecs/tasks';
import { execute } from '@/simulator/execute';
import type { Region } from '@/simulator/world';
import { notify } from './notify';

const NOW = Date.UTC(2026, 10, 24, 3, 0);
const world = notify(NOW);

const regionIn = (account: string): Region => {
  const region = world.accounts.get(account)?.regions.get('eu-west-1');
  if (!region) throw new Error(`no account ${account}`);
  return region;
};
const production = regionIn('111111111111');
const serviceIn = (region: Region, name: string): Service => {
  const service = region.services.get(`notify/${name}`);
  if (!service) throw new Error(`no service ${name}`);
  return service;
};
const service = (name: string): Service => serviceIn(production, name);
const numberOf = (arn: string): number => Number(arn.split(':').at(-1));
const tagOf = (region: Region, name: string, number: number): string | undefined =>
  region.families
    .get(name)
    ?.revisions.get(number)
    ?.definition.containerDefinitions?.find((container) => container.name === 'app')
    ?.image?.split(':')
    .at(-1);

/** Revisions by how their deployments ended, newest first. */
const ended = (name: string, status: string): number[] =>
  service(name)
    .serviceDeployments.filter((record) => record.status === status)
    .map(({ targetRevisionArn }) => numberOf(service(name).revisions.get(targetRevisionArn)?.taskDefinition ?? ''));

describe('the story in production', () => {
  it.each([
    ['api', 428, 'release-1123', 421, 'release-1119', 'INACTIVE'],
    ['delivery-worker-sms', 310, 'release-1123', 306, 'release-1119', 'INACTIVE'],
    ['delivery-worker-letters', 97, 'release-1123', 94, 'release-1119', 'INACTIVE'],
    ['delivery-worker-jobs', 205, 'release-1123', 201, 'release-1119', 'INACTIVE'],
    ['delivery-worker-research', 88, 'release-1123', 85, 'release-1119', 'INACTIVE'],
    ['delivery-worker-receipts', 142, 'release-1123', 138, 'release-1119', 'INACTIVE'],
    ['template-preview', 91, 'main', 88, 'main', 'INACTIVE'],
    ['antivirus', 57, 'release-212', 56, 'release-211', 'INACTIVE'],
    ['admin', 233, 'release-2041', 231, 'release-2040', 'INACTIVE'],
    ['document-download-api', 64, 'release-318', 63, 'release-317', 'INACTIVE'],
    ['status-page', 21, 'release-75', 20, 'release-74', 'ACTIVE'],
    ['housekeeping', 12, 'release-31', 11, 'release-30', 'INACTIVE'],
    ['single', 9, 'release-19', 8, 'release-18', 'INACTIVE'],
    ['upload-scanner', 40, 'release-88', 39, 'release-87', 'INACTIVE'],
    ['canary', 17, 'release-57', 16, 'release-56', 'ACTIVE'],
    ['flaky-worker', 25, 'release-61', 24, 'release-60', 'INACTIVE'],
  ])('runs %s:%i, %s, and ran %i, %s, well before', (name, running, tag, before, tagBefore, statusBefore) => {
    expect(numberOf(service(name).taskDefinition)).toBe(running);
    expect(ended(name, 'SUCCESSFUL').slice(0, 2)).toEqual([running, before]);
    expect([tagOf(production, name, running), tagOf(production, name, before)]).toEqual([tag, tagBefore]);
    const statusOf = (number: number) => production.families.get(name)?.revisions.get(number)?.status;
    expect([statusOf(running), statusOf(before)]).toEqual(['ACTIVE', statusBefore]);
    expect(production.families.get(name)?.next).toBe(running + 1);
  });

  it('has every wanted task running and healthy, except where a deployment is under way', () => {
    for (const each of production.services.values()) {
      const current = each.tasks.filter((task) => isRunning(task) && task.taskDefinition === each.taskDefinition);
      expect([each.name, current.length]).toEqual([each.name, each.desiredCount]);
      if (each.name === 'document-download-frontend') continue;
      expect([each.name, each.steady, current.every(({ health }) => health === 'healthy')]).toEqual([
        each.name,
        true,
        true,
      ]);
    }
  });

  it('brought release-1123 to api and its workers 17 to 18 minutes ago', () => {
    for (const name of ['api', 'delivery-worker-sms', 'delivery-worker-letters', 'delivery-worker-callbacks']) {
      const minutes = (NOW - (service(name).serviceDeployments[0]?.finishedAt ?? 0)) / 60_000;
      expect(minutes).toBeGreaterThanOrEqual(17);
      expect(minutes).toBeLessThan(18);
    }
  });

  it('ran release-1119 for six days and release-1117 for one', () => {
    const spans = service('api')
      .serviceDeployments.filter(({ status }) => status === 'SUCCESSFUL')
      .slice(0, 3)
      .map(({ startedAt, finishedAt }) => ({ startedAt: startedAt ?? 0, finishedAt: finishedAt ?? 0 }));
    const hours = [0, 1].map((index) =>
      Math.round(((spans[index]?.startedAt ?? 0) - (spans[index + 1]?.finishedAt ?? 0)) / 3_600_000),
    );
    expect(hours).toEqual([147, 24]);
  });

  it('gave 427 up without a return', () => {
    expect(ended('api', 'STOPPED')).toEqual([427]);
    const record = service('api').serviceDeployments[1];
    expect([record?.breaker, record?.failureCount]).toEqual(['TRIGGERED', 3]);
  });

  it('has 160 revisions of api in all three statuses, none of 405 to 411', () => {
    const revisions = [...(production.families.get('api')?.revisions.values() ?? [])];
    expect(revisions).toHaveLength(160);
    const count = (status: string) => revisions.filter((revision) => revision.status === status).length;
    expect([count('ACTIVE'), count('INACTIVE'), count('DELETE_IN_PROGRESS')]).toEqual([4, 149, 7]);
    expect(revisions.filter(({ number }) => number >= 405 && number <= 411)).toEqual([]);
    expect(revisions.every(({ number, status }) => status !== 'DELETE_IN_PROGRESS' || number < 412)).toBe(true);
  });

  it('differs between 421 and 428 of api in an image, two variables, one secret and memory', () => {
    const [then, now] = [421, 428].map((number) => production.families.get('api')?.revisions.get(number)?.definition);
    const app = (definition: typeof now) => definition?.containerDefinitions?.find(({ name }) => name === 'app');
    const variables = (definition: typeof now) => new Map(app(definition)?.environment?.map((v) => [v.name, v.value]));
    const changed = [...variables(now)].filter(([name, value]) => variables(then).get(name) !== value);
    expect(changed.map(([name]) => name).sort()).toEqual(['FEATURE_BULK', 'MAX_WORKERS']);
    const secrets = app(now)?.secrets?.filter(
      ({ name, valueFrom }) => !app(then)?.secrets?.some((each) => each.name === name && each.valueFrom === valueFrom),
    );
    expect(secrets?.map(({ name }) => name)).toEqual(['DB_URI']);
    expect([then?.memory, now?.memory]).toEqual(['1024', '2048']);
    const rest = (definition: typeof now) => ({
      ...definition,
      memory: '',
      containerDefinitions: definition?.containerDefinitions?.map((each) => ({
        ...each,
        image: each.name === 'app' ? '' : each.image,
        environment: [],
        secrets: [],
      })),
    });
    expect(rest(now)).toEqual(rest(then));
  });

  it('changed nothing but the image of its workers', () => {
    const revisions = production.families.get('delivery-worker-sms')?.revisions;
    const [then, now] = [306, 310].map((number) => JSON.stringify(revisions?.get(number)?.definition));
    expect(then?.replace('release-1119', 'release-1123')).toBe(now);
  });

  it('moved the tag main after template-preview last ran with it', () => {
    const digests = [...service('template-preview').revisions.values()].slice(-2).map((revision) => revision.digests);
    expect(digests[0]?.app).not.toBe(digests[1]?.app);
    const images = production.repositories.get('template-preview')?.images;
    expect(images?.get(digests[0]?.app ?? '')?.tags).toEqual([]);
    expect(images?.get(digests[1]?.app ?? '')?.tags).toEqual(['main']);
  });

  it('leaves out what the versions before need', () => {
    const tags = (repository: string) =>
      [...(production.repositories.get(repository)?.images.values() ?? [])].flatMap((image) => image.tags);
    expect(tags('antivirus')).toEqual(['release-212']);
    expect(tags('notifications-api')).not.toContain('release-1098');
    expect(tags('notifications-api')).toContain('release-1119');
    expect([...production.secrets.keys()]).not.toContain('notify/zendesk-token');
    expect([...(world.accounts.get('111111111111')?.roles.keys() ?? [])]).not.toContain('document-download-s3-legacy');
  });

  it('lets CodeDeploy keep letters-frontend in a task set, without deployments of its own', () => {
    const { controller, deployments, serviceDeployments, taskSetId } = service('letters-frontend');
    expect({ controller, deployments, serviceDeployments }).toEqual({
      controller: 'CODE_DEPLOY',
      deployments: [],
      serviceDeployments: [],
    });
    expect(taskSetId).toMatch(/^ecs-svc\/\d{19}$/);
  });

  it('sets each service up as its row says', () => {
    expect(service('status-page').configuration).toMatchObject({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 });
    expect(service('housekeeping').desiredCount).toBe(0);
    expect(service('single')).toMatchObject({
      desiredCount: 1,
      configuration: { minimumHealthyPercent: 100, maximumPercent: 100 },
    });
    expect(service('upload-scanner').settings.loadBalancers[0]?.containerPort).toBe(8080);
    expect(service('canary').tags).toContainEqual({ key: 'ecs-rollback:rehearsal', value: 'true' });
  });
});

describe('document-download-frontend', () => {
  const told = notify(NOW);
  const frontend = (): Service => {
    const region = told.accounts.get('111111111111')?.regions.get('eu-west-1');
    if (!region) throw new Error('no region');
    return serviceIn(region, 'document-download-frontend');
  };

  it('is deployed over 48 alone for two minutes more, then put back by the circuit breaker', () => {
    catchUp(told, NOW + 121_000);
    const record = frontend().serviceDeployments[0];
    expect(record?.status).toBe('IN_PROGRESS');
    const sources = record?.sourceRevisionArns.map((arn) => frontend().revisions.get(arn)?.taskDefinition);
    expect(sources?.map((arn) => numberOf(arn ?? ''))).toEqual([48]);
    const [primary, draining] = frontend().deployments;
    expect([numberOf(primary?.taskDefinition ?? ''), numberOf(draining?.taskDefinition ?? '')]).toEqual([49, 48]);

    catchUp(told, NOW + 300_000);
    expect(record).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', breaker: 'TRIGGERED', failureCount: 3 });
    expect(frontend().deployments).toEqual([draining]);
    expect(draining).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED' });
  });
});

describe('a copy', () => {
  const OWNER = {
    arn: 'arn:aws:iam::111111111111:user/demo',
    account: '111111111111',
    userId: 'AIDA',
    roleActions: null,
    sessionActions: null,
    sourceIdentity: null,
  };

  /** Deploys a copy of a service's revision, and answers the service half a minute later. */
  function copied(name: string, number: number): Service {
    const told = notify(NOW);
    const region = told.accounts.get('111111111111')?.regions.get('eu-west-1');
    if (!region) throw new Error('no region');
    const ask = (at: number, operation: string, input: object): object =>
      execute(told, at, { service: 'ecs', operation, region: 'eu-west-1', input: { ...input }, principal: OWNER });
    ask(NOW, 'RegisterTaskDefinition', region.families.get(name)?.revisions.get(number)?.definition ?? {});
    ask(NOW, 'UpdateService', { cluster: 'notify', service: name, taskDefinition: name });
    ask(NOW + 30_000, 'ListClusters', {});
    return serviceIn(region, name);
  }

  it('of api:421 is 429 and steady within half a minute', () => {
    const api = copied('api', 421);
    expect(numberOf(api.taskDefinition)).toBe(429);
    expect([api.serviceDeployments[0]?.status, api.steady]).toEqual(['SUCCESSFUL', true]);
  });

  it('of flaky-worker:24 fails, and ECS puts 25 back', () => {
    const flaky = copied('flaky-worker', 24);
    expect(flaky.serviceDeployments[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect([numberOf(flaky.taskDefinition), flaky.steady]).toEqual([25, true]);
    expect(flaky.tasks.some(({ stoppedReason }) => stoppedReason === 'Essential container in task exited')).toBe(true);
  });
});

describe('staging and preview', () => {
  it.each([
    ['222222222222', 'release-1124'],
    ['333333333333', 'release-1125'],
  ])('run the next release in %s', (account, tag) => {
    const region = regionIn(account);
    expect(tagOf(region, 'api', numberOf(serviceIn(region, 'api').taskDefinition))).toBe(tag);
    expect(region.services.size).toBeGreaterThanOrEqual(20);
  });
});

describe('any telling', () => {
  it('is the same for the same moment and has other ids for another', () => {
    const arns = (at: number) =>
      [...notify(at).accounts.values()].flatMap(({ regions }) =>
        [...regions.values()].flatMap(({ services }) =>
          [...services.values()].flatMap(({ serviceDeployments }) => serviceDeployments.map(({ arn }) => arn)),
        ),
      );
    const first = new Set(arns(NOW));
    expect(arns(NOW)).toEqual([...first]);
    expect(arns(NOW + 1).filter((arn) => first.has(arn))).toEqual([]);
  });

  it('takes the roles of the dashboard from the policies it ships', () => {
    const roles = world.accounts.get('222222222222')?.roles;
    expect(roles?.get('ecs-rollback-reader')?.actions).toContain('ecs:DescribeServices');
    expect(roles?.get('ecs-rollback-reader')?.actions).not.toContain('ecs:UpdateService');
    expect(roles?.get('ecs-rollback-writer')?.actions).toEqual([
      'ecs:RegisterTaskDefinition',
      'ecs:TagResource',
      'ecs:UpdateService',
      'ecs:StopServiceDeployment',
      'iam:PassRole',
    ]);
  });
});
