import { Link } from '@/components/ui/link';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import type { Overwritten as Warning } from '@/lib/queries/overwritten';
import { routes } from '@/lib/routes';
import { IntendedForm } from './intended-form';

type Props = {
  readonly overwritten: Warning;
  readonly mayAct: boolean;
  /** Whether the page is the rollback's own. */
  readonly own?: boolean;
};

/** A deployment replaced what a rollback had brought: what it was, the way back, and a way to say that it was meant. */
export function Overwritten({ overwritten: { rollbackId, sentence, background, again }, mayAct, own = false }: Props) {
  return (
    <Notice tone="warning" title={sentence} heading="h2">
      <p>
        {background} {!own && <Link href={routes.rollback(rollbackId)}>See that rollback</Link>}
      </p>
      {mayAct && (
        <div className="space-y-2 pt-1">
          <p>
            <LinkButton href={again.href} data-again="" className="max-sm:w-full">
              {again.words}
            </LinkButton>
          </p>
          <IntendedForm id={rollbackId} />
        </div>
      )}
    </Notice>
  );
}
