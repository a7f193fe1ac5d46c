import { headers } from 'next/headers';
import { PlainPage } from '@/components/plain-page';
import { PageHeading } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { ADDRESS_HEADER } from '@/lib/auth/names';
import { authenticate } from '@/lib/auth/principal';
import { routes } from '@/lib/routes';
import { isOutsider, NoAccess } from './no-access';
import { SignedInPage } from './signed-in-page';

/** Title of every page that is not there. */
export const TITLE = 'Not found · ECS rollback';

/**
 * What is not there, and what is not for this person: both look alike. The framework makes this beside every page, those
 * that are there too: it must do nothing but look.
 */
export default async function NotFoundPage() {
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
  return (
    <SignedInPage principal={principal} title={TITLE}>
      <NoPage path={path} />
    </SignedInPage>
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
