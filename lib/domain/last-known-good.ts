import { differentDigests, type History, type Run } from '@/lib/domain/history';
import type { Mark } from '@/lib/domain/past-rollback';
import type { Digests } from '@/lib/domain/service';

/** Whether every image of a run exists, as far as anybody looked. */
export type ImageState = 'exist' | 'gone' | 'not-checked';

/** What the suggestion depends on. */
export type GoodQuestion = {
  readonly history: History;
  /** Revisions that count as the running version: it and, for a copy, its origin. */
  readonly running: ReadonlySet<string>;
  /** Digests that run, where known: the same revision with other images is another version. */
  readonly runningDigests?: Digests;
  readonly marks: readonly Mark[];
  readonly imagesOf: (run: Run) => ImageState;
  readonly minimumMinutes: number;
};

/** The version suggested by its last run, and the sentence that says why. */
export type Good = { readonly run: Run; readonly why: string };

/** Whether two runs are of one version: the same revision with the same images, as far as these are known. */
const sameVersion = (a: Run, b: Run): boolean => a.arn === b.arn && !differentDigests(a.digests, b.digests);

/** Whether a run is the last one of a version that has earned to be suggested, whatever its images. */
function earned(question: GoodQuestion, run: Run): boolean {
  const { history, marks, minimumMinutes } = question;
  const runs = history.runs.filter((other) => sameVersion(other, run));
  const well = runs.filter(({ outcome }) => outcome === 'successful');
  return (
    well[0] === run &&
    // What was deployed after a run that only our record knows, nobody knows.
    !run.atLeast &&
    // A stopped deployment says nothing of its version.
    runs.find(({ outcome }) => outcome !== 'stopped') === run &&
    well.some(({ ms }) => ms >= minimumMinutes * 60_000) &&
    !isRunning(question, run) &&
    !marks.some((mark) => isMarked(mark, run, history))
  );
}

/** A mark on a copy counts for its origin and all other copies of it, and only with the images that were left. */
const isMarked = ({ taskDefinitionArn, digests }: Mark, { arn, digests: ran }: Run, { runs }: History): boolean =>
  (taskDefinitionArn === arn || runs.some((run) => run.arn === arn && run.everyArn.includes(taskDefinitionArn))) &&
  !differentDigests(digests, ran);

/** Whether a run is of the version that runs. */
export const isRunning = (
  { running, runningDigests = new Map() }: GoodQuestion,
  { arn, everyArn, digests }: Run,
): boolean => [arn, ...everyArn].some((one) => running.has(one)) && !differentDigests(runningDigests, digests);

/**
 * The last runs of the versions that may be suggested if their images exist, latest end first: what is worth asking the
 * registry about.
 */
export const candidates = (question: GoodQuestion): readonly Run[] =>
  question.history.runs.filter((run) => earned(question, run)).sort(latestEndFirst);

/** A version that still serves while another is being deployed ended latest of all. */
const latestEndFirst = (a: Run, b: Run): number =>
  (b.endedAt ?? Number.MAX_SAFE_INTEGER) - (a.endedAt ?? Number.MAX_SAFE_INTEGER);

/**
 * The version to suggest, or `null` where none has earned it; the page then suggests nothing.
 *
 * A bad release that passed its health checks ended successful too; that somebody rolled back from it tells it apart.
 */
export function lastKnownGood(question: GoodQuestion): Good | null {
  const run = candidates(question).find((candidate) => question.imagesOf(candidate) !== 'gone');
  if (run === undefined) return null;
  const long = question.minimumMinutes === 60 ? 'an hour' : `${question.minimumMinutes} minutes`;
  const images = question.imagesOf(run) === 'exist' ? 'images exist' : 'whether its images exist was not checked';
  return { run, why: `latest that ran ${long} or more and was not rolled back from; ${images}` };
}
