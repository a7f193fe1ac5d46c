import type {
  ContinueServiceDeploymentResponse,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsResponse,
  ListServiceDeploymentsResponse,
  ServiceDeploymentBrief,
  ServiceRevisionSummary,
  StopServiceDeploymentResponse,
  ServiceDeployment as WireServiceDeployment,
  ServiceRevision as WireServiceRevision,
} from '@aws-sdk/client-ecs';
import { AwsError, invalidParameter } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { dateOf, wait } from '@/simulator/clock';
import { optionalNumber, optionalStructure, optionalText, text, texts } from '@/simulator/input';
import { page } from '@/simulator/page';
import { trafficOf } from './blue-green';
import { breakerThreshold } from './deployments';
import { returnToCompleted } from './give-up';
import { ecsPages } from './list-task-definitions';
import { requireService, restOf, serviceKey } from './lookup';
import type { Service, ServiceDeployment } from './state';
import { isPending, isRunning } from './tasks';

const VISIBLE_MS = 90 * 86_400_000;

const whenever = (call: Call, ms: number | null): Date | undefined =>
  ms === null ? undefined : dateOf(call.world, ms);

/** ListServiceDeployments: newest first, 90 days back, twenty a page. */
export const listServiceDeployments: Operation = (call, input): ListServiceDeploymentsResponse => {
  const service = requireService(call, input);
  const statuses = texts(input, 'status');
  const created = optionalStructure(input, 'createdAt') ?? {};
  const after = (optionalNumber(created, 'after') ?? 0) * 1000;
  const before = (optionalNumber(created, 'before') ?? Number.MAX_SAFE_INTEGER) * 1000;
  const found = service.serviceDeployments.filter((record) => {
    const at = dateOf(call.world, record.createdAt).getTime();
    const recent = call.now - record.createdAt < VISIBLE_MS;
    return recent && at >= after && at <= before && (statuses.length === 0 || statuses.includes(record.status));
  });
  const { items, nextToken } = page(found, ({ arn }) => arn, input, ecsPages(20));
  return {
    serviceDeployments: items.map((record) => brief(call, service, record)),
    ...(nextToken !== null && { nextToken }),
  };
};

function brief(call: Call, service: Service, record: ServiceDeployment): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    createdAt: dateOf(call.world, record.createdAt),
    startedAt: whenever(call, record.startedAt),
    finishedAt: whenever(call, record.finishedAt),
    targetServiceRevisionArn: record.targetRevisionArn,
    status: record.status,
    ...(record.statusReason !== null && { statusReason: record.statusReason }),
  };
}

/** A service and one of its parts named by ARN `kind/cluster/service/id`, or `null`. */
function ownerOf(call: Call, kind: string, arn: string): Service | null {
  const [cluster = '', name = ''] = (restOf(call.region, kind, arn) ?? '').split('/');
  return call.region.services.get(serviceKey(cluster, name)) ?? null;
}

function findRecord(call: Call, arn: string): { readonly service: Service; readonly record: ServiceDeployment } | null {
  const service = ownerOf(call, 'service-deployment', arn);
  const record = service?.serviceDeployments.find((each) => each.arn === arn);
  return service && record ? { service, record } : null;
}

/** DescribeServiceDeployments: at most twenty; unknown ones are failures. */
export const describeServiceDeployments: Operation = (call, input): DescribeServiceDeploymentsResponse => {
  const arns = limited(texts(input, 'serviceDeploymentArns'), 'serviceDeploymentArns');
  const answers = arns.map((arn) => ({ arn, found: findRecord(call, arn) }));
  return {
    serviceDeployments: answers.flatMap(({ found }) => (found ? [wire(call, found.service, found.record)] : [])),
    failures: answers.filter(({ found }) => !found).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
};

function limited(arns: string[], member: string): string[] {
  if (arns.length === 0) throw invalidParameter(`${member} can not be empty.`);
  if (arns.length > 20) throw invalidParameter(`${member} can not have more than 20 elements.`);
  return arns;
}

function wire(call: Call, service: Service, record: ServiceDeployment): WireServiceDeployment {
  const { configuration } = record;
  const { targetServiceRevisionArn: _onlyInListings, ...shared } = brief(call, service, record);
  return {
    ...shared,
    stoppedAt: whenever(call, record.stoppedAt),
    updatedAt: dateOf(call.world, record.updatedAt),
    sourceServiceRevisions: record.sourceRevisionArns.map((arn) => summary(call, service, record, arn)),
    targetServiceRevision: summary(call, service, record, record.targetRevisionArn),
    deploymentConfiguration: configuration,
    ...(record.stage !== null && { lifecycleStage: record.stage as WireServiceDeployment['lifecycleStage'] }),
    ...(record.hooks.length > 0 && {
      lifecycleHookDetails: record.hooks.map((hook) => ({
        hookId: hook.id,
        targetType: 'PAUSE' as const,
        status: hook.status,
        expiresAt: dateOf(call.world, hook.expiresAt),
        timeoutAction: hook.timeoutAction,
      })),
    }),
    ...(record.rollback !== null && {
      rollback: { ...record.rollback, startedAt: dateOf(call.world, record.rollback.startedAt) },
    }),
    deploymentCircuitBreaker: {
      status: record.breaker,
      failureCount: record.failureCount,
      threshold: breakerThreshold(configuration, record.finalCounts?.requested ?? service.desiredCount),
    },
    alarms: {
      status: record.alarms,
      alarmNames: configuration.alarms?.alarmNames ?? [],
      triggeredAlarmNames: record.triggeredAlarms,
    },
  };
}

function summary(call: Call, service: Service, record: ServiceDeployment, arn: string): ServiceRevisionSummary {
  const isTarget = arn === record.targetRevisionArn;
  const shifting = (record.configuration.strategy ?? 'ROLLING') !== 'ROLLING';
  const traffic = trafficOf(call, record);
  const share = (percent: number): number => (isTarget ? percent : 100 - percent);
  const weights = shifting
    ? {
        requestedTestTrafficWeight: share(traffic.test),
        requestedProductionTrafficWeight: share(traffic.production),
      }
    : {};
  const final = record.finalCounts;
  if (record.finishedAt !== null && final) {
    const [requested, running, pending] = isTarget ? [final.requested, final.running, final.pending] : [0, 0, 0];
    return { arn, requestedTaskCount: requested, runningTaskCount: running, pendingTaskCount: pending, ...weights };
  }
  const tasks = service.tasks.filter(({ serviceRevisionArn }) => serviceRevisionArn === arn);
  return {
    arn,
    requestedTaskCount: isTarget ? service.desiredCount : tasks.filter(isRunning).length,
    runningTaskCount: tasks.filter(isRunning).length,
    pendingTaskCount: tasks.filter(isPending).length,
    ...weights,
  };
}

/** DescribeServiceRevisions: at most twenty; with the digest of each container's image. */
export const describeServiceRevisions: Operation = (call, input): DescribeServiceRevisionsResponse => {
  const arns = limited(texts(input, 'serviceRevisionArns'), 'serviceRevisionArns');
  const answers = arns.map((arn) => ({ arn, service: ownerOf(call, 'service-revision', arn) }));
  return {
    serviceRevisions: answers.flatMap(({ arn, service }) => (service ? wireRevision(call, service, arn) : [])),
    failures: answers
      .filter(({ arn, service }) => !service?.revisions.has(arn))
      .map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
};

function wireRevision(call: Call, service: Service, arn: string): WireServiceRevision[] {
  const revision = service.revisions.get(arn);
  if (!revision) return [];
  const { settings, digests } = revision;
  return [
    {
      serviceRevisionArn: arn,
      serviceArn: service.arn,
      clusterArn: service.clusterArn,
      taskDefinition: revision.taskDefinition,
      createdAt: dateOf(call.world, revision.createdAt),
      ...(service.kept.launchType && { launchType: service.kept.launchType }),
      ...(service.kept.launchType === 'FARGATE' && { platformVersion: '1.4.0', platformFamily: 'Linux' }),
      loadBalancers: [...settings.loadBalancers],
      serviceRegistries: [...settings.serviceRegistries],
      ...(settings.networkConfiguration && { networkConfiguration: settings.networkConfiguration }),
      containerImages: Object.entries(revision.images).map(([name, image]) => ({
        containerName: name,
        image,
        ...(digests[name] !== undefined && { imageDigest: digests[name] }),
      })),
      guardDutyEnabled: false,
    },
  ];
}

/** StopServiceDeployment: asks ECS to return to the service revision before. */
export const stopServiceDeployment: Operation = (call, input): StopServiceDeploymentResponse => {
  const arn = text(input, 'serviceDeploymentArn');
  const stopType = optionalText(input, 'stopType') ?? 'ROLLBACK';
  if (stopType !== 'ROLLBACK')
    throw new AwsError('UnsupportedFeatureException', `stopType ${stopType} is not supported.`);
  const found = findRecord(call, arn);
  if (!found) throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  const { service, record } = found;
  if (service.finishesStopped && record.finishedAt === null) return { serviceDeploymentArn: arn };
  if (record.status === 'PENDING' || record.status === 'IN_PROGRESS') {
    record.status = 'ROLLBACK_REQUESTED';
    record.statusReason = 'A rollback of the service deployment was requested.';
    record.updatedAt = call.now;
    service.wakeAt = Math.min(service.wakeAt ?? Number.POSITIVE_INFINITY, call.now + wait(call.world, 2));
  } else if (record.finishedAt !== null) {
    throw new AwsError('ConflictException', 'The service deployment has already finished.', 400, {
      resourceIds: [arn],
    });
  }
  return { serviceDeploymentArn: arn };
};

/** ContinueServiceDeployment: answers a PAUSE hook, to go on or to return. */
export const continueServiceDeployment: Operation = (call, input): ContinueServiceDeploymentResponse => {
  const found = findRecord(call, text(input, 'serviceDeploymentArn'));
  if (!found) throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  const hook = found.record.hooks.find(({ id }) => id === text(input, 'hookId'));
  if (hook?.status !== 'AWAITING_ACTION') throw invalidParameter('The lifecycle hook is not awaiting an action.');
  const action = optionalText(input, 'action') ?? 'CONTINUE';
  if (action !== 'CONTINUE' && action !== 'ROLLBACK') throw invalidParameter(`Invalid action: ${action}`);
  hook.status = action === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED';
  if (action === 'ROLLBACK') {
    const reason = `Service deployment rolled back because ${hook.stage} lifecycle hook(s) failed.`;
    returnToCompleted(call, found.service, found.record, reason);
  }
  found.service.wakeAt = call.now;
  return { serviceDeploymentArn: found.record.arn };
};
