import { headers } from 'next/headers';
import { PageHeading } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { answerAs } from '@/lib/answers';
import { application } from '@/lib/application';
import { ADDRESS_HEADER } from '@/lib/auth/names';
import { authenticate } from '@/lib/auth/principal';
import type { Principal } from '@/lib/domain/permissions';
import { nearestServices } from '@/lib/queries/nearest-services';
import { routes, type ServiceAddress, serviceIn } from '@/lib/routes';
import { isOutsider } from './no-access';
import NotFoundPage, { TITLE } from './not-found';
import { SignedInPage } from './signed-in-page';

/** What a page answers with in place of itself where there is nothing, or nothing for this person. */
export async function NotThere() {
  answerAs(404);
  const principal = await authenticate();
  const service = serviceIn((await headers()).get(ADDRESS_HEADER) ?? '');
  if (principal === null || service === null || isOutsider(principal)) return <NotFoundPage />;
  return (
    <SignedInPage principal={principal} title={TITLE}>
      <NoService principal={principal} address={service} />
    </SignedInPage>
  );
}

async function NoService({ principal, address }: { readonly principal: Principal; readonly address: ServiceAddress }) {
  const nearest = await nearestServices(principal, address, application());
  return (
    <>
      <PageHeading>We cannot find that service.</PageHeading>
      <p>
        There is no service <Name>{address.service}</Name> in cluster <Name>{address.cluster}</Name>,{' '}
        <Name>{address.target}</Name>. It may have been deleted or renamed.
      </p>
      {nearest.length > 0 && (
        <>
          <h2>Did you mean one of these?</h2>
          <ul className="divide-y divide-line border-y border-line">
            {nearest.map((one) => (
              <li key={routes.service(one)}>
                <Link href={routes.service(one)} className="block py-2.5 text-link underline underline-offset-3">
                  <Name>{one.service}</Name> in <Name>{one.cluster}</Name>, <Name>{one.target}</Name>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <Link href={routes.services({ show: 'all' })}>All services</Link>
      </p>
    </>
  );
}
