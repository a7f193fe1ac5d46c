import 'server-only';
import type { Task as EcsTask } from '@aws-sdk/client-ecs';
import { DescribeTasksCommand, type ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { Fact } from '@/lib/domain/facts';
import { ok } from '@/lib/result';
import type { Call, ReadOptions } from './calls';
import { required } from './failure';
import { everyPage, inGroups } from './pages';
import type { Quote, QuoteOf } from './quotations';
import { timeOf } from './to-domain';

/** A task of a service, as far as it tells how a rollout goes. Times are milliseconds since 1970. */
export type Task = {
  readonly arn: string;
  readonly taskDefinitionArn: string;
  /** AWS's word, such as `RUNNING`. */
  readonly lastStatus: string;
  readonly desiredStatus: string;
  /** `HEALTHY`, `UNHEALTHY` or `UNKNOWN`. */
  readonly healthStatus: string;
  /** Id of the deployment that started it. */
  readonly startedBy: string | null;
  readonly createdAt: number | null;
  readonly stoppedAt: number | null;
  /** AWS's word, such as `TaskFailedToStart`; `null` while it runs. */
  readonly stopCode: string | null;
  /** A quotation, freed of masked values. */
  readonly stoppedReason: string | null;
  readonly containers: readonly TaskContainer[];
};

/** A container of a task. `reason` is a quotation, freed of masked values. */
export type TaskContainer = {
  readonly name: string;
  readonly image: string;
  readonly imageDigest: string | null;
  readonly exitCode: number | null;
  readonly reason: string | null;
};

export type TaskQuestion = {
  readonly cluster: string;
  readonly service: string;
  readonly desired: 'RUNNING' | 'STOPPED';
  readonly options: ReadOptions;
};

/** The tasks of a service. */
export async function tasksOf(
  { ecs, call }: { readonly ecs: ECSClient; readonly call: Call },
  quoteOf: QuoteOf,
  { cluster, service, desired, options }: TaskQuestion,
): Promise<Fact<readonly Task[]>> {
  const arns = await everyPage((nextToken) =>
    call('ecs:ListTasks', options, async (abortSignal) => {
      const command = new ListTasksCommand({ cluster, serviceName: service, desiredStatus: desired, nextToken });
      const page = await ecs.send(command, { abortSignal });
      return { items: page.taskArns ?? [], nextToken: page.nextToken };
    }),
  );
  if (!arns.ok) return arns;
  return inGroups(arns.value, 100, async (tasks) => {
    const described = await call('ecs:DescribeTasks', options, async (abortSignal) => {
      const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [...tasks] }), { abortSignal });
      // A task that is missing by now has simply ended between the two calls.
      return answer.tasks ?? [];
    });
    if (!described.ok) return described;
    const quotes = await quotesOf(described.value, quoteOf);
    return ok(described.value.map((task) => toTask(task, quotes.get(task.taskDefinitionArn ?? '') ?? null)));
  });
}

/** How to quote, by definition, for the tasks AWS says anything of: a container's error may repeat its command. */
async function quotesOf(tasks: readonly EcsTask[], quoteOf: QuoteOf) {
  const speaking = tasks.filter(({ stoppedReason, containers }) => stoppedReason || containers?.some((c) => c.reason));
  const arns = [...new Set(speaking.map(({ taskDefinitionArn = '' }) => taskDefinitionArn))];
  return new Map(await Promise.all(arns.map(async (arn) => [arn, await quoteOf(arn)] as const)));
}

const WITHHELD = 'what ECS said is not shown, because its definition could not be read to take values out of it';

/**
 * A task as pages need it.
 *
 * @param quote - How its reasons are quoted; `null` withholds them.
 */
export function toTask(task: EcsTask, quote: Quote | null): Task {
  const quoted = (text: string | undefined): string | null => {
    if (text === undefined) return null;
    return quote === null ? WITHHELD : quote(text);
  };
  return {
    arn: required(task.taskArn, 'the ARN of a task'),
    taskDefinitionArn: task.taskDefinitionArn ?? '',
    lastStatus: task.lastStatus ?? '',
    desiredStatus: task.desiredStatus ?? '',
    healthStatus: task.healthStatus ?? 'UNKNOWN',
    startedBy: task.startedBy ?? null,
    createdAt: timeOf(task.createdAt),
    stoppedAt: timeOf(task.stoppedAt),
    stopCode: task.stopCode ?? null,
    stoppedReason: quoted(task.stoppedReason),
    containers: (task.containers ?? []).map((container) => ({
      name: container.name ?? '',
      image: container.image ?? '',
      imageDigest: container.imageDigest ?? null,
      exitCode: container.exitCode ?? null,
      reason: quoted(container.reason),
    })),
  };
}
