import type { Deployment as WireDeployment, Service as WireService } from '@aws-sdk/client-ecs';
import type { Moment } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { ongoingOf } from './deployments';
import type { Deployment, Service } from './state';
import { isPending, isRunning } from './tasks';

/** A service as DescribeServices and its relatives write it. */
export function wireService(moment: Moment, service: Service, withTags: boolean): WireService {
  const { world } = moment;
  const { settings, kept } = service;
  const fargate = kept.launchType === 'FARGATE';
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: service.tasks.filter(isRunning).length,
    pendingCount: service.tasks.filter(isPending).length,
    taskDefinition: service.taskDefinition,
    ...kept,
    ...(fargate && { platformVersion: settings.platformVersion ?? 'LATEST', platformFamily: 'Linux' }),
    loadBalancers: [...settings.loadBalancers],
    serviceRegistries: [...settings.serviceRegistries],
    ...(settings.networkConfiguration && { networkConfiguration: settings.networkConfiguration }),
    deploymentConfiguration: service.configuration,
    deploymentController: { type: service.controller },
    deployments: service.deployments.map((deployment) => wireDeployment(moment, service, deployment)),
    ...(service.controller !== 'ECS' && { taskSets: taskSets(moment, service) }),
    events: service.events.map((event) => ({ ...event, createdAt: dateOf(world, event.createdAt) })),
    createdAt: dateOf(world, service.createdAt),
    createdBy: service.createdBy,
    ...currentOf(service),
    ...(service.healthCheckGracePeriodSeconds !== null && {
      healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    }),
    schedulingStrategy: service.schedulingStrategy,
    enableECSManagedTags: service.enableECSManagedTags,
    enableExecuteCommand: service.enableExecuteCommand,
    roleArn: `arn:aws:iam::${moment.region.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    ...(withTags && { tags: service.tags }),
  };
}

function currentOf(service: Service): Pick<WireService, 'currentServiceDeployment' | 'currentServiceRevisions'> {
  const record = ongoingOf(service) ?? service.serviceDeployments[0];
  const revisions = service.deployments.map(({ serviceRevisionArn, desiredCount }) => {
    const tasks = service.tasks.filter((task) => task.serviceRevisionArn === serviceRevisionArn);
    return {
      arn: serviceRevisionArn,
      requestedTaskCount: desiredCount,
      runningTaskCount: tasks.filter(isRunning).length,
      pendingTaskCount: tasks.filter(isPending).length,
    };
  });
  return {
    ...(record && { currentServiceDeployment: record.arn }),
    currentServiceRevisions: revisions,
  };
}

function wireDeployment({ world }: Moment, service: Service, deployment: Deployment): WireDeployment {
  const { settings, id } = deployment;
  const tasks = service.tasks.filter(({ deploymentId }) => deploymentId === id);
  const fargate = service.kept.launchType === 'FARGATE';
  return {
    id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: deployment.status === 'PRIMARY' ? service.desiredCount : tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
    runningCount: tasks.filter(isRunning).length,
    failedTasks: deployment.failedTasks,
    createdAt: dateOf(world, deployment.createdAt),
    updatedAt: dateOf(world, deployment.updatedAt),
    ...(service.kept.launchType && { launchType: service.kept.launchType }),
    ...(service.kept.capacityProviderStrategy && {
      capacityProviderStrategy: service.kept.capacityProviderStrategy,
    }),
    ...(fargate && { platformVersion: '1.4.0', platformFamily: 'Linux' }),
    ...(settings.networkConfiguration && { networkConfiguration: settings.networkConfiguration }),
    ...(settings.serviceConnectConfiguration && { serviceConnectConfiguration: settings.serviceConnectConfiguration }),
    ...(settings.volumeConfigurations.length > 0 && { volumeConfigurations: [...settings.volumeConfigurations] }),
    ...(settings.vpcLatticeConfigurations.length > 0 && {
      vpcLatticeConfigurations: [...settings.vpcLatticeConfigurations],
    }),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

function taskSets({ world }: Moment, service: Service): WireService['taskSets'] {
  if (service.taskSetId === null) return [];
  return [
    {
      id: service.taskSetId,
      taskSetArn: `${service.arn.replace(':service/', ':task-set/')}/${service.taskSetId}`,
      serviceArn: service.arn,
      clusterArn: service.clusterArn,
      status: 'PRIMARY',
      taskDefinition: service.taskDefinition,
      computedDesiredCount: service.desiredCount,
      runningCount: service.tasks.filter(isRunning).length,
      pendingCount: service.tasks.filter(isPending).length,
      createdAt: dateOf(world, service.createdAt),
      updatedAt: dateOf(world, service.createdAt),
      scale: { value: 100, unit: 'PERCENT' },
      stabilityStatus: 'STEADY_STATE',
      loadBalancers: [...service.settings.loadBalancers],
    },
  ];
}
