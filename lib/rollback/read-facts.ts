import 'server-only';
import type { Application } from '@/lib/application';
import { servicePast } from '@/lib/db/service-past';
import { lastPart, revisionName } from '@/lib/domain/arn';
import type { Fact, ReadFailure, RegistryImage, RollbackFacts, Wish } from '@/lib/domain/facts';
import { runningDigests } from '@/lib/domain/history';
import { parseImage, pinned } from '@/lib/domain/image';
import { returnOf } from '@/lib/domain/plan';
import type { Digests, Service, ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import type { Revision, ShownContainer } from '@/lib/domain/task-definition';
import { wantedDigests } from '@/lib/domain/undo';
import { fail, ok, type Result } from '@/lib/result';

/** Which service is asked about, and what is wished for it. */
export type FactsQuestion = {
  readonly target: Target;
  readonly cluster: string;
  readonly service: string;
  readonly wish: Wish;
  /** Other services that run the same image: told to people, part of no decision. */
  readonly sameImage?: readonly string[];
};

/** The service is not there, or could not be read: nothing can be said about it. */
export type NoService = { readonly kind: 'not-found' } | { readonly kind: 'unreadable'; readonly failure: ReadFailure };

const PRIORITY = { priority: 'rollback' } as const;
const NOT_ASKED: Fact<never> = fail({
  kind: 'other',
  action: 'ecs:DescribeTaskDefinition',
  words: 'no version chosen',
});

/**
 * Reads everything a rollback decision depends on, from AWS itself and from our record, in as few round trips one after
 * the other as the questions allow: the service and its history, the definitions, then what they lean on.
 *
 * Drawing a plan and pressing it both ask here; no shared or aged read goes in.
 */
export async function readFacts(
  question: FactsQuestion,
  application: Application,
): Promise<Result<RollbackFacts, NoService>> {
  const { target, cluster, wish } = question;
  const reader = application.aws.reader(target);
  const readAt = application.now();
  const [described, deployments] = await Promise.all([
    reader.describeServices(cluster, [question.service], PRIORITY),
    reader.serviceDeployments(cluster, question.service, PRIORITY),
  ]);
  if (!described.ok) return fail({ kind: 'unreadable', failure: described.error });
  const service = described.value.services[0];
  if (service === undefined) return fail({ kind: 'not-found' });

  const wantedName = wish.stop === null ? wish.to : returnsTo(deployments, wish.stop);
  const [running, wanted, ours] = await Promise.all([
    reader.describeRevision(service.taskDefinitionArn, PRIORITY),
    wantedName === null ? NOT_ASKED : reader.describeRevision(wantedName, PRIORITY),
    readPast(service.arn, application),
  ]);
  const ran = wanted.ok
    ? wantedDigests({ wish, service, deployments, past: ours.past }, wanted.value.arn)
    : new Map<string, string>();
  const runs = runningDigests(service.taskDefinitionArn, deployments, ours.past);
  const leans = await readWhatItLeansOn({ target, service, wish, running, wanted, ran, runs }, application);
  return ok({
    readAt,
    target,
    wish,
    service,
    running,
    wanted,
    deployments,
    ...leans,
    ...ours,
    sameImage: question.sameImage ?? [],
    oldVersionDays: application.configuration.oldVersionDays,
    lastKnownGoodMinutes: application.configuration.lastKnownGoodMinutes,
  });
}

/** What our record says; without an answer the plan can still be read, and not be pressed. */
async function readPast(serviceArn: string, { database, log }: Application): Promise<OurPast> {
  try {
    return { recordKnown: true, ...(await servicePast(database, serviceArn)) };
  } catch (error) {
    log('database.failed', { doing: "read a service's past", error });
    return { recordKnown: false, active: null, marks: [], past: [] };
  }
}

type OurPast = Pick<RollbackFacts, 'recordKnown' | 'active' | 'marks' | 'past'>;

/** Revision a stopped deployment would return to, where that is certain. */
function returnsTo(deployments: Fact<readonly ServiceDeployment[]>, stop: string): string | null {
  if (!deployments.ok) return null;
  const stopped = deployments.value.find(({ arn }) => lastPart(arn) === stop);
  const back = stopped === undefined ? null : returnOf(stopped, deployments.value);
  return back?.taskDefinitionArn ? revisionName(back.taskDefinitionArn) : null;
}

type Definitions = {
  readonly target: Target;
  readonly service: Service;
  readonly wish: Wish;
  readonly running: Fact<Revision>;
  readonly wanted: Fact<Revision>;
  /** Digests the version wanted ran with, and those that run. */
  readonly ran: Digests;
  readonly runs: Digests;
};

type Leaning = Pick<RollbackFacts, 'images' | 'secrets' | 'roles' | 'logGroups' | 'targetTypes' | 'firingAlarms'>;

/** Images, secrets, roles, log groups and target groups that the resulting definition would need. */
async function readWhatItLeansOn(definitions: Definitions, application: Application): Promise<Leaning> {
  const { target, service, wish, running, wanted } = definitions;
  const bases = [wish.bring === 'images' ? running : wanted, wish.bring === null ? running : wanted];
  const needed = [...new Set(bases)].flatMap((fact) => (fact.ok ? [fact.value.shown] : []));
  const source = wish.bring === 'images' && running.ok ? [running.value.shown] : needed;
  const dependencies = application.aws.dependencies(target);
  const groups = service.loadBalancers.flatMap(({ targetGroupArn }) =>
    targetGroupArn === null ? [] : [targetGroupArn],
  );
  const [images, secrets, roles, logGroups, targetTypes, firingAlarms] = await Promise.all([
    readImages(references(definitions), target, application),
    dependencies.secrets(source, PRIORITY),
    dependencies.roles(source, PRIORITY),
    dependencies.logGroups(source, PRIORITY),
    dependencies.targetTypes(groups, PRIORITY),
    dependencies.firingAlarms(service.alarms.enabled ? service.alarms.names : [], PRIORITY),
  ]);
  return { images, secrets, roles, logGroups, targetTypes, firingAlarms };
}

/**
 * Image references worth asking the registry about, as written and fixed to the digest that ran: those of the version
 * wanted, and those of containers that only the running version has, which stay unless everything is brought back.
 */
function references({ wish, running, wanted, ran, runs }: Definitions): ReadonlySet<string> {
  const back = wanted.ok ? containersOf(wanted.value) : [];
  const stays = running.ok && wish.bring !== 'everything' && wish.stop === null ? containersOf(running.value) : [];
  const kept = stays.filter(({ name }) => !back.some((container) => container.name === name));
  return new Set([...asWrittenAndFixed(back, ran), ...asWrittenAndFixed(kept, runs)]);
}

const containersOf = ({ shown }: Revision): readonly ShownContainer[] => shown.containerDefinitions ?? [];

const asWrittenAndFixed = (containers: readonly ShownContainer[], digests: Digests): readonly string[] =>
  containers.flatMap(({ name, image }) => {
    if (image === undefined) return [];
    const digest = digests.get(name ?? '');
    return digest === undefined ? [image] : [image, pinned(parseImage(image), digest)];
  });

async function readImages(
  wanted: ReadonlySet<string>,
  target: Target,
  application: Application,
): Promise<ReadonlyMap<string, Fact<RegistryImage>>> {
  const registry = application.aws.registry(target);
  const read = [...wanted].map(async (reference) => [reference, await registry.image(reference, PRIORITY)] as const);
  return new Map(await Promise.all(read));
}
