import 'server-only';
import type { Clock } from '@/lib/aws/bucket';
import type { Aws } from '@/lib/aws/clients';
import { type Probe, probePermissions } from '@/lib/aws/permission-probe';
import type { Learn } from '@/lib/aws/quotations';
import type { ReadOnce } from '@/lib/db/read-once';
import type { Fact, RegistryImage } from '@/lib/domain/facts';
import type { Service, ServiceDeployment } from '@/lib/domain/service';
import type { ServicePlace, Target } from '@/lib/domain/target';
import { ok } from '@/lib/result';
import { within } from '@/lib/within';
import { collected } from './collected';
import { continueFamily, type Family, listFamily, sizeOf } from './family';
import { createGlimpses, type Glimpses } from './glimpses';
import { createRecentDeployments, type RecentDeployments } from './recent-deployments';
import { createRevisionReads, type RevisionReads } from './revision-reads';
import { type Shared, shared } from './shared';
import { sweep, type TargetServices } from './sweep';

/** Reads shared between viewers. Keys name resources; permission is asked outside. */
export type Reads = RevisionReads & {
  /** Every service of a target. */
  readonly services: Shared<TargetServices>;
  /** When somebody was last shown a target as it was then, or the page of one of these services; `null` for never. */
  seenAt(target: string, places: readonly ServicePlace[]): number | null;
  /** One service, read more often; key of {@link serviceKey}. `null` where it is not there. */
  readonly service: Shared<Service | null>;
  /** Services that are planned together, as they are now; key of {@link togetherKey}. */
  readonly together: Shared<readonly Service[]>;
  /** Deployments of the last 90 days; key of {@link serviceKey}. */
  readonly deployments: Shared<readonly ServiceDeployment[]>;
  /** Images of services whose definitions were not read yet. */
  readonly glimpses: Glimpses;
  /** The newest deployments of many services, for overviews. */
  readonly recent: RecentDeployments;
  /** Revision lists; key of {@link familyKey}. */
  readonly family: Shared<Family>;
  /** A listing that reaches further down than the one that is known, by at most three calls. */
  continueFamily(key: string): Promise<Fact<Family> | null>;
  /** What a registry says of a reference; key of {@link imageKey}. */
  readonly image: Shared<RegistryImage>;
  /** Healthy targets behind a service's load balancers; key of {@link serviceKey}. */
  readonly health: Shared<{ readonly healthy: number; readonly of: number } | null>;
  /** What trying every permission of a target showed. */
  readonly permissions: Shared<readonly Probe[]>;
};

export const serviceKey = (target: string, cluster: string, service: string): string =>
  JSON.stringify([target, cluster, service]);
export const togetherKey = (target: string, cluster: string, services: readonly string[]): string =>
  JSON.stringify([target, cluster, ...services]);
export const familyKey = (target: string, family: string): string => JSON.stringify([target, family]);
export const imageKey = (target: string, reference: string): string => JSON.stringify([target, reference]);

/** What shared reads are made from. */
export type ReadsWorld = {
  readonly aws: Aws;
  readonly kept: ReadOnce;
  /** Processes that share the accounts' quotas. */
  readonly replicas: number;
  readonly targetOf: (name: string) => Target | null;
  /** Time that answers age by; the real one if left out. */
  readonly clock?: Clock;
};

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** The shared reads of a process. */
export function createReads(world: ReadsWorld): Reads {
  const { aws, kept } = world;
  const at = placeOf(world);
  const revisions = createRevisionReads({ aws, kept });
  const learning = learningBy(world.aws, revisions);
  const service: Reads['service'] = shared(
    async (key, { urgency }) => {
      const { target, rest } = at(key);
      const [cluster = '', name = ''] = rest;
      const found = await aws
        .reader(target)
        .describeServices(cluster, [name], { priority: urgency, quoting: learning(target) });
      if (!found.ok && found.error.kind === 'gone') return ok(null);
      return found.ok ? ok(found.value.services[0] ?? null) : found;
    },
    { freshMs: 10 * SECOND_MS, showMs: 20 * SECOND_MS, keys: 500 },
    world.clock,
  );
  const glimpses = createGlimpses(aws);
  const services = sweepsOf(world, { revisions, glimpses });
  return {
    services,
    seenAt: (target, places) => {
      const pages = places.map((place) => service.peek(serviceKey(target, place.cluster, place.service)));
      const read = [services.peek(target), ...pages].flatMap((seen) => seen?.readAt ?? []);
      return read.length === 0 ? null : Math.max(...read);
    },
    service,
    together: togetherOf(world),
    glimpses,
    deployments: deploymentsOf(world, service, learning),
    recent: createRecentDeployments(aws),
    ...familiesOf(world),
    image: imagesOf(world),
    health: healthOf(world, service),
    permissions: shared(
      async (name) => ok(await probePermissions(at(JSON.stringify([name])).target, aws)),
      { freshMs: MINUTE_MS, keys: 200 },
      world.clock,
    ),
    ...revisions,
  };
}

/** A plan is about what runs now, and a crowd that plans is one reading. */
const TOGETHER_FRESH_MS = 3 * SECOND_MS;

function togetherOf(world: ReadsWorld): Reads['together'] {
  const at = placeOf(world);
  return shared(
    async (key, { urgency }) => {
      const { target, rest } = at(key);
      const [cluster = '', ...names] = rest;
      const found = await world.aws.reader(target).describeServices(cluster, names, { priority: urgency });
      return found.ok ? ok(found.value.services) : found;
    },
    { freshMs: TOGETHER_FRESH_MS, keys: 200 },
    world.clock,
  );
}

type Naming = { readonly revisions: RevisionReads; readonly glimpses: Glimpses };

/** Sweeps of targets. Services of a first one are named as they come, so that whoever waits finds names beside them. */
function sweepsOf(world: ReadsWorld, { revisions, glimpses }: Naming): Reads['services'] {
  const at = placeOf(world);
  const name = async (target: Target, services: readonly Service[]): Promise<void> => {
    await revisions.recallSummaries(services.map(({ taskDefinitionArn }) => taskDefinitionArn));
    const unknown = services.filter(({ taskDefinitionArn }) => revisions.knownSummary(taskDefinitionArn) === null);
    await glimpses.look(target, unknown, false);
  };
  return shared(
    (key, reading) => {
      const { target } = at(JSON.stringify([key]));
      const publish = (soFar: TargetServices): void => {
        reading.publish(soFar);
        void name(target, soFar.services).catch(() => undefined);
      };
      return sweep(world.aws.reader(target), { ...reading, publish });
    },
    {
      freshMs: ({ calls }) => sweepMs(calls, world.replicas),
      showMs: MINUTE_MS,
      watchMs: 5 * MINUTE_MS,
      keys: 200,
    },
    world.clock,
  );
}

/** A sweep spends half of what we allow ourselves of a bucket, shared by all processes, and none comes more often than this. */
const SWEEP_CALLS_A_SECOND = 4.5;
const sweepMs = (calls: number, replicas: number): number =>
  Math.max(15 * SECOND_MS, (calls * replicas * SECOND_MS) / SWEEP_CALLS_A_SECOND);

type Place = { readonly target: Target; readonly rest: readonly string[] };

const placeOf =
  ({ targetOf }: ReadsWorld) =>
  (key: string): Place => {
    const [name = '', ...rest] = JSON.parse(key) as string[];
    const target = targetOf(name);
    if (target === null) throw new Error(`there is no target ${name}`);
    return { target, rest };
  };

/** ECS keeps deployments so long. */
const REMEMBERED_MS = 90 * 86_400_000;
const UNFINISHED = new Set(['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']);

/** How long a reading waits for a definition that may be quoted in it; the next one has it. */
const QUOTING_WAIT_MS = 1_000;

type Learning = (target: Target) => Learn;

/** Has definitions read as pages do; one whose body is known, but whose values are not any more, once more. */
const learningBy =
  (aws: Aws, { knownRevision, revision }: RevisionReads): Learning =>
  (target) =>
  (arn) =>
    within<unknown>(
      knownRevision(arn) === null ? revision(target, arn) : aws.reader(target).describeRevision(arn),
      QUOTING_WAIT_MS,
    );

function deploymentsOf(world: ReadsWorld, service: Reads['service'], learning: Learning): Reads['deployments'] {
  const at = placeOf(world);
  return shared(
    async (key, { urgency, before }) => {
      const { target, rest } = at(key);
      const [cluster = '', name = ''] = rest;
      const known = before?.value ?? [];
      const createdAfterMs = changingSince(known);
      const read = await world.aws.reader(target).serviceDeployments(cluster, name, {
        ...{ priority: urgency, quoting: learning(target) },
        ...(createdAfterMs !== null && { createdAfterMs }),
      });
      // One that was made anew under the same name has nothing of what was before.
      const since = Math.max(Date.now() - REMEMBERED_MS, service.peek(key)?.value?.createdAt ?? 0);
      return read.ok ? ok(onto(read.value, known, since)) : read;
    },
    {
      freshMs: 15 * SECOND_MS,
      showMs: 30 * SECOND_MS,
      keys: 500,
      weight: { of: ({ length }) => length, most: 40_000 },
    },
    world.clock,
  );
}

/** From when on deployments that are known may have changed, or new ones have come; `null` where none is known. */
function changingSince(known: readonly ServiceDeployment[]): number | null {
  const [newest] = known;
  if (newest === undefined) return null;
  const oldest = known.findLast(({ status }) => UNFINISHED.has(status)) ?? newest;
  // AWS says when by the second in some places.
  return oldest.createdAt - SECOND_MS;
}

/** What was read now, on what was known of earlier ones: they are finished and do not change. */
function onto(
  read: readonly ServiceDeployment[],
  known: readonly ServiceDeployment[],
  since: number,
): readonly ServiceDeployment[] {
  const arns = new Set(read.map(({ arn }) => arn));
  const earlier = known.filter(({ arn, createdAt }) => !arns.has(arn) && createdAt > since);
  return [...read, ...earlier].sort((a, b) => b.createdAt - a.createdAt);
}

function familiesOf(world: ReadsWorld): Pick<Reads, 'family' | 'continueFamily'> {
  const at = placeOf(world);
  const going = new Map<string, Promise<Fact<Family>>>();
  const family: Reads['family'] = shared(
    (key, { urgency, before }) => {
      const { target, rest } = at(key);
      return listFamily(world.aws.reader(target), rest[0] ?? '', { before: before?.value ?? null, urgency });
    },
    { freshMs: 15 * SECOND_MS, showMs: MINUTE_MS, keys: 300, weight: { of: sizeOf, most: 200_000 } },
    world.clock,
  );
  return {
    family,
    async continueFamily(key) {
      const so = family.peek(key)?.value ?? null;
      if (so === null) return null;
      const { target, rest } = at(key);
      const under = going.get(key) ?? continueFamily(world.aws.reader(target), rest[0] ?? '', so);
      going.set(key, under);
      const fact = await under.finally(() => going.delete(key));
      if (fact.ok) family.revise(key, fact.value);
      return fact;
    },
  };
}

function imagesOf(world: ReadsWorld): Reads['image'] {
  const at = placeOf(world);
  const together = new Map<string, ReturnType<typeof collected<Fact<RegistryImage>>>>();
  return shared(
    (key, { urgency }) => {
      const { target, rest } = at(key);
      const ask =
        together.get(target.name) ??
        collected((references, priority) => world.aws.registry(target).images(references, { priority }));
      together.set(target.name, ask);
      return ask(rest[0] ?? '', urgency);
    },
    // What is there stays for long; what is missing may be pushed again. The plan asks anew in any case.
    {
      freshMs: ({ usable }) => (usable ? 10 * MINUTE_MS : MINUTE_MS),
      showMs: 60 * MINUTE_MS,
      keys: 5_000,
    },
    world.clock,
  );
}

function healthOf(world: ReadsWorld, service: Reads['service']): Reads['health'] {
  const at = placeOf(world);
  return shared(
    async (key, { urgency }) => {
      const { target } = at(key);
      const balancers = service.peek(key)?.value?.loadBalancers ?? [];
      const groups = balancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
      if (groups.length === 0) return ok(null);
      const health = await world.aws.reader(target).targetHealth(groups, { priority: urgency });
      if (!health.ok) return health;
      return ok({
        healthy: health.value.reduce((sum, one) => sum + one.healthy, 0),
        of: health.value.reduce((sum, one) => sum + one.of, 0),
      });
    },
    { freshMs: 10 * SECOND_MS, showMs: 20 * SECOND_MS, keys: 500 },
    world.clock,
  );
}
