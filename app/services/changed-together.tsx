import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import type { ChangedTogether as Changed } from '@/lib/queries/changed-together';
import { routes } from '@/lib/routes';

/** Images that several services were brought to lately: one bad release of them is one way back. */
export function ChangedTogether({ changed, now }: { readonly changed: readonly Changed[]; readonly now: number }) {
  if (changed.length === 0) return null;
  return (
    <ul aria-label="Changed together" className="space-y-1">
      {changed.map(({ target, image, services, at, mayRollBack }) => (
        <li
          key={`${target} ${image}`}
          className="flex flex-wrap items-baseline gap-x-3 gap-y-1 [overflow-wrap:anywhere]"
        >
          <span>
            {services} services of <Name>{target}</Name> run <Name className="font-medium">{image}</Name>, changed{' '}
            <Time at={at} now={now} />.
          </span>
          <Link
            href={mayRollBack ? routes.groupPlan(target, { image }) : routes.groups(target, { image })}
            className="inline-flex min-h-8 items-center text-link underline underline-offset-3 pointer-coarse:min-h-11"
          >
            {mayRollBack ? `Roll back all ${services}…` : 'Show them'}
            <span className="sr-only"> services that run {image}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
