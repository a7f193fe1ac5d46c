import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import { shortId } from '@/simulator/ids';
import { returnToCompleted } from './give-up';
import type { Deployment, HookStop, Service, ServiceDeployment } from './state';

/**
 * Stages of a blue/green, canary or linear deployment, in order.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html}
 */
const STAGES = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
] as const;

/** Seconds a stage takes that waits for nothing in particular. */
const STAGE_SECONDS = 5;
const DEFAULT_HOOK_MINUTES = 1440;

/** What the scheduler may do in the present stage. */
export type Leave = { readonly mayStart: boolean; readonly mayDrain: boolean };

/** Moves a traffic-shifting deployment through its stages as far as this moment allows. */
export function moveShift(moment: Moment, service: Service, primary: Deployment, record: ServiceDeployment): Leave {
  const left = record.stage === null || mayLeave(moment, service, primary, record);
  if (record.status === 'IN_PROGRESS' && left && record.stage !== 'CLEAN_UP') enterNext(moment, record);
  const at = STAGES.indexOf(record.stage as (typeof STAGES)[number]);
  return { mayStart: at >= STAGES.indexOf('SCALE_UP'), mayDrain: record.stage === 'CLEAN_UP' };
}

function enterNext({ world, now }: Moment, record: ServiceDeployment): void {
  const first = record.sourceRevisionArns.length > 1 ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP';
  const next = record.stage === null ? first : STAGES[STAGES.indexOf(record.stage as (typeof STAGES)[number]) + 1];
  record.stage = next ?? 'CLEAN_UP';
  record.stageSince = now;
  record.updatedAt = now;
  for (const hook of record.configuration.lifecycleHooks ?? []) {
    if (hook.targetType !== 'PAUSE' || !hook.lifecycleStages?.some((stage) => stage === record.stage)) continue;
    const { timeoutInMinutes = DEFAULT_HOOK_MINUTES, action = 'ROLLBACK' } = hook.timeoutConfiguration ?? {};
    record.hooks.push({
      id: shortId(world),
      stage: record.stage,
      status: 'AWAITING_ACTION',
      expiresAt: now + wait(world, timeoutInMinutes * 60),
      timeoutAction: action,
    });
  }
}

function mayLeave(moment: Moment, service: Service, primary: Deployment, record: ServiceDeployment): boolean {
  const waiting = record.hooks.find(({ stage, status }) => stage === record.stage && status === 'AWAITING_ACTION');
  if (waiting) return expired(moment, service, record, waiting);
  if (record.stage === 'SCALE_UP') {
    const ready = service.tasks.filter(
      ({ deploymentId, health }) => deploymentId === primary.id && health === 'healthy',
    );
    return ready.length >= service.desiredCount;
  }
  return moment.now >= stageEnd(moment, record);
}

function expired(moment: Moment, service: Service, record: ServiceDeployment, hook: HookStop): boolean {
  if (moment.now < hook.expiresAt) return false;
  hook.status = 'TIMED_OUT';
  if (hook.timeoutAction === 'CONTINUE') return true;
  const reason = `Service deployment rolled back because ${hook.stage} lifecycle hook(s) timed out.`;
  returnToCompleted(moment, service, record, reason);
  return false;
}

/** When the present stage ends if nothing holds it. */
export function stageEnd({ world }: Moment, record: ServiceDeployment): number {
  return record.stageSince + wait(world, stageSeconds(record));
}

function stageSeconds({ stage, configuration }: ServiceDeployment): number {
  if (stage === 'BAKE_TIME') return (configuration.bakeTimeInMinutes ?? 15) * 60;
  if (stage === 'PRODUCTION_TRAFFIC_SHIFT') return stepsOf(configuration) * stepSeconds(configuration) + STAGE_SECONDS;
  return STAGE_SECONDS;
}

function stepSeconds({ strategy, canaryConfiguration, linearConfiguration }: DeploymentConfiguration): number {
  if (strategy === 'CANARY') return (canaryConfiguration?.canaryBakeTimeInMinutes ?? 10) * 60;
  if (strategy === 'LINEAR') return (linearConfiguration?.stepBakeTimeInMinutes ?? 6) * 60;
  return 0;
}

function stepsOf({ strategy, linearConfiguration }: DeploymentConfiguration): number {
  if (strategy === 'LINEAR') return Math.ceil(100 / (linearConfiguration?.stepPercent ?? 10)) - 1;
  return strategy === 'CANARY' ? 1 : 0;
}

/** Percent of test and production traffic on the revision being deployed. */
export function trafficOf(
  moment: Moment,
  record: ServiceDeployment,
): { readonly test: number; readonly production: number } {
  const at = STAGES.indexOf(record.stage as (typeof STAGES)[number]);
  if (record.status === 'SUCCESSFUL') return { test: 100, production: 100 };
  if (record.status !== 'IN_PROGRESS' || at === -1) return { test: 0, production: 0 };
  const shift = STAGES.indexOf('PRODUCTION_TRAFFIC_SHIFT');
  const test = at > STAGES.indexOf('TEST_TRAFFIC_SHIFT') ? 100 : 0;
  if (at !== shift) return { test, production: at > shift ? 100 : 0 };
  return { test, production: shifted(moment, record) };
}

function shifted({ world, now }: Moment, { configuration, stageSince }: ServiceDeployment): number {
  const step = wait(world, stepSeconds(configuration));
  const done = step === 0 ? 0 : Math.floor((now - stageSince) / step);
  if (done >= stepsOf(configuration)) return 100;
  if (configuration.strategy === 'CANARY') return configuration.canaryConfiguration?.canaryPercent ?? 5;
  return Math.min(100, (done + 1) * (configuration.linearConfiguration?.stepPercent ?? 10));
}
