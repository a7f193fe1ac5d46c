import { type Query, readPath, readQuery } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { NotThere } from '@/app/not-there';
import { crumbsTo, titleOf } from '@/app/services/[target]/[cluster]/[service]/heads';
import { Unread } from '@/app/services/[target]/[cluster]/[service]/unread';
import { SignedInPage } from '@/app/signed-in-page';
import { Changes } from '@/components/changes';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { CodeBlock } from '@/components/ui/code-block';
import { Disclosure } from '@/components/ui/disclosure';
import { PageHeading } from '@/components/ui/heading';
import { Name } from '@/components/ui/name';
import { UnreadRevision } from '@/components/unread-revision';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { revisionNumber } from '@/lib/domain/arn';
import { compareRevisions, type ComparePage as Page } from '@/lib/queries/compare-revisions';
import type { ServiceAddress } from '@/lib/routes';
import { Sides } from './sides';
import { CompareWays } from './ways';

type Props = { readonly params: Promise<ServiceAddress>; readonly searchParams: Query };

/** What changes if a service goes from one revision to another: how much first, what is the same last. */
export default async function ComparePage({ params, searchParams }: Props) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const address = await readPath(params);
  const { from = '', to = '' } = await readQuery(searchParams, ['from', 'to']);
  const found = await compareRevisions(principal, { ...address, from, to }, application());
  if (found === null) return <NotThere />;
  if (!found.ok) return <Unread principal={principal} address={address} failure={found.error} />;
  const page = found.value;
  const sides = [page.from, page.to].map(revisionNumber).join(' → ');
  return (
    <SignedInPage principal={principal} title={titleOf(address, `Compare ${sides}`)} target={page.head.target}>
      <Breadcrumbs crumbs={crumbsTo(address, 'Compare')} />
      <PageHeading>
        What changes if <Name>{address.service}</Name> goes from {revisionNumber(page.from)} to{' '}
        {revisionNumber(page.to)}
      </PageHeading>
      <Sides page={page} />
      <Comparison page={page} />
      <CompareWays page={page} />
    </SignedInPage>
  );
}

function Comparison({ page: { comparison, unread } }: { readonly page: Page }) {
  if (!comparison.ok) return <UnreadRevision {...unread} failure={comparison.error} />;
  const { changes, summary, same, sameImages, duplicates, jsonFrom, jsonTo } = comparison.value;
  return (
    <>
      <p className="text-lg">
        <strong className="font-semibold">{summary}</strong> {same}
      </p>
      {duplicates.map((words) => (
        <p key={words} className="text-muted">
          {words}
        </p>
      ))}
      <Changes changes={changes} sameImages={sameImages} />
      <Disclosure summary="Show as JSON">
        <div className="grid gap-4 lg:grid-cols-2">
          <CodeBlock label="Now, as JSON" text={jsonFrom} copy="Copy what is now" />
          <CodeBlock label="Will be, as JSON" text={jsonTo} copy="Copy what will be" />
        </div>
      </Disclosure>
    </>
  );
}
