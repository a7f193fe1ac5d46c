import type { Revision } from '@/lib/domain/task-definition';

/** What of a container names a version. */
export type SummaryContainer = { readonly name?: string; readonly image?: string; readonly essential?: boolean };

/**
 * What names a revision and tells when it came: what lists show. It holds no value of any variable and nothing of a
 * definition but names and images, so it may be kept outside the process.
 *
 * Body and number never change; `status`, `deregisteredAt` and `tags` are those of the reading it comes from.
 */
export type RevisionSummary = Pick<
  Revision,
  'arn' | 'family' | 'number' | 'status' | 'registeredAt' | 'deregisteredAt' | 'registeredBy' | 'tags' | 'unknownFields'
> & { readonly shown: { readonly family: string; readonly containerDefinitions: readonly SummaryContainer[] } };

/** Tags that name a copy; anything else people write into tags is theirs. */
const OURS = 'ecs-rollback:';

/** The summary of a revision as it was just described. */
export function summaryOf(revision: Omit<Revision, 'original'>): RevisionSummary {
  const { arn, family, number, status, registeredAt, deregisteredAt, registeredBy, unknownFields } = revision;
  return {
    arn,
    family,
    number,
    status,
    registeredAt,
    deregisteredAt,
    registeredBy,
    unknownFields,
    tags: revision.tags.filter(({ key }) => key.startsWith(OURS)),
    shown: {
      family,
      containerDefinitions: (revision.shown.containerDefinitions ?? []).map(({ name, image, essential }) => ({
        name,
        image,
        essential,
      })),
    },
  };
}

/** Whether what somebody looks for is the revision's number or stands in one of its image references. */
export function isFoundBy({ number, shown }: RevisionSummary, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === String(number)) return true;
  return shown.containerDefinitions.some(({ image = '' }) => image.toLowerCase().includes(wanted));
}
