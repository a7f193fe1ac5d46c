import 'server-only';
import { familyOf } from '@/lib/domain/arn';
import type { Fact, ReadFailure } from '@/lib/domain/facts';
import { ecrImage } from '@/lib/domain/image';
import { logGroupsNamed, rolesNamed, secretsNamed } from '@/lib/domain/leaning';
import type { Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import type { Revision, ShownDefinition } from '@/lib/domain/task-definition';
import { fail, ok } from '@/lib/result';
import type { Aws } from './clients';

/**
 * What trying one permission showed. AWS's answer that there is no such thing shows that asking was allowed; `not-known`
 * is what could not be tried, or not answered.
 */
export type Probe = {
  /** `sts:AssumeRole` stands twice, once for each role. */
  readonly action: string;
  readonly of: 'reading' | 'rolling-back';
  readonly result: 'works' | 'missing' | 'not-known';
  /** On what it was tried, or why it is not known. */
  readonly words: string;
};

/** Names nothing; asked about where a target has nothing of a kind. */
const NOTHING = 'ecs-rollback-check';

/**
 * Tries every permission of the reading role, and whether the writing role can be taken, on what the target has. Only
 * reads.
 */
export async function probePermissions(target: Target, aws: Aws): Promise<readonly Probe[]> {
  const [identity, writer] = await Promise.all([aws.identity(target), aws.canTakeWriterRole(target)]);
  const taken = [writingRole(target, writer)];
  if (!identity.ok)
    return [tried(identity.error.action, identity, `taking ${target.readerRole ?? 'no role'}`), ...taken];
  const { account, arn } = identity.value;
  const who = rightAccount(target, account)
    ? read('sts:GetCallerIdentity', 'works', arn)
    : read('sts:GetCallerIdentity', 'missing', `is account ${account}`);
  const cluster = await probeCluster(target, aws);
  const service = await probeService(target, aws, cluster.found);
  const around = await probeSurroundings({ target, aws, account }, service.found);
  return [who, ...cluster.probes, ...service.probes, ...around, ...taken];
}

function writingRole({ writerRole }: Target, fact: Fact<unknown>): Probe {
  if (writerRole !== null) return { ...tried('sts:AssumeRole', fact, `taking ${writerRole}`), of: 'rolling-back' };
  const words = 'no writing role: rolls back with its own credentials, not narrowed';
  return { action: 'sts:AssumeRole', of: 'rolling-back', result: 'works', words };
}

const rightAccount = (target: Target, account: string): boolean =>
  target.account === null || target.account === account;

const read = (action: string, result: Probe['result'], words: string): Probe => ({
  action,
  of: 'reading',
  result,
  words,
});

/** One permission, by how a call that needs it ended. */
function tried(action: string, fact: Fact<unknown>, words: string): Probe {
  if (fact.ok) return read(action, 'works', words);
  const { kind, action: used, words: why } = fact.error;
  // One question may be several calls; only the one that failed is known.
  if (used !== action) return read(action, 'not-known', `not tried: ${used} failed`);
  if (kind === 'gone') return read(action, 'works', words);
  return kind === 'denied' ? read(action, 'missing', words) : read(action, 'not-known', why);
}

type Found<T> = { readonly found: T; readonly probes: readonly Probe[] };
type Place = { readonly cluster: string; readonly serviceArn: string | null };

/** The first cluster that has a service, else the first one. Configured clusters are all looked into. */
async function probeCluster(target: Target, { reader }: Aws): Promise<Found<Place>> {
  const clusters = await reader(target).listClusters();
  const listing = target.clusters === null ? [tried('ecs:ListClusters', clusters, 'all clusters')] : [];
  const names = clusters.ok && clusters.value.length > 0 ? clusters.value : [NOTHING];
  const lists = await Promise.all(
    names.map(async (cluster) => ({ cluster, services: await reader(target).listServices(cluster) })),
  );
  const probes = lists.map(({ cluster, services }) =>
    tried(
      'ecs:ListServices',
      services,
      services.ok ? `cluster ${cluster}: ${services.value.length} services` : `cluster ${cluster}`,
    ),
  );
  const filled = lists.find(({ services }) => services.ok && services.value.length > 0);
  const serviceArn = filled?.services.ok ? (filled.services.value[0] ?? null) : null;
  return { found: { cluster: filled?.cluster ?? names[0] ?? NOTHING, serviceArn }, probes: [...listing, ...probes] };
}

type Sample = { readonly service: Service | null; readonly revision: Revision | null };

async function probeService(target: Target, { reader: of }: Aws, place: Place): Promise<Found<Sample>> {
  const reader = of(target);
  const { cluster, serviceArn } = place;
  const described = await reader.describeServices(cluster, [serviceArn ?? NOTHING]);
  const service = described.ok ? (described.value.services[0] ?? null) : null;
  const name = service?.name ?? NOTHING;
  const on = service === null ? 'nothing there' : `service ${name}`;
  const [revision, family, tasks, deployments] = await Promise.all([
    reader.describeRevision(service?.taskDefinitionArn ?? `${NOTHING}:1`),
    reader.listRevisions({
      family: service === null ? NOTHING : familyOf(service.taskDefinitionArn),
      status: 'ACTIVE',
      limit: 1,
    }),
    reader.tasks(cluster, name, 'RUNNING'),
    reader.serviceDeployments(cluster, name),
  ]);
  const probes = [
    tried('ecs:DescribeServices', described, on),
    tried('ecs:DescribeTaskDefinition', revision, on),
    tried('ecs:ListTaskDefinitions', family, on),
    tried('ecs:ListTasks', afterwards(tasks, 'ecs:ListTasks'), on),
    triedOnEach('ecs:DescribeTasks', tasks, 'task'),
    tried('ecs:ListServiceDeployments', afterwards(deployments, 'ecs:ListServiceDeployments'), on),
    triedOnEach('ecs:DescribeServiceDeployments', deployments, 'deployment'),
    triedOnEach('ecs:DescribeServiceRevisions', deployments, 'deployment'),
  ];
  return { found: { service, revision: revision.ok ? revision.value : null }, probes };
}

/** The first of several calls of one question: it worked where a later one failed. */
const afterwards = (fact: Fact<unknown>, first: string): Fact<unknown> =>
  !fact.ok && fact.error.action !== first && fact.error.action.startsWith('ecs:') ? ok(null) : fact;

/** A call that is made only where there is something to ask about. */
function triedOnEach(action: string, fact: Fact<readonly unknown[]>, what: string): Probe {
  const count = fact.ok ? fact.value.length : 0;
  if (fact.ok && count === 0) return read(action, 'not-known', `not tried: there is no ${what}`);
  return tried(action, fact, fact.ok ? `${count} ${what}s` : `each ${what}`);
}

type Surroundings = { readonly target: Target; readonly aws: Aws; readonly account: string };

/** What checks ask of ECS's neighbours: of a service's own images, secrets, roles and load balancers where it has some. */
async function probeSurroundings(
  { target, aws, account }: Surroundings,
  { service, revision }: Sample,
): Promise<readonly Probe[]> {
  const { region } = target;
  const dependencies = aws.dependencies(target);
  const shown = revision?.shown ?? {};
  const image =
    (shown.containerDefinitions ?? []).map(({ image: name = '' }) => name).find((name) => ecrImage(name) !== null) ??
    `${account}.dkr.ecr.${region}.amazonaws.com/${NOTHING}:none`;
  const group = service?.loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? [])[0];
  const targetGroup =
    group ?? `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${NOTHING}/0123456789abcdef`;
  const secret = named([...secretsNamed([shown]).keys()], (name) => name.includes(':secretsmanager:'));
  const parameter = named([...secretsNamed([shown]).keys()], (name) =>
    name.startsWith(`arn:aws:ssm:${region}:${account}:`),
  );
  const role = named(rolesNamed([shown]), (arn) => arn.split(':')[4] === account);
  const logGroup = named([...logGroupsNamed([shown]).keys()], () => true);
  const stand = standIns(region, account);
  const [images, caches, secrets, parameters, roles, logs, types, health, alarms] = await Promise.all([
    aws.registry(target).image(image),
    aws.registry(target).caches({ account, region }),
    dependencies.secrets([withSecret(secret ?? stand.secret)]),
    dependencies.secrets([withSecret(parameter ?? stand.parameter)]),
    dependencies.roles([{ taskRoleArn: role ?? stand.role }]),
    dependencies.logGroups([withLogGroup(logGroup ?? NOTHING)]),
    dependencies.targetTypes([targetGroup]),
    dependencies.targetHealth([targetGroup]),
    dependencies.firingAlarms([NOTHING]),
  ]);
  return [
    tried('ecr:DescribeImages', images, image),
    tried('ecr:DescribePullThroughCacheRules', caches, `registry ${account}`),
    tried('secretsmanager:DescribeSecret', only(secrets), secret ?? 'nothing there'),
    tried('ssm:DescribeParameters', only(parameters), parameter ?? 'nothing there'),
    tried('iam:GetRole', only(roles), role ?? 'nothing there'),
    tried('logs:DescribeLogGroups', only(logs), logGroup ?? 'nothing there'),
    tried('elasticloadbalancing:DescribeTargetGroups', only(types), group ?? 'nothing there'),
    tried('elasticloadbalancing:DescribeTargetHealth', health, group ?? 'nothing there'),
    tried('cloudwatch:DescribeAlarms', alarms, 'nothing there'),
  ];
}

const named = (names: readonly string[], wanted: (name: string) => boolean): string | null =>
  names.find(wanted) ?? null;

const standIns = (region: string, account: string) => ({
  secret: `arn:aws:secretsmanager:${region}:${account}:secret:${NOTHING}`,
  parameter: `arn:aws:ssm:${region}:${account}:parameter/${NOTHING}`,
  role: `arn:aws:iam::${account}:role/${NOTHING}`,
});

const withSecret = (valueFrom: string): ShownDefinition => ({
  containerDefinitions: [{ secrets: [{ name: 'NONE', valueFrom }] }],
});

const withLogGroup = (name: string): ShownDefinition => ({
  containerDefinitions: [{ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': name } } }],
});

const UNASKED: ReadFailure = { kind: 'other', action: '', words: 'was not asked' };

const only = <T>(answers: ReadonlyMap<string, Fact<T>>): Fact<T> => [...answers.values()][0] ?? fail(UNASKED);
