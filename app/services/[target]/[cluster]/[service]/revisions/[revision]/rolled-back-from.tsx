import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Notice } from '@/components/ui/notice';
import { formatTime } from '@/lib/domain/time-words';
import type { RevisionPage } from '@/lib/queries/get-revision';
import { routes } from '@/lib/routes';
import { ClearMark } from './clear-mark';

type Props = { readonly page: RevisionPage; readonly mark: NonNullable<RevisionPage['mark']> };

/** Who rolled back from this revision, when and why; operators can say that it no longer counts. */
export function RolledBackFrom({ page, mark }: Props) {
  const { target, cluster, service } = page.head;
  const address = { target: target.name, cluster, service };
  return (
    <Notice tone="warning" sign="↺" title="Rolled back from" heading="h2">
      <p>
        <Name>{mark.by}</Name>, {formatTime(mark.at, page.now)}
        {mark.image !== null && (
          <>
            , with <Name>{mark.image}</Name>
          </>
        )}
        : <Name>{mark.reason}</Name>. <Link href={routes.rollback(mark.rollbackId)}>See that rollback</Link>
      </p>
      {page.head.mayRollBack && (
        <div className="pt-2">
          <ClearMark address={address} revision={page.revision} mark={mark.rollbackId} />
        </div>
      )}
    </Notice>
  );
}
