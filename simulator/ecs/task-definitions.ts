import type {
  DeregisterTaskDefinitionResponse,
  DescribeTaskDefinitionResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { clientError } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { list, text, texts, withoutNulls } from '@/simulator/input';
import type { Region, World } from '@/simulator/world';
import { compatibilitiesOf, requiredAttributes } from './compatibility';
import { filled } from './fill-definition';
import { ecsArn, familyOf, findRevision } from './lookup';
import { refuseInvalid, refuseTags } from './register-rules';
import { checkedDefinition } from './register-shape';
import { removeDeleted } from './remove-deleted';
import type { Family, Revision } from './state';

/** A revision as DescribeTaskDefinition and its relatives write it. */
function taskDefinitionOf(world: World, revision: Revision): TaskDefinition {
  return {
    ...revision.definition,
    taskDefinitionArn: revision.arn,
    revision: revision.number,
    status: revision.status,
    requiresAttributes: revision.requiresAttributes.map((name) => ({ name })),
    compatibilities: [...revision.compatibilities] as TaskDefinition['compatibilities'],
    registeredAt: dateOf(world, revision.registeredAt),
    registeredBy: revision.registeredBy,
    ...(revision.deregisteredAt !== null && { deregisteredAt: dateOf(world, revision.deregisteredAt) }),
    ...(revision.deleteRequestedAt !== null && { deleteRequestedAt: dateOf(world, revision.deleteRequestedAt) }),
  };
}

/** Who registers a revision and when; `number` only for a past with gaps. */
type Registering = { readonly now: number; readonly by: string; readonly number?: number };

/** Adds a revision to its family, which begins at 1 and never gives a number twice. */
export function addRevision(
  region: Region,
  request: RegisterTaskDefinitionRequest,
  { now, by, number: given }: Registering,
): Revision {
  const definition = filled(request);
  const name = request.family ?? '';
  const family: Family = region.families.get(name) ?? { name, next: 1, revisions: new Map() };
  region.families.set(name, family);
  const number = given ?? family.next;
  family.next = number + 1;
  const revision: Revision = {
    family: name,
    number,
    arn: ecsArn(region, `task-definition/${name}:${number}`),
    definition,
    compatibilities: compatibilitiesOf(definition),
    requiresAttributes: requiredAttributes(definition),
    status: 'ACTIVE',
    registeredAt: now,
    registeredBy: by,
    deregisteredAt: null,
    deleteRequestedAt: null,
    tags: [...(request.tags ?? [])],
    describable: true,
  };
  family.revisions.set(number, revision);
  return revision;
}

/** RegisterTaskDefinition. */
export const registerTaskDefinition: Operation = (call, input): RegisterTaskDefinitionResponse => {
  const request = checkedDefinition(withoutNulls(input));
  refuseTags(request.tags);
  refuseInvalid(request);
  const revision = addRevision(call.region, request, { now: call.now, by: call.principal.arn });
  return {
    taskDefinition: taskDefinitionOf(call.world, revision),
    ...(revision.tags.length > 0 && { tags: revision.tags }),
  };
};

/** DescribeTaskDefinition; tags only when asked for. */
export const describeTaskDefinition: Operation = (call, input): DescribeTaskDefinitionResponse => {
  const given = text(input, 'taskDefinition');
  const family = call.region.families.get(familyOf(call.region, given));
  removeDeleted(call, family ? [family] : []);
  const revision = findRevision(call.region, given);
  if (!revision?.describable) throw clientError('Unable to describe task definition.');
  const withTags = texts(input, 'include').includes('TAGS');
  return {
    taskDefinition: taskDefinitionOf(call.world, revision),
    ...(withTags && { tags: revision.tags }),
  };
};

/** DeregisterTaskDefinition: tasks and services that run the revision go on. */
export const deregisterTaskDefinition: Operation = (call, input): DeregisterTaskDefinitionResponse => {
  const given = text(input, 'taskDefinition');
  if (!/:\d+$/.test(given)) throw clientError('Invalid revision number. Number: null');
  const revision = findRevision(call.region, given);
  if (!revision) throw clientError('The specified task definition does not exist.');
  if (revision.status === 'ACTIVE') {
    revision.status = 'INACTIVE';
    revision.deregisteredAt = call.now;
  }
  return { taskDefinition: taskDefinitionOf(call.world, revision) };
};

/** DeleteTaskDefinitions: only what was deregistered, at most ten, each with its own answer. */
export const deleteTaskDefinitions: Operation = (call, input) => {
  const wanted = list(input, 'taskDefinitions').map(String);
  if (wanted.length === 0 || wanted.length > 10) throw clientError('Specify between 1 and 10 task definitions.');
  const answers = wanted.map((arn) => deleteOne(call, arn));
  return {
    taskDefinitions: answers.flatMap((answer) => (answer.kind === 'deleted' ? [answer.taskDefinition] : [])),
    failures: answers.flatMap((answer) => (answer.kind === 'failed' ? [answer.failure] : [])),
  };
};

type Deletion =
  | { readonly kind: 'deleted'; readonly taskDefinition: TaskDefinition }
  | { readonly kind: 'failed'; readonly failure: { readonly arn: string; readonly reason: string } };

function deleteOne(call: Call, arn: string): Deletion {
  const revision = findRevision(call.region, arn);
  if (!revision) return { kind: 'failed', failure: { arn, reason: 'The specified task definition does not exist.' } };
  if (revision.status === 'ACTIVE') {
    const reason =
      'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
    return { kind: 'failed', failure: { arn, reason } };
  }
  revision.status = 'DELETE_IN_PROGRESS';
  revision.deleteRequestedAt ??= call.now;
  return { kind: 'deleted', taskDefinition: taskDefinitionOf(call.world, revision) };
}
