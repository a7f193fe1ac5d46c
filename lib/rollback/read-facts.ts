import 'server-only';
import type { Application } from '@/lib/application';
import type { AskedOnce, ReadOptions } from '@/lib/aws/calls';
import { NO_PAST, servicePast } from '@/lib/db/service-past';
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
  /** ARN of the definition that runs, as somebody saw it before: read at once, and used only if it still does. */
  readonly expected?: string;
  /** Ends what is read for checks alone; what was not answered by then is not known, and holds nothing up. */
  readonly checksUntil?: AbortSignal;
  /** Other services that run the same image: told to people, part of no decision. */
  readonly sameImage?: readonly string[];
  /** Other services that run the same family, likewise. */
  readonly sameFamily?: readonly string[];
  /** Answers shared with other services whose facts are read at the same time, for one and the same decision. */
  readonly once?: AskedOnce;
};

/** The service is not there, or could not be read: nothing can be said about it. */
export type NoService = { readonly kind: 'not-found' } | { readonly kind: 'unreadable'; readonly failure: ReadFailure };

const optionsOf = ({ once }: Pick<FactsQuestion, 'once'>): ReadOptions => ({ priority: 'rollback', once });

const NOT_ASKED: Fact<never> = fail({
  kind: 'other',
  action: 'ecs:DescribeTaskDefinition',
  words: 'no version chosen',
});

/**
 * Reads everything a rollback decision depends on, from AWS itself and from our record. Whatever does not depend on
 * another answer is asked at once: two calls one after the other where the plan says what runs, and one more where a
 * deployment has to be described first.
 *
 * Drawing a plan and pressing it both ask here; no shared or aged read goes in.
 */
export async function readFacts(
  question: FactsQuestion,
  application: Application,
): Promise<Result<RollbackFacts, NoService>> {
  const { target, wish } = question;
  const readAt = application.now();
  const options = optionsOf(question);
  const reads = beginToRead(question, application);
  const described = await reads.service;
  if (!described.ok) return fail({ kind: 'unreadable', failure: described.error });
  const service = described.value.services[0];
  if (service === undefined) return fail({ kind: 'not-found' });

  const [running, wanted, ours] = await Promise.all([
    reads.running(service.taskDefinitionArn),
    reads.wanted,
    readPast(service.arn, application),
  ]);
  const forChecks = { ...options, ...(question.checksUntil && { signal: question.checksUntil }) };
  const leaning = readWhatItLeansOn({ target, service, wish, running, wanted }, forChecks, application);
  const deployments = await reads.deployments;
  const ran = wanted.ok
    ? wantedDigests({ wish, service, deployments, past: ours.past }, wanted.value.arn)
    : new Map<string, string>();
  const runs = runningDigests(service.taskDefinitionArn, deployments, ours.past);
  const [leans, images] = await Promise.all([
    leaning,
    readImages(references({ wish, running, wanted, ran, runs }), target, forChecks, application),
  ]);
  return ok({
    readAt,
    target,
    wish,
    service,
    running,
    wanted,
    deployments,
    images,
    ...leans,
    ...ours,
    sameImage: question.sameImage ?? [],
    sameFamily: question.sameFamily ?? [],
    oldVersionDays: application.configuration.oldVersionDays,
    lastKnownGoodMinutes: application.configuration.lastKnownGoodMinutes,
  });
}

/** What is asked before anything is answered. A read that fails is a value, so none of these is left to throw. */
function beginToRead({ target, cluster, service, wish, expected, ...rest }: FactsQuestion, { aws }: Application) {
  const options = optionsOf(rest);
  const reader = aws.reader(target);
  const definition = (name: string): Promise<Fact<Revision>> => reader.describeRevision(name, options);
  const deployments = reader.serviceDeployments(cluster, service, options);
  const early = expected === undefined ? null : definition(expected);
  return {
    service: reader.describeServices(cluster, [service], options),
    deployments,
    /** The definition that runs: the one that was expected, if it is. */
    running: (arn: string) => (early !== null && arn === expected ? early : definition(arn)),
    wanted: wantedBy(wish, deployments, definition),
  };
}

async function wantedBy(
  { to, stop }: Wish,
  deployments: Promise<Fact<readonly ServiceDeployment[]>>,
  definition: (name: string) => Promise<Fact<Revision>>,
): Promise<Fact<Revision>> {
  const name = stop === null ? to : returnsTo(await deployments, stop);
  return name === null ? NOT_ASKED : definition(name);
}

/** What our record says; without an answer the plan can still be read, and not be pressed. */
async function readPast(serviceArn: string, { database, log }: Application): Promise<OurPast> {
  try {
    return { recordKnown: true, ...(await servicePast(database, serviceArn)) };
  } catch (error) {
    log('database.failed', { doing: "read a service's past", error });
    return { recordKnown: false, ...NO_PAST };
  }
}

type OurPast = Pick<RollbackFacts, 'recordKnown' | 'active' | 'marks' | 'past' | 'stops'>;

/** Revision a stopped deployment would return to, where that is certain. */
function returnsTo(deployments: Fact<readonly ServiceDeployment[]>, stop: string): string | null {
  if (!deployments.ok) return null;
  const stopped = deployments.value.find(({ arn }) => lastPart(arn) === stop);
  const back = stopped === undefined ? null : returnOf(stopped, deployments.value);
  return back?.taskDefinitionArn ? revisionName(back.taskDefinitionArn) : null;
}

type Definitions = {
  readonly wish: Wish;
  readonly running: Fact<Revision>;
  readonly wanted: Fact<Revision>;
};

type Leaners = Definitions & { readonly target: Target; readonly service: Service };

type Imaged = Definitions & {
  /** Digests the version wanted ran with, and those that run. */
  readonly ran: Digests;
  readonly runs: Digests;
};

type Leaning = Pick<RollbackFacts, 'secrets' | 'roles' | 'logGroups' | 'targetTypes' | 'firingAlarms'>;

/** Secrets, roles, log groups and target groups that the resulting definition would need. */
async function readWhatItLeansOn(
  definitions: Leaners,
  options: ReadOptions,
  application: Application,
): Promise<Leaning> {
  const { target, service, wish, running, wanted } = definitions;
  const bases = [wish.bring === 'images' ? running : wanted, wish.bring === null ? running : wanted];
  const needed = [...new Set(bases)].flatMap((fact) => (fact.ok ? [fact.value.shown] : []));
  const source = wish.bring === 'images' && running.ok ? [running.value.shown] : needed;
  const dependencies = application.aws.dependencies(target);
  const groups = service.loadBalancers.flatMap(({ targetGroupArn }) =>
    targetGroupArn === null ? [] : [targetGroupArn],
  );
  const [secrets, roles, logGroups, targetTypes, firingAlarms] = await Promise.all([
    dependencies.secrets(source, options),
    dependencies.roles(source, options),
    dependencies.logGroups(source, options),
    dependencies.targetTypes(groups, options),
    dependencies.firingAlarms(service.alarms.enabled ? service.alarms.names : [], options),
  ]);
  return { secrets, roles, logGroups, targetTypes, firingAlarms };
}

/**
 * Image references worth asking the registry about, as written and fixed to the digest that ran: those of the version
 * wanted, and those of containers that only the running version has, which stay unless everything is brought back.
 */
function references({ wish, running, wanted, ran, runs }: Imaged): ReadonlySet<string> {
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

const readImages = (
  wanted: ReadonlySet<string>,
  target: Target,
  options: ReadOptions,
  { aws }: Application,
): Promise<ReadonlyMap<string, Fact<RegistryImage>>> => aws.registry(target).images([...wanted], options);
