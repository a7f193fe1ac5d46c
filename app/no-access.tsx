import { Button } from '@/components/ui/button';
import { PageHeading } from '@/components/ui/heading';
import { OutsideLink } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { application } from '@/lib/application';
import type { Principal } from '@/lib/domain/permissions';
import { groupsOf } from '@/lib/domain/target';
import { routes } from '@/lib/routes';
import { SignedInPage } from './signed-in-page';

/** Whether somebody has no role on any target: every page is {@link NoAccess} to them. */
export const isOutsider = ({ roles }: Principal): boolean => roles.size === 0;

/** What somebody without a role anywhere sees in place of every page. */
export function NoAccess({ principal }: { readonly principal: Principal }) {
  const { targets, runbookUrl } = application().configuration;
  const groups = [...new Set(targets.flatMap(groupsOf))];
  return (
    <SignedInPage principal={principal} title="You do not have access · ECS rollback">
      <PageHeading>You do not have access.</PageHeading>
      <p>
        You are signed in as <Name>{principal.email ?? principal.name}</Name>. This tool is for people in{' '}
        {groups.join(', ')}.
      </p>
      <div className="flex flex-wrap items-center gap-4">
        <form method="post" action={routes.signOut()}>
          <Button kind="primary">Sign in as someone else</Button>
        </form>
        {runbookUrl && <OutsideLink href={runbookUrl}>Runbook</OutsideLink>}
      </div>
    </SignedInPage>
  );
}
