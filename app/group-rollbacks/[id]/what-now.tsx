import { Section } from '@/components/ui/heading';
import { Link, OutsideLink } from '@/components/ui/link';
import { LinkButton } from '@/components/ui/link-button';
import type { GroupRollbackPage } from '@/lib/queries/get-group-rollback';
import { routes } from '@/lib/routes';

/** What somebody can do once a group has its outcome: what to see to, then where a button leads. */
export function WhatNow({ page }: { readonly page: GroupRollbackPage }) {
  const { progress, planRest, undo, undoes, target } = page;
  const back = progress.members.some(({ standing }) => standing === 'back');
  if (!progress.ended) return null;
  return (
    <Section title="What now" id="now">
      {back && undoes === null && (
        <ol className="list-decimal space-y-1 pl-6">
          <li>
            <Link href={routes.services({ target: target.name, show: 'all', q: progress.name })}>
              Check the services.
            </Link>
          </li>
          <li>
            {target.pipelineUrl === null ? (
              pipelineWords(progress.from)
            ) : (
              <OutsideLink href={target.pipelineUrl}>{pipelineWords(progress.from)}</OutsideLink>
            )}
          </li>
          <li>Revert the code.</li>
        </ol>
      )}
      <p className="flex flex-wrap gap-3">
        {planRest !== null && (
          <LinkButton kind="primary" href={planRest} data-plan="">
            Plan the rest again
          </LinkButton>
        )}
        {undo !== null && (
          <LinkButton href={undo.href}>
            Undo: plan a return of {undo.services === 1 ? '1 service' : `${undo.services} services`} to {progress.from}
          </LinkButton>
        )}
      </p>
    </Section>
  );
}

const pipelineWords = (from: string): string => `Pause the pipeline, or the next deployment brings ${from} back.`;
