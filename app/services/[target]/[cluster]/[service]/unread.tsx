import { SignedInPage } from '@/app/signed-in-page';
import { BY_HAND_NOTE, ByHand } from '@/components/by-hand';
import { StillReading } from '@/components/still-reading';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeading } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { application } from '@/lib/application';
import { BY_HAND_WITHOUT_THIS_TOOL } from '@/lib/domain/by-hand';
import { whyNot } from '@/lib/domain/checks/finding';
import type { ReadFailure } from '@/lib/domain/facts';
import type { Principal } from '@/lib/domain/permissions';
import { routes, type ServiceAddress } from '@/lib/routes';
import { crumbsTo, titleOf } from './heads';

type Props = { readonly principal: Principal; readonly address: ServiceAddress; readonly failure: ReadFailure };

/** A service AWS says nothing about: why, that it is tried again, and the way by hand. */
export function Unread({ principal, address, failure }: Props) {
  const { service, target } = address;
  return (
    <SignedInPage principal={principal} title={titleOf(address)} target={application().target(target)}>
      <Breadcrumbs crumbs={crumbsTo(address)} />
      <PageHeading>
        <bdi>{service}</bdi>
      </PageHeading>
      {failure.kind === 'no-answer' ? (
        <StillReading words={`Still reading ${service}.`} />
      ) : (
        <Notice tone="warning" title={`${service} cannot be read just now (${whyNot(failure)}).`}>
          <p>
            Your service is not affected by this. <Link href={routes.status()}>Tool status</Link>
          </p>
        </Notice>
      )}
      <ByHand commands={BY_HAND_WITHOUT_THIS_TOOL} note={BY_HAND_NOTE} />
    </SignedInPage>
  );
}
