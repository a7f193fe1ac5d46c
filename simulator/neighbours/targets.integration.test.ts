import { DescribeServicesCommand, type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '@/simulator/execute';
import { ACCOUNT, type Control, controlOf, ecsAt, failureOf, REGION, settingsFor } from '@/simulator/fixtures';
import { type Simulator, startSimulator } from '@/simulator/start';
import { misfitsOfResult } from '@/simulator/wire/sdk-misfits';

let simulator: Simulator;
let client: elb.ElasticLoadBalancingV2Client;
let ecs: ECSClient;
let control: Control;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, scenario: 'notify' });
  client = new elb.ElasticLoadBalancingV2Client(settingsFor(simulator.url));
  ecs = ecsAt(simulator.url);
  control = controlOf(simulator.url);
  // From here on time passes when it is told to.
  await control.post('clock', { speed: 0 });
});

afterAll(() => simulator.close());

const OWNER = { arn: '', account: ACCOUNT, userId: '', roleActions: null, sessionActions: null, sourceIdentity: null };

async function groupOf(service: string): Promise<string> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'notify', services: [service] }));
  return services?.[0]?.loadBalancers?.[0]?.targetGroupArn ?? '';
}

async function statesOf(TargetGroupArn: string): Promise<Record<string, number>> {
  const { TargetHealthDescriptions = [] } = await client.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn }));
  const states = TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? '');
  return Object.fromEntries(
    [...new Set(states)].map((state) => [state, states.filter((each) => each === state).length]),
  );
}

const seconds = async (wall: number): Promise<void> => {
  await control.post('clock', { speed: 1 });
  await control.post('clock', { advanceSeconds: wall });
  await control.post('clock', { speed: 0 });
};

describe('target groups', () => {
  it('are described with type, port and health check', async () => {
    const arn = await groupOf('api');
    const { TargetGroups } = await client.send(new elb.DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
    expect(TargetGroups).toMatchObject([
      { TargetGroupArn: arn, TargetType: 'ip', Port: 6011, HealthCheckPath: '/_status?simple=true' },
    ]);
  });

  it('keep what XML would take for its own', async () => {
    const arn = await groupOf('api');
    const region = simulator.world.accounts.get(ACCOUNT)?.regions.get(REGION);
    const group = region?.targetGroups.get(arn);
    const path = `/a?b=<c>&d="e"&f='g'&amp;é\u{1f600}`;
    if (group) region?.targetGroups.set(arn, { ...group, healthCheckPath: path });
    const { TargetGroups } = await client.send(new elb.DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
    expect(TargetGroups?.[0]?.HealthCheckPath).toBe(path);
  });

  it('fail a whole call where one is missing', async () => {
    const TargetGroupArns = [await groupOf('api'), 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/gone/1'];
    expect(await failureOf(client.send(new elb.DescribeTargetGroupsCommand({ TargetGroupArns })))).toMatchObject({
      name: 'TargetGroupNotFoundException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('page', async () => {
    const sizes: number[] = [];
    const names = new Set<string>();
    for await (const { TargetGroups = [] } of elb.paginateDescribeTargetGroups({ client, pageSize: 3 }, {})) {
      sizes.push(TargetGroups.length);
      for (const { TargetGroupName = '' } of TargetGroups) names.add(TargetGroupName);
    }
    expect(sizes.slice(0, -1).every((size) => size === 3)).toBe(true);
    expect(names.size).toBe(simulator.world.accounts.get(ACCOUNT)?.regions.get(REGION)?.targetGroups.size);
  });

  it('say how long they let connections drain', async () => {
    const command = new elb.DescribeTargetGroupAttributesCommand({ TargetGroupArn: await groupOf('api') });
    const { Attributes } = await client.send(command);
    expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '50' });
  });

  it('are answered as the SDK has them, nothing added and nothing lost', async () => {
    const TargetGroupArn = await groupOf('api');
    const [first, second, third] = [
      new elb.DescribeTargetGroupsCommand({}),
      new elb.DescribeTargetHealthCommand({ TargetGroupArn }),
      new elb.DescribeTargetGroupAttributesCommand({ TargetGroupArn }),
    ];
    const made = (operation: string, input: object, shape: unknown): object => {
      const command = {
        service: 'elasticloadbalancing',
        operation,
        region: REGION,
        input: { ...input },
        principal: OWNER,
      };
      const result = execute(simulator.world, Date.now(), command);
      expect(misfitsOfResult(shape, result, 'dates')).toEqual([]);
      return result;
    };
    expect(await client.send(first)).toMatchObject(made('DescribeTargetGroups', {}, elb.DescribeTargetGroups$));
    expect(await client.send(second)).toMatchObject(
      made('DescribeTargetHealth', { TargetGroupArn }, elb.DescribeTargetHealth$),
    );
    expect(await client.send(third)).toMatchObject(
      made('DescribeTargetGroupAttributes', { TargetGroupArn }, elb.DescribeTargetGroupAttributes$),
    );
  });
});

describe('the health of targets', () => {
  it('is that of the tasks of the services behind the group, all through a deployment', async () => {
    const group = await groupOf('api');
    expect(await statesOf(group)).toEqual({ healthy: 6 });
    await ecs.send(new UpdateServiceCommand({ cluster: 'notify', service: 'api', forceNewDeployment: true }));
    const seen = new Set<string>();
    for (let step = 0; step < 60; step += 1) {
      await seconds(5);
      for (const state of Object.keys(await statesOf(group))) seen.add(state);
    }
    expect([...seen].sort()).toEqual(['draining', 'healthy', 'initial']);
    expect(await statesOf(group)).toEqual({ healthy: 6 });
  });

  it('tells why targets are unhealthy', async () => {
    const group = await groupOf('admin');
    await control.post('service', { account: ACCOUNT, cluster: 'notify', service: 'admin', tasks: 'unhealthy' });
    await ecs.send(new UpdateServiceCommand({ cluster: 'notify', service: 'admin', forceNewDeployment: true }));
    const reasons = new Set<string | undefined>();
    for (let step = 0; step < 40; step += 1) {
      await seconds(5);
      const { TargetHealthDescriptions = [] } = await client.send(
        new elb.DescribeTargetHealthCommand({ TargetGroupArn: group }),
      );
      for (const { TargetHealth } of TargetHealthDescriptions) {
        if (TargetHealth?.State === 'unhealthy') reasons.add(TargetHealth.Reason);
      }
    }
    expect([...reasons]).toEqual(['Target.ResponseCodeMismatch']);
  });

  it('is unknown of a group that is gone', async () => {
    const TargetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/gone/1';
    expect((await failureOf(client.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn })))).name).toBe(
      'TargetGroupNotFoundException',
    );
  });

  it('of a target that is not in the group is "unused"', async () => {
    const TargetGroupArn = await groupOf('api');
    const command = new elb.DescribeTargetHealthCommand({ TargetGroupArn, Targets: [{ Id: '10.9.9.9', Port: 1 }] });
    const { TargetHealthDescriptions } = await client.send(command);
    expect(TargetHealthDescriptions).toMatchObject([
      { Target: { Id: '10.9.9.9' }, TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' } },
    ]);
  });
});
