import { createHash } from 'node:crypto';
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Moment } from '@/simulator/call';
import { ongoingOf, primaryOf } from '@/simulator/ecs/deployments';
import type { RevisionSettings, Service, Task } from '@/simulator/ecs/state';
import type { TargetGroup } from './state';

/** Wall milliseconds after its start at which failing checks make a target unhealthy; before, it is `initial`. */
const UNHEALTHY_MS = 2_000;

/** The targets of a group: the tasks of the services that use it. */
export function targetsOf(moment: Moment, group: TargetGroup): TargetHealthDescription[] {
  return [...moment.region.services.values()]
    .filter((service) => usesGroup(service.settings, group.arn))
    .flatMap((service) =>
      service.tasks
        .filter((task) => groupOf(service, task) === group.arn)
        .flatMap((task) => description(moment, group, task)),
    );
}

const usesGroup = ({ loadBalancers }: RevisionSettings, arn: string): boolean =>
  loadBalancers.some(
    ({ targetGroupArn, advancedConfiguration }) =>
      targetGroupArn === arn || advancedConfiguration?.alternateTargetGroupArn === arn,
  );

/** While traffic shifts, the new tasks stand in the alternate group; what runs alone stands in the first. */
function groupOf(service: Service, task: Task): string | undefined {
  const [balancer] = service.settings.loadBalancers;
  const alternate = balancer?.advancedConfiguration?.alternateTargetGroupArn;
  const shifting = (ongoingOf(service)?.configuration.strategy ?? 'ROLLING') !== 'ROLLING';
  const isNew = task.deploymentId === primaryOf(service)?.id;
  return shifting && isNew ? (alternate ?? balancer?.targetGroupArn) : balancer?.targetGroupArn;
}

function description(moment: Moment, group: TargetGroup, task: Task): TargetHealthDescription[] {
  const health = healthOf(moment, group, task);
  if (health === null) return [];
  return [
    {
      Target: { Id: targetId(group, task), Port: group.port, AvailabilityZone: `${moment.region.name}${task.zone}` },
      HealthCheckPort: String(group.port),
      TargetHealth: health,
    },
  ];
}

/** An address or instance that stays a task's for life. */
function targetId({ targetType }: TargetGroup, { id }: Task): string {
  const [second = 0, third = 0, fourth = 0] = createHash('sha256').update(id).digest();
  if (targetType === 'instance') return `i-${id.slice(0, 17)}`;
  return `10.${second}.${third}.${fourth}`;
}

function healthOf(moment: Moment, group: TargetGroup, task: Task): TargetHealthDescription['TargetHealth'] | null {
  if (task.lastStatus === 'DEACTIVATING') {
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    };
  }
  if (task.lastStatus !== 'RUNNING') return null;
  if (group.loadBalancerArn === '') {
    return {
      State: 'unused',
      Reason: 'Target.NotInUse',
      Description: 'Target group is not configured to receive traffic from the load balancer',
    };
  }
  if (task.health === 'healthy') return { State: 'healthy' };
  // Wall time, so that a world that stands still or changes its speed does not change its mind.
  const failing = moment.now - (task.startedAt ?? moment.now) >= UNHEALTHY_MS;
  if (task.fate === 'unhealthy' && failing) {
    return {
      State: 'unhealthy',
      Reason: 'Target.ResponseCodeMismatch',
      Description: 'Health checks failed with these codes: [500]',
    };
  }
  return {
    State: 'initial',
    Reason: 'Elb.InitialHealthChecking',
    Description: 'Initial health checks in progress',
  };
}
