import { OutsideLink } from '@/components/ui/link';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import type { ServicePage } from '@/lib/queries/get-service';
import { routes } from '@/lib/routes';
import { addressOf } from './summary';

type Props = { readonly page: ServicePage; readonly inFlight: NonNullable<ServicePage['inFlight']> };

/** A deployment that is not ours and still runs, and the way to stop it where its end is certain. */
export function InFlight({ page, inFlight: { words, paused, stop, why } }: Props) {
  const free = page.head.mayRollBack && page.refused === null;
  return (
    <Notice tone="progress">
      <p className="font-medium">{words}</p>
      {paused !== null && (
        <p>
          It is paused by a deployment hook and waits for someone.{' '}
          <OutsideLink href={paused}>Continue it in the ECS console</OutsideLink>
        </p>
      )}
      {free && stop !== null && (
        <p className="pt-1">
          <LinkButton
            kind="primary"
            href={routes.plan(addressOf(page), { stop: stop.deployment })}
            className="max-sm:w-full"
          >
            Stop this deployment and return to {stop.returnTo}
          </LinkButton>
        </p>
      )}
      {free && stop === null && why !== null && <p>{why}</p>}
    </Notice>
  );
}
