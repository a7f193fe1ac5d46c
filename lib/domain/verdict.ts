import type { End, Reason } from '@/lib/domain/rollback';
import type { Deployment } from '@/lib/domain/service';

/** How a rollback ended, as a reading shows it. */
export type Verdict = { readonly state: End; readonly reason: Reason | null };

/** The deployment a rollback made: its id, its copy, and the deployments that existed before it. */
export type OurDeployment = {
  /** Id in `service.deployments`; `null` while no read has shown it. */
  readonly id: string | null;
  readonly copyArn: string;
  /** Ids of deployments the service listed before the write. */
  readonly earlier: ReadonlySet<string>;
};

/** What one read of AWS shows of a service in rollback. */
export type Reading =
  /** The service is not there any more, or inactive. */
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'service';
      readonly service: {
        readonly taskDefinitionArn: string;
        readonly desired: number;
        readonly running: number;
        readonly pending: number;
      };
      readonly primary: Pick<Deployment, 'id' | 'taskDefinitionArn' | 'rolloutState'> | null;
      /** Whether `service.deployments` lists ours. */
      readonly listed: boolean;
      /** State of our service deployment; `null` where none was found or it was not read. */
      readonly record: string | null;
      /** Whether the primary deployment was created after our service deployment, by AWS's clock; `false` where not known. */
      readonly laterThanOurs: boolean;
      /** RUNNING tasks on another revision than the copy; `null` where not read. */
      readonly otherTasks: number | null;
    };

const failed = (reason: Reason): Verdict => ({ state: 'failed', reason });
const REPLACED: Verdict = { state: 'superseded', reason: 'by-deployment' };

/**
 * How a reading shows that the rollback ended, or `null` while it goes on. A reading that does not show our deployment
 * proves nothing; neither does time, nor the answer to the write.
 */
export function verdictOf(reading: Reading, ours: OurDeployment): Verdict | null {
  if (reading.kind === 'gone') return failed('gone');
  const { service, primary, listed, record, laterThanOurs, otherTasks } = reading;
  if (primary === null || (!listed && record === null)) return null;
  if (record === 'ROLLBACK_SUCCESSFUL') return failed('put-back');
  const foreign = primary.id !== ours.id && primary.taskDefinitionArn !== ours.copyArn;
  const replaced = foreign && laterThanOurs;
  // What replaces a return under way makes it fail, and is no reason to act.
  if (record === 'ROLLBACK_FAILED') return replaced ? REPLACED : failed('stuck');

  const stopped = record === 'STOPPED' || record === 'STOP_REQUESTED';
  if (ours.earlier.has(primary.id)) {
    // A later deployment stopped ours, and ECS returned past both.
    if (record === 'STOPPED') return REPLACED;
    return listed && primary.rolloutState === 'COMPLETED' ? failed('put-back') : null;
  }
  // Ours may have completed between two readings. An old reading may still show whom ours replaced, so age decides.
  if (foreign) return stopped || (record === 'SUCCESSFUL' && replaced) ? REPLACED : null;
  if (primary.rolloutState === 'FAILED') return stopped ? failed('gave-up') : null;

  const completed = primary.rolloutState === 'COMPLETED' || (primary.rolloutState === null && record === 'SUCCESSFUL');
  // ECS may call a deployment complete while old tasks run.
  const steady =
    service.taskDefinitionArn === ours.copyArn &&
    otherTasks === 0 &&
    service.running === service.desired &&
    service.pending === 0;
  if (!completed || !steady) return null;
  return { state: 'succeeded', reason: service.desired > 0 ? null : 'zero-tasks' };
}

/**
 * The same for a stop, from the state of the deployment it named; `null` while it goes on.
 *
 * @param replaced - Whether a later deployment has begun since.
 */
export function stopVerdictOf(status: string | null, replaced: boolean): Verdict | null {
  switch (status) {
    case 'ROLLBACK_SUCCESSFUL':
      return { state: 'succeeded', reason: null };
    case 'ROLLBACK_FAILED':
      return replaced ? REPLACED : failed('stuck');
    case 'SUCCESSFUL':
      return failed('finished-first');
    case 'STOPPED':
      return REPLACED;
    default:
      return null;
  }
}
