import { application } from '@/lib/application';
import { JSON_HEADERS } from '@/lib/auth/headers';
import { route } from '@/lib/auth/route';
import { countNewer } from '@/lib/queries/count-newer';

/** How much changed since the newest change an open overview shows. Asked by the page, so it is no use of the session. */
export const GET = route(
  async (principal, request) => {
    const given = new URL(request.url).searchParams;
    const query = Object.fromEntries(['target', 'cluster', 'q'].map((name) => [name, given.get(name) ?? undefined]));
    const since = Number(given.get('since'));
    if (!Number.isSafeInteger(since)) return new Response('{}', { status: 400, headers: JSON_HEADERS });
    const newer = await countNewer(principal, { query, since }, application());
    return new Response(JSON.stringify({ newer }), { headers: JSON_HEADERS });
  },
  { use: false },
);
