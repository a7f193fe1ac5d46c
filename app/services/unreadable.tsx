import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Notice } from '@/components/ui/notice';
import { formatTime } from '@/lib/domain/time-words';
import type { Overview } from '@/lib/queries/list-services';
import { routes } from '@/lib/routes';

/** Targets, or clusters of them, that AWS would not tell about, with what is shown in their place. */
export function Unreadable({ overview: { unreadable, now } }: { readonly overview: Overview }) {
  return unreadable.map(({ target, cluster, words, knownServices, lastReadAt }) => (
    <Notice key={`${target.name} ${cluster}`} tone="warning">
      <p>
        <Name>{cluster === null ? target.name : `Cluster ${cluster} in ${target.name}`}</Name> could not be read:{' '}
        {words}.{' '}
        {knownServices > 0 && lastReadAt !== null && (
          <>
            {knownServices === 1 ? '1 service' : `${knownServices} services`} known at {formatTime(lastReadAt, now)}{' '}
            {knownServices === 1 ? 'is' : 'are'} shown in grey.{' '}
          </>
        )}
        <Link href={routes.status()}>Tool status</Link>
      </p>
    </Notice>
  ));
}
