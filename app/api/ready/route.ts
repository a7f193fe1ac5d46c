import { application } from '@/lib/application';
import { JSON_HEADERS } from '@/lib/auth/headers';

export const dynamic = 'force-dynamic';

/**
 * Whether requests should come here: configured, migrated, able to write to the database, not about to end. AWS and the
 * provider are not asked, since a restart would not mend them.
 */
export async function GET(): Promise<Response> {
  const ready = await application().ready();
  return new Response(JSON.stringify({ ok: ready }), { status: ready ? 200 : 503, headers: JSON_HEADERS });
}
