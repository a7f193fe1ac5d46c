import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeImagesCommand, ECRClient, paginateDescribeImages } from '@aws-sdk/client-ecr';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, paginateDescribeParameters, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, failureOf, REGION, settingsFor } from '@/simulator/fixtures';
import { type Simulator, startSimulator } from '@/simulator/start';
import type { Region } from '@/simulator/world';

let simulator: Simulator;
let region: Region;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, scenario: 'notify' });
  const found = simulator.world.accounts.get(ACCOUNT)?.regions.get(REGION);
  if (!found) throw new Error('the scenario has no such region');
  region = found;
});

afterAll(() => simulator.close());

const settings = (account?: string) => settingsFor(simulator.url, account);

describe('IAM', () => {
  const role = (name: string, account?: string) =>
    new IAMClient(settings(account)).send(new GetRoleCommand({ RoleName: name }));

  it('describes a role with its trust policy URL-encoded', async () => {
    const { Role } = await role('api-task');
    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${ACCOUNT}:role/api-task`,
      Path: '/',
      CreateDate: expect.any(Date),
    });
    expect(Role?.AssumeRolePolicyDocument).not.toContain('{');
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toMatchObject({
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
  });

  it('knows roles of its own account alone', async () => {
    const missing = { name: 'NoSuchEntityException', $metadata: { httpStatusCode: 404 } };
    expect(await failureOf(role('never-was'))).toMatchObject(missing);
    expect(await failureOf(role('api-task', '999999999999'))).toMatchObject(missing);
  });
});

describe('Secrets Manager', () => {
  const secret = (id: string) => new SecretsManagerClient(settings()).send(new DescribeSecretCommand({ SecretId: id }));

  it('describes a secret by name, by ARN, and by ARN without what AWS added to it', async () => {
    const { ARN = '', VersionIdsToStages } = await secret('notify/db-uri');
    expect(Object.values(VersionIdsToStages ?? {}).flat()).toContain('AWSCURRENT');
    expect((await secret(ARN)).Name).toBe('notify/db-uri');
    expect((await secret(ARN.slice(0, -7))).Name).toBe('notify/db-uri');
  });

  it('describes one that waits for its deletion, with the date', async () => {
    const known = region.secrets.get('notify/db-uri');
    if (known)
      region.secrets.set('waiting', { ...known, name: 'waiting', arn: `${known.arn}-w`, deletedAt: known.createdAt });
    expect((await secret('waiting')).DeletedDate).toBeInstanceOf(Date);
  });

  it('does not find one that is gone', async () => {
    expect(await failureOf(secret('notify/zendesk-token'))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  it('denies access to another account’s', async () => {
    const id = `arn:aws:secretsmanager:${REGION}:999999999999:secret:theirs-Qx7RfA`;
    expect((await failureOf(secret(id))).name).toBe('AccessDeniedException');
  });
});

describe('Parameter Store', () => {
  const client = () => new SSMClient(settings());
  const named = (...names: string[]) =>
    client().send(
      new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: names }] }),
    );

  it('describes parameters by name, and leaves out what is missing', async () => {
    const { Parameters = [] } = await named('/notify/production/sms-provider-api-key', '/never/was');
    expect(Parameters.map(({ Name, Type }) => [Name, Type])).toEqual([
      ['/notify/production/sms-provider-api-key', 'SecureString'],
    ]);
    expect(Parameters[0]?.LastModifiedDate).toBeInstanceOf(Date);
  });

  it('pages, ten at a time', async () => {
    const [known] = region.parameters.values();
    if (!known) throw new Error('the scenario has no parameter');
    for (let nth = 0; nth < 25; nth += 1) region.parameters.set(`/many/${nth}`, { ...known, name: `/many/${nth}` });
    const ParameterFilters = [{ Key: 'Name', Option: 'BeginsWith', Values: ['/many/'] }];
    const sizes: number[] = [];
    for await (const { Parameters = [] } of paginateDescribeParameters({ client: client() }, { ParameterFilters })) {
      sizes.push(Parameters.length);
    }
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('refuses a filter that does not exist', async () => {
    const wrong = new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Colour', Values: ['red'] }] });
    expect((await failureOf(client().send(wrong))).name).toBe('InvalidFilterKey');
  });
});

describe('ECR', () => {
  const client = (account?: string) => new ECRClient(settings(account));
  const images = (repositoryName: string, imageIds?: { imageTag?: string; imageDigest?: string }[], account?: string) =>
    client(account).send(new DescribeImagesCommand({ registryId: ACCOUNT, repositoryName, imageIds }));

  it('describes an image by tag and by digest', async () => {
    const { imageDetails = [] } = await images('notifications-api', [{ imageTag: 'release-1119' }]);
    const [{ imageDigest = '', imagePushedAt } = {}] = imageDetails;
    expect(imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(imagePushedAt).toBeInstanceOf(Date);
    const again = await images('notifications-api', [{ imageDigest }]);
    expect(again.imageDetails?.[0]?.imageTags).toContain('release-1119');
  });

  it('fails a whole call for one image that is gone', async () => {
    const both = [{ imageTag: 'release-1119' }, { imageTag: 'release-1098' }];
    expect(await failureOf(images('notifications-api', both))).toMatchObject({
      name: 'ImageNotFoundException',
      message: expect.stringContaining("imageTag:'release-1098'"),
    });
  });

  it('hides archived images unless they are asked for', async () => {
    const image = [...(region.repositories.get('antivirus')?.images.values() ?? [])][0];
    if (!image) throw new Error('the scenario has no image');
    image.status = 'ARCHIVED';
    const imageIds = [{ imageDigest: image.digest }];
    expect((await failureOf(images('antivirus', imageIds))).name).toBe('ImageNotFoundException');
    const asked = new DescribeImagesCommand({ repositoryName: 'antivirus', imageIds, filter: { imageStatus: 'ANY' } });
    expect((await client().send(asked)).imageDetails?.[0]?.imageStatus).toBe('ARCHIVED');
    image.status = 'ACTIVE';
  });

  it('does not find a repository that is not there', async () => {
    expect((await failureOf(images('never-was'))).name).toBe('RepositoryNotFoundException');
  });

  it('pages', async () => {
    const found: string[] = [];
    const pages = paginateDescribeImages({ client: client(), pageSize: 3 }, { repositoryName: 'notifications-api' });
    for await (const { imageDetails = [] } of pages)
      found.push(...imageDetails.map(({ imageDigest = '' }) => imageDigest));
    expect(found.length).toBe(region.repositories.get('notifications-api')?.images.size);
    expect(new Set(found).size).toBe(found.length);
  });
});

describe('CloudWatch', () => {
  const client = () => new CloudWatchClient(settings());

  beforeAll(() => {
    const updatedAt = [...region.alarms.values()][0]?.updatedAt ?? 0;
    const arn = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:all-of-it`;
    region.alarms.set('all-of-it', {
      name: 'all-of-it',
      arn,
      metric: 'api-5xx',
      composite: true,
      state: 'OK',
      updatedAt,
    });
  });

  it('leaves out composite alarms unless they are asked for', async () => {
    const plain = await client().send(new DescribeAlarmsCommand({}));
    expect(plain.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toContain('api-5xx');
    expect(plain.CompositeAlarms).toEqual([]);
    const both = await client().send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
    expect(both.CompositeAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['all-of-it']);
  });

  it('says which alarms fire, and since when', async () => {
    const firing = new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmNames: ['api-5xx', 'all-of-it'] });
    const { MetricAlarms = [] } = await client().send(firing);
    expect(MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual(['api-5xx']);
    expect(MetricAlarms[0]?.StateUpdatedTimestamp).toBeInstanceOf(Date);
  });

  it('names its errors as callers know them from XML', async () => {
    const wrong = new DescribeAlarmsCommand({ NextToken: 'nonsense' });
    expect(await failureOf(client().send(wrong))).toMatchObject({
      name: 'InvalidNextToken',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('gives the values of a metric, the same at every call, and errors while an alarm on it fires', async () => {
    const EndTime = new Date();
    const StartTime = new Date(EndTime.getTime() - 30 * 60_000);
    const metric = (MetricName: string) => ({
      Id: 'm',
      MetricStat: { Metric: { Namespace: 'AWS/ApplicationELB', MetricName }, Period: 60, Stat: 'Sum' },
    });
    const values = async (name: string) => {
      const command = new GetMetricDataCommand({
        StartTime,
        EndTime,
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [metric(name)],
      });
      const [result] = (await client().send(command)).MetricDataResults ?? [];
      expect(result?.Timestamps?.length).toBe(result?.Values?.length);
      return result?.Values ?? [];
    };
    const errors = await values('HTTPCode_Target_5XX_Count');
    expect(errors).toEqual(await values('HTTPCode_Target_5XX_Count'));
    expect(errors[0]).toBeLessThan(10);
    expect(errors.at(-1)).toBeGreaterThan(10);
    expect(await values('RequestCount')).toHaveLength(errors.length);
  });
});

describe('CloudWatch Logs', () => {
  const client = () => new CloudWatchLogsClient(settings());

  it('describes log groups by prefix, with their age in milliseconds', async () => {
    const { logGroups = [] } = await client().send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/ecs/notify/api' }),
    );
    expect(logGroups.map(({ logGroupName }) => logGroupName)).toEqual(['/ecs/notify/api']);
    expect(logGroups[0]?.creationTime).toBeGreaterThan(1e12);
  });

  it('pages in the order of their names', async () => {
    const names: string[] = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: client(), pageSize: 7 }, {})) {
      names.push(...logGroups.map(({ logGroupName = '' }) => logGroupName));
    }
    expect(names).toEqual([...region.logGroups.keys()].sort());
  });
});

describe('Application Auto Scaling', () => {
  const targets = (ServiceNamespace: 'ecs' | 'rds', ResourceIds?: string[]) =>
    new ApplicationAutoScalingClient(settings()).send(
      new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds }),
    );

  it('describes how far a service scales', async () => {
    const { ScalableTargets } = await targets('ecs', ['service/notify/api']);
    expect(ScalableTargets).toMatchObject([
      {
        ResourceId: 'service/notify/api',
        ScalableDimension: 'ecs:service:DesiredCount',
        MinCapacity: 6,
        MaxCapacity: 18,
        CreationTime: expect.any(Date),
      },
    ]);
  });

  it('has nothing for a service that does not scale, nor for another namespace', async () => {
    expect((await targets('ecs', ['service/notify/admin'])).ScalableTargets).toEqual([]);
    expect((await targets('rds')).ScalableTargets).toEqual([]);
  });
});
