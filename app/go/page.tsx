import type { Route } from 'next';
import { redirect } from 'next/navigation';
import { type Query, readQuery } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { SignedInPage } from '@/app/signed-in-page';
import { PageHeading } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { findLink } from '@/lib/queries/find-link';
import { routes } from '@/lib/routes';

/** An ARN, a console link or any text: leads to its page, or says why not. */
export default async function GoPage({ searchParams }: { readonly searchParams: Query }) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const { q = '' } = await readQuery(searchParams, ['q']);
  const found = await findLink(principal, q, application());
  if (found.kind === 'redirect') redirect(found.href as Route);
  return (
    <SignedInPage principal={principal} title="Jump · ECS rollback">
      <PageHeading>{found.kind === 'several' ? 'Which one do you mean?' : 'This leads nowhere here'}</PageHeading>
      <p className="text-muted">
        You asked for <Name className="text-text">{q}</Name>
      </p>
      {found.kind === 'none' && <p>{found.words}</p>}
      {found.kind === 'several' && (
        <ul className="divide-y divide-line border-y border-line">
          {found.links.map(({ href, words }) => (
            <li key={href}>
              <Link href={href} className="block py-2.5 text-link underline underline-offset-3">
                <Name>{words}</Name>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <p>
        <Link href={routes.services()}>All services</Link>
      </p>
    </SignedInPage>
  );
}
