import type { RecordRow } from '@/lib/queries/list-rollbacks';
import { routes } from '@/lib/routes';
import { Icon } from './ui/icon';
import { Link } from './ui/link';
import { Name } from './ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from './ui/table';
import { Tag } from './ui/tag';
import { Time } from './ui/time';

type Props = { readonly rows: readonly RecordRow[]; readonly now: number };

/** Rollbacks and refused presses, newest first; each row opens its rollback for ever. */
export function RecordTable({ rows, now }: Props) {
  return (
    <Table label="Rollback record" cards>
      <TableHead>
        <Head>When</Head>
        <Head>Who</Head>
        <Head>Service</Head>
        <Head>From → to</Head>
        <Head>Outcome</Head>
        <Head>Why</Head>
      </TableHead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.seq} row={row} now={now} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ row, now }: { readonly row: RecordRow; readonly now: number }) {
  const { rollbackId, groupId, at, by, service, target, from, to, outcome, reason, details, overwritten } = row;
  return (
    <Row data-row="">
      <RowHead className="font-normal! whitespace-nowrap">
        {rollbackId === null ? (
          <Time at={at} now={now} relative={false} />
        ) : (
          <Link href={routes.rollback(rollbackId)} data-open="">
            <Time at={at} now={now} relative={false} />
            <span className="sr-only">, rollback {rollbackId}</span>
          </Link>
        )}
      </RowHead>
      <Cell head="Who">
        <Name>{by}</Name>
      </Cell>
      <Cell head="Service">
        <span>
          <Name className="font-medium">{service}</Name> <span className="text-muted">·</span> <Name>{target}</Name>
          {groupId !== null && (
            <Link
              href={routes.groupRollback(groupId)}
              className="block w-fit py-0.5 text-sm text-link underline underline-offset-3"
            >
              with others
              <span className="sr-only">: group rollback {groupId}</span>
            </Link>
          )}
        </span>
      </Cell>
      <Cell head="From → to">
        <span>
          <Name>{from}</Name> → <Name>{to}</Name>
        </span>
      </Cell>
      <Cell head="Outcome">
        <span>
          <Tag {...outcome} />
          {overwritten !== null && (
            <span className="block text-sm text-warning">
              <Icon sign="!" className="mr-0.5" /> <Name>{overwritten}</Name>
            </span>
          )}
        </span>
      </Cell>
      <Cell head="Why">
        {(reason !== null || details !== null) && (
          <span>
            {reason !== null && <Name>{reason}</Name>}
            {reason !== null && details !== null && ' · '}
            {details !== null && <Name>{details}</Name>}
          </span>
        )}
      </Cell>
    </Row>
  );
}
