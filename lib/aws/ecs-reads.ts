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
import { lastPart } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import type { Service } from '@/lib/domain/service';
import type { Revision } from '@/lib/domain/task-definition';
import { ok } from '@/lib/result';
import type { Call, ReadOptions } from './calls';
import { required, Unreadable } from './failure';
import { everyPage, inGroups } from './pages';
import { createQuotations, type Learn, type Quotations, type Quoting } from './quotations';
import {
  createDeploymentReads,
  type DeploymentMemory,
  type DeploymentReads,
  refuseUnlessMissing,
} from './service-deployments';
import { type Task, tasksOf } from './tasks';
import { eventsOf, type Masking, toRevision, toService } from './to-domain';
import { keepRawAnswer, unknownFields } from './unknown-fields';

/** Reads ECS for one target. Every answer is a fact or why there is none; nothing is kept but what never changes. */
export type EcsReads = DeploymentReads & {
  /** Names of the clusters: those configured, else all. */
  listClusters(options?: ReadOptions): Promise<Fact<readonly string[]>>;
  /** ARNs of a cluster's services. */
  listServices(cluster: string, options?: ReadOptions): Promise<Fact<readonly string[]>>;
  /**
   * Services by ARN or name, in the order asked. `missing` names those AWS says are not there; any other complaint about
   * one of them fails the read. Events come with them where they are to be quoted.
   */
  describeServices(
    cluster: string,
    arnsOrNames: readonly string[],
    options?: ReadOptions & Quoting,
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

/** The ECS reads of one target. */
export function createEcsReads(reading: EcsReading): EcsReads {
  const { ecs, call, clusters } = reading;
  const quotations = createQuotations();

  const describeRevision: EcsReads['describeRevision'] = (arnOrName, options = {}) =>
    call('ecs:DescribeTaskDefinition', options, async (abortSignal) => {
      // A bare family would quietly mean whatever is newest.
      if (!/:\d+$/.test(arnOrName)) throw new Unreadable({ kind: 'gone', words: `${arnOrName} names no revision.` });
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: arnOrName, include: ['TAGS'] });
      const raw = keepRawAnswer(command.middlewareStack);
      const { taskDefinition, tags = [] } = await ecs.send(command, { abortSignal });
      const definition = required(taskDefinition, 'a task definition');
      quotations.learn(definition.taskDefinitionArn ?? arnOrName, definition);
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
      describeServices(reading, quotations, { cluster, arnsOrNames, options }),

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

    ...createDeploymentReads(reading, quotations),

    tasks: (cluster, service, desired, options = {}) =>
      tasksOf(
        reading,
        // A copy was registered, never read: its tasks may fail before anybody looked at it.
        (arn) => quotations.about([arn], () => describeRevision(arn, options)),
        { cluster, service, desired, options },
      ),
  };
}

type ServicesQuestion = {
  readonly cluster: string;
  readonly arnsOrNames: readonly string[];
  readonly options: ReadOptions & Quoting;
};

async function describeServices(
  { ecs, call }: EcsReading,
  quotations: Quotations,
  { cluster, arnsOrNames, options }: ServicesQuestion,
): Promise<Fact<{ readonly services: readonly Service[]; readonly missing: readonly string[] }>> {
  const found = await inGroups(arnsOrNames, 10, (group) =>
    call('ecs:DescribeServices', options, async (abortSignal) => {
      const { services = [], failures = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: [...group] }),
        { abortSignal },
      );
      refuseUnlessMissing(failures);
      return services.map((service) => ({ raw: service, service: toService(service) }));
    }),
  );
  if (!found.ok) return found;
  const known = new Set(found.value.flatMap(({ service }) => [service.arn, service.name]));
  const missing = arnsOrNames.filter((wanted) => !known.has(wanted));
  const services = found.value.map(({ service }) => service);
  const { quoting } = options;
  if (quoting === undefined) return ok({ services, missing });
  return ok({ services: await Promise.all(found.value.map((one) => withEvents(one, quotations, quoting))), missing });
}

type Read = { readonly raw: EcsService; readonly service: Service };

/** The service with what ECS said of it, once the definitions that may be quoted in it are known. */
async function withEvents({ raw, service }: Read, quotations: Quotations, learn: Learn): Promise<Service> {
  if (!raw.events?.length) return service;
  const arns = [service, ...service.deployments].map(({ taskDefinitionArn }) => taskDefinitionArn);
  const quote = await quotations.about(arns.filter(Boolean), learn);
  return { ...service, events: eventsOf(raw.events, quote) };
}
