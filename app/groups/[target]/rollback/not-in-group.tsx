import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import type { Group } from '@/lib/queries/get-group';
import { routes } from '@/lib/routes';

/** Services of the same repository that run another tag: they are left as they are. */
export function NotInGroup({ group: { others, target } }: { readonly group: Pick<Group, 'others' | 'target'> }) {
  if (others.length === 0) return null;
  return (
    <ul aria-label="Not in this group" className="space-y-1 text-muted">
      {others.map(({ cluster, service, running }) => (
        <li key={`${cluster} ${service}`} className="[overflow-wrap:anywhere]">
          Not in this group: <Name>{service}</Name> runs <Name>{running}</Name>.{' '}
          <Link href={routes.service({ target: target.name, cluster, service })}>
            Open it<span className="sr-only">: {service}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
