import 'server-only';
import type { Service as EcsService } from '@aws-sdk/client-ecs';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  type TaskDefinitionStatus,
} from '@aws-sdk/client-ecs';
import { LRUCache } from 'lru-cache';
import { lastPart } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import { secretTexts } from '@/lib/domain/masking';
import type { Service } from '@/lib/domain/service';
import type { Revision } from '@/lib/domain/task-definition';
import { ok } from '@/lib/result';
import type { Call, ReadOptions } from './calls';
import { required, Unreadable } from './failure';
import { everyPage, inGroups } from './pages';
import {
  createDeploymentReads,
  type DeploymentMemory,
  type DeploymentReads,
  refuseUnlessMissing,
} from './service-deployments';
import { type Task, tasksOf } from './tasks';
import { type Masking, toRevision, toService } from './to-domain';
import { keepRawAnswer, unknownFields } from './unknown-fields';

/** Reads ECS for one target. Every answer is a fact or why there is none; nothing is kept but what never changes. */
export type EcsReads = DeploymentReads & {
  /** Names of the clusters: those configured, else all. */
  listClusters(options?: ReadOptions): Promise<Fact<readonly string[]>>;
  /** ARNs of a cluster's services. */
  listServices(cluster: string, options?: ReadOptions): Promise<Fact<readonly string[]>>;
  /**
   * Services by ARN or name, in the order asked. `missing` names those AWS says are not there; any other complaint about
   * one of them fails the read.
   */
  describeServices(
    cluster: string,
    arnsOrNames: readonly string[],
    options?: ReadOptions,
  ): Promise<Fact<{ readonly services: readonly Service[]; readonly missing: readonly string[] }>>;
  /** A revision by ARN or `family:number`, values masked, original sealed. `gone` where ECS does not know it. */
  describeRevision(arnOrName: string, options?: ReadOptions): Promise<Fact<Revision>>;
  /** ARNs of a family's revisions of one status, newest first, a page at a time. */
  listRevisions(
    question: {
      readonly family: string;
      readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
      /** At most 100. */
      readonly limit?: number;
      readonly token?: string | null;
    },
    options?: ReadOptions,
  ): Promise<Fact<{ readonly arns: readonly string[]; readonly nextToken: string | null }>>;
  /** Tasks of a service by desired status; stopped ones are known for about an hour. */
  tasks(
    cluster: string,
    service: string,
    desired: 'RUNNING' | 'STOPPED',
    options?: ReadOptions,
  ): Promise<Fact<readonly Task[]>>;
};

/** What reading needs: the client, how calls go, how values are masked. */
export type EcsReading = {
  readonly ecs: ECSClient;
  readonly call: Call;
  readonly clusters: readonly string[] | null;
  readonly masking: Masking;
  readonly memory: DeploymentMemory;
  readonly now: () => number;
};

/** Revisions whose masked texts are remembered, to take them out of stop reasons and events. */
const REMEMBERED_SECRETS = 500;

/** The ECS reads of one target. */
export function createEcsReads(reading: EcsReading): EcsReads {
  const { ecs, call, clusters } = reading;
  // Never leaves this function: only used to take the texts out of what AWS says.
  const secrets = new LRUCache<string, readonly string[]>({ max: REMEMBERED_SECRETS });
  const secretsOf = (arn: string | undefined): readonly string[] => (arn === undefined ? [] : (secrets.get(arn) ?? []));

  const describeRevision: EcsReads['describeRevision'] = (arnOrName, options = {}) =>
    call('ecs:DescribeTaskDefinition', options, async (abortSignal) => {
      // A bare family would quietly mean whatever is newest.
      if (!/:\d+$/.test(arnOrName)) throw new Unreadable({ kind: 'gone', words: `${arnOrName} names no revision.` });
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: arnOrName, include: ['TAGS'] });
      const raw = keepRawAnswer(command.middlewareStack);
      const { taskDefinition, tags = [] } = await ecs.send(command, { abortSignal });
      const definition = required(taskDefinition, 'a task definition');
      secrets.set(definition.taskDefinitionArn ?? arnOrName, secretTexts(definition));
      const sent = (raw.json() as { taskDefinition?: unknown } | null)?.taskDefinition;
      return toRevision({ definition, tags, unknownFields: unknownFields(sent, definition) }, reading.masking);
    });

  return {
    listClusters: async (options = {}) => {
      if (clusters !== null) return ok(clusters);
      const arns = await everyPage((nextToken) =>
        call('ecs:ListClusters', options, async (abortSignal) => {
          const page = await ecs.send(new ListClustersCommand({ maxResults: 100, nextToken }), { abortSignal });
          return { items: page.clusterArns ?? [], nextToken: page.nextToken };
        }),
      );
      return arns.ok ? ok(arns.value.map(lastPart)) : arns;
    },

    listServices: (cluster, options = {}) =>
      everyPage((nextToken) =>
        call('ecs:ListServices', options, async (abortSignal) => {
          const page = await ecs.send(new ListServicesCommand({ cluster, maxResults: 100, nextToken }), {
            abortSignal,
          });
          return { items: page.serviceArns ?? [], nextToken: page.nextToken };
        }),
      ),

    describeServices: (cluster, arnsOrNames, options = {}) =>
      describeServices(reading, secretsOf, { cluster, arnsOrNames, options }),

    describeRevision,

    listRevisions: ({ family, status, limit = 100, token = null }, options = {}) =>
      call('ecs:ListTaskDefinitions', options, async (abortSignal) => {
        const page = await ecs.send(
          new ListTaskDefinitionsCommand({
            familyPrefix: family,
            // The SDK's enumeration is older than the status of revisions that are being deleted in some releases.
            status: status as TaskDefinitionStatus,
            sort: 'DESC',
            maxResults: limit,
            nextToken: token ?? undefined,
          }),
          { abortSignal },
        );
        const nextToken = page.nextToken === token ? null : (page.nextToken ?? null);
        return { arns: page.taskDefinitionArns ?? [], nextToken };
      }),

    ...createDeploymentReads(reading),

    tasks: (cluster, service, desired, options = {}) =>
      tasksOf(
        reading,
        // A copy was registered, never read: its tasks may fail before anybody looked at it.
        async (arn) => secrets.get(arn) ?? ((await describeRevision(arn, options)).ok ? secretsOf(arn) : null),
        { cluster, service, desired, options },
      ),
  };
}

type ServicesQuestion = {
  readonly cluster: string;
  readonly arnsOrNames: readonly string[];
  readonly options: ReadOptions;
};

async function describeServices(
  { ecs, call }: EcsReading,
  secretsOf: (arn: string | undefined) => readonly string[],
  { cluster, arnsOrNames, options }: ServicesQuestion,
): Promise<Fact<{ readonly services: readonly Service[]; readonly missing: readonly string[] }>> {
  const found = await inGroups(arnsOrNames, 10, (group) =>
    call('ecs:DescribeServices', options, async (abortSignal) => {
      const { services = [], failures = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: [...group] }),
        { abortSignal },
      );
      refuseUnlessMissing(failures);
      return services.map((service) => toService(service, secretsOfService(service, secretsOf)));
    }),
  );
  if (!found.ok) return found;
  const known = new Set(found.value.flatMap(({ arn, name }) => [arn, name]));
  return ok({ services: found.value, missing: arnsOrNames.filter((wanted) => !known.has(wanted)) });
}

const secretsOfService = (
  { taskDefinition, deployments = [] }: EcsService,
  secretsOf: (arn: string | undefined) => readonly string[],
): readonly string[] => [taskDefinition, ...deployments.map((one) => one.taskDefinition)].flatMap(secretsOf);
