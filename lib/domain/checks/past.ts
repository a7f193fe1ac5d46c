import { revisionNumber } from '@/lib/domain/arn';
import type { RollbackFacts } from '@/lib/domain/facts';
import { countsAs, differentDigests } from '@/lib/domain/history';
import { marksOn } from '@/lib/domain/marks';
import { ranHere } from '@/lib/domain/ran-versions';
import { returningWords, returnUnderWay } from '@/lib/domain/returning';
import { primaryOf } from '@/lib/domain/service';
import { formatDay } from '@/lib/domain/time-words';
import { undoneBy } from '@/lib/domain/undo';
import { shortName } from '@/lib/domain/version';
import type { Draft } from './draft';
import { blocks, type Finding, notChecked, passed, warns, whyNot } from './finding';

/** Whether ECS is moving the service, by the service's own list. */
export function isDeploying({ deployments }: Pick<RollbackFacts['service'], 'deployments'>): boolean {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  return deployments.length > 1 || primary?.rolloutState === 'IN_PROGRESS';
}

/** Whether what is being deployed is the copy of our own rollback that has not ended. */
function isOurOwn({ active, past, service }: RollbackFacts): boolean {
  const copyArn = past.find(({ id }) => id === active?.id)?.copyArn ?? null;
  return active !== null && copyArn === service.taskDefinitionArn;
}

export function deploymentRunning(facts: RollbackFacts, { from, to }: Draft): Finding {
  if (!isDeploying(facts.service)) return passed('no deployment is running');
  // A rollback of ours has its own check.
  if (isOurOwn(facts)) return passed('the deployment that runs is our own rollback');
  const primary = primaryOf(facts.service);
  const isFrom = primary?.taskDefinitionArn === from.taskDefinitionArn;
  return warns(`${isFrom ? shortName(from, to) : 'Another version'} is being deployed. Rolling back will replace it.`);
}

export function ecsRollingBack({ deployments, service, past }: RollbackFacts, { from, to }: Draft): Finding {
  if (!deployments.ok)
    return notChecked(`Whether ECS is rolling back by itself: not checked (${whyNot(deployments.error)}).`);
  const back = returnUnderWay(deployments.value);
  if (back === null) return passed('ECS is not rolling back by itself');
  const arn = back.to?.taskDefinitionArn ?? null;
  const originOf = countsAs(past);
  const isTo = arn !== null && originOf(arn) === originOf(to.taskDefinitionArn);
  const name = arn === null ? null : isTo ? shortName(to, from) : `revision ${revisionNumber(arn)}`;
  return warns(`${returningWords(back, service.name, name)}.`);
}

/** What ran when as ECS tells it: our record alone does not know what was deployed since. */
const wholePast = (deployments: RollbackFacts['deployments'], history: Draft['history']): Draft['history'] =>
  deployments.ok ? history : deployments;

export function neverSteady({ past, deployments }: RollbackFacts, { history, from, to }: Draft): Finding {
  const known = wholePast(deployments, history);
  if (!known.ok) return notChecked(`Whether it became steady the last time: not checked (${whyNot(known.error)}).`);
  const originOf = countsAs(past);
  const runs = known.value.runs.filter(
    ({ arn, digests, outcome }) =>
      arn === originOf(to.taskDefinitionArn) && !differentDigests(to.digests, digests) && outcome !== 'in-progress',
  );
  // A stopped deployment says nothing of its version, unless there is no other.
  const latest = runs.find(({ outcome }) => outcome !== 'stopped') ?? runs[0];
  return latest === undefined || latest.outcome === 'successful'
    ? passed('it became steady the last time, as far as is known')
    : warns(`The last time, ${shortName(to, from)} never became steady.`);
}

export function rolledBackFrom(facts: RollbackFacts, { from, to }: Draft): Finding {
  const { readAt, recordKnown } = facts;
  if (!recordKnown) return notChecked('Whether it was rolled back from: not checked (our record does not answer).');
  // That the version was left by the rollback being undone is what the page is about.
  const undone = undoneBy(facts)?.id;
  const marks = marksOn(facts, { arn: to.taskDefinitionArn, digests: to.digests });
  const mark = marks.find(({ rollbackId }) => rollbackId !== undone);
  if (mark === undefined) return passed('nobody rolled back from it');
  return warns(`${mark.by} rolled back from ${shortName(to, from)} on ${formatDay(mark.at, readAt)}: ${mark.reason}.`);
}

const DAY_MS = 86_400_000;

export function age({ wanted, readAt, oldVersionDays, deployments }: RollbackFacts, { history, to }: Draft): Finding {
  const registeredAt = wanted.ok ? wanted.value.registeredAt : null;
  const ran = ranHere(history, { arn: to.taskDefinitionArn, digests: to.digests, registeredAt });
  const days = ran.kind !== 'ran' || ran.until === null ? 0 : Math.floor((readAt - ran.until) / DAY_MS);
  if (ran.kind === 'ran' && days < oldVersionDays)
    return passed(days === 0 ? 'it ran here today' : `it ran here ${days} days ago`);
  // It may have run since the last that our record knows of.
  const known = wholePast(deployments, history);
  if (!known.ok) return notChecked(`When it last ran here: not checked (${whyNot(known.error)}).`);
  if (ran.kind === 'never') return warns(`Revision ${to.number} never ran here.`);
  if (ran.kind === 'not-known') return warns('We do not know whether it ran here.');
  return warns(`It last ran ${days} days ago.`);
}

export const database = (): Finding =>
  notChecked(
    'Database changes: cannot be checked. If a later release changed the database, the old version may not work.',
  );

export function stillStoppable(_facts: RollbackFacts, { stopped }: Draft): Finding {
  const under = stopped?.status === 'PENDING' || stopped?.status === 'IN_PROGRESS';
  return under
    ? passed('the deployment can be stopped')
    : blocks('This deployment has already finished. Roll back instead.');
}
