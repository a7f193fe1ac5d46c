import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { fargate, fargateService, image, nginx } from './definitions';
import { apiEnvironment, apiSecrets } from './notify-settings';
import { deploy, deregister, expire, open, register } from './past';
import { days, hours, minutes, type Stage } from './stage';
import { addAlarm, addGround, addScaling, addTargetGroup } from './surroundings';

/** Revisions that ran or nearly did: number, tag, when it was registered, and when it was deployed if it was. */
const VERSIONS: readonly (readonly [number, string, number, number | null])[] = [
  [412, 'release-1098', days(96.2), days(96)],
  [413, 'release-1101', days(84.1), days(84)],
  [414, 'release-1104', days(70.1), days(70)],
  [415, 'release-1108', days(55.1), days(55)],
  [416, 'release-1110', days(41.1), days(41)],
  [417, 'release-1113', days(27.1), days(27)],
  [418, 'release-1115', days(16.1), days(16)],
  [419, 'release-1117', days(7) + hours(4), days(7) + hours(3.5)],
  [420, 'release-1118', days(6) + hours(20), null],
  [421, 'release-1119', days(6) + hours(4), days(6) + hours(3.5)],
  [422, 'release-1120', days(5), null],
  [423, 'release-1120', days(4.5), null],
  [424, 'release-1120', days(4), null],
  [425, 'release-1121', days(2), null],
  [426, 'release-1121', days(1), null],
  [427, 'release-1122', minutes(58), minutes(55)],
  [428, 'release-1123', minutes(25), minutes(21.8)],
];

/** From here on the pipeline has not cleaned up. */
const FIRST_ACTIVE = 425;

/** The service everybody came for: a bad release 17 minutes old, and 160 revisions behind it. */
export function tellApi(stage: Stage): void {
  addGround(stage, 'api');
  addAlarm(stage, 'api-5xx', 'OK', days(30));
  addScaling(stage, 'api', 6, 18);
  tellOldRevisions(stage);
  const service = open(stage, request(stage), days(420));
  for (const [number, tag, registeredAgo, deployedAgo] of VERSIONS) {
    const revision = register(stage, apiDefinition(stage, number, tag), { number, ago: registeredAgo });
    if (number === 427) service.fate = { tasks: 'crash', taskDefinition: revision.arn, failsAfterMs: null };
    returnByItself(service, number !== 427);
    if (deployedAgo !== null) deploy(stage, service, { number, ago: deployedAgo, keepBefore: number >= 428 });
    else if (number < FIRST_ACTIVE) deregister(revision, stage.now - registeredAgo + days(1));
  }
  service.fate = null;
  // A lifecycle rule keeps the images of ninety days.
  expire(stage, 'notifications-api', 'release-1098');
  addAlarm(stage, 'api-5xx', 'ALARM', minutes(13));
}

/** The circuit breaker may return, except in the night's first attempt. */
function returnByItself(service: ReturnType<typeof open>, rollback: boolean): void {
  service.configuration = { ...service.configuration, deploymentCircuitBreaker: { enable: true, rollback } };
}

function request(stage: Stage): Parameters<typeof open>[1] {
  const base = fargateService('api', 6);
  return {
    ...base,
    healthCheckGracePeriodSeconds: 60,
    loadBalancers: [
      { targetGroupArn: addTargetGroup(stage, 'notify-api', 6011), containerName: 'app', containerPort: 6011 },
    ],
    deploymentConfiguration: {
      ...base.deploymentConfiguration,
      alarms: { enable: true, rollback: true, alarmNames: ['api-5xx'] },
    },
  };
}

/** Settings changed on the way from 421 to 428: two variables, one secret, memory. */
function apiDefinition(stage: Stage, number: number, tag: string): RegisterTaskDefinitionRequest {
  return fargate(stage, {
    family: 'api',
    image: image(stage, 'notifications-api', tag),
    port: 6011,
    cpu: 512,
    memory: number >= 426 ? 2048 : 1024,
    command: ['gunicorn', '-c', '/home/notify/gunicorn_config.py', 'application'],
    environment: {
      ...apiEnvironment(stage),
      MAX_WORKERS: number >= 424 ? '8' : '4',
      ...(number >= 423 && { FEATURE_BULK: 'on' }),
    },
    secrets: apiSecrets(stage, number >= 426 ? 'v7' : 'v6'),
    sidecars: [nginx(stage, 'api', number >= 420 ? '1.29' : '1.28')],
  });
}

/** How many revisions the family has left, all statuses together. */
const REVISIONS_LEFT = 160;

/**
 * What lies below 412: a cleaning job has deleted 405 to 411, is deleting 398 to 404, and went over the rest before,
 * leaving gaps. ECS lists 300 and does not return it.
 */
function tellOldRevisions(stage: Stage): void {
  const numbers: number[] = [];
  for (let number = 404; numbers.length < REVISIONS_LEFT - VERSIONS.length; number--) {
    if (number >= 398 || number % 5 !== 0 || number === 300) numbers.push(number);
  }
  for (const number of numbers.reverse()) {
    const ago = days(97 + (404 - number) * 1.5);
    const definition = apiDefinition(stage, number, `release-${number + 690}`);
    const revision = register(stage, definition, { number, ago, pushed: number >= 398 });
    deregister(revision, stage.now - ago + days(2));
    if (number === 300) revision.describable = false;
    if (number >= 398) {
      revision.status = 'DELETE_IN_PROGRESS';
      revision.deleteRequestedAt = stage.now - minutes(40);
    }
  }
}
