import type { RollbackFacts } from '@/lib/domain/facts';
import { ranHere } from '@/lib/domain/history';
import { primaryOf } from '@/lib/domain/service';
import { formatDay } from '@/lib/domain/time-words';
import type { Draft } from './draft';
import { type Finding, notChecked, passed, warns, whyNot } from './finding';

/** Whether ECS is moving the service, by the service's own list. */
export function isDeploying({ deployments }: RollbackFacts['service']): boolean {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  return deployments.length > 1 || primary?.rolloutState === 'IN_PROGRESS';
}

export function deploymentRunning({ service, active }: RollbackFacts, { from }: Draft): Finding {
  if (!isDeploying(service)) return passed('no deployment is running');
  // A rollback of ours has its own check.
  if (active !== null) return passed('the deployment that runs is our own rollback');
  const primary = primaryOf(service);
  const name = primary?.taskDefinitionArn === from.taskDefinitionArn ? (from.tag ?? from.name) : 'another version';
  return warns(`${name} is being deployed. Rolling back will replace it.`);
}

const RETURNING = new Set(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']);

export function ecsRollingBack({ deployments, service }: RollbackFacts): Finding {
  if (!deployments.ok)
    return notChecked(`Whether ECS is rolling back by itself: not checked (${whyNot(deployments.error)}).`);
  if (!deployments.value.some(({ status }) => RETURNING.has(status)))
    return passed('ECS is not rolling back by itself');
  return warns(`ECS is already returning ${service.name} to an earlier version by itself.`);
}

export function neverSteady({ deployments }: RollbackFacts, { history, to }: Draft): Finding {
  if (!history.ok)
    return notChecked(
      `Whether it became steady the last time: not checked (${deployments.ok ? 'not known' : whyNot(deployments.error)}).`,
    );
  const latest = history.value.runs.find(
    ({ arn, ranAs, outcome }) =>
      (arn === to.taskDefinitionArn || ranAs === to.taskDefinitionArn) && outcome !== 'stopped',
  );
  const bad = latest?.outcome === 'never-steady' || latest?.outcome === 'rolled-back-by-ecs';
  return bad
    ? warns(`The last time, ${to.tag ?? to.name} never became steady.`)
    : passed('it became steady the last time, as far as is known');
}

export function rolledBackFrom({ marks, readAt }: RollbackFacts, { to }: Draft): Finding {
  const mark = marks.find(({ taskDefinitionArn }) => taskDefinitionArn === to.taskDefinitionArn);
  if (mark === undefined) return passed('nobody rolled back from it');
  return warns(`${mark.by} rolled back from ${to.tag ?? to.name} on ${formatDay(mark.at, readAt)}: ${mark.reason}.`);
}

const DAY_MS = 86_400_000;

export function age({ wanted, readAt, oldVersionDays }: RollbackFacts, { history, to }: Draft): Finding {
  const ran = ranHere(history, to.taskDefinitionArn, wanted.ok ? wanted.value.registeredAt : null);
  if (ran.kind === 'never') return warns(`Revision ${to.number} never ran here.`);
  if (ran.kind === 'not-known') return warns('We do not know whether it ran here.');
  const days = ran.until === null ? 0 : Math.floor((readAt - ran.until) / DAY_MS);
  return days >= oldVersionDays
    ? warns(`It last ran ${days} days ago.`)
    : passed(days === 0 ? 'it ran here today' : `it ran here ${days} days ago`);
}

export const database = (): Finding =>
  notChecked(
    'Database changes: cannot be checked. If a later release changed the database, the old version may not work.',
  );

export function stillStoppable(_facts: RollbackFacts, { stopped }: Draft): Finding {
  const under = stopped?.status === 'PENDING' || stopped?.status === 'IN_PROGRESS';
  return under
    ? passed('the deployment can be stopped')
    : { kind: 'blocks', words: 'This deployment has already finished. Roll back instead.' };
}
