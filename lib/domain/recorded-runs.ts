import type { Run } from '@/lib/domain/history';
import type { PastRollback } from '@/lib/domain/past-rollback';

/** What our record is asked, beyond what ECS tells. */
export type RecordQuestion = {
  readonly past: readonly PastRollback[];
  /** Only what began before is asked of the record: since then ECS tells all. Milliseconds since 1970. */
  readonly before: number;
  /** Task definitions of which ECS tells a deployment. */
  readonly told: ReadonlySet<string>;
  /** Task definition that runs; `null` where that does not matter. */
  readonly running: string | null;
  readonly at: number;
  readonly originOf: (arn: string) => string;
};

/**
 * Runs of copies that only our record knows: ECS has forgotten their deployments, or does not tell. Newest first.
 *
 * That a copy became steady is certain. How long it ran is not, unless it still runs: what was deployed between our
 * rollbacks nobody wrote down. So it ran at least until it was last seen: steady, or about to be left.
 */
export function recordedRuns(question: RecordQuestion): readonly Run[] {
  return question.past.flatMap((rollback) => {
    const { copyArn, startedAt, endedAt } = rollback;
    if (copyArn === null || endedAt === null || startedAt >= question.before || question.told.has(copyArn)) return [];
    if (rollback.state === 'succeeded') return [steadyRun({ ...rollback, copyArn, endedAt }, question)];
    // Of a service that was deleted meanwhile nobody learned anything.
    if (rollback.state !== 'failed' || rollback.reason === 'gone') return [];
    return [{ ...runOf({ ...rollback, copyArn }, question), steadyAt: null, endedAt, ms: 0, outcome: 'never-steady' }];
  });
}

type Copied = PastRollback & { readonly copyArn: string };

function steadyRun(rollback: Copied & { readonly endedAt: number }, question: RecordQuestion): Run {
  const { copyArn, endedAt: steadyAt } = rollback;
  const runs = question.running === copyArn;
  const left = question.past.filter(({ leftArn }) => leftArn === copyArn).map(({ startedAt }) => startedAt);
  const seen = Math.max(steadyAt, ...left);
  return {
    ...runOf(rollback, question),
    steadyAt,
    endedAt: runs ? null : seen,
    ms: (runs ? question.at : seen) - steadyAt,
    atLeast: !runs,
    outcome: 'successful',
  };
}

/** The rollback's id stands for the service revision: `ran` in a plan's address may name it. */
const runOf = ({ id, copyArn, digests, startedAt }: Copied, { originOf }: RecordQuestion) => ({
  arn: originOf(copyArn),
  ranAs: copyArn,
  everyArn: [copyArn],
  serviceRevisionArn: id,
  digests,
  startedAt,
  atLeast: false,
});
