import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { ViewerNotice } from '@/components/viewer-notice';
import type { ComparePage } from '@/lib/queries/compare-revisions';
import { routes } from '@/lib/routes';

/** To the plan, where what is compared is what runs with what it could become. */
export function CompareWays({ page }: { readonly page: ComparePage }) {
  const { head, from, to, running, comparison, refused, forward } = page;
  if (from !== running || to === running || !comparison.ok) return null;
  if (!head.mayRollBack) return <ViewerNotice head={head} />;
  if (refused !== null) {
    return (
      <Notice tone="muted">
        <p>{refused}</p>
      </Notice>
    );
  }
  const address = { target: head.target.name, cluster: head.cluster, service: head.service };
  return (
    <LinkButton kind="primary" href={routes.plan(address, { to })} data-plan="" className="max-sm:w-full">
      {forward ? 'Roll forward' : 'Roll back'} to {comparison.value.to.name}
    </LinkButton>
  );
}
