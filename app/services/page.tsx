import { type Query, readQuery } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { SignedInPage } from '@/app/signed-in-page';
import { ReadLine } from '@/components/read-line';
import { ServiceTable, type SortLink } from '@/components/service-table';
import { PageHeading } from '@/components/ui/heading';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { changedTogether } from '@/lib/queries/changed-together';
import { listServices, type OverviewQuery } from '@/lib/queries/list-services';
import { routes } from '@/lib/routes';
import { ChangedTogether } from './changed-together';
import { Filters } from './filters';
import { Found } from './found';
import { NewerChanges } from './newer-changes';
import { StillToCome } from './still-to-come';
import { Unreadable } from './unreadable';

const NAMES = ['target', 'cluster', 'show', 'q', 'sort'] as const;

/** Every service somebody may look at: what changed comes first. */
export default async function ServicesPage({ searchParams }: { readonly searchParams: Query }) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const query = await readQuery(searchParams, NAMES);
  const overview = await listServices(principal, query, application());
  const { rows, scope, readAt, now } = overview;
  const here = routes.services(query);
  return (
    <SignedInPage principal={principal} title={titleOf(query)}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <PageHeading>Services</PageHeading>
        {readAt !== null && <ReadLine readAt={readAt} now={now} here={here} />}
      </div>
      <Unreadable overview={overview} />
      <StillToCome overview={overview} />
      <Filters overview={overview} query={query} />
      {!query.q && <ChangedTogether changed={changedTogether(principal, scope, application())} now={now} />}
      <div className="flex min-h-10 flex-wrap items-center gap-x-6">
        <Found overview={overview} query={query} />
        <NewerChanges href={here} poll={routes.newer({ ...query, since: String(newest(overview.rows)) })} />
      </div>
      {rows.length > 0 && <ServiceTable rows={rows} now={now} sorts={sortsOf(query)} />}
    </SignedInPage>
  );
}

const titleOf = ({ target, q }: OverviewQuery): string =>
  ['Services', target, q === undefined ? undefined : `“${q}”`, 'ECS rollback'].filter(Boolean).join(' · ');

const newest = (rows: readonly { readonly changedAt: number | null }[]): number =>
  rows.reduce((latest, { changedAt }) => Math.max(latest, changedAt ?? 0), 0);

function sortsOf(query: OverviewQuery): Readonly<Record<'target' | 'service' | 'changed', SortLink>> {
  const sort = (by: string): SortLink => ({ href: routes.services({ ...query, sort: by }), chosen: query.sort === by });
  return { target: sort('target'), service: sort('service'), changed: sort('changed') };
}
