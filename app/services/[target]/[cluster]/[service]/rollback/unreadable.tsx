import { crumbsTo, titleOf } from '@/app/services/[target]/[cluster]/[service]/heads';
import { SignedInPage } from '@/app/signed-in-page';
import { BY_HAND_NOTE, ByHand } from '@/components/by-hand';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeading } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Notice } from '@/components/ui/notice';
import { BY_HAND_WITHOUT_THIS_TOOL } from '@/lib/domain/by-hand';
import { whyNot } from '@/lib/domain/checks/finding';
import type { ReadFailure, Wish } from '@/lib/domain/facts';
import type { Principal } from '@/lib/domain/permissions';
import type { ServiceHead } from '@/lib/queries/get-service';
import { routes, type ServiceAddress } from '@/lib/routes';

type Props = {
  readonly principal: Principal;
  readonly address: ServiceAddress;
  readonly wish: Wish;
  readonly head: ServiceHead;
  readonly failure: ReadFailure;
};

/** A plan that cannot be drawn because AWS does not say what runs: nothing is guessed, and the way by hand stands open. */
export function Unreadable({ principal, address, wish, head, failure }: Props) {
  const { service, target } = address;
  return (
    <SignedInPage principal={principal} title={titleOf(address, 'Rollback plan')} target={head.target}>
      <Breadcrumbs crumbs={crumbsTo(address, 'Rollback plan')} />
      <PageHeading>
        Roll back <Name>{service}</Name> in <Name>{target}</Name>
      </PageHeading>
      <Notice
        tone="warning"
        title={`${service} cannot be read just now (${whyNot(failure)}), so nothing can be planned.`}
      >
        <p>
          Your service is not affected by this. <Link href={routes.plan(address, wish)}>Try again</Link>
        </p>
      </Notice>
      <ByHand commands={BY_HAND_WITHOUT_THIS_TOOL} note={BY_HAND_NOTE} open />
    </SignedInPage>
  );
}
