import 'server-only';
import type { ServiceDeployment as EcsServiceDeployment, ServiceRevision } from '@aws-sdk/client-ecs';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
} from '@aws-sdk/client-ecs';
import { LRUCache } from 'lru-cache';
import type { Fact } from '@/lib/domain/facts';
import type { RunningImages, ServiceDeployment } from '@/lib/domain/service';
import { ok } from '@/lib/result';
import type { Call, ReadOptions } from './calls';
import { Unreadable } from './failure';
import { everyPage, inGroups } from './pages';
import type { Quotations, QuoteOf, Quoting } from './quotations';
import { type ServiceDeploymentHead, toDeploymentHead, toRunningImages, toServiceDeployment } from './to-domain';

/** Which service deployments are listed: those created after a time in milliseconds since 1970, else all AWS keeps. */
export type ListDeployments = { readonly createdAfterMs?: number };

type Options = ReadOptions & ListDeployments & Quoting;

/** Newest deployments that are described; older ones stay as they are listed, without what they deployed. */
const DESCRIBED = 200;
/** The same where only an overview asks. */
const RECENT = 20;
/** Most ARNs one describing call takes. */
export const GROUP = 20;
/** Newest deployments whose ends ECS is quoted about. */
const QUOTED = 20;
const KEPT = 20_000;
/** How long after its end a deployment's record may still be completed, in milliseconds. */
const SETTLED_MS = 60_000;
const DAY_MS = 86_400_000;
const FINISHED: ReadonlySet<string> = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

type Reading = {
  readonly ecs: ECSClient;
  readonly call: Call;
  readonly now: () => number;
  readonly memory: DeploymentMemory;
};

/** Where finished deployments are kept beyond the process. It may forget, and it may fail: then they are read again. */
export type DeploymentMemory = {
  deployments(arns: readonly string[]): Promise<ReadonlyMap<string, ServiceDeployment>>;
  keepDeployments(deployments: readonly ServiceDeployment[]): Promise<void>;
};

/** Remembers nothing. */
export const NO_MEMORY: DeploymentMemory = {
  deployments: async () => new Map(),
  keepDeployments: async () => undefined,
};

/** Reads of service deployments, and of the service revisions they deployed. */
export type DeploymentReads = {
  /**
   * A service's deployments with what they deployed, newest first. Finished ones are described once. Of the ones beyond
   * the newest 200, and of those ECS will not describe, only the list entry is known.
   */
  serviceDeployments(cluster: string, service: string, options?: Options): Promise<Fact<readonly ServiceDeployment[]>>;
  /** The same of many services, each with its newest 20 described: what overviews tell. Described together. */
  recentDeployments(
    services: readonly ServiceName[],
    options?: ReadOptions,
  ): Promise<readonly Fact<readonly ServiceDeployment[]>[]>;
  /**
   * What service revisions run, by ARN. Those AWS no longer knows, or does not tell all images of, are left out.
   */
  runningImages(
    serviceRevisionArns: readonly string[],
    options?: ReadOptions,
  ): Promise<Fact<ReadonlyMap<string, RunningImages>>>;
};

/** A service by the names of its cluster and itself. */
export type ServiceName = { readonly cluster: string; readonly service: string };

/** The deployment reads of one target; what is finished is kept between calls. */
export function createDeploymentReads(reading: Reading, quotations: Quotations): DeploymentReads {
  const finished = new LRUCache<string, ServiceDeployment>({ max: KEPT });
  const listed = (cluster: string, service: string, options: Options) => list(reading, { cluster, service, options });

  /** Describes what is not known for ever yet, and tells of each head what is known of it. */
  const describedOf = async (
    heads: readonly ServiceDeploymentHead[],
    options: ReadOptions,
  ): Promise<Fact<(head: ServiceDeploymentHead) => ServiceDeployment>> => {
    await recall(heads, finished, reading.memory);
    const unknown = heads.filter(({ arn }) => !finished.has(arn));
    const described = await describeAll(reading, unknown, options);
    if (!described.ok) return described;
    const fresh = new Map(described.value.map((deployment) => [deployment.arn, deployment]));
    const settled = described.value.filter((deployment) => isSettled(deployment, reading.now()));
    for (const deployment of settled) finished.set(deployment.arn, deployment);
    const worthKeeping = settled.filter(({ taskDefinitionArn }) => taskDefinitionArn !== null);
    void reading.memory.keepDeployments(worthKeeping).catch(() => undefined);
    return ok((head) => fresh.get(head.arn) ?? finished.get(head.arn) ?? toServiceDeployment(head, null, null));
  };

  return {
    serviceDeployments: async (cluster, service, options = {}) => {
      const list = await listed(cluster, service, options);
      if (!list.ok) return list;
      const heads = list.value.map(({ head }) => head);
      const described = await describedOf(heads.slice(0, DESCRIBED), options);
      if (!described.ok) return described;
      const deployments = heads.map(described.value);
      const { quoting } = options;
      if (quoting === undefined) return ok(deployments);
      return ok(await withReasons(deployments, list.value, (arn) => quotations.about([arn], quoting)));
    },
    recentDeployments: async (services, options = {}) => {
      const lists = await Promise.all(services.map(({ cluster, service }) => listed(cluster, service, options)));
      const heads = lists.flatMap((list) => (list.ok ? list.value.slice(0, RECENT).map(({ head }) => head) : []));
      const described = await describedOf(heads, options);
      if (!described.ok) return lists.map((list) => (list.ok ? described : list));
      return lists.map((list) => (list.ok ? ok(list.value.map(({ head }) => described.value(head))) : list));
    },
    runningImages: async (arns, options = {}) => {
      const revisions = await describeServiceRevisions(reading, arns, options);
      if (!revisions.ok) return revisions;
      const images = revisions.value.flatMap((revision) => toRunningImages(revision) ?? []);
      return ok(new Map(images.map((one) => [one.arn, one])));
    },
  };
}

/** Fetches what is kept of finished deployments; a memory that fails is none. */
async function recall(
  heads: readonly ServiceDeploymentHead[],
  finished: LRUCache<string, ServiceDeployment>,
  memory: DeploymentMemory,
): Promise<void> {
  const unknown = heads.filter(({ arn, status }) => FINISHED.has(status) && !finished.has(arn));
  if (unknown.length === 0) return;
  const kept = await memory.deployments(unknown.map(({ arn }) => arn)).catch(() => null);
  for (const [arn, deployment] of kept ?? []) finished.set(arn, deployment);
}

/** Of very old ones ECS says nothing more but the list entry; for others that may still come. */
const isSettled = ({ status, finishedAt, taskDefinitionArn }: ServiceDeployment, now: number): boolean =>
  FINISHED.has(status) && finishedAt !== null && finishedAt < now - (taskDefinitionArn === null ? DAY_MS : SETTLED_MS);

/** An entry of the list, and in AWS's words why it ended, as they came. */
type Listed = { readonly head: ServiceDeploymentHead; readonly said: string | null };

/** The deployments with what ECS says of the newest ends, without values of what was deployed. */
async function withReasons(
  deployments: readonly ServiceDeployment[],
  list: readonly Listed[],
  quoteOf: QuoteOf,
): Promise<readonly ServiceDeployment[]> {
  const said = new Map(list.flatMap(({ head, said }) => (said === null ? [] : [[head.arn, said]])));
  const ended = deployments.filter(({ arn, taskDefinitionArn }) => said.has(arn) && taskDefinitionArn !== null);
  const quotes = await Promise.all(
    ended.slice(0, QUOTED).map(async ({ arn, taskDefinitionArn }) => {
      const quote = await quoteOf(taskDefinitionArn ?? '');
      return [arn, quote?.(said.get(arn) ?? '') ?? null] as const;
    }),
  );
  const reasons = new Map(quotes);
  return deployments.map((one) => ({ ...one, statusReason: reasons.get(one.arn) ?? null }));
}

type ListQuestion = { readonly cluster: string; readonly service: string; readonly options: Options };

async function list(
  { ecs, call }: Reading,
  { cluster, service, options }: ListQuestion,
): Promise<Fact<readonly Listed[]>> {
  const { createdAfterMs } = options;
  const createdAt = createdAfterMs === undefined ? undefined : { after: new Date(createdAfterMs) };
  const heads = await everyPage((nextToken) =>
    call('ecs:ListServiceDeployments', options, async (abortSignal) => {
      const command = new ListServiceDeploymentsCommand({ cluster, service, createdAt, maxResults: 100, nextToken });
      const page = await ecs.send(command, { abortSignal });
      const items = (page.serviceDeployments ?? []).map((brief) => ({
        head: toDeploymentHead(brief),
        said: brief.statusReason ?? null,
      }));
      return { items, nextToken: page.nextToken };
    }),
  );
  return heads.ok ? ok([...heads.value].sort((a, b) => b.head.createdAt - a.head.createdAt)) : heads;
}

async function describeAll(
  reading: Reading,
  heads: readonly ServiceDeploymentHead[],
  options: Options,
): Promise<Fact<readonly ServiceDeployment[]>> {
  const revisionArns = [
    ...new Set(heads.map(({ serviceRevisionArn }) => serviceRevisionArn).filter((arn) => arn !== '')),
  ];
  const [deployments, revisions] = await Promise.all([
    describeDeployments(
      reading,
      heads.map(({ arn }) => arn),
      options,
    ),
    describeServiceRevisions(reading, revisionArns, options),
  ]);
  if (!deployments.ok) return deployments;
  if (!revisions.ok) return revisions;
  const deploymentByArn = new Map(deployments.value.map((one) => [one.serviceDeploymentArn, one]));
  const revisionByArn = new Map(revisions.value.map((one) => [one.serviceRevisionArn, one]));
  return ok(
    heads.map((head) =>
      toServiceDeployment(
        head,
        deploymentByArn.get(head.arn) ?? null,
        revisionByArn.get(head.serviceRevisionArn) ?? null,
      ),
    ),
  );
}

const describeDeployments = (
  { ecs, call }: Reading,
  arns: readonly string[],
  options: Options,
): Promise<Fact<readonly EcsServiceDeployment[]>> =>
  inGroups(arns, GROUP, (group) =>
    call('ecs:DescribeServiceDeployments', options, async (abortSignal) => {
      const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [...group] });
      const { serviceDeployments = [], failures = [] } = await ecs.send(command, { abortSignal });
      refuseUnlessMissing(failures);
      return serviceDeployments;
    }),
  );

const describeServiceRevisions = (
  { ecs, call }: Reading,
  arns: readonly string[],
  options: Options,
): Promise<Fact<readonly ServiceRevision[]>> =>
  inGroups(arns, GROUP, (group) =>
    call('ecs:DescribeServiceRevisions', options, async (abortSignal) => {
      const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...group] });
      const { serviceRevisions = [], failures = [] } = await ecs.send(command, { abortSignal });
      refuseUnlessMissing(failures);
      return serviceRevisions;
    }),
  );

type Failure = { readonly arn?: string; readonly reason?: string; readonly detail?: string };

/**
 * Lets only "there is no such thing" pass among the complaints an answer carries.
 *
 * @throws Unreadable where AWS complained of anything else.
 */
export function refuseUnlessMissing(failures: readonly Failure[]): void {
  const other = failures.find(({ reason }) => reason !== 'MISSING');
  if (other === undefined) return;
  const words = [other.reason, other.detail, other.arn].filter((part) => part !== undefined).join(': ');
  throw new Unreadable({ kind: 'other', words });
}
