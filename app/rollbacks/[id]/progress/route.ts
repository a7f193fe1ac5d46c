import { pollAnswer } from '@/app/poll-answer';
import { application } from '@/lib/application';
import { route } from '@/lib/auth/route';
import { READ_AT_HEADER } from '@/lib/domain/progress';
import { getProgress } from '@/lib/queries/get-rollback';
import { ok } from '@/lib/result';

type Context = { readonly params: Promise<{ readonly id: string }> };

/**
 * A rollback's progress as JSON, for the page that shows it. Asking is not use, and costs AWS nothing.
 *
 * When ECS was read last stands beside it: that changes with every reading, also where nothing else does, and must not
 * make everybody fetch the rest again.
 */
export const GET = route(
  async (principal, request, { params }: Context) => {
    const found = await getProgress(principal, (await params).id, application());
    if (found === null || !found.ok) return pollAnswer(request, found);
    const { readAt, ...progress } = found.value;
    return pollAnswer(request, ok(progress), readAt === null ? {} : { [READ_AT_HEADER]: String(readAt) });
  },
  { use: false },
);
