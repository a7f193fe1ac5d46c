import * as autoscaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as iam from '@aws-sdk/client-iam';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsOf } from '@/simulator/execute';
import { misfitsOfResult } from '@/simulator/wire/sdk-misfits';
import { ACCOUNT, type Control, controlOf } from './fixtures';
import { rawCall } from './raw-call';
import { type Simulator, startSimulator } from './start';

/** What each client exports, schemas included, by signing name. */
const SDK: Readonly<Record<string, object>> = {
  ecs,
  ecr,
  ssm,
  sts,
  iam,
  logs,
  'application-autoscaling': autoscaling,
  elasticloadbalancing: elb,
  monitoring: cloudwatch,
  secretsmanager: secrets,
};

let simulator: Simulator;
let control: Control;
/** Operations whose replies were looked at. */
const seen = new Set<string>();

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, scenario: 'notify' });
  control = controlOf(simulator.url);
});

afterAll(() => simulator.close());

const shapeOf = (service: string, operation: string): unknown =>
  (SDK[service] as Readonly<Record<string, unknown>>)[`${operation}$`];

/** The result of an operation, after its reply was compared with what the SDK expects. */
async function reply(
  service: string,
  operation: string,
  input: object = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await rawCall(simulator.url, { service, operation, input });
  expect({ operation, status, body: status === 200 ? '' : body }).toEqual({ operation, status: 200, body: '' });
  const result = JSON.parse(body) as Readonly<Record<string, unknown>>;
  expect({ operation, misfits: misfitsOfResult(shapeOf(service, operation), result, 'seconds') }).toEqual({
    operation,
    misfits: [],
  });
  seen.add(`${service}:${operation}`);
  return result;
}

const names = (value: unknown): string[] => value as string[];
const first = (value: unknown): Readonly<Record<string, unknown>> =>
  (value as Readonly<Record<string, unknown>>[])[0] ?? {};
const tens = (list: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(list.length / 10) }, (_, index) => list.slice(index * 10, index * 10 + 10));
const cluster = 'notify';

/** Everything that can be read of every service. */
async function readEverything(): Promise<void> {
  const { serviceArns } = await reply('ecs', 'ListServices', { cluster, maxResults: 100 });
  for (const services of tens(names(serviceArns))) {
    await reply('ecs', 'DescribeServices', { cluster, services, include: ['TAGS'] });
  }
  for (const service of names(serviceArns)) {
    const { serviceDeployments } = await reply('ecs', 'ListServiceDeployments', { cluster, service });
    const records = serviceDeployments as readonly Readonly<Record<string, string>>[];
    if (records.length === 0) continue;
    const serviceDeploymentArns = records.map(({ serviceDeploymentArn = '' }) => serviceDeploymentArn);
    await reply('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns });
    const serviceRevisionArns = records.map(({ targetServiceRevisionArn = '' }) => targetServiceRevisionArn);
    await reply('ecs', 'DescribeServiceRevisions', { serviceRevisionArns });
  }
  for (const desiredStatus of ['RUNNING', 'STOPPED']) {
    const { taskArns } = await reply('ecs', 'ListTasks', { cluster, desiredStatus });
    if (names(taskArns).length === 0) continue;
    await reply('ecs', 'DescribeTasks', { cluster, tasks: taskArns, include: ['TAGS'] });
    await reply('ecs', 'GetTaskProtection', { cluster, tasks: taskArns });
  }
}

describe('replies on the wire', () => {
  it('of ECS hold what the SDK knows and nothing else, in the demo and while things happen in it', async () => {
    await reply('ecs', 'ListClusters');
    await reply('ecs', 'DescribeClusters', { clusters: [cluster, 'gone'], include: ['TAGS', 'SETTINGS'] });
    await readEverything();
    for (const service of ['api', 'status-page', 'flaky-worker']) {
      const { services } = await reply('ecs', 'DescribeServices', { cluster, services: [service] });
      const { taskDefinition } = first(services);
      await control.post('deploy', { account: ACCOUNT, cluster, service, taskDefinition: String(taskDefinition) });
      await reply('ecs', 'UpdateService', { cluster, service, forceNewDeployment: true });
    }
    for (const advanceSeconds of [1, 2, 4, 4, 8, 30, 300]) {
      await control.post('clock', { advanceSeconds });
      await readEverything();
    }
  });

  it('of ECS hold what the SDK knows and nothing else, for every family and every way to change something', async () => {
    const { families } = await reply('ecs', 'ListTaskDefinitionFamilies');
    for (const familyPrefix of names(families)) {
      const { taskDefinitionArns } = await reply('ecs', 'ListTaskDefinitions', { familyPrefix, sort: 'DESC' });
      const [newest] = names(taskDefinitionArns);
      if (newest) await reply('ecs', 'DescribeTaskDefinition', { taskDefinition: newest, include: ['TAGS'] });
    }
    const tags = [{ key: 'a', value: 'b' }];
    const containerDefinitions = [{ name: 'app', image: 'nginx:1', memory: 128 }];
    const { taskDefinition } = await reply('ecs', 'RegisterTaskDefinition', {
      family: 'f',
      containerDefinitions,
      tags,
    });
    const { taskDefinitionArn } = taskDefinition as Readonly<Record<string, string>>;
    await reply('ecs', 'CreateCluster', { clusterName: 'c' });
    const { service } = await reply('ecs', 'CreateService', {
      cluster: 'c',
      serviceName: 's',
      taskDefinition: 'f',
      desiredCount: 1,
    });
    const { serviceArn, currentServiceDeployment } = service as Readonly<Record<string, string>>;
    await reply('ecs', 'StopServiceDeployment', { serviceDeploymentArn: currentServiceDeployment });
    await reply('ecs', 'TagResource', { resourceArn: serviceArn, tags });
    await reply('ecs', 'ListTagsForResource', { resourceArn: serviceArn });
    await reply('ecs', 'UntagResource', { resourceArn: serviceArn, tagKeys: ['a'] });
    const { taskArns } = await reply('ecs', 'ListTasks', { cluster });
    await reply('ecs', 'UpdateTaskProtection', {
      cluster,
      tasks: names(taskArns).slice(0, 5),
      protectionEnabled: true,
    });
    await reply('ecs', 'GetTaskProtection', { cluster, tasks: names(taskArns).slice(0, 5) });
    await reply('ecs', 'DeleteService', { cluster: 'c', service: 's', force: true });
    await reply('ecs', 'DeleteCluster', { cluster: 'c' });
    await reply('ecs', 'DeregisterTaskDefinition', { taskDefinition: taskDefinitionArn });
    await reply('ecs', 'DeleteTaskDefinitions', { taskDefinitions: [taskDefinitionArn, 'nothing:1'] });
  });

  it('of ECS hold what the SDK knows and nothing else, for a hook that pauses and hosts of a cluster', async () => {
    const region = simulator.world.accounts.get(ACCOUNT)?.regions.get('eu-west-1');
    region?.containerInstances.set('h1', {
      id: 'h1'.padEnd(32, '0'),
      cluster,
      cpu: 2048,
      memory: 4096,
      remainingCpu: 1024,
      remainingMemory: 512,
    });
    const { containerInstanceArns } = await reply('ecs', 'ListContainerInstances', { cluster });
    await reply('ecs', 'DescribeContainerInstances', {
      cluster,
      containerInstances: [...names(containerInstanceArns), 'x'],
    });
    const hook = {
      targetType: 'PAUSE',
      lifecycleStages: ['POST_SCALE_UP'],
      timeoutConfiguration: { timeoutInMinutes: 600 },
    };
    const deploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1, lifecycleHooks: [hook] };
    const { service } = await reply('ecs', 'UpdateService', {
      cluster,
      service: 'status-page',
      deploymentConfiguration,
      forceNewDeployment: true,
    });
    const { currentServiceDeployment: serviceDeploymentArn = '' } = service as Readonly<Record<string, string>>;
    await control.post('clock', { advanceSeconds: 60 });
    const { serviceDeployments } = await reply('ecs', 'DescribeServiceDeployments', {
      serviceDeploymentArns: [serviceDeploymentArn],
    });
    const { lifecycleHookDetails } = first(serviceDeployments);
    const { hookId } = first(lifecycleHookDetails);
    await reply('ecs', 'ContinueServiceDeployment', { serviceDeploymentArn, hookId, action: 'CONTINUE' });
    await readEverything();
  });

  it('of the JSON services around it hold what the SDK knows and nothing else', async () => {
    const { images } = { images: ['notifications-api', 'template-preview'] };
    for (const repositoryName of images) {
      await reply('ecr', 'DescribeImages', { repositoryName, filter: { imageStatus: 'ANY' } });
    }
    await reply('ecr', 'DescribePullThroughCacheRules');
    await reply('ssm', 'DescribeParameters');
    await reply('secretsmanager', 'DescribeSecret', { SecretId: 'notify/db-uri' });
    await reply('application-autoscaling', 'DescribeScalableTargets', { ServiceNamespace: 'ecs' });
    await reply('logs', 'DescribeLogGroups');
    await reply('monitoring', 'DescribeAlarms', { AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
    await reply('monitoring', 'GetMetricData', {
      StartTime: 1_790_000_000,
      EndTime: 1_790_000_600,
      MetricDataQueries: [{ Id: 'a', MetricStat: { Metric: { MetricName: 'RequestCount' }, Period: 60, Stat: 'Sum' } }],
    });
  });

  it('were looked at for every operation of every JSON service', () => {
    const json = ['ecs', 'ecr', 'ssm', 'secretsmanager', 'application-autoscaling', 'logs', 'monitoring'];
    const all = json.flatMap((service) => operationsOf(service).map((operation) => `${service}:${operation}`));
    expect(all.filter((operation) => !seen.has(operation))).toEqual([]);
  });
});
