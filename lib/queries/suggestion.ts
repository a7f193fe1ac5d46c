import 'server-only';
import { diff } from '@/lib/domain/diff';
import { thingsDiffer } from '@/lib/domain/difference-words';
import { isForward } from '@/lib/domain/direction';
import type { Fact } from '@/lib/domain/facts';
import { normalise } from '@/lib/domain/normalise';
import { ranHere } from '@/lib/domain/ran-versions';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import type { Target } from '@/lib/domain/target';
import { formatDuration, formatTime } from '@/lib/domain/time-words';
import type { Version } from '@/lib/domain/version';
import { fail, ok } from '@/lib/result';
import { within } from '@/lib/within';
import { NOT_YET } from './find-service';
import { laneOf } from './lane-runs';
import type { Part } from './list-services';
import type { Reads } from './reads';
import { nameRevision, runningVersion, type ServiceContext } from './service-context';

/** The last known good version as a service's page shows it; `null` where none has earned it. */
export type Suggestion = {
  readonly version: Version;
  /** `ran here 6 d 3 h, until 02:37 UTC`. */
  readonly ran: string;
  readonly until: number | null;
  readonly why: string;
  /** Whether it is newer than what runs. */
  readonly forward: boolean;
  /** `ran` of the plan's address, where the same revision also ran with other images. */
  readonly serviceRevision: string | null;
  /** Its lane among what ran when. */
  readonly lane: string;
} | null;

/** The version suggested, with how long it ran and why. */
export async function suggestionOf(context: ServiceContext): Promise<Part<Suggestion>> {
  const { known, application, target, now } = context;
  if (!known.deployments.ok) return known.deployments;
  if (known.good === null) return ok(null);
  const { version, run, why } = known.good;
  const revision = await summaryOf(application.reads, target, version.arn, context.left);
  if (!revision.ok) return revision;
  const named = nameRevision(context, revision.value, version);
  const whole = ranHere(known.history, { ...version, registeredAt: null });
  const ms = whole.kind === 'ran' ? whole.ms : run.ms;
  const until = run.endedAt === null ? '' : `, until ${formatTime(run.endedAt, now)}`;
  return ok({
    version: named,
    ran: `ran here ${formatDuration(ms)}${until}`,
    until: run.endedAt,
    why,
    forward: isForward(known.past, { from: context.service.taskDefinitionArn, to: version.arn }),
    serviceRevision: version.apart?.ran ?? null,
    lane: laneOf(named.revision, version),
  });
}

/** A revision's summary, or that it has not come yet. */
export async function summaryOf(
  reads: Reads,
  target: Target,
  arn: string,
  left: () => number,
): Promise<Fact<RevisionSummary>> {
  const read = await within(reads.summaries(target, [arn]), left());
  const known = reads.knownSummary(arn);
  return read?.get(arn) ?? (known === null ? fail(NOT_YET) : ok(known));
}

/** How the running version and the one to return to differ: only that takes their whole definitions. */
export async function differenceOf(context: ServiceContext): Promise<string | null> {
  const { application, target, service, known, left } = context;
  if (known.good === null) return null;
  const [running, good] = await Promise.all(
    [service.taskDefinitionArn, known.good.version.arn].map((arn) =>
      within(application.reads.revision(target, arn), left()),
    ),
  );
  if (!running?.ok || !good?.ok) return null;
  const digests = {
    now: nameRevision(context, running.value, runningVersion(context)).digests,
    willBe: nameRevision(context, good.value, known.good.version).digests,
  };
  return thingsDiffer(diff(normalise(running.value.shown), normalise(good.value.shown), digests));
}
