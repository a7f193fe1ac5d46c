import type { CreateServiceRequest } from '@aws-sdk/client-ecs';
import { catchUpService } from '@/simulator/ecs/rollout';
import type { Service } from '@/simulator/ecs/state';
import { scale } from '@/simulator/ecs/update-service';
import { accountOf } from '@/simulator/world';
import { fargate, fargateService, image, type Shape } from './definitions';
import { environmentOf } from './notify-settings';
import { deploy, expire, open, push, register, repositoryOf } from './past';
import { days, hours, minutes, type Stage } from './stage';
import { addAlarm, addGround, addSecrets, addTargetGroup, secretArn } from './surroundings';

/** Production's other services: each shows one thing that can stand in a rollback's way. */
export function tellHouseholdServices(stage: Stage): void {
  admin(stage);
  documentDownloadApi(stage);
  documentDownloadFrontend(stage);
  templatePreview(stage);
  antivirus(stage);
  lettersFrontend(stage);
  statusPage(stage);
  housekeeping(stage);
  single(stage);
  uploadScanner(stage);
  canary(stage);
  flakyWorker(stage);
}

/** A service of its own image and the means to tell its past. */
type Told = {
  readonly service: Service;
  readonly register: (number: number, tag: string, ago: number, more?: Partial<Shape>) => void;
  /** Registers and deploys. */
  readonly ship: (number: number, tag: string, ago: number, more?: Partial<Shape>) => void;
  /** The same, leaving the version before registered. */
  readonly shipBeside: (number: number, tag: string, ago: number, more?: Partial<Shape>) => void;
};

function tell(stage: Stage, request: CreateServiceRequest, shape: Partial<Shape> = {}): Told {
  const name = request.serviceName ?? '';
  addGround(stage, name);
  const service = open(stage, request, days(380));
  const settled: Told['register'] = (number, tag, ago, more = {}) => {
    const definition = fargate(stage, {
      family: name,
      image: image(stage, name, tag),
      environment: { NOTIFY_ENVIRONMENT: environmentOf(stage), LOG_LEVEL: 'INFO' },
      ...shape,
      ...more,
    });
    register(stage, definition, { number, ago });
  };
  const shipped =
    (keepBefore: boolean): Told['ship'] =>
    (number, tag, ago, more) => {
      settled(number, tag, ago + minutes(12), more);
      deploy(stage, service, { number, ago, keepBefore });
    };
  return { service, register: settled, ship: shipped(false), shipBeside: shipped(true) };
}

/** Requests reach the service's container through a load balancer. */
const balanced = (stage: Stage, name: string, port: number): Pick<CreateServiceRequest, 'loadBalancers'> => ({
  loadBalancers: [
    { targetGroupArn: addTargetGroup(stage, `notify-${name}`, port), containerName: 'app', containerPort: port },
  ],
});

/** The version before names a secret that is gone since. */
function admin(stage: Stage): void {
  addSecrets(stage, ['notify/admin-cookie-key', 'notify/zendesk-token']);
  const cookie = { SECRET_KEY: secretArn(stage, 'notify/admin-cookie-key') };
  const zendesk = { ...cookie, ZENDESK_API_KEY: secretArn(stage, 'notify/zendesk-token') };
  const { ship, register } = tell(
    stage,
    { ...fargateService('admin', 4), ...balanced(stage, 'admin', 6012) },
    { port: 6012, cpu: 512, memory: 1024 },
  );
  ship(229, 'release-2036', days(21), { secrets: zendesk });
  ship(231, 'release-2040', days(9), { secrets: zendesk });
  register(232, 'release-2041', days(2.2), { secrets: zendesk });
  ship(233, 'release-2041', days(2), { secrets: cookie });
  stage.region.secrets.delete('notify/zendesk-token');
}

/** The version before names a task role that is gone since. */
function documentDownloadApi(stage: Stage): void {
  const role = 'document-download-s3-legacy';
  const { ship } = tell(
    stage,
    { ...fargateService('document-download-api', 2), ...balanced(stage, 'doc-download-api', 7000) },
    { port: 7000 },
  );
  const roles = accountOf(stage.world, stage.account).roles;
  const current = roles.get('document-download-api-task');
  if (current) roles.set(role, { ...current, name: role, arn: current.arn.replace(current.name, role) });
  ship(62, 'release-316', days(33), { taskRole: role });
  ship(63, 'release-317', days(12), { taskRole: role });
  ship(64, 'release-318', days(3));
  roles.delete(role);
}

/** How long the load balancer waits before it calls the new frontend unhealthy, in wall time. */
const FRONTEND_FAILS_MS = minutes(5);

/** Being deployed right now, and bound to fail: the circuit breaker will return to the version before. */
function documentDownloadFrontend(stage: Stage): void {
  const { service, ship, shipBeside } = tell(
    stage,
    {
      ...fargateService('document-download-frontend', 4),
      ...balanced(stage, 'doc-download-frontend', 7001),
      healthCheckGracePeriodSeconds: FRONTEND_FAILS_MS / 1000,
    },
    { port: 7001 },
  );
  ship(47, 'release-400', days(30));
  ship(48, 'release-401', days(11));
  const next = service.taskDefinition.replace(/:48$/, ':49');
  service.fate = { tasks: 'unhealthy', taskDefinition: next, failsAfterMs: FRONTEND_FAILS_MS };
  shipBeside(49, 'release-402', minutes(3));
}

/** The tag `main` names another image than when the version before ran. */
function templatePreview(stage: Stage): void {
  const { ship, register } = tell(
    stage,
    { ...fargateService('template-preview', 2), ...balanced(stage, 'template-preview', 6013) },
    { port: 6013, cpu: 1024, memory: 2048 },
  );
  ship(86, 'main', days(19));
  push(stage, { repository: 'template-preview', tag: 'main', ago: days(8.1) });
  ship(88, 'main', days(8));
  register(89, 'main', days(5));
  register(90, 'main', days(3));
  push(stage, { repository: 'template-preview', tag: 'main', ago: days(1.1) });
  ship(91, 'main', days(1));
}

/** The image of the version before is gone. */
function antivirus(stage: Stage): void {
  const { ship } = tell(stage, fargateService('antivirus', 2), { cpu: 1024, memory: 4096 });
  ship(55, 'release-210', days(120));
  ship(56, 'release-211', days(45));
  ship(57, 'release-212', days(4));
  for (const tag of ['release-210', 'release-211']) expire(stage, 'antivirus', tag);
}

/** CodeDeploy deploys it: its tasks stand in a task set, and ECS knows no deployments. */
function lettersFrontend(stage: Stage): void {
  const { service, ship } = tell(
    stage,
    {
      ...fargateService('letters-frontend', 2),
      ...balanced(stage, 'letters-frontend', 6014),
      deploymentController: { type: 'CODE_DEPLOY' },
    },
    { port: 6014 },
  );
  ship(32, 'release-149', days(14));
  ship(33, 'release-150', days(2.5));
  service.taskSetId = service.deployments[0]?.id ?? null;
  service.deployments = [];
  service.serviceDeployments = [];
  service.lastCompleted = null;
}

/** Blue/green with a bake time. */
function statusPage(stage: Stage): void {
  const base = fargateService('status-page', 2);
  const alternate = addTargetGroup(stage, 'notify-status-page-green', 6015);
  const [group] = balanced(stage, 'status-page', 6015).loadBalancers ?? [];
  const listener = `arn:aws:elasticloadbalancing:eu-west-1:${stage.account}:listener-rule/app/notify/50dc6c495c0c9188/f2f7dc8efc522ab2`;
  const { ship, shipBeside } = tell(
    stage,
    {
      ...base,
      loadBalancers: [
        {
          ...group,
          advancedConfiguration: {
            alternateTargetGroupArn: alternate,
            productionListenerRule: `${listener}/9683b2d02a6cabee`,
            roleArn: `arn:aws:iam::${stage.account}:role/ecs-load-balancers`,
          },
        },
      ],
      deploymentConfiguration: { ...base.deploymentConfiguration, strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 },
    },
    { port: 6015 },
  );
  ship(19, 'release-73', days(40));
  ship(20, 'release-74', days(20));
  shipBeside(21, 'release-75', days(6));
}

/** Wants no tasks at all: it is woken once a month. */
function housekeeping(stage: Stage): void {
  const { service, ship } = tell(stage, fargateService('housekeeping', 1));
  ship(10, 'release-29', days(60));
  ship(11, 'release-30', days(34));
  ship(12, 'release-31', days(5));
  scale({ now: stage.now - days(4) }, service, 0);
  catchUpService(stage, service);
}

/** One task, of which ECS may neither stop nor add any. */
function single(stage: Stage): void {
  const { service, ship } = tell(stage, fargateService('single', 1));
  ship(7, 'release-17', days(50));
  ship(8, 'release-18', days(25));
  ship(9, 'release-19', days(7));
  service.configuration = { ...service.configuration, minimumHealthyPercent: 100, maximumPercent: 100 };
}

/** The version before listens on another port than the load balancer asks. */
function uploadScanner(stage: Stage): void {
  const { service, ship } = tell(stage, {
    ...fargateService('upload-scanner', 2),
    ...balanced(stage, 'upload-scanner', 6016),
  });
  ship(38, 'release-86', days(48), { port: 6016 });
  ship(39, 'release-87', days(23), { port: 6016 });
  const [balancer] = service.settings.loadBalancers;
  service.settings = { ...service.settings, loadBalancers: [{ ...balancer, containerPort: 8080 }] };
  ship(40, 'release-88', days(10), { port: 8080 });
}

/** For fire drills. */
function canary(stage: Stage): void {
  addAlarm(stage, 'canary-5xx', 'OK', days(90));
  const base = fargateService('canary', 1);
  const { ship, shipBeside } = tell(stage, {
    ...base,
    tags: [...(base.tags ?? []), { key: 'ecs-rollback:rehearsal', value: 'true' }],
  });
  ship(15, 'release-55', days(66));
  ship(16, 'release-56', days(31));
  shipBeside(17, 'release-57', hours(52));
}

/** The image before cannot start any more, whatever definition runs it: ECS puts the present version back. */
function flakyWorker(stage: Stage): void {
  const { ship } = tell(stage, fargateService('flaky-worker', 2));
  ship(23, 'release-59', days(29));
  ship(24, 'release-60', days(15));
  ship(25, 'release-61', days(3.5));
  for (const image of repositoryOf(stage, 'flaky-worker').images.values()) {
    if (image.tags.includes('release-60')) image.fate = 'crash';
  }
}
