import { AwsError } from './aws-error';
import type { Input, Principal } from './call';
import { covers } from './neighbours/policies';

/** Where a request goes, as its refusal names it. */
type Place = { readonly account: string; readonly name: string };

/** IAM's prefix where it differs from the signing name. */
const PREFIX: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** Operations that need no permission at all. */
const FREE = new Set(['sts:GetCallerIdentity', 'sts:AssumeRole']);

/** Throws AccessDenied where the principal's role or its session policy does not allow what a request needs. */
export function refuseForbidden(
  principal: Principal,
  region: Place,
  service: string,
  operation: string,
  input: Input,
): void {
  for (const action of actionsNeeded(service, operation, input)) {
    if (FREE.has(action)) continue;
    const roleAllows = principal.roleActions === null || covers(principal.roleActions, action);
    const sessionAllows = principal.sessionActions === null || covers(principal.sessionActions, action);
    if (roleAllows && sessionAllows) continue;
    throw denied(principal, action, resourceOf(region, operation, input), roleAllows ? 'session' : 'identity-based');
  }
}

/** The refusal of an operation to a principal whose role would not allow it. */
export function accessDenied(
  principal: Principal,
  region: Place,
  service: string,
  operation: string,
  input: Input,
): AwsError {
  const [action = operation] = actionsNeeded(service, operation, input);
  return denied(principal, action, resourceOf(region, operation, input), 'identity-based');
}

function actionsNeeded(service: string, operation: string, input: Input): string[] {
  const own = `${PREFIX[service] ?? service}:${operation}`;
  if (own !== 'ecs:RegisterTaskDefinition') return [own];
  const tags = Array.isArray(input.tags) && input.tags.length > 0;
  const roles = [input.taskRoleArn, input.executionRoleArn].some((role) => typeof role === 'string');
  return [own, ...(tags ? ['ecs:TagResource'] : []), ...(roles ? ['iam:PassRole'] : [])];
}

function denied(principal: Principal, action: string, resource: string, kind: string): AwsError {
  const query = /^(sts|iam|elasticloadbalancing):/.test(action);
  const words = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} because no ${kind} policy allows the ${action} action`;
  return query && action !== 'iam:PassRole'
    ? new AwsError('AccessDenied', words, 403)
    : new AwsError('AccessDeniedException', words);
}

/** The resource AWS would name in its refusal; `*` where an action has none. */
function resourceOf(region: Place, operation: string, input: Input): string {
  const ecs = `arn:aws:ecs:${region.name}:${region.account}`;
  const name = (value: unknown): string => (typeof value === 'string' ? (value.split('/').at(-1) ?? value) : 'default');
  if (operation === 'UpdateService' || operation === 'ListServiceDeployments') {
    return `${ecs}:service/${name(input.cluster)}/${name(input.service)}`;
  }
  if (operation === 'RegisterTaskDefinition') return `${ecs}:task-definition/${name(input.family)}:*`;
  if (operation === 'DescribeServices' && Array.isArray(input.services)) {
    return `${ecs}:service/${name(input.cluster)}/${name(input.services[0])}`;
  }
  if (typeof input.serviceDeploymentArn === 'string') return input.serviceDeploymentArn;
  return '*';
}
