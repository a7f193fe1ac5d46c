import { familyOf } from '@/lib/domain/arn';
import { taskRange } from '@/lib/domain/checks/service';
import type { Plan } from '@/lib/domain/plan-shape';
import { formatDuration } from '@/lib/domain/time-words';

type Drawn = Omit<Plan, 'decision' | 'steps' | 'notes'>;

const tasks = (count: number): string => (count === 1 ? '1 task is' : `${count} tasks are`);

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
  const made = bring === 'images' ? `${from.number} with the images of ${to.number}` : `a copy of ${to.number}`;
  const usual = plan.usualMs === null ? '' : ` Usually ${formatDuration(plan.usualMs)}.`;
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
export function notesOf({ kind, service, from, to, facts, source }: Drawn): readonly string[] {
  if (kind === 'stop') return [];
  const others = facts.sameImage.length;
  const unchanged = `Not changed: number of tasks, load balancer, auto scaling, databases, secret values${others === 0 ? '' : `, and ${others} other ${others === 1 ? 'service' : 'services'} that ${others === 1 ? 'runs' : 'run'} the same image`}.`;
  const putsBack = service.circuitBreaker.rollback || service.alarms.rollback;
  const firing = facts.firingAlarms.ok ? facts.firingAlarms.value : [];
  return [
    unchanged,
    ...(putsBack
      ? [`If ${to.tag ?? to.name} cannot start, ECS will put ${from.tag ?? from.name} back by itself.`]
      : []),
    ...firing.map((name) => `Alarm ${name} is firing, so ECS will ignore alarms this time.`),
    `The new revision becomes the newest of family ${source?.family ?? ''}. Anything that starts ${source?.family ?? ''} without a number will use it.`,
  ];
}
