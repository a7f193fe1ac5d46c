import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { ImageGroup } from '@/lib/domain/group';
import type { GroupService, GroupServices } from '@/lib/queries/group-services';
import { routes } from '@/lib/routes';

/** Images that two or more services run, those of the most services first. */
export function GroupList({ list: { groups, services, target, now } }: { readonly list: GroupServices }) {
  const alone = services.length - groups.reduce((sum, { members }) => sum + members.length, 0);
  return (
    <>
      {groups.length > 0 && (
        <Table label="Images and their services" cards>
          <TableHead>
            <Head>Image</Head>
            <Head>Services</Head>
            <Head>Changed</Head>
            <Head>
              <span className="sr-only">Way back</span>
            </Head>
          </TableHead>
          <tbody>
            {groups.map((group) => (
              <Line key={group.image} group={group} target={target.name} now={now} />
            ))}
          </tbody>
        </Table>
      )}
      <p className="text-muted">
        {groups.length === 0 && 'No two services here run the same image. '}
        {alone > 0 &&
          `${alone === 1 ? '1 service runs' : `${alone} services run`} an image of ${alone === 1 ? 'its' : 'their'} own. `}
        <Link href={routes.services({ target: target.name, show: 'all' })}>Show all services</Link>
      </p>
    </>
  );
}

type LineProps = { readonly group: ImageGroup<GroupService>; readonly target: string; readonly now: number };

function Line({ group: { image, members }, target, now }: LineProps) {
  const changedAt = members.reduce<number | null>(
    (latest, one) => Math.max(latest ?? 0, one.changedAt ?? 0) || null,
    null,
  );
  const free = members.filter(({ mayRollBack }) => mayRollBack).length;
  return (
    <Row data-row="">
      <RowHead className="lg:min-w-80">
        <Link href={routes.groups(target, { image })} data-open="">
          <Name>{image}</Name>
        </Link>
      </RowHead>
      <Cell head="Services">
        <span>
          {members.length}: <Name className="text-muted">{members.map(({ service }) => service).join(', ')}</Name>
        </span>
      </Cell>
      <Cell head="Changed" className="md:whitespace-nowrap">
        {changedAt === null ? <span className="text-muted">not known</span> : <Time at={changedAt} now={now} />}
      </Cell>
      <Cell className="md:whitespace-nowrap">
        {free > 0 && (
          <Link
            href={routes.groupPlan(target, { image })}
            data-plan=""
            className="block w-fit text-link underline underline-offset-3 max-md:py-1 pointer-coarse:py-2.5"
          >
            Roll back all {members.length}…<span className="sr-only"> services that run {image}</span>
          </Link>
        )}
      </Cell>
    </Row>
  );
}
