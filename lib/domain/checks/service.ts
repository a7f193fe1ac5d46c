import type { RollbackFacts } from '@/lib/domain/facts';
import { usualDurationMs } from '@/lib/domain/history';
import { formatTime } from '@/lib/domain/time-words';
import type { Draft } from './draft';
import { blocks, type Finding, notChecked, passed, warns } from './finding';

export function serviceActive({ service }: RollbackFacts): Finding {
  if (service.status === 'ACTIVE') return passed(`${service.name} exists and is active`);
  return blocks(service.status === 'DRAINING' ? `${service.name} is being deleted.` : `${service.name} was deleted.`);
}

/** Words for a service whose deployments another tool makes; `null` where it is ECS's own rolling kind. */
export function refusedController({
  name,
  controller,
  resourceManagementType,
}: RollbackFacts['service']): string | null {
  const cannot = 'This tool cannot roll it back.';
  if (controller === 'CODE_DEPLOY') return `${name} is deployed by CodeDeploy. ${cannot} Use the CodeDeploy console.`;
  if (controller === 'EXTERNAL')
    return `${name} is deployed by an external controller. ${cannot} Use the tool that made it.`;
  if (resourceManagementType === 'ECS') return `${name} is an Express service. ${cannot} Use the ECS console.`;
  return null;
}

export function controller({ service }: RollbackFacts): Finding {
  const refused = refusedController(service);
  return refused === null ? passed('ECS itself deploys this service') : blocks(refused);
}

export function rollbackActive(facts: RollbackFacts, { stopped }: Draft): Finding {
  const { active, service, readAt, past, recordKnown } = facts;
  if (!recordKnown) return notChecked('Whether another rollback is running: not checked (our record does not answer).');
  if (active === null) return passed('no other rollback of this service is running');
  const at = formatTime(active.startedAt, readAt);
  if (active.state !== 'watching') return blocks(`${active.by} started a rollback of ${service.name} at ${at}.`);
  const copyArn = past.find(({ id }) => id === active.id)?.copyArn ?? null;
  // Stopping the rollback that is being watched is what was asked for.
  if (copyArn !== null && stopped?.taskDefinitionArn === copyArn) {
    return passed(`the rollback ${active.by} started at ${at} is the one being stopped`);
  }
  return warns(
    `${active.by}'s rollback of ${service.name}, started at ${at}, is still being watched. This one will replace it.`,
  );
}

/** Tasks ECS keeps at least and starts at most, as it computes them. */
export const taskRange = ({ desiredCount, minimumHealthyPercent, maximumPercent }: RollbackFacts['service']) => ({
  least: Math.ceil((desiredCount * minimumHealthyPercent) / 100),
  most: Math.floor((desiredCount * maximumPercent) / 100),
});

export function roomToReplace({ service }: RollbackFacts): Finding {
  const { least, most } = taskRange(service);
  const { desiredCount: wanted, minimumHealthyPercent, maximumPercent } = service;
  if (service.schedulingStrategy === 'DAEMON') {
    const order = maximumPercent > 100 ? '' : ', and stops each before it starts the new one';
    return warns(`${service.name} is a daemon: ECS runs one task on every instance${order}.`);
  }
  if (service.strategy !== 'ROLLING' || wanted === 0 || most > wanted || least < wanted)
    return passed('ECS may start and stop tasks to replace them');
  const tasks = wanted === 1 ? '1 task' : `${wanted} tasks`;
  return blocks(
    `With ${tasks}, at least ${minimumHealthyPercent}% and at most ${maximumPercent}%, ECS can replace nothing.`,
  );
}

export function zeroTasks({ service }: RollbackFacts): Finding {
  if (service.desiredCount > 0) return passed(`the service wants ${service.desiredCount} tasks`);
  return warns(`${service.name} wants 0 tasks. Nothing will run, so nothing will be proven.`);
}

const STRATEGIES: Readonly<Record<string, string>> = {
  BLUE_GREEN: 'blue/green',
  LINEAR: 'linear shift',
  CANARY: 'canary',
};

export function slowStrategy({ service, deployments }: RollbackFacts): Finding {
  const strategy = STRATEGIES[service.strategy] ?? null;
  const { bakeMinutes, hookCount, pauseCount } = service;
  if (strategy === null && bakeMinutes === 0 && hookCount === 0)
    return passed('the service is deployed by rolling replacement');
  const slow = [
    ...(bakeMinutes > 0 ? [`${bakeMinutes} min of bake time`] : []),
    ...(pauseCount > 0 ? ['a pause'] : []),
    ...(hookCount > pauseCount ? ['a hook'] : []),
  ];
  const least = Math.max(Math.round((usualDurationMs(deployments) ?? 0) / 60_000), bakeMinutes);
  const how = `${strategy ?? 'rolling replacement'}${slow.length === 0 ? '' : ` with ${inWords(slow)}`}`;
  const expect = least > 0 ? `Expect ${least} min or more` : 'Expect it to take longer';
  const someone = pauseCount > 0 ? '; someone must continue it in the ECS console' : '';
  return warns(`${service.name} deploys by ${how}. ${expect}${someone}.`);
}

/** `a`, `a and b`, `a, b and c`. */
const inWords = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

export function capacity({ service }: RollbackFacts, _draft: Draft): Finding {
  const fargate =
    service.launchType === 'FARGATE' || service.capacityProviders.some((name) => name.startsWith('FARGATE'));
  if (fargate) return passed('Fargate brings its own capacity');
  const more = service.desiredCount === 1 ? '1 more task' : `${service.desiredCount} more tasks`;
  return notChecked(`Room in the cluster for ${more}: not checked.`);
}
