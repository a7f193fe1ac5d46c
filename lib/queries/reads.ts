import 'server-only';
import { LRUCache } from 'lru-cache';
import type { Aws } from '@/lib/aws/clients';
import { type Probe, probePermissions } from '@/lib/aws/permission-probe';
import type { Fact, ReadFailure, RegistryImage } from '@/lib/domain/facts';
import type { Service, ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import type { Revision } from '@/lib/domain/task-definition';
import { fail, ok } from '@/lib/result';
import { type Shared, shared } from './shared';

/** A revision as it may be kept: masked, without the sealed original, and without what changes. */
export type ShownRevision = Omit<Revision, 'original'>;

/** Services of a target, and what of it could not be read. */
export type TargetServices = {
  readonly services: readonly Service[];
  readonly clusters: readonly string[];
  readonly failures: readonly { readonly cluster: string; readonly failure: ReadFailure }[];
};

/** ARNs of a family's revisions by status, newest first; `more` where a status has more than were listed. */
export type Family = {
  readonly byStatus: Readonly<Record<Status, readonly string[]>>;
  readonly more: boolean;
};

const STATUSES = ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'] as const;
type Status = (typeof STATUSES)[number];

/** Reads shared between viewers. Keys name resources; permission is asked outside. */
export type Reads = {
  /** Every service of a target. */
  readonly services: Shared<TargetServices>;
  /** One service, read more often; key of {@link serviceKey}. `null` where it is not there. */
  readonly service: Shared<Service | null>;
  /** Deployments of the last 90 days; key of {@link serviceKey}. */
  readonly deployments: Shared<readonly ServiceDeployment[]>;
  /** Revision lists; key of {@link familyKey}. */
  readonly family: Shared<Family>;
  /** What a registry says of a reference; key of {@link imageKey}. */
  readonly image: Shared<RegistryImage>;
  /** Healthy targets behind a service's load balancers; key of {@link serviceKey}. */
  readonly health: Shared<{ readonly healthy: number; readonly of: number } | null>;
  /** What trying every permission of a target showed. */
  readonly permissions: Shared<readonly Probe[]>;
  /** A revision's body, read once: it never changes. Status and tags are those of that reading. */
  revision(target: Target, arn: string): Promise<Fact<ShownRevision>>;
  /** A revision that was read before, without asking AWS. */
  knownRevision(arn: string): ShownRevision | null;
};

export const serviceKey = (target: string, cluster: string, service: string): string =>
  JSON.stringify([target, cluster, service]);
export const familyKey = (target: string, family: string): string => JSON.stringify([target, family]);
export const imageKey = (target: string, reference: string): string => JSON.stringify([target, reference]);

const PAGE = { priority: 'page' } as const;
const BYTES_OF_REVISIONS = 64 * 1024 * 1024;
/** How many revisions of one status are listed: the first hundred is one call. */
const LISTED = 100;

/** The shared reads of a process. */
export function createReads(aws: Aws, targetOf: (name: string) => Target | null): Reads {
  const at = (key: string): { readonly target: Target; readonly rest: readonly string[] } => {
    const [name = '', ...rest] = JSON.parse(key) as string[];
    const target = targetOf(name);
    if (target === null) throw new Error(`there is no target ${name}`);
    return { target, rest };
  };
  const service: Reads['service'] = shared(
    async (key) => {
      const {
        target,
        rest: [cluster = '', name = ''],
      } = at(key);
      const found = await aws.reader(target).describeServices(cluster, [name], PAGE);
      if (!found.ok && found.error.kind === 'gone') return ok(null);
      return found.ok ? ok(found.value.services[0] ?? null) : found;
    },
    { freshMs: 10_000, keys: 2_000 },
  );
  return {
    services: shared((name) => sweep(aws, at(JSON.stringify([name])).target), { freshMs: 15_000, keys: 200 }),
    service,
    deployments: shared(
      (key) => {
        const {
          target,
          rest: [cluster = '', name = ''],
        } = at(key);
        return aws.reader(target).serviceDeployments(cluster, name, PAGE);
      },
      { freshMs: 15_000, keys: 2_000 },
    ),
    family: shared(
      (key) => {
        const {
          target,
          rest: [family = ''],
        } = at(key);
        return listFamily(aws, target, family);
      },
      { freshMs: 15_000, keys: 500 },
    ),
    image: shared(
      (key) => {
        const {
          target,
          rest: [reference = ''],
        } = at(key);
        return aws.registry(target).image(reference, PAGE);
      },
      { freshMs: 60_000, keys: 5_000 },
    ),
    health: shared(
      async (key) => {
        const { target } = at(key);
        const balancers = service.peek(key)?.value?.loadBalancers ?? [];
        const groups = balancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
        if (groups.length === 0) return ok(null);
        const health = await aws.reader(target).targetHealth(groups, PAGE);
        if (!health.ok) return health;
        return ok({
          healthy: health.value.reduce((sum, one) => sum + one.healthy, 0),
          of: health.value.reduce((sum, one) => sum + one.of, 0),
        });
      },
      { freshMs: 10_000, keys: 2_000 },
    ),
    permissions: shared(async (name) => ok(await probePermissions(at(JSON.stringify([name])).target, aws)), {
      freshMs: 60_000,
      keys: 200,
    }),
    ...revisionReads(aws),
  };
}

function revisionReads(aws: Aws): Pick<Reads, 'revision' | 'knownRevision'> {
  const bodies = new LRUCache<string, ShownRevision>({
    maxSize: BYTES_OF_REVISIONS,
    sizeCalculation: ({ shown }) => JSON.stringify(shown).length * 2 + 1_000,
  });
  const reading = new Map<string, Promise<Fact<ShownRevision>>>();
  return {
    knownRevision: (arn) => bodies.get(arn) ?? null,
    async revision(target, arn) {
      const known = bodies.get(arn);
      if (known !== undefined) return ok(known);
      const underWay = reading.get(arn);
      if (underWay !== undefined) return underWay;
      const read = aws
        .reader(target)
        .describeRevision(arn, PAGE)
        .then((fact) => {
          if (!fact.ok) return fact;
          const { original: _sealed, ...shown } = fact.value;
          bodies.set(shown.arn, shown);
          return ok(shown);
        })
        .finally(() => reading.delete(arn));
      reading.set(arn, read);
      return read;
    },
  };
}

/** All services of a target, cluster by cluster; one that cannot be read does not hide the others. */
async function sweep(aws: Aws, target: Target): Promise<Fact<TargetServices>> {
  const reader = aws.reader(target);
  const clusters = await reader.listClusters(PAGE);
  if (!clusters.ok) return clusters;
  const read = await Promise.all(
    clusters.value.map(async (cluster) => {
      const arns = await reader.listServices(cluster, PAGE);
      if (!arns.ok) return { cluster, fact: arns };
      const described = await reader.describeServices(cluster, arns.value, PAGE);
      return { cluster, fact: described.ok ? ok(described.value.services) : described };
    }),
  );
  const failures = read.flatMap(({ cluster, fact }) => (fact.ok ? [] : [{ cluster, failure: fact.error }]));
  const [first] = failures;
  if (first !== undefined && failures.length === read.length) return fail(first.failure);
  return ok({ services: read.flatMap(({ fact }) => (fact.ok ? fact.value : [])), clusters: clusters.value, failures });
}

async function listFamily(aws: Aws, target: Target, family: string): Promise<Fact<Family>> {
  const reader = aws.reader(target);
  const lists = await Promise.all(STATUSES.map((status) => listStatus(reader, family, status)));
  const byStatus: Record<Status, readonly string[]> = { ACTIVE: [], INACTIVE: [], DELETE_IN_PROGRESS: [] };
  let more = false;
  for (const [index, list] of lists.entries()) {
    if (!list.ok) return list;
    byStatus[STATUSES[index] ?? 'ACTIVE'] = list.value.arns;
    more ||= list.value.more;
  }
  return ok({ byStatus, more });
}

/** Newest revisions of a status; a short or empty page with a token is followed. */
async function listStatus(
  reader: ReturnType<Aws['reader']>,
  family: string,
  status: Status,
): Promise<Fact<{ arns: readonly string[]; more: boolean }>> {
  const arns: string[] = [];
  let token: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof reader.listRevisions>> = await reader.listRevisions(
      { family, status, limit: LISTED, token },
      PAGE,
    );
    if (!page.ok) return page;
    arns.push(...page.value.arns);
    token = page.value.nextToken;
    if (token === null || arns.length >= LISTED) return ok({ arns, more: token !== null });
  }
}
