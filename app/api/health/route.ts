import { JSON_HEADERS } from '@/lib/auth/headers';

export const dynamic = 'force-dynamic';

/** The process answers; nothing else is asked. */
export function GET(): Response {
  return new Response(JSON.stringify({ ok: true }), { headers: JSON_HEADERS });
}
