import type {
  DescribeServicesResponse,
  RegisterTaskDefinitionRequest,
  Service as WireService,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { CONTAINER, deploymentOf, type SmallWorld, smallWorld } from './fixtures';

const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/g/1';
const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const FARGATE: Partial<RegisterTaskDefinitionRequest> = {
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
};
const listening = (port: number, more = {}) => ({ ...CONTAINER, portMappings: [{ containerPort: port }], ...more });

const update = (service: string, more: object) => ({ cluster: 'c', service, ...more });
const refused = (small: SmallWorld, input: object): string => {
  const { code, message } = small.refusal('UpdateService', input);
  return `${code}: ${message}`;
};

/** A world whose service `web` is behind a load balancer at port 80 of `app`. */
function balanced(): SmallWorld {
  const small = smallWorld();
  small.register('web', { containerDefinitions: [listening(80)] });
  small.steady('web', {
    taskDefinition: 'web:1',
    loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 80 }],
  });
  return small;
}

describe('an update is refused', () => {
  it('for a cluster, a service or a revision that is not there', () => {
    const small = smallWorld();
    small.steady('s');
    expect(refused(small, { cluster: 'x', service: 's' })).toBe('ClusterNotFoundException: Cluster not found.');
    expect(refused(small, update('x', {}))).toBe('ServiceNotFoundException: Service not found.');
    expect(refused(small, update('s', { taskDefinition: 's:9' }))).toBe('ClientException: TaskDefinition not found.');
  });

  it('for a deleted service', () => {
    const small = smallWorld();
    small.steady('s');
    small.ask('DeleteService', { cluster: 'c', service: 's', force: true });
    expect(refused(small, update('s', {}))).toBe('ServiceNotActiveException: Service was not ACTIVE.');
  });

  it('for a revision that was deregistered, or is being deleted', () => {
    const small = smallWorld();
    small.steady('s');
    const taskDefinition = small.register('s');
    small.ask('DeregisterTaskDefinition', { taskDefinition });
    const inactive = 'ClientException: TaskDefinition is inactive';
    expect(refused(small, update('s', { taskDefinition }))).toBe(inactive);
    small.ask('DeleteTaskDefinitions', { taskDefinitions: [taskDefinition] });
    expect(refused(small, update('s', { taskDefinition }))).toBe(inactive);
  });

  it('for the running revision by force, once it was deregistered', () => {
    const small = smallWorld();
    const { taskDefinition } = small.steady('s');
    small.ask('DeregisterTaskDefinition', { taskDefinition });
    expect(refused(small, update('s', { taskDefinition, forceNewDeployment: true }))).toBe(
      'ClientException: TaskDefinition is inactive',
    );
  });

  it('for a service CodeDeploy deploys, whether told a revision or forced', () => {
    const small = smallWorld();
    small.register('s');
    const created = {
      cluster: 'c',
      serviceName: 's',
      taskDefinition: 's:1',
      deploymentController: { type: 'CODE_DEPLOY' },
    };
    small.ask('CreateService', created);
    expect(refused(small, update('s', { taskDefinition: 's:1' }))).toBe(
      'InvalidParameterException: Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    );
    expect(refused(small, update('s', { forceNewDeployment: true }))).toContain(
      'Cannot force a new deployment on services with a CODE_DEPLOY deployment controller.',
    );
  });

  it('for a revision without the load balancer’s container or port', () => {
    const small = balanced();
    small.register('web', { containerDefinitions: [listening(80, { name: 'other' })] });
    small.register('web', { containerDefinitions: [listening(81)] });
    expect(refused(small, update('web', { taskDefinition: 'web:2' }))).toBe(
      'InvalidParameterException: The container app does not exist in the task definition.',
    );
    expect(refused(small, update('web', { taskDefinition: 'web:3' }))).toBe(
      'InvalidParameterException: The container app did not have a container port 80 defined.',
    );
  });

  it('for load balancers the running revision does not fit', () => {
    const loadBalancers = [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 81 }];
    expect(refused(balanced(), update('web', { loadBalancers }))).toContain('did not have a container port 81 defined');
  });

  it('for awsvpc without network, and for a group of another target type', () => {
    const small = balanced();
    const containerDefinitions = [listening(80)];
    small.register('web', { networkMode: 'awsvpc', containerDefinitions });
    expect(refused(small, update('web', { taskDefinition: 'web:2' }))).toBe(
      "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    );
    small.region.targetGroups.set(GROUP, {
      arn: GROUP,
      name: 'g',
      port: 80,
      targetType: 'instance',
      healthCheckPath: '/',
      loadBalancerArn: 'arn',
      deregistrationDelaySeconds: 300,
    });
    expect(refused(small, update('web', { taskDefinition: 'web:2', networkConfiguration: NETWORK }))).toBe(
      `InvalidParameterException: The provided target group ${GROUP} has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.`,
    );
  });

  it('for a revision that does not run on the service’s launch type', () => {
    const small = smallWorld();
    small.register('s', FARGATE);
    small.steady('s', { taskDefinition: 's:1', launchType: 'FARGATE', networkConfiguration: NETWORK });
    small.register('s');
    expect(refused(small, update('s', { taskDefinition: 's:2' }))).toBe(
      'InvalidParameterException: Task definition does not support launch_type FARGATE.',
    );
  });

  it('without changing anything', () => {
    const small = balanced();
    const before = JSON.stringify(small.region.services.get('c/web'));
    small.register('web', { containerDefinitions: [listening(81)] });
    small.refusal('UpdateService', update('web', { taskDefinition: 'web:2', desiredCount: 9 }));
    expect(JSON.stringify(small.region.services.get('c/web'))).toBe(before);
  });
});

describe('an inactive revision', () => {
  it('is still taken for a while where ECS lags behind, then no more', () => {
    const small = smallWorld();
    Object.assign(small.world, { inactiveAllowedMs: 600_000 });
    small.steady('s');
    const taskDefinition = small.register('s');
    small.ask('DeregisterTaskDefinition', { taskDefinition });
    small.pass(601);
    expect(refused(small, update('s', { taskDefinition }))).toContain('TaskDefinition is inactive');
    const later = small.register('s');
    small.ask('DeregisterTaskDefinition', { taskDefinition: later });
    small.pass(599);
    small.ask('UpdateService', update('s', { taskDefinition: later }));
    expect(small.region.services.get('c/s')?.taskDefinition).toBe(later);
  });

  it('goes on running, healing and scaling', () => {
    const small = smallWorld();
    const service = small.steady('s');
    small.ask('DeregisterTaskDefinition', { taskDefinition: service.taskDefinition });
    small.ask('UpdateService', update('s', { desiredCount: 3 }));
    small.pass(300);
    expect(service.tasks.filter(({ health }) => health === 'healthy')).toHaveLength(3);
  });
});

describe('an update', () => {
  it.each<readonly [string, object, boolean]>([
    ['a new revision', { taskDefinition: 's:2' }, true],
    ['the same revision', { taskDefinition: 's:1' }, false],
    ['force', { forceNewDeployment: true }, true],
    ['the same revision by force', { taskDefinition: 's:1', forceNewDeployment: true }, true],
    ['another platform', { platformVersion: '1.3.0' }, true],
    ['a volume', { volumeConfigurations: [{ name: 'v' }] }, true],
    ['Service Connect', { serviceConnectConfiguration: { enabled: false } }, true],
    ['the same load balancers', { loadBalancers: [] }, false],
    ['a count', { desiredCount: 2 }, false],
    ['percentages', { deploymentConfiguration: { maximumPercent: 150 } }, false],
    ['a grace period', { healthCheckGracePeriodSeconds: 10 }, false],
    ['execute command', { enableExecuteCommand: true }, false],
    ['how tags spread', { propagateTags: 'SERVICE' }, false],
    ['nothing', {}, false],
  ])('of %s begins a deployment or not', (_case, change, deploys) => {
    const small = smallWorld();
    const service = small.steady('s');
    small.register('s');
    const before = deploymentOf(service).id;
    const { service: answered } = small.ask<{ service: WireService }>('UpdateService', update('s', change));
    expect(deploymentOf(service).id !== before).toBe(deploys);
    expect(answered.deployments?.[0]?.id).toBe(deploymentOf(service).id);
    expect(service.revisions.size).toBe(deploys ? 2 : 1);
  });

  it('leaves what it does not name, and empties what it names empty', () => {
    const small = balanced();
    small.ask('UpdateService', update('web', { desiredCount: 2 }));
    const shown = () =>
      small.ask<DescribeServicesResponse>('DescribeServices', { cluster: 'c', services: ['web'] }).services?.[0];
    expect(shown()).toMatchObject({ desiredCount: 2, loadBalancers: [{ containerPort: 80 }] });
    small.ask('UpdateService', update('web', { loadBalancers: [] }));
    expect(shown()).toMatchObject({ desiredCount: 2, loadBalancers: [] });
  });

  it('keeps the other percentages when one changes', () => {
    const small = smallWorld();
    small.steady('s', { deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 } });
    small.ask('UpdateService', update('s', { deploymentConfiguration: { maximumPercent: 125 } }));
    expect(small.region.services.get('c/s')?.configuration).toMatchObject({
      minimumHealthyPercent: 50,
      maximumPercent: 125,
    });
  });

  it('takes names, short and long ARNs alike', () => {
    const small = smallWorld();
    const service = small.steady('s');
    for (const name of ['s', service.arn, 'arn:aws:ecs:eu-west-1:111111111111:service/s']) {
      const { service: answered } = small.ask<{ service: WireService }>('UpdateService', {
        cluster: service.clusterArn,
        service: name,
      });
      expect(answered.serviceArn).toBe(service.arn);
    }
  });
});

describe('a service', () => {
  it('is described with at most ten, unknown ones among the failures', () => {
    const small = smallWorld();
    small.steady('s');
    const answer = small.ask<DescribeServicesResponse>('DescribeServices', { cluster: 'c', services: ['s', 'x'] });
    expect(answer.services?.map(({ serviceName }) => serviceName)).toEqual(['s']);
    expect(answer.failures).toEqual([{ arn: 'arn:aws:ecs:eu-west-1:111111111111:service/c/x', reason: 'MISSING' }]);
    const eleven = Array.from({ length: 11 }, () => 's');
    expect(small.refusal('DescribeServices', { cluster: 'c', services: eleven }).code).toBe(
      'InvalidParameterException',
    );
  });

  it('is deleted only with no tasks wanted or by force, and lingers as INACTIVE', () => {
    const small = smallWorld();
    small.steady('s');
    expect(small.refusal('DeleteService', { cluster: 'c', service: 's' }).message).toBe(
      'The service cannot be stopped while it is scaled above 0.',
    );
    small.ask('DeleteService', { cluster: 'c', service: 's', force: true });
    small.pass(60);
    const { services } = small.ask<DescribeServicesResponse>('DescribeServices', { cluster: 'c', services: ['s'] });
    expect(services?.[0]).toMatchObject({ status: 'INACTIVE', runningCount: 0, deployments: [] });
    expect(small.ask('ListServices', { cluster: 'c' })).toEqual({ serviceArns: [] });
  });

  it('is listed ten a page unless more are asked for', () => {
    const small = smallWorld();
    small.register('f');
    for (let count = 10; count < 22; count++) {
      small.ask('CreateService', { cluster: 'c', serviceName: `s${count}`, taskDefinition: 'f', desiredCount: 0 });
    }
    const page = (input: object): { serviceArns: string[]; nextToken?: string } =>
      small.ask('ListServices', { cluster: 'c', ...input });
    const first = page({});
    expect(first.serviceArns).toHaveLength(10);
    expect(page({ nextToken: first.nextToken }).serviceArns).toHaveLength(2);
    expect(page({ maxResults: 100 }).serviceArns).toHaveLength(12);
  });
});
