import type { Crumb } from '@/components/ui/breadcrumbs';
import { routes } from '@/lib/routes';

/** Title of a page about services that run one image, in the order a tab cuts it. */
export const titleOf = (...parts: readonly string[]): string => [...parts, 'ECS rollback'].join(' · ');

/** The way to a target's services by image, on to one group, and to `page` where that is below it. */
export function crumbsTo(target: string, image?: string, page?: string): readonly Crumb[] {
  const above: readonly Crumb[] = [
    { words: 'Services', href: routes.services({ show: 'all' }) },
    { words: target, href: routes.services({ target, show: 'all' }) },
  ];
  if (image === undefined) return [...above, { words: 'By image' }];
  const byImage: Crumb = { words: 'By image', href: routes.groups(target) };
  if (page === undefined) return [...above, byImage, { words: image }];
  return [...above, byImage, { words: image, href: routes.groups(target, { image }) }, { words: page }];
}
