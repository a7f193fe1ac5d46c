import { SignedInPage } from '@/app/signed-in-page';
import { PageHeading } from '@/components/ui/heading';
import { Notice } from '@/components/ui/notice';
import type { Principal } from '@/lib/domain/permissions';

type Props = { readonly principal: Principal; readonly title: string };

/** In place of a page of the record while the database does not answer. */
export function RecordUnread({ principal, title }: Props) {
  return (
    <SignedInPage principal={principal} title={title}>
      <PageHeading>Rollback record</PageHeading>
      <Notice tone="warning" title="The record cannot be read just now.">
        <p>A running rollback is not affected. Load this page again in a minute.</p>
      </Notice>
    </SignedInPage>
  );
}
