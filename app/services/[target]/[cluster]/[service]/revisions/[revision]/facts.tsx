import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { formatDay, formatTime } from '@/lib/domain/time-words';
import type { RevisionPage } from '@/lib/queries/get-revision';
import { routes } from '@/lib/routes';

/** Where a revision ran, who registered it, and what it is a copy of. */
export function RevisionFacts({ page }: { readonly page: RevisionPage }) {
  const { isRunning, ranHere, registeredAt, registeredBy, deregisteredAt, copyOf, now } = page;
  return (
    <div className="space-y-1">
      <p>
        {isRunning && 'Running now. '}
        {`${ranHere.charAt(0).toUpperCase()}${ranHere.slice(1)}. `}
        {registeredAt !== null && (
          <>
            Registered {formatTime(registeredAt, now)}
            {registeredBy !== null && (
              <>
                {' '}
                by <Name>{registeredBy}</Name>
              </>
            )}
            .
          </>
        )}
      </p>
      {deregisteredAt !== null && (
        <p>Deregistered {formatDay(deregisteredAt, now)}. ECS cannot run it directly; a copy can run.</p>
      )}
      {copyOf !== null && (
        <p>
          Copy of <Name>{copyOf.from}</Name>, made by rollback{' '}
          <Link href={routes.rollback(copyOf.rollbackId)}>{copyOf.rollbackId}</Link>
        </p>
      )}
    </div>
  );
}
