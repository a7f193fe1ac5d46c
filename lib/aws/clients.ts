import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { ListClustersCommand } from '@aws-sdk/client-ecs';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { LRUCache } from 'lru-cache';
import type { Fact, ReadFailure } from '@/lib/domain/facts';
import type { Target } from '@/lib/domain/target';
import type { Log } from '@/lib/log';
import { fail, ok, type Result } from '@/lib/result';
import { type Budget, createBudget, type Place, type Usage } from './budget';
import type { ReadOptions } from './calls';
import { type Assume, ambientCredentials, assumeAt, type Credentials, renewedRole } from './credentials';
import { createDependencies, type Dependencies } from './dependencies';
import { createEcsReads, type EcsReads } from './ecs-reads';
import { createWriter, type Writer } from './ecs-writes';
import { endpointOf, type ResolvedEndpoint } from './endpoints';
import { readFailure, required } from './failure';
import { TIMEOUTS, type Timeouts } from './limits';
import { createRegistry, type Registry } from './registry';
import { type DeploymentMemory, NO_MEMORY } from './service-deployments';
import { type Reach, sessionPolicy, sourceIdentity } from './session-policy';
import { createTargetClients, type TargetClients } from './target-clients';
import type { Masking } from './to-domain';

/** Reads of ECS, and of the health behind its load balancers, for one target. */
export type Reader = EcsReads & Pick<Dependencies, 'targetHealth'>;

/** For whom and what a writing session is taken. */
export type WriterRequest = Reach & {
  readonly target: Target;
  /** Name of the session, as AWS's trail shows it. */
  readonly rollbackId: string;
  /** Name or e-mail address of the person, as AWS's trail shows it. */
  readonly person: string;
  /** `group` for one of several services that were confirmed together. */
  readonly priority: 'rollback' | 'group';
};

/** Who the reading credentials belong to. */
export type Identity = { readonly account: string; readonly arn: string };

/** Everything that reaches AWS. Role ARNs come from the configured targets alone. */
export type Aws = {
  /** The one reader of a target. */
  reader(target: Target): Reader;
  registry(target: Target): Registry;
  dependencies(target: Target): Dependencies;
  /**
   * A session of the writing role, fixed for 15 minutes and narrowed to one service and family; the ambient credentials
   * where the target has no writing role. Asked once per rollback, kept for {@link Aws.writerOf}.
   */
  writer(request: WriterRequest): Promise<Result<Writer, ReadFailure>>;
  /**
   * The writer taken for a rollback by this process.
   *
   * @throws Error where none was taken, or its session is over.
   */
  writerOf(rollbackId: string): Writer;
  /** Whether the writing role can be taken; the session it takes may do nothing. */
  canTakeWriterRole(target: Target, options?: ReadOptions): Promise<Fact<'role' | 'ambient'>>;
  /** Where requests of a target go. Nothing is sent. */
  endpoints(target: Target): Promise<readonly ResolvedEndpoint[]>;
  /** Account and ARN behind the reading credentials. */
  identity(target: Target, options?: ReadOptions): Promise<Fact<Identity>>;
  /** The busiest of a target's call buckets, `null` before its first call. */
  usage(target: Target): Usage | null;
  /** Closes idle connections. */
  close(): void;
};

/** What the AWS layer is built from. */
export type AwsOptions = Masking & {
  readonly targets: readonly Target[];
  /** Processes that share the accounts' quotas. */
  readonly replicas: number;
  readonly log: Log;
  /** Where finished deployments are kept beyond the process; nowhere if left out. */
  readonly memory?: DeploymentMemory;
  readonly now?: () => number;
  readonly timeouts?: Timeouts;
};

/** Length of a writing session: the shortest AWS gives, never renewed. */
const WRITER_SECONDS = 900;
const READER_SECONDS = 3600;

/** What belongs to one target. */
type Standing = {
  readonly target: Target;
  readonly place: Place;
  readonly clients: TargetClients;
  readonly reader: Reader;
  readonly registry: Registry;
  readonly dependencies: Dependencies;
  readonly assume: Assume;
};

/** The AWS layer: one reading client per target and Region, a writing client per request. */
export function createAws(options: AwsOptions): Aws {
  const { targets, replicas, log, timeouts = TIMEOUTS } = options;
  const budget = createBudget(replicas);
  const ambient = ambientCredentials(timeouts);
  const standings = new Map<string, Standing>();
  const writers = new LRUCache<string, Writer>({ max: 1000, ttl: WRITER_SECONDS * 1000 });
  const apart = AsyncLocalStorage.snapshot();

  const of = ({ name }: Target): Standing => {
    const known = standings.get(name);
    if (known !== undefined) return known;
    const target = targets.find((configured) => configured.name === name);
    if (target === undefined) throw new Error(`There is no target ${name}.`);
    // It belongs to no request, whichever asks first.
    const made = apart(() => createStanding(target, { ...options, budget, ambient }));
    standings.set(name, made);
    return made;
  };

  return {
    reader: (target) => of(target).reader,
    registry: (target) => of(target).registry,
    dependencies: (target) => of(target).dependencies,
    writer: async (request) => {
      const { target, place, assume } = of(request.target);
      const session = await writingSession(request, target, { assume, ambient });
      if (!session.ok) return session;
      const writer = createWriter({
        region: target.region,
        credentials: session.value,
        place,
        priority: request.priority,
        target: target.name,
        budget,
        log,
        timeouts,
      });
      writers.set(request.rollbackId, writer);
      return ok(writer);
    },
    writerOf: (rollbackId) => {
      const writer = writers.get(rollbackId);
      if (writer === undefined) throw new Error(`No writing session is open for rollback ${rollbackId}.`);
      return writer;
    },
    canTakeWriterRole: async (target) => probe(of(target)),
    endpoints: (target) => endpointsOf(of(target)),
    identity: (target, readOptions = {}) => identityOf(of(target), readOptions),
    usage: (target) => budget.usage(of(target).place),
    close: () => {
      for (const { clients } of standings.values()) clients.close();
    },
  };
}

type StandingParts = AwsOptions & { readonly budget: Budget; readonly ambient: Credentials };

function createStanding(target: Target, parts: StandingParts): Standing {
  const {
    budget,
    ambient,
    log,
    fingerprint,
    showValuesOf,
    memory = NO_MEMORY,
    now = Date.now,
    timeouts = TIMEOUTS,
  } = parts;
  const place = { account: target.account ?? 'ambient', region: target.region };
  const takeRole = assumeAt(target.region, ambient, timeouts);
  const assume: Assume = (input) => {
    budget.debit(place, 'sts:AssumeRole');
    return takeRole(input);
  };
  const credentials =
    target.readerRole === null ? ambient : renewedRole(assume, readerSession(target, target.readerRole), now);
  const clients = createTargetClients(place.account, { target: target.name, budget, credentials, log, timeouts });
  const home = clients.inRegion(target.region);
  let account: Promise<string | null> | null = target.account === null ? null : Promise.resolve(target.account);
  const dependencies = createDependencies({
    region: target.region,
    neighboursIn: clients.inRegion,
    account: () => {
      account ??= identityOf(standing, {}).then((identity) => {
        if (!identity.ok) account = null;
        return identity.ok ? identity.value.account : null;
      });
      return account;
    },
  });
  const reads = createEcsReads({
    ...home,
    clusters: target.clusters,
    masking: { fingerprint, showValuesOf },
    memory,
    now,
  });
  const standing: Standing = {
    target,
    place,
    clients,
    assume,
    dependencies,
    registry: createRegistry({ clientIn: clients.inRegion }),
    reader: { ...reads, targetHealth: dependencies.targetHealth },
  };
  return standing;
}

const outsider = ({ externalId }: Target): { readonly ExternalId?: string } =>
  externalId === null ? {} : { ExternalId: externalId };

const readerSession = (target: Target, RoleArn: string) => ({
  RoleArn,
  RoleSessionName: 'ecs-rollback-reader',
  DurationSeconds: READER_SECONDS,
  ...outsider(target),
});

type Sources = { readonly assume: Assume; readonly ambient: Credentials };

async function writingSession(request: WriterRequest, target: Target, { assume, ambient }: Sources) {
  const { rollbackId, person } = request;
  try {
    if (target.writerRole === null) return ok(await ambient.provide());
    const session = await assume({
      RoleArn: target.writerRole,
      RoleSessionName: rollbackId,
      SourceIdentity: sourceIdentity(person),
      DurationSeconds: WRITER_SECONDS,
      Policy: sessionPolicy(request),
      ...outsider(target),
    });
    return ok(session);
  } catch (error) {
    return fail(readFailure(error, target.writerRole === null ? ambient.action : 'sts:AssumeRole'));
  }
}

const NOTHING_BUT_A_NAME = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }],
});

async function probe({ target, assume }: Standing): Promise<Fact<'role' | 'ambient'>> {
  if (target.writerRole === null) return ok('ambient');
  try {
    await assume({
      RoleArn: target.writerRole,
      RoleSessionName: 'ecs-rollback-status',
      SourceIdentity: 'ecs-rollback-status',
      DurationSeconds: WRITER_SECONDS,
      Policy: NOTHING_BUT_A_NAME,
      ...outsider(target),
    });
    return ok('role');
  } catch (error) {
    return fail(readFailure(error, 'sts:AssumeRole'));
  }
}

function identityOf({ clients, target }: Standing, options: ReadOptions): Promise<Fact<Identity>> {
  const { sts, call } = clients.inRegion(target.region);
  return call('sts:GetCallerIdentity', options, async (abortSignal) => {
    const answer = await sts.send(new GetCallerIdentityCommand({}), { abortSignal });
    return { account: required(answer.Account, 'an account'), arn: required(answer.Arn, 'an ARN') };
  });
}

/** An address that cannot be found out, because there are no credentials to find it out with, is left out. */
async function endpointsOf({ clients, target }: Standing): Promise<readonly ResolvedEndpoint[]> {
  const { ecs, ecr, iam, sts } = clients.inRegion(target.region);
  const clusters = new ListClustersCommand({});
  const images = new DescribeImagesCommand({ repositoryName: 'none' });
  const role = new GetRoleCommand({ RoleName: 'none' });
  const identity = new GetCallerIdentityCommand({});
  const found = await Promise.allSettled([
    endpointOf('ecs', clusters, () => ecs.send(clusters)),
    endpointOf('sts', identity, () => sts.send(identity)),
    endpointOf('ecr', images, () => ecr.send(images)),
    endpointOf('iam', role, () => iam.send(role)),
  ]);
  return found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
