import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, CONTAINER, type Control, controlOf, ecsAt, failureOf, settingsFor } from './fixtures';
import { type Simulator, startSimulator } from './start';

let simulator: Simulator;
let control: Control;
let ecs: ECSClient;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, scenario: 'notify' });
  control = controlOf(simulator.url);
  ecs = ecsAt(simulator.url);
});

beforeEach(() => control.post('reset', {}));

afterAll(() => simulator.close());

const place = { account: ACCOUNT, cluster: 'notify' };
const serviceOf = async (service: string) => {
  const command = new DescribeServicesCommand({ cluster: 'notify', services: [service] });
  const [found] = (await ecs.send(command)).services ?? [];
  if (!found) throw new Error(`no service ${service}`);
  return found;
};
const revisionOf = async (taskDefinition: string) => {
  const found = (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition;
  if (!found) throw new Error(`no revision ${taskDefinition}`);
  return found;
};
type Deployed = { readonly taskDefinition: string; readonly deploymentId: string };

describe('health', () => {
  it('is ready, and says what is told', async () => {
    expect(await control.get('health')).toEqual({ ready: true, scenario: 'notify' });
  });
});

describe('deploy', () => {
  it('registers a copy with another image in the main container, and deploys it as the pipeline', async () => {
    const image = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1130`;
    const { taskDefinition, deploymentId } = (await control.post('deploy', {
      ...place,
      service: 'api',
      image,
    })) as Deployed;
    expect(taskDefinition).toMatch(/task-definition\/api:\d+$/);
    const { containerDefinitions = [], registeredBy } = await revisionOf(taskDefinition);
    expect(containerDefinitions.map((container) => container.image)).toEqual([
      image,
      expect.stringContaining('/nginx:'),
    ]);
    expect(registeredBy).toMatch(/assumed-role\/concourse-deploy\//);
    const { deployments = [] } = await serviceOf('api');
    expect(deployments[0]).toMatchObject({ id: deploymentId, status: 'PRIMARY', taskDefinition });
  });

  it('deploys a revision as it is', async () => {
    const taskDefinition = `arn:aws:ecs:eu-west-1:${ACCOUNT}:task-definition/status-page:20`;
    expect(await control.post('deploy', { ...place, service: 'status-page', taskDefinition })).toMatchObject({
      taskDefinition,
    });
    expect((await serviceOf('status-page')).taskDefinition).toBe(taskDefinition);
  });

  it.each([
    [{ ...place, service: 'nope', image: 'a:1' }, 'There is no service notify/nope'],
    [{ ...place, service: 'api', image: 'not an image' }, 'ClientException'],
    [{ ...place, service: 'letters-frontend', taskDefinition: 'letters-frontend:32' }, 'CODE_DEPLOY'],
    [{ ...place, service: 'api', taskDefinition: 'api:421' }, 'TaskDefinition is inactive'],
    [{ ...place, service: 'api' }, 'give either image or taskDefinition'],
    [{ ...place, service: 'api', image: 'a:1', taskDefinition: 'api:1' }, 'give either image or taskDefinition'],
    [{ ...place, service: 'api', img: 'a:1' }, '"img"'],
    [{ cluster: 'notify', service: 'api', image: 'a:1' }, 'at account'],
  ])('refuses what cannot be: %j', async (wish, words) => {
    const { status, error } = await control.refused('deploy', wish);
    expect([status, error]).toEqual([400, expect.stringContaining(words)]);
  });

  it('is not a call on the wire', async () => {
    await control.post('deploy', { ...place, service: 'admin', image: 'admin:1' });
    expect(await control.calls()).toEqual([]);
  });
});

describe('service', () => {
  it('decides how tasks fare that start from now on', async () => {
    await control.post('service', { ...place, service: 'upload-scanner', tasks: 'crash' });
    await ecs.send(
      new UpdateServiceCommand({ cluster: 'notify', service: 'upload-scanner', forceNewDeployment: true }),
    );
    await control.post('clock', { advanceSeconds: 60 });
    expect((await serviceOf('upload-scanner')).events?.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('deployment failed: tasks failed to start.'),
    );
  });

  it('is well again when told so', async () => {
    await control.post('service', { ...place, service: 'upload-scanner', tasks: 'crash' });
    await control.post('service', { ...place, service: 'upload-scanner', tasks: 'healthy' });
    await ecs.send(
      new UpdateServiceCommand({ cluster: 'notify', service: 'upload-scanner', forceNewDeployment: true }),
    );
    await control.post('clock', { advanceSeconds: 120 });
    expect((await serviceOf('upload-scanner')).deployments).toMatchObject([
      { rolloutState: 'COMPLETED', failedTasks: 0 },
    ]);
  });

  it('is changed as somebody does at the console, by settings alone', async () => {
    const before = await serviceOf('canary');
    await control.post('service', { ...place, service: 'canary', settings: { desiredCount: 5 } });
    expect(await serviceOf('canary')).toMatchObject({ desiredCount: 5, taskDefinition: before.taskDefinition });
  });

  it('may finish what it is asked to stop', async () => {
    await control.post('clock', { speed: 5 });
    await control.post('deploy', { ...place, service: 'canary', taskDefinition: 'canary:16' });
    await control.post('service', { ...place, service: 'canary', finishesStopped: true });
    const running = async () => {
      const list = new ListServiceDeploymentsCommand({ cluster: 'notify', service: 'canary' });
      return (await ecs.send(list)).serviceDeployments?.[0];
    };
    const serviceDeploymentArn = (await running())?.serviceDeploymentArn;
    await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
    await control.post('clock', { speed: 1_000_000 });
    await expect.poll(async () => (await running())?.status).toBe('SUCCESSFUL');
    expect((await running())?.serviceDeploymentArn).toBe(serviceDeploymentArn);
  });

  it('goes away when deleted', async () => {
    await control.post('service', { ...place, service: 'canary', delete: true });
    await control.post('clock', { advanceSeconds: 60 });
    const update = new UpdateServiceCommand({ cluster: 'notify', service: 'canary', desiredCount: 1 });
    expect((await failureOf(ecs.send(update))).name).toMatch(/^ServiceNot(Active|Found)Exception$/);
  });

  it.each([
    [{ ...place, service: 'api', tasks: 'tired' }, 'at tasks'],
    [{ ...place, service: 'api' }, 'give one of tasks, settings, finishesStopped and delete'],
    [{ ...place, service: 'nope', tasks: 'crash' }, 'There is no service'],
  ])('refuses what cannot be: %j', async (wish, words) => {
    const { status, error } = await control.refused('service', wish);
    expect([status, error]).toEqual([400, expect.stringContaining(words)]);
  });
});

describe('clock', () => {
  it('stands still, and moves when it is told to', async () => {
    await control.post('clock', { speed: 0 });
    await ecs.send(new UpdateServiceCommand({ cluster: 'notify', service: 'admin', forceNewDeployment: true }));
    await control.post('clock', { advanceSeconds: 3_600 });
    expect((await serviceOf('admin')).deployments?.[0]?.rolloutState).toBe('IN_PROGRESS');
    await control.post('clock', { speed: 10 });
    await control.post('clock', { advanceSeconds: 120 });
    expect((await serviceOf('admin')).deployments?.[0]?.rolloutState).toBe('COMPLETED');
  });

  it('backdates what has happened when time is to have passed', async () => {
    const before = (await serviceOf('api')).deployments?.[0]?.createdAt?.getTime() ?? 0;
    await control.post('clock', { advanceSeconds: 86_400 });
    expect(before - ((await serviceOf('api')).deployments?.[0]?.createdAt?.getTime() ?? 0)).toBe(86_400_000);
  });

  it.each([
    [{}, 'give either speed or advanceSeconds'],
    [{ speed: -1 }, 'at speed'],
    [{ speed: 'fast' }, 'at speed'],
    [{ advanceSeconds: -5 }, 'at advanceSeconds'],
    [{ speed: 1, advanceSeconds: 1 }, 'give either'],
  ])('refuses %j', async (wish, words) => {
    const { status, error } = await control.refused('clock', wish);
    expect([status, error]).toEqual([400, expect.stringContaining(words)]);
  });
});

describe('reset', () => {
  it('brings the scenario back, without faults and with an empty log', async () => {
    await control.post('service', { ...place, service: 'api', delete: true });
    await control.post('faults', { operation: 'reads', fault: 'throttle' });
    await control.post('clock', { speed: 0 });
    await failureOf(ecs.send(new ListClustersCommand({})));
    await control.post('reset', {});
    expect(await control.calls()).toEqual([]);
    expect(await serviceOf('api')).toMatchObject({ status: 'ACTIVE', runningCount: 6 });
    expect(simulator.world.clock.speed).toBe(10);
  });

  it('gives no revision number and no deployment id a second time', async () => {
    const deploy = async () =>
      (await control.post('deploy', { ...place, service: 'admin', image: 'admin:2' })) as Deployed;
    const before = await deploy();
    await ecs.send(new RegisterTaskDefinitionCommand({ family: 'new-one', containerDefinitions: [CONTAINER] }));
    await control.post('reset', {});
    const after = await deploy();
    const number = ({ taskDefinition }: Deployed): number => Number(taskDefinition.split(':').at(-1));
    expect(number(after)).toBe(number(before) + 1);
    expect(after.deploymentId).not.toBe(before.deploymentId);
    const again = new RegisterTaskDefinitionCommand({ family: 'new-one', containerDefinitions: [CONTAINER] });
    expect((await ecs.send(again)).taskDefinition?.revision).toBe(2);
  });

  it('leaves credentials that were issued in force', async () => {
    const { url } = simulator;
    const { Credentials } = await new STSClient(settingsFor(url)).send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/ecs-rollback-reader`,
        RoleSessionName: 'still-here',
      }),
    );
    await control.post('reset', {});
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const identity = await new STSClient({ ...settingsFor(url), credentials }).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toContain('still-here');
  });
});

describe('state', () => {
  it('is the whole world as JSON', async () => {
    const state = (await control.get('state')) as typeof simulator.world;
    expect(state).toMatchObject({
      scenario: 'notify',
      accounts: {
        [ACCOUNT]: { regions: { 'eu-west-1': { services: { 'notify/api': { name: 'api', desiredCount: 6 } } } } },
      },
    });
  });
});

describe('a route that does not exist', () => {
  it.each(['GET deploy', 'POST nothing', 'GET constructor'])('%s is answered with those that do', async (name) => {
    const [method = '', route] = name.split(' ');
    const response = await fetch(`${simulator.url}/_simulator/${route}`, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: expect.stringContaining('GET health') });
  });
});
