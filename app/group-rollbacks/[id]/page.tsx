import { readPath, wholeAddress } from '@/app/address';
import { NewHold, OpenHolds } from '@/app/holds/holds';
import { isOutsider, NoAccess } from '@/app/no-access';
import { NotThere } from '@/app/not-there';
import { RecordUnread } from '@/app/record/record-unread';
import { SignedInPage } from '@/app/signed-in-page';
import { CopyForChannel } from '@/components/copy-for-channel';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { groupWords } from '@/lib/domain/group-progress';
import { type GroupRollbackPage, getGroupRollback } from '@/lib/queries/get-group-rollback';
import { routes } from '@/lib/routes';
import { GroupAsPressed } from './as-pressed';
import { GroupProgress } from './progress';
import { WhatNow } from './what-now';

type Props = { readonly params: Promise<{ readonly id: string }> };

/** A rollback of several services: its progress, then its outcome, for ever. */
export default async function GroupRollbackPageOf({ params }: Props) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const { id } = await readPath(params);
  const found = await getGroupRollback(principal, id, application());
  if (found === null) return <NotThere />;
  if (!found.ok) return <RecordUnread principal={principal} title={`Group rollback ${id} · ECS rollback`} />;
  const page = found.value;
  const { target, image, progress, now } = page;
  return (
    // The progress says the title itself: it changes while the page stands.
    <SignedInPage principal={principal} title={null} target={target}>
      <Breadcrumbs
        crumbs={[
          { words: 'Services', href: routes.services({ show: 'all' }) },
          { words: target.name, href: routes.services({ target: target.name, show: 'all' }) },
          { words: image, href: routes.groups(target.name, { image }) },
          { words: id },
        ]}
      />
      <GroupProgress first={progress} now={now} typing={page.holds?.open.some(({ mayAct }) => mayAct) ?? false} />
      {page.holds && <OpenHolds holds={page.holds} address={page.address} rollback={id} />}
      <WhatNow page={page} />
      {page.holds?.repository && page.worthHolding && (
        <NewHold holds={page.holds} address={page.address} rollback={id} reason={page.why ?? ''} whole />
      )}
      <CopyForChannel words={channelWords(page)} address={wholeAddress(routes.groupRollback(id))} />
      <GroupAsPressed page={page} />
    </SignedInPage>
  );
}

/** `notifications-api in production: group rollback from release-1123 to release-1119. 11 of 15 services run release-1119`. */
function channelWords({ progress }: GroupRollbackPage): string {
  const { name, target, from, to, ended } = progress;
  const { heading, sentence } = groupWords(progress);
  const said = ended ? heading : sentence;
  return `${name} in ${target}: group rollback from ${from} to ${to}. ${said.replace(/\.$/, '')}`;
}
