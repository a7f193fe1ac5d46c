import 'server-only';

/** What one rollback's session may touch. */
export type Reach = { readonly serviceArn: string; readonly clusterName?: string; readonly family: string };

/** Longest text AWS takes as the policies of a session. */
const LONGEST_POLICY = 2048;

type Statement = Readonly<Record<string, unknown>>;

/**
 * The policy a rollback's session is narrowed with: this service and this family, nothing else.
 *
 * Names may have 255 characters each; where the narrowest policy would be too long, its conditions are left out and
 * the role's own hold.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function sessionPolicy({ serviceArn, clusterName, family }: Reach): string {
  const [, partition, , region, account, resource = ''] = serviceArn.split(':');
  const path = resource.split('/');
  const service = path.at(-1);
  // The old short form of a service's ARN names no cluster.
  const cluster = clusterName ?? (path.length === 3 ? path[1] : '*');
  const ecs = `arn:${partition}:ecs:${region}:${account}`;
  const names = {
    service: serviceArn,
    deployments: `${ecs}:service-deployment/${cluster}/${service}/*`,
    definitions: `${ecs}:task-definition/${family}:*`,
    cluster: `${ecs}:cluster/${cluster}`,
  };
  const narrow = asPolicy(narrowest(names));
  return narrow.length <= LONGEST_POLICY ? narrow : asPolicy(shortest(names));
}

type Names = {
  readonly service: string;
  readonly deployments: string;
  readonly definitions: string;
  readonly cluster: string;
};

const asPolicy = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const PASS_ROLE: Statement = {
  Effect: 'Allow',
  Action: 'iam:PassRole',
  Resource: '*',
  Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'] } },
};

const narrowest = ({ service, deployments, definitions, cluster }: Names): readonly Statement[] => [
  { Effect: 'Allow', Action: 'ecs:RegisterTaskDefinition', Resource: definitions },
  {
    Effect: 'Allow',
    Action: 'ecs:TagResource',
    Resource: definitions,
    Condition: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
  },
  {
    Effect: 'Allow',
    Action: 'ecs:UpdateService',
    Resource: service,
    Condition: { ArnLike: { 'ecs:cluster': cluster }, ArnLikeIfExists: { 'ecs:task-definition': definitions } },
  },
  { Effect: 'Allow', Action: 'ecs:StopServiceDeployment', Resource: [service, deployments] },
  PASS_ROLE,
];

const shortest = ({ service, deployments, definitions }: Names): readonly Statement[] => [
  { Effect: 'Allow', Action: ['ecs:RegisterTaskDefinition', 'ecs:TagResource'], Resource: definitions },
  { Effect: 'Allow', Action: ['ecs:UpdateService', 'ecs:StopServiceDeployment'], Resource: [service, deployments] },
  PASS_ROLE,
];

/**
 * A person's name as a session's source identity: 2 to 64 characters AWS takes, the same for the same name.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function sourceIdentity(person: string): string {
  const kept = person.normalize('NFKD').replace(/[^\w+=,.@-]+/g, '-');
  return kept.slice(0, 64).padEnd(2, '-');
}
