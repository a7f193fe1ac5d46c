import { pollAnswer } from '@/app/poll-answer';
import { application } from '@/lib/application';
import { route } from '@/lib/auth/route';
import { getGroupProgress } from '@/lib/queries/get-group-rollback';

type Context = { readonly params: Promise<{ readonly id: string }> };

/** The progress of a group as JSON, for the page that shows it. Asking is not use, and costs AWS nothing. */
export const GET = route(
  async (principal, request, { params }: Context) =>
    pollAnswer(request, await getGroupProgress(principal, (await params).id, application())),
  { use: false },
);
