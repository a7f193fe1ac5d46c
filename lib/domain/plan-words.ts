import { familyOf, revisionNumber } from '@/lib/domain/arn';
import { whyNot } from '@/lib/domain/checks/finding';
import { isDeploying } from '@/lib/domain/checks/past';
import { taskRange } from '@/lib/domain/checks/service';
import { duplicateWords } from '@/lib/domain/difference-words';
import type { Fact, RollbackFacts } from '@/lib/domain/facts';
import type { History } from '@/lib/domain/history';
import { duplicateNames } from '@/lib/domain/normalise';
import type { Plan, RanWords } from '@/lib/domain/plan-shape';
import { type RanHere, ranFor, ranHere } from '@/lib/domain/ran-versions';
import { type Digests, primaryOf } from '@/lib/domain/service';
import { formatAgo, formatUsual } from '@/lib/domain/time-words';
import { shortName } from '@/lib/domain/version';

type Drawn = Omit<Plan, 'decision' | 'steps' | 'notes'>;

const tasks = (count: number): string => (count === 1 ? '1 task is' : `${count} tasks are`);

/**
 * What stands below the two versions.
 *
 * @param digests - Images of the version wanted.
 */
export function ranWords(
  { service, readAt, wanted }: RollbackFacts,
  history: Fact<History>,
  digests: Digests,
): RanWords {
  const primary = primaryOf(service);
  const since = primary === null ? '' : ` ${formatAgo(primary.createdAt, readAt).replace(/ ago$/, '')}`;
  return {
    from: isDeploying(service) ? `being deployed for${since}` : `running${since}`,
    to: wanted.ok ? ranHereWords(ranHere(history, { ...wanted.value, digests }), readAt) : '',
  };
}

function ranHereWords(ran: RanHere, now: number): string {
  if (ran.kind === 'never') return 'never ran here';
  if (ran.kind === 'not-known') return 'not known whether it ran here';
  return `ran here ${ranFor(ran, now)}`;
}

/** What will happen, in numbered sentences. */
export function stepsOf(plan: Drawn): readonly string[] {
  const { service, from, to, bring } = plan;
  if (plan.kind === 'stop') {
    return [
      'Ask ECS to stop this deployment and roll back (StopServiceDeployment, ROLLBACK).',
      `ECS returns to ${to.name} with the same images; the number stays ${to.number}.`,
    ];
  }
  const { least, most } = taskRange(service);
  const made =
    bring === 'images' && plan.source?.arn !== to.taskDefinitionArn
      ? `${from.number} with the images of ${to.number}`
      : `a copy of ${to.number}`;
  const usual = plan.usualMs === null ? '' : ` Usually ${formatUsual(plan.usualMs)}.`;
  const range =
    service.desiredCount === 0
      ? 'It wants 0 tasks, so none is started.'
      : `${tasks(service.desiredCount)} replaced; at least ${least} and at most ${most} run.`;
  return [
    `Register a new revision of family ${plan.source?.family ?? familyOf(to.taskDefinitionArn)}: ${made}.`,
    `Tell ECS to run it in service ${service.name}. ${range}`,
    `Watch until ECS reports it steady.${usual}`,
  ];
}

/** What people should know besides; none of it needs a tick. */
export function notesOf(plan: Drawn): readonly string[] {
  if (plan.kind === 'stop') return [];
  const { facts, source } = plan;
  const family = source?.family ?? '';
  return [
    unchangedWords(plan),
    ...putBackWords(plan),
    ...alarmWords(facts.firingAlarms),
    `The new revision becomes the newest of family ${family}. Anything that starts ${family} without a number will use it.${familyWords(facts.sameFamily, family)}`,
    ...(source === null ? [] : duplicateNames(source.shown).map(duplicateWords)),
  ];
}

/** An alarm that fires when a deployment begins makes ECS ignore them all. */
const alarmWords = (firing: RollbackFacts['firingAlarms']): readonly string[] =>
  firing.ok
    ? firing.value.map((name) => `Alarm ${name} is firing, so ECS will ignore alarms this time.`)
    : [`Whether an alarm is firing, so that ECS would ignore alarms this time: not checked (${whyNot(firing.error)}).`];

/** Who else runs the family, and would start the copy without a number. */
function familyWords(others: readonly string[], family: string): string {
  if (others.length === 0) return '';
  const named = others.slice(0, 3).join(', ');
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  return ` Other services of ${family}: ${named}${more}.`;
}

function unchangedWords({ facts, from }: Drawn): string {
  const others = facts.sameImage.length;
  const image = from.images.find(({ tag }) => tag !== null && tag === from.tag)?.short ?? 'the same image';
  const and = others === 1 ? '1 other service that runs' : `${others} other services that run`;
  return `Not changed: number of tasks, load balancer, auto scaling, databases, secret values${others === 0 ? '' : `, and ${and} ${image}`}.`;
}

/** What ECS would put back by itself: the version of the deployment that ended well last. */
function putBackWords({ service, facts, from, to }: Drawn): readonly string[] {
  const { circuitBreaker, alarms } = service;
  const putsBack = (circuitBreaker.enabled && circuitBreaker.rollback) || (alarms.enabled && alarms.rollback);
  const last = facts.deployments.ok ? facts.deployments.value.find(({ status }) => status === 'SUCCESSFUL') : undefined;
  // ECS forgets a deployment after 90 days; what came of it is complete all the same.
  const complete = service.deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
  const arn = last?.taskDefinitionArn ?? complete?.taskDefinitionArn;
  // Without a deployment that ended well there is nothing to put back.
  if (!putsBack || !arn) return [];
  const back = arn === from.taskDefinitionArn ? shortName(from, to) : `revision ${revisionNumber(arn)}`;
  return [`If ${shortName(to, from)} cannot start, ECS will put ${back} back by itself.`];
}
