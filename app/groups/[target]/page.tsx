import { type Query, readPath, readQuery } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { NotThere } from '@/app/not-there';
import { SignedInPage } from '@/app/signed-in-page';
import { ReadLine } from '@/components/read-line';
import { Stale } from '@/components/stale';
import { StillReading } from '@/components/still-reading';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeading } from '@/components/ui/heading';
import { Name } from '@/components/ui/name';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { getGroup } from '@/lib/queries/get-group';
import { groupServices } from '@/lib/queries/group-services';
import { routes } from '@/lib/routes';
import { GroupList } from './group-list';
import { GroupMembers } from './group-members';
import { crumbsTo, titleOf } from './heads';
import { UnreadClusters } from './unread-clusters';

type Props = { readonly params: Promise<{ readonly target: string }>; readonly searchParams: Query };

/** Services of a target by the image they run; with an image in the address, those of one group. */
export default async function GroupsPage({ params, searchParams }: Props) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const { target: name } = await readPath(params);
  const { image } = await readQuery(searchParams, ['image']);
  if (image !== undefined) {
    const group = await getGroup(principal, name, { image }, application());
    if (group === null) return <NotThere />;
    return (
      <SignedInPage principal={principal} title={titleOf(image, name)} target={group.target}>
        <Breadcrumbs crumbs={crumbsTo(name, image)} />
        <GroupMembers group={group} />
      </SignedInPage>
    );
  }
  const list = await groupServices(principal, name, application());
  if (list === null) return <NotThere />;
  const { target, readAt, now, failure, stillReading } = list;
  return (
    <SignedInPage principal={principal} title={titleOf('By image', name)} target={target}>
      <Breadcrumbs crumbs={crumbsTo(name)} />
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <PageHeading>
          Services of <Name>{name}</Name> by image
        </PageHeading>
        <ReadLine readAt={readAt} now={now} here={routes.groups(name)} />
      </div>
      <Stale failure={failure} readAt={readAt} now={now} />
      <UnreadClusters seen={list} image={null} />
      {stillReading && <StillReading words="Still reading which image every service runs." />}
      <GroupList list={list} />
    </SignedInPage>
  );
}
