import type { History, Run } from '@/lib/domain/history';
import type { Mark } from '@/lib/domain/past-rollback';

/** Whether every image of a run exists, as far as anybody looked. */
export type ImageState = 'exist' | 'gone' | 'not-checked';

/** What the suggestion depends on. */
export type GoodQuestion = {
  readonly history: History;
  /** Revisions that count as the running version: it and, for a copy, its origin. */
  readonly running: ReadonlySet<string>;
  readonly marks: readonly Mark[];
  readonly imagesOf: (run: Run) => ImageState;
  readonly minimumMinutes: number;
};

/** The version suggested, and the sentence that says why. */
export type Good = { readonly run: Run; readonly why: string };

/** Whether a run is long enough and unspoilt, whatever its images. */
function earned({ history, running, marks, minimumMinutes }: GoodQuestion, run: Run): boolean {
  if (run.outcome !== 'successful' || running.has(run.arn) || running.has(run.ranAs)) return false;
  const latest = history.runs.find(({ arn, outcome }) => arn === run.arn && outcome !== 'stopped');
  const unspoilt = !marks.some(
    ({ taskDefinitionArn }) => taskDefinitionArn === run.arn || taskDefinitionArn === run.ranAs,
  );
  return latest?.outcome === 'successful' && run.ms >= minimumMinutes * 60_000 && unspoilt;
}

/** The runs that may be suggested if their images exist, latest end first: what is worth asking the registry about. */
export const candidates = (question: GoodQuestion): readonly Run[] =>
  question.history.runs.filter((run) => earned(question, run)).sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));

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
