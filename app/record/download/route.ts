import { application } from '@/lib/application';
import { route } from '@/lib/auth/route';
import { listAllRollbacks } from '@/lib/queries/list-rollbacks';
import { recordAsCsv, recordAsJson } from '@/lib/queries/record-file';

const NAMES = ['service', 'target', 'who', 'outcome', 'from', 'to'] as const;

/** The record as a file: as CSV, or as JSON where the address asks for that. */
export const GET = route(async (principal, request) => {
  const asked = new URL(request.url).searchParams;
  const query = Object.fromEntries(NAMES.map((name) => [name, asked.get(name) ?? undefined]));
  const rows = await listAllRollbacks(principal, query, application());
  if (rows === null) return new Response('The record cannot be read just now.\n', { status: 503, headers: TEXT });
  const json = asked.get('format') === 'json';
  return new Response(json ? recordAsJson(rows) : recordAsCsv(rows), {
    headers: {
      'Content-Type': json ? 'application/json' : 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="rollback-record.${json ? 'json' : 'csv'}"`,
    },
  });
});

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };
