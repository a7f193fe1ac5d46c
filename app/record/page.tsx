import { type Query, readQuery } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { SignedInPage } from '@/app/signed-in-page';
import { RecordTable } from '@/components/record-table';
import { PageHeading } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { listRollbacks, type RecordQuery } from '@/lib/queries/list-rollbacks';
import { routes } from '@/lib/routes';
import { Filters } from './filters';
import { RecordUnread } from './record-unread';

const NAMES = ['service', 'target', 'who', 'outcome', 'from', 'to', 'before'] as const;

/** Every rollback and every press that was refused, in the targets somebody may look at. */
export default async function RecordPage({ searchParams }: { readonly searchParams: Query }) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const query = await readQuery(searchParams, NAMES);
  const { rows, targets, older, now } = await listRollbacks(principal, query, application());
  if (rows === null) return <RecordUnread principal={principal} title={titleOf(query)} />;
  const { before: _page, ...filters } = query;
  return (
    <SignedInPage principal={principal} title={titleOf(query)}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <PageHeading>Rollback record</PageHeading>
        <p className="flex gap-4 print:hidden">
          {/* Files, not pages: the browser saves them. */}
          <a className={FILE} href={routes.recordDownload({ ...filters, format: 'csv' })}>
            CSV
          </a>
          <a className={FILE} href={routes.recordDownload({ ...filters, format: 'json' })}>
            JSON
          </a>
        </p>
      </div>
      <Filters query={query} targets={targets} />
      {rows.length === 0 ? <Nothing query={query} /> : <RecordTable rows={rows} now={now} />}
      <p className="flex flex-wrap gap-x-6">
        {older !== null && <Link href={routes.record({ ...query, before: older })}>Load older</Link>}
        {query.before !== undefined && <Link href={routes.record(filters)}>Back to the newest</Link>}
      </p>
    </SignedInPage>
  );
}

const FILE = 'inline-flex min-h-8 items-center text-link underline underline-offset-3 pointer-coarse:min-h-11';

const titleOf = ({ service, target, before }: RecordQuery): string =>
  [
    'Rollback record',
    target,
    service && `“${service}”`,
    before === undefined ? undefined : `before entry ${before}`,
    'ECS rollback',
  ]
    .filter(Boolean)
    .join(' · ');

function Nothing({ query }: { readonly query: RecordQuery }) {
  const filtered = Object.values(query).some((value) => value !== undefined && value !== '');
  if (!filtered) return <p>No rollbacks yet.</p>;
  return (
    <p>
      None match. <Link href={routes.record()}>Clear filters</Link>
    </p>
  );
}
