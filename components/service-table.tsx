import type { ServiceRow } from '@/lib/queries/list-services';
import { routes } from '@/lib/routes';
import { BAND, targetSign } from './target-band';
import { Icon } from './ui/icon';
import { Link } from './ui/link';
import { Name } from './ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from './ui/table';
import { Tag } from './ui/tag';
import { Time } from './ui/time';

/** A column the rows can be put in order by. */
export type SortLink = { readonly href: string; readonly chosen: boolean };

type Props = {
  readonly rows: readonly ServiceRow[];
  readonly now: number;
  readonly sorts: Readonly<Record<'target' | 'service' | 'changed', SortLink>>;
};

/** Services of every target that is shown, a row each; a card each on a phone. */
export function ServiceTable({ rows, now, sorts }: Props) {
  return (
    <Table label="Table of services" cards>
      <TableHead>
        <SortHead words="Target" sort={sorts.target} direction="ascending" className="pl-4" />
        <SortHead words="Service" sort={sorts.service} direction="ascending" />
        <Head>Running now</Head>
        <SortHead words="Changed" sort={sorts.changed} direction="descending" />
        <Head>Tasks</Head>
        <Head>State</Head>
      </TableHead>
      <tbody>
        {rows.map((row) => (
          <ServiceLine key={`${row.target.name} ${row.cluster} ${row.service}`} row={row} now={now} />
        ))}
      </tbody>
    </Table>
  );
}

const SORT = 'inline-block py-0.5 underline underline-offset-3 hover:text-text max-md:hidden';

type SortHeadProps = {
  readonly words: string;
  readonly sort: SortLink;
  readonly direction: 'ascending' | 'descending';
  readonly className?: string;
};

function SortHead({ words, sort, direction, className }: SortHeadProps) {
  return (
    <Head aria-sort={sort.chosen ? direction : undefined} className={className}>
      {/* Where rows are cards the heads are not seen, and nothing unseen may take the focus. */}
      <span className="md:hidden">{words}</span>
      <Link href={sort.href} scroll={false} className={SORT}>
        {words}
        {sort.chosen && <span aria-hidden="true"> {direction === 'ascending' ? '↑' : '↓'}</span>}
      </Link>
    </Head>
  );
}

function ServiceLine({ row, now }: { readonly row: ServiceRow; readonly now: number }) {
  const address = { target: row.target.name, cluster: row.cluster, service: row.service };
  return (
    <Row className={`relative ${row.stale ? 'text-muted' : ''}`} data-row="">
      <Cell className="pl-4 max-md:pl-4! lg:w-36">
        <span aria-hidden="true" className={`absolute inset-y-0 left-0 w-1.5 ${BAND[row.target.colour]}`} />
        <span className="mr-2 text-sm font-semibold tracking-wide uppercase">
          <Icon sign={targetSign(row.target)} className="top-0! mr-1 size-[0.8em]!" />
          {'\u00a0'}
          <Name>{row.target.name}</Name>
        </span>
        <Name className="text-sm text-muted md:block">{row.cluster}</Name>
      </Cell>
      <RowHead className="max-md:pl-4! lg:min-w-56">
        <Link
          href={routes.service(address)}
          data-open=""
          className="text-link underline underline-offset-3 max-md:block max-md:py-1.5 max-md:text-lg"
        >
          <Name>{row.service}</Name>
        </Link>
      </RowHead>
      <Cell className="max-md:pl-4! lg:min-w-76">
        <Name className="font-medium">{row.running}</Name>
        <Past row={row} />
        {row.overwritten !== null && (
          <span className="block text-sm font-medium text-warning">
            <Icon sign="!" className="mr-0.5" /> <Name>{row.overwritten}</Name>
          </span>
        )}
      </Cell>
      <Cell className="max-md:pl-4! md:whitespace-nowrap">
        {row.changedAt === null ? <span className="text-muted">not known</span> : <Time at={row.changedAt} now={now} />}
        {row.sameVersionRestarted && <span className="block text-sm text-muted">Restarted, same version</span>}
      </Cell>
      <Cell className="tabular-nums max-md:pl-4! md:whitespace-nowrap">
        {row.runningCount} of {row.desiredCount}
        <span className="md:sr-only"> tasks</span>
      </Cell>
      <Cell className="max-md:pl-4!">
        <Tag {...row.state} />
        {row.mayRollBack && !row.stale && <WayBack row={row} />}
      </Cell>
    </Row>
  );
}

function Past({ row: { was, by, rolledBackBy, sameVersionRestarted } }: { readonly row: ServiceRow }) {
  const before = was === null || sameVersionRestarted ? '' : `was ${was}`;
  const who = rolledBackBy === null ? (by === null ? '' : `by ${by}`) : `rolled back by ${rolledBackBy}`;
  const words = [before, who].filter(Boolean).join(', ');
  return words === '' ? null : <Name className="block text-sm text-muted">{words}</Name>;
}

/** To the plan of a return to the last known good version, else to where one is chosen. */
function WayBack({ row }: { readonly row: ServiceRow }) {
  const address = { target: row.target.name, cluster: row.cluster, service: row.service };
  const known = row.lastKnownGood !== null;
  const href =
    row.lastKnownGood !== null ? routes.plan(address, row.lastKnownGood) : `${routes.service(address)}#versions`;
  return (
    <Link
      href={href}
      data-plan={known ? '' : undefined}
      className="block w-fit py-1 text-sm whitespace-nowrap text-link underline underline-offset-3 pointer-coarse:py-2.5"
    >
      {known ? 'Roll back…' : 'Choose a version…'}
      <span className="sr-only">
        {' '}
        {row.service} in {row.target.name}
      </span>
    </Link>
  );
}
