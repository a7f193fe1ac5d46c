import { countsAs, differentDigests } from '@/lib/domain/history';
import type { Mark, PastRollback } from '@/lib/domain/past-rollback';
import type { Digests } from '@/lib/domain/service';

/** What our record tells of the versions that were left. */
export type MarkSources = { readonly marks: readonly Mark[]; readonly past: readonly PastRollback[] };

/**
 * Marks of a version, newest first: those set on it, on its copies and on what it is a copy of. One that was set while
 * the revision ran with other images is none of this version.
 */
export function marksOn(
  { marks, past }: MarkSources,
  { arn, digests = new Map() }: { readonly arn: string; readonly digests?: Digests },
): readonly Mark[] {
  const originOf = countsAs(past);
  return marks.filter(
    (mark) => originOf(mark.taskDefinitionArn) === originOf(arn) && !differentDigests(mark.digests, digests),
  );
}
