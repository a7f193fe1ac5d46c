import 'server-only';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeTargetGroupsCommand, DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Existence, Fact, RoleState } from '@/lib/domain/facts';
import { logGroupsNamed, rolesNamed, secretsNamed } from '@/lib/domain/leaning';
import type { ShownDefinition } from '@/lib/domain/task-definition';
import { ok } from '@/lib/result';
import { askedOnce, type Call, type ReadOptions } from './calls';
import { required } from './failure';
import { everyPage, inGroups } from './pages';
import { roleState } from './roles';
import { secretExists } from './secrets';

/** How the targets of a target group fare. */
export type TargetGroupHealth = {
  readonly targetGroupArn: string;
  /** Targets that answer their health check. */
  readonly healthy: number;
  /** Targets that should: those draining or unused are left out. */
  readonly of: number;
  /** AWS's reasons for unhealthy targets, such as `Target.ResponseCodeMismatch`, each once. */
  readonly reasons: readonly string[];
};

/** Whether what definitions and services lean on still exists. One read per thing; an unread one is never absent. */
export type Dependencies = {
  /** Secrets and parameters by the reference a definition uses. */
  secrets(definitions: readonly ShownDefinition[], options?: ReadOptions): Promise<Existence>;
  /** Task and execution roles by ARN. */
  roles(definitions: readonly ShownDefinition[], options?: ReadOptions): Promise<ReadonlyMap<string, Fact<RoleState>>>;
  /** Log groups by name, of containers that do not create theirs. */
  logGroups(definitions: readonly ShownDefinition[], options?: ReadOptions): Promise<Existence>;
  /** `ip`, `instance` or another target type, by target group ARN. */
  targetTypes(arns: readonly string[], options?: ReadOptions): Promise<ReadonlyMap<string, Fact<string>>>;
  /** Health by target group. */
  targetHealth(arns: readonly string[], options?: ReadOptions): Promise<Fact<readonly TargetGroupHealth[]>>;
  /** Which of the named alarms are in ALARM now. */
  firingAlarms(names: readonly string[], options?: ReadOptions): Promise<Fact<readonly string[]>>;
};

/** What the reads of one Region go by. */
export type Neighbours = {
  readonly call: Call;
  readonly iam: IAMClient;
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudWatch: CloudWatchClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
};

/** Where a target's neighbours are asked. `account` is `null` where it is not known. */
export type DependencyReading = {
  readonly region: string;
  readonly account: () => Promise<string | null>;
  readonly neighboursIn: (region: string) => Neighbours;
};

/** The dependency reads of one target. */
export function createDependencies(reading: DependencyReading): Dependencies {
  const here = (): Neighbours => reading.neighboursIn(reading.region);
  return {
    secrets: async (definitions, options = {}) => {
      const account = await reading.account();
      const named = secretsNamed(definitions);
      return each('secret', [...named.keys()], options, (name) =>
        secretExists(name, named.get(name) ?? 'parameter', { ...reading, account, options }),
      );
    },
    roles: async (definitions, options = {}) => {
      const account = await reading.account();
      return each('role', rolesNamed(definitions), options, (arn) => roleState(arn, { ...here(), account, options }));
    },
    logGroups: async (definitions, options = {}) => {
      const groups = logGroupsNamed(definitions);
      return each('log group', [...groups.keys()], options, (key) => {
        const { name = key, region = null } = groups.get(key) ?? {};
        return logGroupExists(name, reading.neighboursIn(region ?? reading.region), options);
      });
    },
    targetTypes: (arns, options = {}) => each('target group', arns, options, (arn) => targetType(arn, here(), options)),
    targetHealth: (arns, options = {}) => inGroups(arns, 1, ([arn = '']) => targetHealth(arn, here(), options)),
    firingAlarms: (names, options = {}) => inGroups(names, 100, (group) => firing(group, here(), options)),
  };
}

async function each<T>(
  kind: string,
  names: readonly string[],
  options: ReadOptions,
  ask: (name: string) => Promise<Fact<T>>,
): Promise<ReadonlyMap<string, Fact<T>>> {
  const answers = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const answer = await askedOnce(options, `${kind} ${name}`, () => ask(name));
      return [name, answer] as const;
    }),
  );
  return new Map(answers);
}

async function logGroupExists(name: string, { logs, call }: Neighbours, options: ReadOptions): Promise<Fact<boolean>> {
  const found = await everyPage((nextToken) =>
    call('logs:DescribeLogGroups', options, async (abortSignal) => {
      const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 50, nextToken });
      const page = await logs.send(command, { abortSignal });
      const items = page.logGroups ?? [];
      // Names come in order, so the name itself is on the first page that has any.
      return { items, nextToken: items.length > 0 ? undefined : page.nextToken };
    }),
  );
  return found.ok ? ok(found.value.some(({ logGroupName }) => logGroupName === name)) : found;
}

const targetType = (arn: string, { loadBalancing, call }: Neighbours, options: ReadOptions): Promise<Fact<string>> =>
  call('elasticloadbalancing:DescribeTargetGroups', options, async (abortSignal) => {
    const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] });
    const { TargetGroups = [] } = await loadBalancing.send(command, { abortSignal });
    return required(TargetGroups[0]?.TargetType, 'the type of a target group');
  });

const NOT_COUNTED: ReadonlySet<string> = new Set(['draining', 'unused', 'unhealthy.draining']);

const targetHealth = (
  arn: string,
  { loadBalancing, call }: Neighbours,
  options: ReadOptions,
): Promise<Fact<readonly TargetGroupHealth[]>> =>
  call('elasticloadbalancing:DescribeTargetHealth', options, async (abortSignal) => {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: arn });
    const { TargetHealthDescriptions = [] } = await loadBalancing.send(command, { abortSignal });
    const states = TargetHealthDescriptions.map(({ TargetHealth = {} }) => TargetHealth);
    const counted = states.filter(({ State = '' }) => !NOT_COUNTED.has(State));
    const unhealthy = counted.filter(({ State }) => State === 'unhealthy');
    return [
      {
        targetGroupArn: arn,
        healthy: counted.filter(({ State }) => State === 'healthy').length,
        of: counted.length,
        reasons: [...new Set(unhealthy.map(({ Reason = 'unhealthy' }) => Reason))],
      },
    ];
  });

const firing = (
  names: readonly string[],
  { cloudWatch, call }: Neighbours,
  options: ReadOptions,
): Promise<Fact<readonly string[]>> =>
  everyPage((NextToken) =>
    call('cloudwatch:DescribeAlarms', options, async (abortSignal) => {
      const command = new DescribeAlarmsCommand({
        AlarmNames: [...names],
        // Composite alarms are left out unless they are asked for.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        StateValue: 'ALARM',
        MaxRecords: 100,
        NextToken,
      });
      const page = await cloudWatch.send(command, { abortSignal });
      const alarms = [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])];
      return { items: alarms.map(({ AlarmName = '' }) => AlarmName), nextToken: page.NextToken };
    }),
  );
