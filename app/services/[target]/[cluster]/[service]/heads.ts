import type { Crumb } from '@/components/ui/breadcrumbs';
import { routes, type ServiceAddress } from '@/lib/routes';

/** Title of a page about one service, in the order a tab cuts it: `api · production · Compare 428 → 421`. */
export const titleOf = ({ service, target, cluster }: ServiceAddress, page?: string): string =>
  [service, target, page ?? cluster, 'ECS rollback'].join(' · ');

/** The way to a service's page, and on to `page` where that is below it. */
export function crumbsTo(address: ServiceAddress, page?: string): readonly Crumb[] {
  const { target, cluster, service } = address;
  const above: readonly Crumb[] = [
    { words: 'Services', href: routes.services({ show: 'all' }) },
    { words: target, href: routes.services({ target, show: 'all' }) },
    { words: cluster, href: routes.services({ target, cluster, show: 'all' }) },
  ];
  if (page === undefined) return [...above, { words: service }];
  return [...above, { words: service, href: routes.service(address) }, { words: page }];
}
