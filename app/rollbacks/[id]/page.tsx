import { cookies } from 'next/headers';
import { readPath, wholeAddress } from '@/app/address';
import { NewHold, OpenHolds } from '@/app/holds/holds';
import { isOutsider, NoAccess } from '@/app/no-access';
import { NotThere } from '@/app/not-there';
import { RecordUnread } from '@/app/record/record-unread';
import { crumbsTo } from '@/app/services/[target]/[cluster]/[service]/heads';
import { ALREADY_STARTED_COOKIE } from '@/app/services/[target]/[cluster]/[service]/rollback/press-answer';
import { SignedInPage } from '@/app/signed-in-page';
import { ByHand } from '@/components/by-hand';
import { CopyForChannel } from '@/components/copy-for-channel';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { progressWords } from '@/lib/domain/progress';
import { getRollback, type RollbackPage } from '@/lib/queries/get-rollback';
import { routes } from '@/lib/routes';
import { AsPressed } from './as-pressed';
import { Messages } from './messages';
import { Overwritten } from './overwritten';
import { Progress } from './progress';
import { WaysOn } from './ways-on';

type Props = { readonly params: Promise<{ readonly id: string }> };

/** A rollback: its progress, then its outcome, for ever. */
export default async function ProgressPage({ params }: Props) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const { id } = await readPath(params);
  const found = await getRollback(principal, id, application());
  if (found === null) return <NotThere />;
  if (!found.ok) return <RecordUnread principal={principal} title={`Rollback ${id} · ECS rollback`} />;
  const page = found.value;
  const { head, progress, now } = page;
  const address = { target: head.target.name, cluster: head.cluster, service: head.service };
  const again = (await cookies()).get(ALREADY_STARTED_COOKIE)?.value === id;
  return (
    // The progress says the title itself: it changes while the page stands.
    <SignedInPage principal={principal} title={null} target={head.target}>
      <Breadcrumbs crumbs={crumbsTo(address, id)} />
      {again && (
        <Notice tone="progress">
          <p>You already started this rollback. Here it is.</p>
        </Notice>
      )}
      {page.overwritten && <Overwritten overwritten={page.overwritten} mayAct={head.mayRollBack} own />}
      {page.afterwards !== null && (
        <Notice tone="muted">
          <p>{page.afterwards}</p>
        </Notice>
      )}
      {page.group !== null && (
        <p>
          One of several services that were rolled back together.{' '}
          <Link href={routes.groupRollback(page.group)}>See all of them</Link>
        </p>
      )}
      <Progress
        first={progress}
        now={now}
        address={address}
        from={page.from}
        mayAct={head.mayRollBack}
        typing={head.mayRollBack && page.holds !== null && (page.holds.open.length > 0 || page.worthHolding)}
        consoleUrl={page.consoleUrl}
      />
      {page.holds && <OpenHolds holds={page.holds} {...placeOf(page, id)} />}
      <WaysOn page={page} />
      {page.holds && page.worthHolding && head.mayRollBack && (
        <NewHold holds={page.holds} {...placeOf(page, id)} reason={page.reason ?? ''} />
      )}
      <CopyForChannel words={channelWords(page)} address={wholeAddress(routes.rollback(id))} />
      <Messages events={page.events} now={now} />
      <AsPressed page={page} />
      <div id="by-hand">
        <ByHand commands={page.byHand} open={page.next.some(({ kind }) => kind === 'by-hand')} />
      </div>
    </SignedInPage>
  );
}

const placeOf = ({ head: { target, cluster, service } }: RollbackPage, id: string) => ({
  address: { target: target.name, cluster, service },
  rollback: id,
});

/** `api in production: rolling back from release-1123 (428) to release-1119 (421), 3 of 6 tasks run it`. */
function channelWords({ head, progress, from, to, now }: RollbackPage): string {
  const { heading, sentence } = progressWords(progress, now);
  const said = progress.said === null ? sentence.replace(/\. .*$/, '') : heading.replace(/\.$/, '');
  return `${head.service} in ${head.target.name}: rollback from ${from} to ${to}. ${said.replace(/\.$/, '')}`;
}
