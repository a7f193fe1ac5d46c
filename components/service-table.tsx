import type { ServiceRow } from '@/lib/queries/list-services';
import { type ServiceLine, ServiceLines } from './service-lines';
import { Link } from './ui/link';
import { Head, Table, TableHead } from './ui/table';

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
        <ServiceLines lines={rows.map(lineOf)} now={now} />
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

function lineOf(row: ServiceRow): ServiceLine {
  const { name, colour, protected: isProtected } = row.target;
  return {
    target: { name, colour, protected: isProtected },
    cluster: row.cluster,
    service: row.service,
    running: row.running,
    past: pastWords(row),
    overwritten: row.overwritten,
    held: row.held,
    changedAt: row.changedAt,
    restarted: row.sameVersionRestarted,
    tasks: [row.runningCount, row.desiredCount],
    state: row.state,
    ...(row.mayRollBack && !row.stale && { back: row.lastKnownGood }),
    stale: row.stale,
  };
}

function pastWords({ was, by, rolledBackBy, sameVersionRestarted }: ServiceRow): string {
  const before = was === null || sameVersionRestarted ? '' : `was ${was}`;
  const who = rolledBackBy === null ? (by === null ? '' : `by ${by}`) : `rolled back by ${rolledBackBy}`;
  return [before, who].filter(Boolean).join(', ');
}
