import { ReadLine } from '@/components/read-line';
import { Stale } from '@/components/stale';
import { StillReading } from '@/components/still-reading';
import { PageHeading } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { LinkButton } from '@/components/ui/link-button';
import { Name } from '@/components/ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { Group, GroupMember } from '@/lib/queries/get-group';
import { routes } from '@/lib/routes';
import { NotInGroup } from './rollback/not-in-group';
import { UnreadClusters } from './unread-clusters';

/** The services that run one image, and the way back for all of them. */
export function GroupMembers({ group }: { readonly group: Group }) {
  const { target, image, to, members, readAt, now, failure, stillReading } = group;
  const free = members.some(({ mayRollBack }) => mayRollBack);
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <PageHeading>
          <bdi>{image}</bdi>
        </PageHeading>
        <ReadLine readAt={readAt} now={now} here={routes.groups(target.name, { image })} />
      </div>
      <Stale failure={failure} readAt={readAt} now={now} />
      <UnreadClusters seen={group} image={image} />
      {stillReading && <StillReading words="Still reading which services run this image." />}
      <p>
        {members.length === 1 ? '1 service' : `${members.length} services`} in <Name>{target.name}</Name>{' '}
        {members.length === 1 ? 'runs' : 'run'} it.
        {to !== null && (
          <>
            {' '}
            Last known good for most of them: <Name className="font-semibold">{to}</Name>.
          </>
        )}
      </p>
      {free && members.length > 0 && (
        <LinkButton
          kind="primary"
          href={routes.groupPlan(target.name, { image, to })}
          data-plan=""
          className="max-sm:w-full"
        >
          Roll back {members.length === 1 ? 'it' : `all ${members.length} services`}
          {to === null ? '…' : ` to ${to}`}
        </LinkButton>
      )}
      <Table label="Services of the group" cards>
        <TableHead>
          <Head>Service</Head>
          <Head>Running now</Head>
          <Head>Last known good</Head>
          <Head>Changed</Head>
        </TableHead>
        <tbody>
          {members.map((member) => (
            <Line key={`${member.cluster} ${member.service}`} member={member} target={target.name} now={now} />
          ))}
        </tbody>
      </Table>
      <NotInGroup group={group} />
    </>
  );
}

function Line({
  member,
  target,
  now,
}: {
  readonly member: GroupMember;
  readonly target: string;
  readonly now: number;
}) {
  const { cluster, service, running, good, changedAt } = member;
  return (
    <Row data-row="">
      <RowHead>
        <Link href={routes.service({ target, cluster, service })} data-open="">
          <Name>{service}</Name>
        </Link>
      </RowHead>
      <Cell head="Running now">
        <Name>{running}</Name>
      </Cell>
      <Cell head="Last known good">
        {good === null ? <span className="text-muted">none, or not known yet</span> : <Name>{good}</Name>}
      </Cell>
      <Cell head="Changed" className="md:whitespace-nowrap">
        {changedAt === null ? <span className="text-muted">not known</span> : <Time at={changedAt} now={now} />}
      </Cell>
    </Row>
  );
}
