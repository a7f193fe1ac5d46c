import { AwsError } from './aws-error';
import type { Call, Input, Principal } from './call';
import { worldTime } from './clock';
import { ECS } from './ecs/operations';
import { catchUp } from './ecs/rollout';
import { NEIGHBOURS } from './neighbours/operations';
import { refuseForbidden } from './permissions';
import { accountOf, type Region, regionOf, type World } from './world';

/** One AWS request without its wire. */
export type Command = {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly input: Input;
  readonly principal: Principal;
  /** The region as it is to be seen instead of as it is; for stale reads. */
  readonly seen?: Region | undefined;
};

/** Operations that change nothing. */
export const isRead = (operation: string): boolean => /^(List|Describe|Get)/.test(operation);

/** Whether the simulator imitates the operation. */
export const isKnown = (service: string, operation: string): boolean => operationOf(service, operation) !== null;

/** Every operation imitated, by signing name. */
export const operationsOf = (service: string | null): string[] =>
  Object.entries({ ...NEIGHBOURS, ecs: ECS })
    .filter(([name]) => service === null || name === service)
    .flatMap(([, operations]) => Object.keys(operations));

function operationOf(service: string, operation: string) {
  const operations = service === 'ecs' ? ECS : NEIGHBOURS[service];
  return operations && Object.hasOwn(operations, operation) ? (operations[operation] ?? null) : null;
}

/** Lets the world catch up with the clock, then carries out the command; the answer may hold Dates. */
export function execute(world: World, wallMs: number, command: Command): object {
  const { service, operation, input, principal } = command;
  const carryOut = operationOf(service, operation);
  if (!carryOut) throw new AwsError('UnknownOperationException', `Operation ${operation} is not imitated.`);
  const now = worldTime(world, wallMs);
  catchUp(world, now);
  const region = command.seen ?? regionOf(world, principal.account, command.region);
  refuseForbidden(principal, region, service, operation, input);
  const call: Call = { world, account: accountOf(world, principal.account), region, principal, now, wallMs };
  const answer = carryOut(call, input);
  if (!isRead(operation)) {
    world.changes += 1;
    // A change may be due at once.
    catchUp(world, now);
  }
  return answer;
}
