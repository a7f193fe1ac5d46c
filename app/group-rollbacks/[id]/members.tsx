import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from '@/components/ui/table';
import { Tag } from '@/components/ui/tag';
import type { GroupProgress, MemberProgress } from '@/lib/domain/group-progress';
import { routes } from '@/lib/routes';

/** Every service of a group: those that need somebody first, each leading to its own rollback. */
export function GroupMembersProgress({ progress: { members, target } }: { readonly progress: GroupProgress }) {
  return (
    <Table label="Services of the group" cards>
      <TableHead>
        <Head>Service</Head>
        <Head>From → to</Head>
        <Head>State</Head>
        <Head>Tasks</Head>
      </TableHead>
      <tbody>
        {members.map((member) => (
          <Line key={`${member.cluster} ${member.service}`} member={member} target={target} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ member, target }: { readonly member: MemberProgress; readonly target: string }) {
  const { id, cluster, service, from, to, state, tasks, words, standing } = member;
  const href = id === null ? routes.service({ target, cluster, service }) : routes.rollback(id);
  return (
    <Row data-row="" className={standing === 'needs-someone' ? 'bg-bad-tint' : ''}>
      <RowHead className="lg:min-w-56 md:pl-2">
        <Link href={href} data-open="">
          <Name>{service}</Name>
          {id !== null && <span className="sr-only">, rollback {id}</span>}
        </Link>
      </RowHead>
      <Cell head="From → to">
        {from !== '' && (
          <span>
            <Name>{from}</Name> → <Name>{to}</Name>
          </span>
        )}
      </Cell>
      <Cell head="State">
        <div>
          <Tag {...state} />
          {words !== null && <p className="text-sm [overflow-wrap:anywhere]">{words}</p>}
        </div>
      </Cell>
      <Cell head="Tasks" className="tabular-nums md:whitespace-nowrap">
        {tasks}
      </Cell>
    </Row>
  );
}
