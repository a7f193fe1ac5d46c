import { addTaskRoles } from './roles';
import type { Stage } from './stage';
import { days } from './stage';

/** Where a load balancer's group of targets is named. */
const targetGroupArn = ({ account, region }: Stage, name: string): string =>
  `arn:aws:elasticloadbalancing:${region.name}:${account}:targetgroup/${name}/6d0ecf831eec9f09`;

/** Where a secret is named; Secrets Manager adds six characters of its own. */
export const secretArn = ({ account, region }: Pick<Stage, 'account' | 'region'>, name: string): string =>
  `arn:aws:secretsmanager:${region.name}:${account}:secret:${name}-Qx7RfA`;

export const parameterArn = ({ account, region }: Pick<Stage, 'account' | 'region'>, name: string): string =>
  `arn:aws:ssm:${region.name}:${account}:parameter${name}`;

/** Adds secrets with the stages their versions carry. */
export function addSecrets(stage: Stage, names: readonly string[], stages: readonly string[] = []): void {
  for (const name of names) {
    stage.region.secrets.set(name, {
      arn: secretArn(stage, name),
      name,
      deletedAt: null,
      createdAt: stage.now - days(400),
      stagesByVersion: {
        '5b1f0c52-9a0e-4a55-8f6e-0f3f7a1f2d10': ['AWSCURRENT', ...stages.slice(-1)],
        '2f9a4c1e-31d7-4d3b-b6a8-6f1f0c7be001': ['AWSPREVIOUS', ...stages.slice(0, -1)],
      },
    });
  }
}

export function addParameters(stage: Stage, names: readonly string[]): void {
  for (const name of names) {
    const arn = parameterArn(stage, name);
    stage.region.parameters.set(name, {
      arn,
      name,
      kind: 'SecureString',
      version: 3,
      modifiedAt: stage.now - days(40),
    });
  }
}

/** What a service needs to run at all: its log group and the roles its tasks take. */
export function addGround(stage: Stage, service: string): void {
  const { region, account, world, now } = stage;
  const name = `/ecs/notify/${service}`;
  const arn = `arn:aws:logs:${region.name}:${account}:log-group:${name}:*`;
  region.logGroups.set(name, { name, arn, createdAt: now - days(400), days: 30 });
  addTaskRoles(world, account, ['notify-execution', `${service}-task`], now - days(400));
}

/** A group of targets behind the account's one load balancer. */
export function addTargetGroup(stage: Stage, name: string, port: number): string {
  const { region, account } = stage;
  const arn = targetGroupArn(stage, name);
  region.targetGroups.set(arn, {
    arn,
    name,
    port,
    targetType: 'ip',
    healthCheckPath: '/_status?simple=true',
    loadBalancerArn: `arn:aws:elasticloadbalancing:${region.name}:${account}:loadbalancer/app/notify/50dc6c495c0c9188`,
    deregistrationDelaySeconds: 50,
  });
  return arn;
}

export function addAlarm(stage: Stage, name: string, state: 'OK' | 'ALARM', ago: number): void {
  const { region, account, now } = stage;
  region.alarms.set(name, {
    name,
    arn: `arn:aws:cloudwatch:${region.name}:${account}:alarm:${name}`,
    metric: 'HTTPCode_Target_5XX_Count',
    composite: false,
    state,
    updatedAt: now - ago,
  });
}

/** Auto scaling of a service between two counts. */
export function addScaling(stage: Stage, service: string, minimum: number, maximum: number): void {
  const resourceId = `service/${stage.cluster.name}/${service}`;
  stage.region.scalableTargets.set(resourceId, { resourceId, minimum, maximum, createdAt: stage.now - days(300) });
}
