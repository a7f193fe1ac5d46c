import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sessionPolicy } from '@/lib/aws/session-policy';
import { filled, type Policy, SHIPPED, type Statement } from '@/scripts/iam-policies';

const ADAPTER = fileURLToPath(new URL('../../lib/aws/', import.meta.url));

/** IAM's prefix for each client of the SDK. */
const PREFIX: Readonly<Record<string, string>> = {
  'application-auto-scaling': 'application-autoscaling',
  cloudwatch: 'cloudwatch',
  'cloudwatch-logs': 'logs',
  ecr: 'ecr',
  ecs: 'ecs',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  iam: 'iam',
  'secrets-manager': 'secretsmanager',
  ssm: 'ssm',
  sts: 'sts',
};

/** Permissions of every call a source of the adapter makes. */
function actionsIn(file: string): readonly string[] {
  const text = readFileSync(`${ADAPTER}${file}`, 'utf8');
  const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)];
  return imports.flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/\b(\w+)Command\b/g)]
      .filter(([command]) => text.includes(`new ${command}(`))
      .map(([, operation]) => `${PREFIX[client]}:${operation}`),
  );
}

const sources = readdirSync(ADAPTER).filter((file) => file.endsWith('.ts') && !/\.test\.ts$/.test(file));
const writes = actionsIn('ecs-writes.ts');
const reads = sources.filter((file) => file !== 'ecs-writes.ts').flatMap(actionsIn);

const actionsOf = ({ Statement: statements }: Policy): readonly string[] => statements.flatMap(({ Action }) => Action);
const sorted = (actions: readonly string[]): readonly string[] => [...new Set(actions)].sort();

const NAMES = {
  REGION: ['eu-west-1'],
  DASHBOARD_ROLE: ['arn:aws:iam::999999999999:role/ecs-rollback'],
  PASSED_ROLE: ['arn:aws:iam::111111111111:role/shop-*'],
  EXTERNAL_ID: ['a-shared-word'],
  ACCOUNT: ['111111111111'],
  CLUSTER: ['shop', 'mail'],
};

type Request = {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
};

const like = (patterns: readonly string[], value: string): boolean =>
  patterns.some((pattern) =>
    new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(value),
  );

const holds = ({ Condition = {} }: Statement, context: Readonly<Record<string, string>>): boolean =>
  Object.values(Condition).every((keys) =>
    Object.entries(keys).every(([key, values = []]) => context[key] !== undefined && like(values, context[key])),
  );

const allows = ({ Statement: statements }: Policy, { action, resource, context = {} }: Request): boolean =>
  statements.some(
    (one) =>
      one.Effect === 'Allow' &&
      one.Action.includes(action) &&
      like(one.Resource ?? [], resource) &&
      holds(one, context),
  );

const ecs = (rest: string, place = 'eu-west-1:111111111111'): string => `arn:aws:ecs:${place}:${rest}`;
const inCluster = (name: string) => ({ 'ecs:cluster': ecs(`cluster/${name}`) });
const onCreate = { 'ecs:CreateAction': 'RegisterTaskDefinition' };
const toTasks = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };

describe('the shipped policies', () => {
  it('let the reading role do what the adapter reads, nothing missing and nothing more', () => {
    expect(sorted(actionsOf(SHIPPED.reader))).toEqual(sorted(reads.filter((action) => !action.startsWith('sts:'))));
  });

  it('let the writing role do what the adapter writes, with the tags and roles that brings along', () => {
    expect(sorted(actionsOf(SHIPPED.writer))).toEqual(sorted([...writes, 'ecs:TagResource', 'iam:PassRole']));
    const session = JSON.parse(sessionPolicy({ serviceArn: ecs('service/shop/api'), family: 'api' })) as Policy;
    expect(sorted(session.Statement.flatMap(({ Action }) => Action))).toEqual(sorted(actionsOf(SHIPPED.writer)));
  });

  it('let the dashboard take the two roles, and name the person', () => {
    expect(sorted(actionsOf(SHIPPED.dashboard))).toEqual(['sts:AssumeRole', 'sts:SetSourceIdentity']);
    expect(sorted(actionsOf(SHIPPED.trust))).toEqual(sorted(actionsOf(SHIPPED.dashboard)));
  });

  it('never let it delete, run, execute, or read a secret', () => {
    const all = Object.values(SHIPPED).flatMap(actionsOf);
    expect(
      all.filter((one) => /Delete|Deregister|RunTask|Execute|SecretValue|:GetParameter|^s3:|\*/.test(one)),
    ).toEqual([]);
  });

  it('leave no placeholder once each has its value', () => {
    for (const policy of Object.values(SHIPPED)) {
      expect(JSON.stringify(filled(policy, NAMES))).not.toMatch(/REGION|ACCOUNT|CLUSTER|_ROLE|_ID/);
    }
  });

  it('fit into a role as inline policies for twenty clusters', () => {
    const CLUSTER = Array.from({ length: 20 }, (_, n) => `a-cluster-of-a-long-name-${n}`);
    for (const policy of [SHIPPED.reader, SHIPPED.writer]) {
      expect(JSON.stringify(filled(policy, { ...NAMES, CLUSTER })).length).toBeLessThan(10_240);
    }
  });

  // Resources and condition keys as the service authorization reference of ECS has them.
  it.each<['reader' | 'writer', Request]>([
    ['reader', { action: 'ecs:ListClusters', resource: '*' }],
    ['reader', { action: 'ecs:ListServices', resource: '*', context: inCluster('mail') }],
    ['reader', { action: 'ecs:DescribeServices', resource: ecs('service/shop/api'), context: inCluster('shop') }],
    ['reader', { action: 'ecs:ListServiceDeployments', resource: ecs('service/shop/api') }],
    ['reader', { action: 'ecs:DescribeServiceDeployments', resource: ecs('service-deployment/shop/api/abc') }],
    ['reader', { action: 'ecs:DescribeServiceDeployments', resource: ecs('service/shop/api') }],
    ['reader', { action: 'ecs:DescribeServiceRevisions', resource: ecs('service-revision/mail/api/1') }],
    ['reader', { action: 'ecs:ListTasks', resource: ecs('container-instance/*'), context: inCluster('shop') }],
    ['reader', { action: 'ecs:DescribeTasks', resource: ecs('task/shop/abc'), context: inCluster('shop') }],
    ['reader', { action: 'ecs:DescribeTaskDefinition', resource: '*' }],
    ['writer', { action: 'ecs:RegisterTaskDefinition', resource: ecs('task-definition/api:*') }],
    ['writer', { action: 'ecs:TagResource', resource: ecs('task-definition/api:*'), context: onCreate }],
    ['writer', { action: 'ecs:UpdateService', resource: ecs('service/shop/api'), context: inCluster('shop') }],
    ['writer', { action: 'ecs:StopServiceDeployment', resource: ecs('service-deployment/shop/api/abc') }],
    ['writer', { action: 'iam:PassRole', resource: 'arn:aws:iam::111111111111:role/shop-api', context: toTasks }],
  ])('let the %s make the request %o', (role, request) => {
    expect(allows(filled(SHIPPED[role], NAMES), request)).toBe(true);
  });

  it.each<['reader' | 'writer', Request]>([
    ['reader', { action: 'ecs:ListServices', resource: '*', context: inCluster('other') }],
    ['reader', { action: 'ecs:DescribeServices', resource: ecs('service/other/api') }],
    ['reader', { action: 'ecs:UpdateService', resource: ecs('service/shop/api') }],
    ['writer', { action: 'ecs:UpdateService', resource: ecs('service/other/api') }],
    ['writer', { action: 'ecs:UpdateService', resource: ecs('service/shop/api', 'eu-west-2:111111111111') }],
    ['writer', { action: 'ecs:UpdateService', resource: ecs('service/shop/api', 'eu-west-1:222222222222') }],
    ['writer', { action: 'ecs:TagResource', resource: ecs('task-definition/api:1') }],
    ['writer', { action: 'iam:PassRole', resource: 'arn:aws:iam::111111111111:role/admin', context: toTasks }],
    [
      'writer',
      {
        action: 'iam:PassRole',
        resource: 'arn:aws:iam::111111111111:role/shop-api',
        context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
      },
    ],
    ['writer', { action: 'ecs:DescribeServices', resource: ecs('service/shop/api') }],
  ])('do not let the %s make the request %o', (role, request) => {
    expect(allows(filled(SHIPPED[role], NAMES), request)).toBe(false);
  });
});
