import type { GetTaskProtectionResponse, ProtectedTask, UpdateTaskProtectionResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '@/simulator/aws-error';
import type { Call, Input, Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { optionalBoolean, optionalNumber, texts } from '@/simulator/input';
import { ecsArn, requireCluster, restOf } from './lookup';
import type { Task } from './state';
import { isLive } from './tasks';

const DEFAULT_MINUTES = 120;
const MOST_MINUTES = 2880;

/** GetTaskProtection: whether scale-in and deployments spare a service's tasks. */
export const getTaskProtection: Operation = (call, input): GetTaskProtectionResponse => answer(call, input, () => {});

/** UpdateTaskProtection: for two hours unless another time is asked for. */
export const updateTaskProtection: Operation = (call, input): UpdateTaskProtectionResponse => {
  const enabled = optionalBoolean(input, 'protectionEnabled');
  if (enabled === null) throw invalidParameter('protectionEnabled can not be blank.');
  const minutes = optionalNumber(input, 'expiresInMinutes') ?? DEFAULT_MINUTES;
  if (minutes < 1 || minutes > MOST_MINUTES) throw invalidParameter('expiresInMinutes must be between 1 and 2880.');
  return answer(call, input, (task) => {
    task.protectedUntil = enabled ? call.now + minutes * 60_000 : null;
  });
};

function answer(call: Call, input: Input, change: (task: Task) => void): GetTaskProtectionResponse {
  const cluster = requireCluster(call, input);
  const wanted = texts(input, 'tasks');
  if (wanted.length > 100) throw invalidParameter('Tasks can not have more than 100 elements.');
  const services = [...call.region.services.values()].filter((service) => service.cluster === cluster.name);
  const known = new Map(services.flatMap(({ tasks }) => tasks.map((task) => [task.id, task] as const)));
  const answers = wanted.map((given) => {
    const id = restOf(call.region, 'task', given)?.split('/').at(-1) ?? '';
    return { arn: ecsArn(call.region, `task/${cluster.name}/${id}`), task: known.get(id) };
  });
  for (const { task } of answers) if (task && isLive(task)) change(task);
  return {
    protectedTasks: answers.flatMap(({ arn, task }) => (task && isLive(task) ? [protection(call, arn, task)] : [])),
    failures: answers.flatMap(({ arn, task }) => {
      if (!task) return [{ arn, reason: 'MISSING' }];
      return isLive(task) ? [] : [{ arn, reason: 'TASK_NOT_VALID' }];
    }),
  };
}

function protection({ world, now }: Call, taskArn: string, { protectedUntil }: Task): ProtectedTask {
  const holds = protectedUntil !== null && protectedUntil > now;
  return { taskArn, protectionEnabled: holds, ...(holds && { expirationDate: dateOf(world, protectedUntil) }) };
}
