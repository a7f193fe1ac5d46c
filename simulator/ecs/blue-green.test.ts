import type { DeploymentConfiguration, ServiceDeployment as WireServiceDeployment } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { deploymentOf, described, liveTasks, recordOf, type SmallWorld, smallWorld } from './fixtures';
import type { Service } from './state';

const PAUSED = [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }] as const;

/** A world with a deployment of some strategy over a steady service of two tasks. */
function deploying(configuration: DeploymentConfiguration): SmallWorld & { readonly service: Service } {
  const small = smallWorld();
  const service = small.steady('s', { desiredCount: 2, deploymentConfiguration: configuration });
  small.deploy(service);
  return { ...small, service };
}

/** Each stage with the target's weight of production traffic, as they follow each other. */
function watched(small: SmallWorld & { readonly service: Service }, seconds: number): string[] {
  const seen: string[] = [];
  for (let second = 0; second < seconds; second++) {
    const record = described(small, recordOf(small.service));
    const weight = record.targetServiceRevision?.requestedProductionTrafficWeight;
    const step = `${record.lifecycleStage ?? record.status} ${weight}`;
    if (seen.at(-1) !== step) seen.push(step);
    small.pass(1);
  }
  return seen;
}

const hookOf = (record: WireServiceDeployment) => record.lifecycleHookDetails?.[0];

describe('a blue/green deployment', () => {
  it('goes through the stages in order and shifts all traffic at once', () => {
    const small = deploying({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 });
    expect(watched(small, 600)).toEqual([
      'PENDING 0',
      'PRE_SCALE_UP 0',
      'SCALE_UP 0',
      'POST_SCALE_UP 0',
      'TEST_TRAFFIC_SHIFT 0',
      'POST_TEST_TRAFFIC_SHIFT 0',
      'PRE_PRODUCTION_TRAFFIC_SHIFT 0',
      'PRODUCTION_TRAFFIC_SHIFT 100',
      'POST_PRODUCTION_TRAFFIC_SHIFT 100',
      'BAKE_TIME 100',
      'CLEAN_UP 100',
      'SUCCESSFUL 100',
    ]);
  });

  it('runs two whole fleets until the bake is over', () => {
    const small = deploying({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
    const { service } = small;
    small.pass(300);
    expect(recordOf(service).stage).toBe('BAKE_TIME');
    expect(service.deployments.map((deployment) => liveTasks(service, deployment).length)).toEqual([2, 2]);
    small.pass(600);
    expect(service.deployments.map((deployment) => liveTasks(service, deployment).length)).toEqual([2]);
  });

  it('returns at once when it is stopped while baking: the old fleet still stands', () => {
    const small = deploying({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
    const { service } = small;
    const [, old] = service.deployments;
    small.pass(300);
    small.ask('StopServiceDeployment', { serviceDeploymentArn: recordOf(service).arn, stopType: 'ROLLBACK' });
    small.pass(30);
    expect([recordOf(service).status, deploymentOf(service).id]).toEqual(['ROLLBACK_SUCCESSFUL', old?.id]);
  });

  it('reconciles first where another is still under way', () => {
    const small = deploying({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
    small.pass(120);
    small.deploy(small.service);
    small.pass(3);
    expect(recordOf(small.service).stage).toBe('RECONCILE_SERVICE');
  });
});

describe('a pause', () => {
  const configuration = (timeout?: object): DeploymentConfiguration => ({
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 0,
    lifecycleHooks: PAUSED.map((hook) => ({
      targetType: hook.targetType,
      lifecycleStages: [...hook.lifecycleStages],
      ...(timeout && { timeoutConfiguration: timeout }),
    })),
  });
  const answer = (small: SmallWorld, service: Service, action?: string): unknown => {
    const { arn, hooks } = recordOf(service);
    return small.ask('ContinueServiceDeployment', { serviceDeploymentArn: arn, hookId: hooks.at(-1)?.id, action });
  };

  /** The first deployment has no hooks to pass, so that the second is the one that pauses. */
  function pausing(timeout?: object): SmallWorld & { readonly service: Service } {
    const small = smallWorld();
    const service = small.steady('s', { desiredCount: 2 });
    small.ask('UpdateService', { cluster: 'c', service: 's', deploymentConfiguration: configuration(timeout) });
    small.deploy(service);
    small.pass(300);
    return { ...small, service };
  }

  it('holds the stage until somebody continues it', () => {
    const small = pausing();
    const { service } = small;
    expect(hookOf(described(small, recordOf(service)))).toMatchObject({
      targetType: 'PAUSE',
      status: 'AWAITING_ACTION',
      timeoutAction: 'ROLLBACK',
    });
    small.pass(3600);
    expect(recordOf(service).stage).toBe('POST_SCALE_UP');
    answer(small, service);
    small.pass(600);
    expect(hookOf(described(small, recordOf(service)))?.status).toBe('SUCCEEDED');
    expect(recordOf(service).status).toBe('SUCCESSFUL');
    expect(() => answer(small, service)).toThrow('not awaiting an action');
  });

  it('returns the deployment when that is the answer', () => {
    const small = pausing();
    answer(small, small.service, 'ROLLBACK');
    small.pass(600);
    expect(described(small, recordOf(small.service))).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed.',
    });
  });

  it.each([
    ['returns it', undefined, 86_400, 'ROLLBACK_SUCCESSFUL'],
    ['goes on', { timeoutInMinutes: 10, action: 'CONTINUE' }, 600, 'SUCCESSFUL'],
  ])('whose time is up %s', (_case, timeout, seconds, status) => {
    const small = pausing(timeout);
    small.pass(seconds + 600);
    expect(hookOf(described(small, recordOf(small.service)))?.status).toBe('TIMED_OUT');
    expect(recordOf(small.service).status).toBe(status);
  });
});

describe('traffic', () => {
  const shifts = (configuration: DeploymentConfiguration): string[] =>
    watched(deploying({ bakeTimeInMinutes: 1, ...configuration }), 3600).filter((step) =>
      step.startsWith('PRODUCTION_TRAFFIC_SHIFT'),
    );

  it('goes to a canary first', () => {
    expect(
      shifts({ strategy: 'CANARY', canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 5 } }),
    ).toEqual(['PRODUCTION_TRAFFIC_SHIFT 20', 'PRODUCTION_TRAFFIC_SHIFT 100']);
  });

  it('goes over in equal steps', () => {
    expect(shifts({ strategy: 'LINEAR', linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 5 } })).toEqual([
      'PRODUCTION_TRAFFIC_SHIFT 40',
      'PRODUCTION_TRAFFIC_SHIFT 80',
      'PRODUCTION_TRAFFIC_SHIFT 100',
    ]);
  });
});
