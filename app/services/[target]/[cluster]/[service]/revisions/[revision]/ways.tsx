import { Link } from '@/components/ui/link';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { ViewerNotice } from '@/components/viewer-notice';
import { revisionNumber } from '@/lib/domain/arn';
import type { RevisionPage } from '@/lib/queries/get-revision';
import { routes } from '@/lib/routes';

/** To the plan of a return to this revision, and to what would change. */
export function RevisionWays({ page }: { readonly page: RevisionPage }) {
  const { head, version, isRunning, revision, running, refused, forward } = page;
  if (isRunning) return null;
  const address = { target: head.target.name, cluster: head.cluster, service: head.service };
  return (
    <div className="space-y-3">
      {!head.mayRollBack && <ViewerNotice head={head} />}
      {refused !== null && (
        <Notice tone="muted">
          <p>{refused}</p>
        </Notice>
      )}
      {version.ok && (
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          {head.mayRollBack && refused === null && (
            <LinkButton
              kind="primary"
              href={routes.plan(address, { to: revision })}
              data-plan=""
              className="max-sm:w-full"
            >
              {forward ? 'Roll forward' : 'Roll back'} to {version.value.name}
            </LinkButton>
          )}
          <Link href={routes.compare(address, { from: running, to: revision })} data-compare="">
            Compare with running ({revisionNumber(running)})
          </Link>
        </div>
      )}
    </div>
  );
}
