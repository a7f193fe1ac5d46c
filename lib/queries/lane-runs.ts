import 'server-only';
import { revisionName } from '@/lib/domain/arn';
import type { History, Run, RunOutcome } from '@/lib/domain/history';
import { type RanVersion, versionsRan } from '@/lib/domain/ran-versions';
import { within } from '@/lib/within';
import { nameRevision, type ServiceContext } from './service-context';

/** What ran when, for lanes and their table. `endedAt` is null while it runs. */
export type LaneRun = {
  /** What all runs of one version share: a revision with the images it ran with. */
  readonly version: string;
  readonly revision: string;
  readonly tag: string | null;
  /** What tells it from other versions of the revision, `app sha256:ab12cd34`; `null` where nothing has to. */
  readonly image: string | null;
  readonly startedAt: number;
  readonly rolloutUntil: number | null;
  readonly endedAt: number | null;
  readonly outcome: RunOutcome;
  readonly ms: number;
};

/** Runs that lanes show at most, and revisions whose names are looked up for them. */
const RUNS = 60;
const LANES = 8;

/** The newest runs of a service, each with the version it counts for. */
export async function laneRuns(context: ServiceContext, history: History): Promise<readonly LaneRun[]> {
  const { application, target, left } = context;
  const runs = history.runs.filter(({ atLeast }) => !atLeast).slice(0, RUNS);
  const arns = [...new Set(runs.map(({ arn }) => arn))];
  await within(application.reads.summaries(target, arns.slice(0, LANES)), left());
  const versions = new Map<Run, RanVersion>(
    arns.flatMap((arn) => versionsRan(history, arn).flatMap((version) => version.runs.map((run) => [run, version]))),
  );
  return runs.map((run) => {
    const version = versions.get(run) ?? null;
    const revision = application.reads.knownSummary(run.arn);
    return {
      version: laneOf(revisionName(run.arn), version),
      revision: revisionName(run.arn),
      tag: revision === null ? null : nameRevision(context, revision, version).tag,
      image: version?.apart?.image ?? null,
      startedAt: run.startedAt,
      rolloutUntil: run.steadyAt,
      endedAt: run.endedAt,
      outcome: run.outcome,
      ms: run.ms,
    };
  });
}

/** The lane a version has: one for each revision, or for each of a revision's versions. */
export const laneOf = (revision: string, version: Pick<RanVersion, 'apart'> | null): string =>
  [revision, ...(version?.apart == null ? [] : [version.apart.ran])].join(' ');
