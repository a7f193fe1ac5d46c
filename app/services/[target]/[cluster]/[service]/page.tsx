import { type Query, readPath, readQuery } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { NotThere } from '@/app/not-there';
import { SignedInPage } from '@/app/signed-in-page';
import { ReadLine } from '@/components/read-line';
import { Stale } from '@/components/stale';
import { StillReading } from '@/components/still-reading';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeading } from '@/components/ui/heading';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { getService } from '@/lib/queries/get-service';
import { routes, type ServiceAddress } from '@/lib/routes';
import { crumbsTo, titleOf } from './heads';
import { Past } from './past';
import { Summary } from './summary';
import { Unread } from './unread';
import { Versions } from './versions';

type Props = { readonly params: Promise<ServiceAddress>; readonly searchParams: Query };

/** One service: what runs, what ran well before, and one button. */
export default async function ServicePage({ params, searchParams }: Props) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const address = await readPath(params);
  const query = await readQuery(searchParams, ['show', 'older', 'period', 'find']);
  const found = await getService(principal, { ...address, ...query }, application());
  if (found === null) return <NotThere />;
  if (!found.ok) return <Unread principal={principal} address={address} failure={found.error} />;
  const page = found.value;
  // Holds are made, prolonged and released with a reason.
  const typing = page.head.mayRollBack;
  return (
    <SignedInPage principal={principal} title={titleOf(address)} target={page.head.target}>
      <Breadcrumbs crumbs={crumbsTo(address)} />
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <PageHeading>
          <bdi>{address.service}</bdi>
        </PageHeading>
        <ReadLine readAt={page.readAt} now={page.now} here={routes.service(address, query)} />
      </div>
      <Stale failure={page.failure} readAt={page.readAt} now={page.now} typing={typing} />
      {page.stillReading && <StillReading words="Still reading what ran here." typing={typing} />}
      <Summary page={page} />
      <Past page={page} query={query} />
      <Versions page={page} query={query} />
    </SignedInPage>
  );
}
