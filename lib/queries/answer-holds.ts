import 'server-only';
import type { Application } from '@/lib/application';
import { aboutRepository, aboutService, countQuestion, keepQuestion } from '@/lib/db/hold-questions';
import { openHolds, openHoldsOn } from '@/lib/db/holds';
import { isClusterName, isServiceName } from '@/lib/domain/arn';
import { type HeldPlace, type Hold, holds, repositoryOf } from '@/lib/domain/hold';
import type { Target } from '@/lib/domain/target';
import { fail, ok, type Result } from '@/lib/result';
import { routes } from '@/lib/routes';
import { within } from '@/lib/within';
import { PATIENCE_MS } from './find-service';
import { repositoryOn } from './holds';
import { serviceKey } from './reads';

/** A pipeline, by the name its token has for a target. */
type Asking = { readonly name: string; readonly target: string };

/** What a pipeline asks; anything may be missing or twice. */
export type HoldsQuestion = {
  readonly asking: readonly Asking[];
  readonly parameters: URLSearchParams;
};

/** An answer for programs: its status, its JSON and, where asked too often, in how many seconds to ask again. */
export type HoldsAnswer = { readonly status: number; readonly body: object; readonly againInSeconds?: number };

/** Questions one token may ask within a minute. */
const PER_MINUTE = 60;

const refusal = (status: number, error: string, message: string): HoldsAnswer => ({ status, body: { error, message } });

/**
 * Answers whether deployments are on hold. What AWS says decides no hold: while it is silent, services are taken for what
 * they were when it last spoke.
 */
export async function answerHolds(question: HoldsQuestion, application: Application): Promise<HoldsAnswer> {
  const asked = readQuestion(question, application);
  try {
    const tooOften = await countedAsked(question, application);
    if (tooOften !== null) return tooOften;
    return asked.ok ? await answer(asked.value, application) : asked.error;
  } catch (error) {
    application.log('database.failed', { doing: 'answer for holds', error });
    return asked.ok ? refusal(503, 'unreadable', 'Holds cannot be read just now.') : asked.error;
  }
}

/** Counts a question of a token, right or wrong and whichever of its targets it is about. */
async function countedAsked(
  { asking: [token] }: HoldsQuestion,
  { database }: Application,
): Promise<HoldsAnswer | null> {
  if (token === undefined) return null;
  const { asked, againInSeconds } = await countQuestion(database, { target: token.target, pipeline: token.name });
  if (asked <= PER_MINUTE) return null;
  const words = `More than ${PER_MINUTE} questions in a minute. Ask again in ${againInSeconds} s.`;
  return { ...refusal(429, 'too-many-requests', words), againInSeconds };
}

type Asked = { readonly target: Target; readonly pipeline: string; readonly about: About };
type About =
  | { readonly kind: 'service'; readonly cluster: string; readonly service: string }
  | { readonly kind: 'repository'; readonly repository: string };

const KNOWN = ['target', 'cluster', 'service', 'image'];
const IMAGE = /^[\w.:@/-]{1,300}$/;

function readQuestion({ asking, parameters }: HoldsQuestion, application: Application): Result<Asked, HoldsAnswer> {
  const names = [...parameters.keys()];
  const wrong = names.find((name, index) => !KNOWN.includes(name) || names.indexOf(name) !== index);
  const bad = (message: string) => fail(refusal(400, 'bad-parameters', message));
  if (wrong !== undefined) return bad(`Ask with target and cluster and service, or with target and image, each once.`);
  const name = parameters.get('target') ?? '';
  if (name === '') return bad('Say which target is meant: target=production.');
  const about = aboutIn(parameters);
  if (about === null) return bad('Say what is to be deployed: cluster=notify&service=api, or image=notifications-api.');
  const target = application.target(name);
  if (target === null) return fail(refusal(404, 'unknown-target', 'There is no target of that name here.'));
  const pipeline = asking.find((one) => one.target === name);
  if (pipeline === undefined) return fail(refusal(403, 'wrong-target', 'This token is for another target.'));
  return ok({ target, pipeline: pipeline.name, about });
}

function aboutIn(parameters: URLSearchParams): About | null {
  const [cluster, service, image] = ['cluster', 'service', 'image'].map((name) => parameters.get(name));
  if (image != null) {
    const alone = cluster == null && service == null && IMAGE.test(image);
    return alone ? { kind: 'repository', repository: repositoryOf(image) } : null;
  }
  if (cluster == null || service == null || !isClusterName(cluster) || !isServiceName(service)) return null;
  return { kind: 'service', cluster, service };
}

async function answer({ target, pipeline, about }: Asked, application: Application): Promise<HoldsAnswer> {
  const { database } = application;
  if (about.kind === 'repository') {
    await keepQuestion(database, { target: target.name, about: aboutRepository(about.repository), pipeline });
    const [open, meant] = await Promise.all([
      openHolds(database, target.name),
      openHoldsOn(database, target.name, about.repository),
    ]);
    return decided(
      target,
      open.filter(({ id }) => meant.has(id)),
      application,
    );
  }
  const place = await placeIn(target, about, application);
  if (place === null) {
    return refusal(
      404,
      'unknown-service',
      `There is no service ${about.service} in cluster ${about.cluster} of ${target.name}.`,
    );
  }
  await keepQuestion(database, { target: target.name, about: aboutService(about.cluster, about.service), pipeline });
  const open = await openHolds(database, target.name);
  const meant = open.filter((hold) => holds(hold, place));
  // Silence of AWS must not pass for leave: some images are on hold, and nobody knows which ones this service runs.
  if (meant.length === 0 && place.repository === null && open.some(({ scope }) => scope.kind === 'repository')) {
    return refusal(
      503,
      'unreadable',
      `What ${about.service} runs cannot be read just now, and some images are on hold.`,
    );
  }
  return decided(target, meant, application);
}

/** The service asked about; `null` where AWS says that there is none. */
async function placeIn(
  target: Target,
  { cluster, service: name }: Extract<About, { kind: 'service' }>,
  application: Application,
): Promise<HeldPlace | null> {
  const { reads } = application;
  const shown = target.clusters === null || target.clusters.includes(cluster);
  const seen = shown ? await reads.service.get(serviceKey(target.name, cluster, name), PATIENCE_MS) : null;
  if (!shown || (seen !== null && seen.value === null && seen.failure === null)) return null;
  const swept = reads.services.peek(target.name)?.value?.services;
  const service = seen?.value ?? swept?.find((one) => one.name === name && one.clusterName === cluster) ?? null;
  if (service?.status === 'INACTIVE') return null;
  if (service !== null && reads.knownSummary(service.taskDefinitionArn) === null) {
    await within(reads.summaries(target, [service.taskDefinitionArn]), PATIENCE_MS);
  }
  const repository = service === null ? null : repositoryOn(target, service, application);
  return { target: target.name, cluster, service: name, repository };
}

function decided(target: Target, open: readonly Hold[], { environment, now }: Application): HoldsAnswer {
  return {
    status: 200,
    body: {
      decision: open.length > 0 ? 'hold' : 'proceed',
      checkedAt: instant(now()),
      target: target.name,
      holds: open.map((hold) => ({
        id: hold.id,
        scope:
          hold.scope.kind === 'service'
            ? { cluster: hold.scope.cluster, service: hold.scope.service }
            : { image: hold.scope.repository },
        reason: hold.reason,
        by: hold.by,
        since: instant(hold.since),
        until: instant(hold.until),
        rolledBack: hold.rolledBack,
        url: `${environment.baseUrl}${pathOf(hold)}`,
      })),
    },
  };
}

/** A moment as programs read it, to the second. */
const instant = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

function pathOf({ rollbackId, groupRollbackId, scope, target }: Hold): string {
  if (rollbackId !== null) return routes.rollback(rollbackId);
  if (groupRollbackId !== null) return routes.groupRollback(groupRollbackId);
  return scope.kind === 'service'
    ? routes.service({ target, cluster: scope.cluster, service: scope.service })
    : routes.services({ target, show: 'all', q: scope.repository });
}
