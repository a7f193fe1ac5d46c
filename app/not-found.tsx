import { headers } from 'next/headers';
import { PlainPage } from '@/components/plain-page';
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
import { isOutsider, NoAccess } from './no-access';
import { SignedInPage } from './signed-in-page';

const TITLE = 'Not found · ECS rollback';

/** What is not there, and what is not for this person: both look alike. Pages answer with it in place of themselves. */
export default async function NotFoundPage() {
  answerAs(404);
  const principal = await authenticate();
  if (principal !== null && isOutsider(principal)) return <NoAccess principal={principal} />;
  const path = (await headers()).get(ADDRESS_HEADER) ?? '';
  if (principal === null) {
    return (
      <PlainPage title={TITLE}>
        <NoPage path={path} />
      </PlainPage>
    );
  }
  const service = serviceIn(path);
  return (
    <SignedInPage principal={principal} title={TITLE}>
      {service === null ? <NoPage path={path} /> : <NoService principal={principal} address={service} />}
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

function NoPage({ path }: { readonly path: string }) {
  const what = path.startsWith('/rollbacks/') ? 'rollback' : 'page';
  return (
    <>
      <PageHeading>We cannot find that {what}.</PageHeading>
      <p>The address may be mistyped, or it leads to something you may not look at.</p>
      <p>
        <Link href={routes.services()}>Services</Link>
      </p>
    </>
  );
}
