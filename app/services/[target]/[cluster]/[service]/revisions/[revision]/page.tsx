import { readPath } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { NotThere } from '@/app/not-there';
import { crumbsTo, titleOf } from '@/app/services/[target]/[cluster]/[service]/heads';
import { Unread } from '@/app/services/[target]/[cluster]/[service]/unread';
import { SignedInPage } from '@/app/signed-in-page';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { CodeBlock } from '@/components/ui/code-block';
import { Disclosure } from '@/components/ui/disclosure';
import { PageHeading } from '@/components/ui/heading';
import { Name } from '@/components/ui/name';
import { UnreadRevision } from '@/components/unread-revision';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { getRevision } from '@/lib/queries/get-revision';
import type { ServiceAddress } from '@/lib/routes';
import { RevisionFacts } from './facts';
import { ImageList } from './image-list';
import { RolledBackFrom } from './rolled-back-from';
import { RevisionWays } from './ways';

type Props = { readonly params: Promise<ServiceAddress & { readonly revision: string }> };

/** One revision: its images, where it ran, and the way to it. */
export default async function RevisionPage({ params }: Props) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const address = await readPath(params);
  const found = await getRevision(principal, address, application());
  if (found === null) return <NotThere />;
  if (!found.ok) return <Unread principal={principal} address={address} failure={found.error} />;
  const page = found.value;
  return (
    <SignedInPage principal={principal} title={titleOf(address, `Revision ${page.revision}`)} target={page.head.target}>
      <Breadcrumbs crumbs={crumbsTo(address, page.revision)} />
      <PageHeading>
        <Name>{page.revision}</Name>
        {page.version.ok && page.version.value.tag && (
          <Name className="ml-3 font-normal text-muted">{page.version.value.tag}</Name>
        )}
      </PageHeading>
      {!page.version.ok && <UnreadRevision number={page.number} listed={page.listed} failure={page.version.error} />}
      {page.version.ok && <ImageList images={page.version.value.images} />}
      <RevisionFacts page={page} />
      {page.mark && <RolledBackFrom page={page} mark={page.mark} />}
      <RevisionWays page={page} />
      {page.json && (
        <Disclosure summary="Whole definition (values hidden)">
          <CodeBlock label="Whole definition as JSON" text={page.json} copy="Copy" />
        </Disclosure>
      )}
    </SignedInPage>
  );
}
