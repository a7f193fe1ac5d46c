import 'server-only';
import type { Application } from '@/lib/application';
import { type ServicePast, servicePast } from '@/lib/db/service-past';
import { revisionName } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import { countsAs, type History, historyOf, type Run, runningDigests } from '@/lib/domain/history';
import { parseImage, pinned } from '@/lib/domain/image';
import { candidates, type GoodQuestion, type ImageState, lastKnownGood } from '@/lib/domain/last-known-good';
import type { PastRollback } from '@/lib/domain/past-rollback';
import type { Service, ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { fail, ok } from '@/lib/result';
import { imageKey, serviceKey } from './reads';

/** The version a service could return to, and the one that ran before, as far as ECS and our record tell. */
export type GoodVersion = {
  readonly history: Fact<History>;
  readonly deployments: Fact<readonly ServiceDeployment[]>;
  readonly good: { readonly run: Run; readonly revision: string; readonly why: string } | null;
  /** The latest other version that ran. */
  readonly before: Run | null;
  readonly past: readonly PastRollback[];
  readonly marks: ServicePast['marks'];
  readonly active: ServicePast['active'];
  /** Whether our record could be read; where not, nobody knows what was rolled back from. */
  readonly recordKnown: boolean;
};

const NOTHING = { active: null, marks: [], past: [], recordKnown: false } as const;
/** Of the versions that may be suggested only so many are looked up in the registry. */
const LOOKED_UP = 3;

/** Finds the last known good version by shared reads: a suggestion, which the plan checks again. */
export async function goodVersion(
  { target, service, waitMs }: { readonly target: Target; readonly service: Service; readonly waitMs: number },
  application: Application,
): Promise<GoodVersion> {
  const [seen, own] = await Promise.all([
    application.reads.deployments.get(serviceKey(target.name, service.clusterName, service.name), waitMs),
    servicePast(application.database, service.arn).then(
      (past) => ({ ...past, recordKnown: true }),
      () => NOTHING,
    ),
  ]);
  const deployments: Fact<readonly ServiceDeployment[]> = seen?.value
    ? ok(seen.value)
    : fail(
        seen?.failure ?? { kind: 'no-answer', action: 'ecs:ListServiceDeployments', words: 'AWS has not answered yet' },
      );
  if (!deployments.ok) return { history: deployments, deployments, good: null, before: null, ...own };
  const history = historyOf({ deployments: deployments.value, past: own.past, at: application.now() });
  const running = runningArns(service, own.past);
  const imageStates = new Map<Run, ImageState>();
  const question: GoodQuestion = {
    history,
    running,
    runningDigests: runningDigests(service.taskDefinitionArn, deployments, own.past),
    marks: own.marks,
    imagesOf: (run) => imageStates.get(run) ?? 'not-checked',
    minimumMinutes: application.configuration.lastKnownGoodMinutes,
  };
  for (const run of candidates(question).slice(0, LOOKED_UP)) {
    const state = await imagesOf(run, target, waitMs, application);
    imageStates.set(run, state);
    if (state !== 'gone') break;
  }
  const good = lastKnownGood(question);
  const before =
    history.runs.find(
      (run) => run.outcome === 'successful' && run.ms > 0 && !running.has(run.ranAs) && !running.has(run.arn),
    ) ?? null;
  return {
    history: ok(history),
    deployments,
    good: good === null ? null : { ...good, revision: revisionName(good.run.arn) },
    before,
    ...own,
  };
}

/** The running revision and, for a copy, what it is a copy of. */
export const runningArns = ({ taskDefinitionArn }: Service, past: readonly PastRollback[]): ReadonlySet<string> =>
  new Set([taskDefinitionArn, countsAs(past)(taskDefinitionArn)]);

async function imagesOf(run: Run, target: Target, waitMs: number, { reads }: Application): Promise<ImageState> {
  const revision = await reads.revision(target, run.arn);
  if (!revision.ok) return revision.error.kind === 'gone' ? 'gone' : 'not-checked';
  const references = (revision.value.shown.containerDefinitions ?? []).map(({ name = '', image = '' }) => {
    const digest = run.digests.get(name);
    return digest === undefined ? image : pinned(parseImage(image), digest);
  });
  const seen = await Promise.all(
    references.map((reference) => reads.image.get(imageKey(target.name, reference), waitMs)),
  );
  if (seen.some((answer) => answer?.value && !answer.value.usable)) return 'gone';
  return seen.every((answer) => answer?.value?.usable) ? 'exist' : 'not-checked';
}
