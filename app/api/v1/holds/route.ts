import { application } from '@/lib/application';
import { JSON_HEADERS } from '@/lib/auth/headers';
import { tokenRoute } from '@/lib/auth/token-route';
import { answerHolds } from '@/lib/queries/answer-holds';

/** Whether deployments are on hold, for pipelines with a token of their own. */
export const GET = tokenRoute(async (asking, request) => {
  const { searchParams: parameters } = new URL(request.url);
  const { status, body, againInSeconds } = await answerHolds({ asking, parameters }, application());
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { ...JSON_HEADERS, ...(againInSeconds !== undefined && { 'Retry-After': String(againInSeconds) }) },
  });
});
