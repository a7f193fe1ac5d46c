import type { Moment } from '@/simulator/call';
import { wait } from '@/simulator/clock';
import { endStopped, isOngoing } from './deployments';
import { returnToCompleted } from './give-up';
import type { Service, ServiceDeployment } from './state';

/** Seconds until a request to ECS shows its effect. */
export const TURN_SECONDS = 2;

/**
 * Requests to service deployments become actions one scheduler turn later.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html}
 */
export function moveRecords(moment: Moment, service: Service): void {
  const { now } = moment;
  for (const record of service.serviceDeployments.filter(isOngoing)) {
    if (now < record.updatedAt + wait(moment.world, TURN_SECONDS)) continue;
    if (record.status === 'STOP_REQUESTED') {
      endStopped(record, now);
    } else if (record.status === 'ROLLBACK_REQUESTED') {
      returnToCompleted(moment, service, record, 'Service deployment rolled back because of a user request.');
    } else if (record.status === 'PENDING') {
      record.status = 'IN_PROGRESS';
      record.startedAt = now;
      record.updatedAt = now;
      ignoreFiringAlarms(moment, record);
    }
  }
}

/** An alarm that fires before the deployment began says nothing about it. */
function ignoreFiringAlarms({ region }: Moment, record: ServiceDeployment): void {
  const names = record.configuration.alarms?.alarmNames ?? [];
  if (names.some((name) => region.alarms.get(name)?.state === 'ALARM')) record.alarms = 'DISABLED';
}
