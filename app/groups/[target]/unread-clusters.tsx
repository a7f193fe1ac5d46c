import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Notice } from '@/components/ui/notice';
import { formatTime } from '@/lib/domain/time-words';
import type { GroupServices } from '@/lib/queries/group-services';
import { routes } from '@/lib/routes';

type Props = { readonly seen: Pick<GroupServices, 'target' | 'unreadClusters' | 'now'>; readonly image: string | null };

/** Clusters that AWS would not tell about: what runs there is not known, and may belong to the group. */
export function UnreadClusters({ seen: { target, unreadClusters, now }, image }: Props) {
  return unreadClusters.map(({ cluster, failure, readAt }) => (
    <Notice key={cluster} tone="warning">
      <p>
        <Name>{`Cluster ${cluster} in ${target.name}`}</Name> could not be read: {failure.words}. Services there may run{' '}
        {image === null ? 'any of these images' : <Name>{image}</Name>} too.{' '}
        {readAt !== null && `What is shown of it was read at ${formatTime(readAt, now)}. `}
        <Link href={routes.status()}>Tool status</Link>
      </p>
    </Notice>
  ));
}
