import 'server-only';
import type { Application } from '@/lib/application';
import type { Priority } from '@/lib/aws/urgency';
import { NO_PAST, type ServicePast, servicePast } from '@/lib/db/service-past';
import type { Fact } from '@/lib/domain/facts';
import { countsAs, type History, historyFrom, type Run, runningDigests } from '@/lib/domain/history';
import { parseImage, pinned } from '@/lib/domain/image';
import {
  candidates,
  type Good,
  type GoodQuestion,
  type ImageState,
  isRunning,
  lastKnownGood,
} from '@/lib/domain/last-known-good';
import type { PastRollback } from '@/lib/domain/past-rollback';
import { type RanVersion, versionsRan } from '@/lib/domain/ran-versions';
import type { Service, ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { fail, ok } from '@/lib/result';
import { imageKey, serviceKey } from './reads';

/** The version a service could return to, and the one that ran before, as far as ECS and our record tell. */
export type GoodVersion = {
  readonly history: Fact<History>;
  readonly deployments: Fact<readonly ServiceDeployment[]>;
  readonly good: { readonly version: RanVersion; readonly run: Run; readonly why: string } | null;
  /** The latest other version that ran. */
  readonly before: Run | null;
  readonly past: readonly PastRollback[];
  readonly stops: ServicePast['stops'];
  readonly marks: ServicePast['marks'];
  readonly active: ServicePast['active'];
  /** Whether our record could be read; where not, nobody knows what was rolled back from. */
  readonly recordKnown: boolean;
};

/** What our record says of a service, and whether it could be read. */
export type OwnPast = ServicePast & Pick<GoodVersion, 'recordKnown'>;

export const UNKNOWN_PAST: OwnPast = { ...NO_PAST, recordKnown: false };
/** Of the versions that may be suggested only so many are looked up in the registry; no other is. */
const LOOKED_UP = 5;

type World = Pick<Application, 'reads' | 'database' | 'configuration' | 'now'>;

/** Finds the last known good version by shared reads: a suggestion, which the plan checks again. */
export async function goodVersion(
  { target, service, waitMs }: { readonly target: Target; readonly service: Service; readonly waitMs: number },
  application: World,
): Promise<GoodVersion> {
  const [seen, own] = await Promise.all([
    application.reads.deployments.get(serviceKey(target.name, service.clusterName, service.name), waitMs),
    servicePast(application.database, service.arn).then(
      (past) => ({ ...past, recordKnown: true }),
      () => UNKNOWN_PAST,
    ),
  ]);
  const deployments: Fact<readonly ServiceDeployment[]> = seen?.value
    ? ok(seen.value)
    : fail(
        seen?.failure ?? { kind: 'no-answer', action: 'ecs:ListServiceDeployments', words: 'AWS has not answered yet' },
      );
  return judged({ target, service, deployments, own, waitMs, priority: 'page' }, application);
}

/** What is known of a service's past, and for whom the registry is asked. */
export type PastQuestion = {
  readonly target: Target;
  readonly service: Service;
  readonly deployments: Fact<readonly ServiceDeployment[]>;
  readonly own: OwnPast;
  readonly waitMs: number;
  readonly priority: Priority;
};

/** Which version could be returned to, from deployments and a record that were read already. */
export async function judged(question: PastQuestion, application: World): Promise<GoodVersion> {
  const { service, deployments, own } = question;
  const { past, stops } = own;
  const at = application.now();
  const told = historyFrom({ deployments, past, stops, running: service.taskDefinitionArn, at });
  // Which version ran last is not known without ECS; our record alone would be a guess.
  if (!deployments.ok || !told.ok) return { history: told, deployments, good: null, before: null, ...own };
  const history = told.value;
  const running = runningArns(service, own.past);
  const imageStates = new Map<Run, ImageState>();
  const asked: GoodQuestion = {
    history,
    running,
    runningDigests: runningDigests(service.taskDefinitionArn, deployments, own.past),
    marks: own.marks,
    imagesOf: (run) => imageStates.get(run) ?? 'not-checked',
    minimumMinutes: application.configuration.lastKnownGoodMinutes,
  };
  for (const run of candidates(asked).slice(0, LOOKED_UP)) {
    const state = await imagesOf(run, question, application);
    imageStates.set(run, state);
    if (state !== 'gone') break;
  }
  const found = lastKnownGood(asked);
  const good = found !== null && imageStates.has(found.run) ? found : null;
  const before =
    history.runs.find((run) => run.outcome === 'successful' && run.ms > 0 && !run.atLeast && !isRunning(asked, run)) ??
    null;
  return {
    history: ok(history),
    deployments,
    good: good === null ? null : goodOf(history, good),
    before,
    ...own,
  };
}

function goodOf(history: History, { run, why }: Good): GoodVersion['good'] {
  const version = versionsRan(history, run.arn).find(({ runs }) => runs.includes(run));
  return version === undefined ? null : { version, run, why };
}

/** The running revision and, for a copy, what it is a copy of. */
export const runningArns = ({ taskDefinitionArn }: Service, past: readonly PastRollback[]): ReadonlySet<string> =>
  new Set([taskDefinitionArn, countsAs(past)(taskDefinitionArn)]);

async function imagesOf(run: Run, { target, waitMs, priority }: PastQuestion, { reads }: World): Promise<ImageState> {
  const revision = (await reads.summaries(target, [run.arn], { priority })).get(run.arn);
  if (!revision?.ok) return revision?.error.kind === 'gone' ? 'gone' : 'not-checked';
  const references = revision.value.shown.containerDefinitions.map(({ name = '', image = '' }) => {
    const digest = run.digests.get(name);
    return digest === undefined ? image : pinned(parseImage(image), digest);
  });
  const seen = await Promise.all(
    references.map((reference) => reads.image.get(imageKey(target.name, reference), waitMs, priority)),
  );
  if (seen.some((answer) => answer?.value && !answer.value.usable)) return 'gone';
  return seen.every((answer) => answer?.value?.usable) ? 'exist' : 'not-checked';
}
