import { NotThere } from '@/app/not-there';
import { crumbsTo, titleOf } from '@/app/services/[target]/[cluster]/[service]/heads';
import { Unread } from '@/app/services/[target]/[cluster]/[service]/unread';
import { SignedInPage } from '@/app/signed-in-page';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeading, Section } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Unavailable } from '@/components/unavailable';
import { VersionTable } from '@/components/version-table';
import { application } from '@/lib/application';
import type { Principal } from '@/lib/domain/permissions';
import { getService } from '@/lib/queries/get-service';
import { routes, type ServiceAddress } from '@/lib/routes';

type Props = { readonly principal: Principal; readonly address: ServiceAddress };

/** Where a plan begins that names no version yet: every version one could return to. */
export async function ChooseVersion({ principal, address }: Props) {
  const found = await getService(principal, { ...address, show: 'ran' }, application());
  if (found === null) return <NotThere />;
  if (!found.ok) return <Unread principal={principal} address={address} failure={found.error} />;
  const { head, versions, running } = found.value;
  const { service, target } = address;
  return (
    <SignedInPage principal={principal} title={titleOf(address, 'Choose a version')} target={head.target}>
      <Breadcrumbs crumbs={crumbsTo(address, 'Choose a version')} />
      <PageHeading>
        Roll back <Name>{service}</Name> in <Name>{target}</Name>
      </PageHeading>
      <Section
        title="Which version?"
        id="versions"
        aside={<Link href={`${routes.service(address, { show: 'all' })}#versions`}>All revisions</Link>}
      >
        {versions.ok ? (
          <VersionTable
            page={found.value}
            rows={versions.value}
            running={running.ok ? running.value.version.revision : null}
          />
        ) : (
          <Unavailable what="Versions" failure={versions.error} />
        )}
      </Section>
    </SignedInPage>
  );
}
