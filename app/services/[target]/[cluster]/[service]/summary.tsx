import { wholeAddress } from '@/app/address';
import { NewHold, OpenHolds } from '@/app/holds/holds';
import { Overwritten } from '@/app/rollbacks/[id]/overwritten';
import { CopyForChannel } from '@/components/copy-for-channel';
import { BUTTON } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { LinkButton } from '@/components/ui/link-button';
import { Name } from '@/components/ui/name';
import { Notice } from '@/components/ui/notice';
import { ViewerNotice } from '@/components/viewer-notice';
import { formatTime } from '@/lib/domain/time-words';
import type { ServicePage } from '@/lib/queries/get-service';
import { EVERY_TARGET } from '@/lib/queries/overview-filter';
import { routes, type ServiceAddress } from '@/lib/routes';
import { LastKnownGood, RunningNow } from './boxes';
import { InFlight } from './in-flight';

/** Address of the service a page is about. */
export const addressOf = ({ head: { target, cluster, service } }: Pick<ServicePage, 'head'>): ServiceAddress => ({
  target: target.name,
  cluster,
  service,
});

/** What runs, what to return to, and the way there. */
export function Summary({ page }: { readonly page: ServicePage }) {
  return (
    <>
      {page.late && <Late page={page} late={page.late} />}
      {page.overwritten && <Overwritten overwritten={page.overwritten} mayAct={page.head.mayRollBack} />}
      {!page.recordKnown && (
        <Notice tone="warning">
          <p>The record cannot be read just now: who rolled back from which version is not known.</p>
        </Notice>
      )}
      {page.holds && <OpenHolds holds={page.holds} address={addressOf(page)} rollback={null} />}
      {page.active && <ActiveRollback page={page} active={page.active} />}
      {page.inFlight && <InFlight page={page} inFlight={page.inFlight} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <RunningNow page={page} />
        <LastKnownGood page={page} />
      </div>
      <Differs page={page} />
      <Ways page={page} />
      {page.holds && page.head.mayRollBack && <NewHold holds={page.holds} address={addressOf(page)} rollback={null} />}
      <Neighbours page={page} />
    </>
  );
}

function ActiveRollback({
  page,
  active,
}: {
  readonly page: ServicePage;
  readonly active: NonNullable<ServicePage['active']>;
}) {
  return (
    <Notice tone="progress">
      <p>
        <Name>{active.by}</Name> started a rollback of <Name>{page.head.service}</Name> at{' '}
        {formatTime(active.startedAt, page.now)}.
      </p>
      <p className="pt-1">
        <LinkButton kind="primary" href={routes.rollback(active.id)} className="max-sm:w-full">
          Watch it
        </LinkButton>
      </p>
    </Notice>
  );
}

/** A request nobody waited for any more arrived after all. */
function Late({ page, late }: { readonly page: ServicePage; readonly late: NonNullable<ServicePage['late']> }) {
  return (
    <Notice tone="warning" title="A rollback that was given up while unknown took effect.">
      <p>
        {late.words} Seen at {formatTime(late.at, page.now)}.{' '}
        <Link href={routes.rollback(late.rollbackId)}>See that rollback</Link>
      </p>
    </Notice>
  );
}

function Differs({ page }: { readonly page: ServicePage }) {
  const { differs, running, lastKnownGood: good } = page;
  if (differs === null || page.active !== null || !running.ok || !good.ok || good.value === null) return null;
  const sides = { from: running.value.version.revision, to: good.value.version.revision };
  return (
    <p>
      {differs} {sides.from !== sides.to && <Link href={routes.compare(addressOf(page), sides)}>See what differs</Link>}
    </p>
  );
}

/** One button, or why there is none; the lesser ways beside it. */
function Ways({ page }: { readonly page: ServicePage }) {
  const { head, refused, lastKnownGood: good } = page;
  const suggested = good.ok ? good.value : null;
  // What is under way is watched first; another version can still be chosen below.
  const busy = page.active !== null;
  const free = head.mayRollBack && refused === null;
  return (
    <div className="space-y-3">
      {!head.mayRollBack && <ViewerNotice head={head} />}
      {refused !== null && (
        <Notice tone="muted">
          <p>{refused}</p>
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        {free && !busy && suggested !== null && (
          <LinkButton
            kind={page.inFlight?.stop ? 'secondary' : 'primary'}
            href={routes.plan(addressOf(page), { to: suggested.version.revision, ran: suggested.serviceRevision })}
            data-plan=""
            className="max-sm:w-full"
          >
            {suggested.forward ? 'Roll forward' : 'Roll back'} to {suggested.version.name}
          </LinkButton>
        )}
        {free && !busy && suggested === null && (
          <a href="#versions" className={`${BUTTON.primary} max-sm:w-full`}>
            Choose a version to roll back to
          </a>
        )}
        {free && (busy || suggested !== null) && (
          <a href="#versions" className={WAY}>
            Choose another version
          </a>
        )}
        <CopyForChannel words={channelWords(page)} address={wholeAddress(routes.service(addressOf(page)))} />
      </div>
    </div>
  );
}

const WAY = 'inline-flex min-h-8 items-center text-link underline underline-offset-3 pointer-coarse:min-h-11';

function channelWords({ head, running, lastKnownGood: good }: ServicePage): string {
  const runs = running.ok ? `running ${running.value.version.name}` : 'what it runs is not known';
  const last = good.ok && good.value !== null ? `, last known good ${good.value.version.name}` : '';
  return `${head.service} in ${head.target.name}: ${runs}${last}`;
}

/** Who else runs the same, here and elsewhere. */
function Neighbours({ page }: { readonly page: ServicePage }) {
  const { head, sameImage, image, group, elsewhere, running } = page;
  const count = sameImage.length;
  return (
    <div className="space-y-1 text-muted">
      {count > 0 && image !== null && (
        <p>
          The same image also runs in {count === 1 ? '1 other service' : `${count} other services`}.{' '}
          <Link href={routes.services({ target: head.target.name, show: 'all', q: image })}>Show them</Link>
          {group !== null && head.mayRollBack && running.ok && (
            <>
              {' '}
              <Link href={routes.groupPlan(head.target.name, { image: group })}>
                Roll back all {count + 1} services that run {running.value.version.tag ?? image}…
              </Link>
            </>
          )}
        </p>
      )}
      {elsewhere.length > 0 && running.ok && (
        <p>
          <Name>{head.target.name}</Name>{' '}
          <Name className="text-text">{running.value.version.tag ?? running.value.version.name}</Name>
          {elsewhere.map(({ target, cluster, running: other }) => (
            <span key={`${target} ${cluster}`}>
              {' · '}
              <Link href={routes.service({ target, cluster, service: head.service })}>{target}</Link>{' '}
              <Name className="text-text">{other}</Name>
            </span>
          ))}
          {'. '}
          <Link href={routes.services({ target: EVERY_TARGET, show: 'all', q: head.service })}>Where it runs</Link>
        </p>
      )}
    </div>
  );
}
