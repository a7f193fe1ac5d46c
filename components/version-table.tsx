import { familyOf } from '@/lib/domain/arn';
import { shortDigest } from '@/lib/domain/image';
import { formatDuration, formatTime } from '@/lib/domain/time-words';
import type { ServicePage } from '@/lib/queries/get-service';
import type { VersionRow } from '@/lib/queries/version-row';
import { routes } from '@/lib/routes';
import { Icon } from './ui/icon';
import { Link } from './ui/link';
import { Name } from './ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from './ui/table';
import { Tag } from './ui/tag';
import type { Tone } from './ui/tone';

type Props = {
  readonly page: Pick<ServicePage, 'head' | 'missing' | 'refused' | 'now'>;
  readonly rows: readonly VersionRow[];
  /** Revision that runs, `family:number`; what others are compared with. */
  readonly running: string | null;
};

/** Versions of a service, newest first, with what each ran and whether one can return to it. */
export function VersionTable({ page, rows, running }: Props) {
  return (
    <Table label="Table of versions" cards>
      <TableHead>
        <Head>Revision</Head>
        <Head>Images</Head>
        <Head>Registered</Head>
        <Head>Ran here</Head>
        <Head>State</Head>
        <Head>
          <span className="sr-only">What to do</span>
        </Head>
      </TableHead>
      <tbody>
        {linesOf(rows, page.missing).map((line) =>
          'from' in line ? (
            <Missing key={line.from} {...line} />
          ) : (
            <VersionLine key={`${line.revision} ${line.ran}`} row={line} page={page} running={running} />
          ),
        )}
      </tbody>
    </Table>
  );
}

type Gap = ServicePage['missing'][number];

/** Rows, and between them the numbers ECS has none for, in order. */
const linesOf = (rows: readonly VersionRow[], missing: readonly Gap[]): readonly (VersionRow | Gap)[] =>
  [...rows, ...missing].sort((a, b) => topOf(b) - topOf(a));

const topOf = (line: VersionRow | Gap): number => ('from' in line ? line.to : line.number);

function Missing({ from, to }: Gap) {
  return (
    <Row className="text-muted">
      <RowHead className="font-normal! whitespace-nowrap tabular-nums">{from === to ? from : `${from}–${to}`}</RowHead>
      <Cell colSpan={5}>not found (deleted)</Cell>
    </Row>
  );
}

type LineProps = Pick<Props, 'page' | 'running'> & { readonly row: VersionRow };

function VersionLine({ row, page, running }: LineProps) {
  const { head, now } = page;
  const address = { target: head.target.name, cluster: head.cluster, service: head.service };
  return (
    <Row data-row="">
      <RowHead className="whitespace-nowrap tabular-nums">
        <Link href={routes.revision(address, row.revision)} data-open="">
          <span className="sr-only">Revision </span>
          {running === null || familyOf(row.revision) === familyOf(running) ? row.number : row.revision}
        </Link>
        {row.star && (
          <>
            {' '}
            <Icon sign="★" className="text-good" />
            <span className="text-sm font-normal text-muted md:sr-only"> last known good</span>
          </>
        )}
      </RowHead>
      <Cell className="md:min-w-60 lg:min-w-68">
        <Images row={row} />
      </Cell>
      <Cell head="Registered" className="md:whitespace-nowrap">
        {row.registeredAt !== null && <span>{formatTime(row.registeredAt, now)}</span>}
      </Cell>
      <Cell head="Ran here" className="md:whitespace-nowrap">
        <span>{ranWords(row, now)}</span>
      </Cell>
      <Cell className="md:min-w-44">
        <Tag {...MARKS[row.mark]} />
        {row.words !== '' && <span className="block text-sm text-muted">{row.words}</span>}
      </Cell>
      <Cell>
        <Ways row={row} page={page} running={running} />
      </Cell>
    </Row>
  );
}

const MARKS: Readonly<Record<VersionRow['mark'], { icon: string; word: string; tone: Tone }>> = {
  running: { icon: '●', word: 'Running now', tone: 'good' },
  'will-be-copied': { icon: '○', word: 'Will be copied', tone: 'muted' },
  'not-read': { icon: '…', word: 'Not read yet', tone: 'muted' },
  'cannot-be-used': { icon: '✕', word: 'Cannot be used', tone: 'bad' },
  'rolled-back-from': { icon: '↺', word: 'Rolled back from', tone: 'warning' },
  'never-steady': { icon: '✕', word: 'Never became steady', tone: 'bad' },
};

function ranWords({ ranHere }: VersionRow, now: number): string {
  switch (ranHere.kind) {
    case 'since':
      return `since ${formatTime(ranHere.at, now)}`;
    case 'ran':
      if (!ranHere.atLeast) return formatDuration(ranHere.ms);
      return ranHere.ms === 0 ? 'how long is not known' : `at least ${formatDuration(ranHere.ms)}`;
    case 'never':
      return 'never ran here';
    case 'not-known':
      return 'not known';
    default:
      return ranHere satisfies never;
  }
}

/** Each container's tag, with the digest where the revision ran with others too; an arrow where it is not the next older row's. */
function Images({ row }: { readonly row: VersionRow }) {
  return (
    <ul className="flex flex-wrap gap-x-4">
      {row.images.map(({ container, tag, digest, differsFromOlder }) => (
        <li key={container} className="min-w-0">
          <Name className="text-muted">{container}</Name>{' '}
          <Name className="font-medium">{tag ?? (digest === null ? 'latest' : shortDigest(digest))}</Name>
          {row.ran !== null && tag !== null && digest !== null && (
            <Name className="text-sm text-muted"> {shortDigest(digest)}</Name>
          )}
          {differsFromOlder && (
            <>
              {' '}
              <Icon sign="←" className="text-muted" />
              <span className="sr-only">differs from the next older revision</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function Ways({ row, page: { head, refused }, running }: LineProps) {
  if (row.mark === 'running') return null;
  const address = { target: head.target.name, cluster: head.cluster, service: head.service };
  const way = row.forward ? 'Roll forward…' : 'Roll back…';
  return (
    <span className="flex gap-x-4 max-md:flex-wrap md:justify-end md:whitespace-nowrap">
      {running !== null && running !== row.revision && (
        <Link href={routes.compare(address, { from: running, to: row.revision })} data-compare="" className={WAY}>
          Compare<span className="sr-only"> {row.number} with the running version</span>
        </Link>
      )}
      {head.mayRollBack && refused === null && row.mark !== 'cannot-be-used' && (
        <Link href={routes.plan(address, { to: row.revision, ran: row.ran })} data-plan="" className={WAY}>
          {way}
          <span className="sr-only"> to {row.version?.name ?? row.number}</span>
        </Link>
      )}
    </span>
  );
}

const WAY = 'inline-flex min-h-6 items-center text-link underline underline-offset-3 pointer-coarse:min-h-11';
