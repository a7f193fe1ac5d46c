import { Findings } from '@/components/findings';
import { Disclosure } from '@/components/ui/disclosure';
import { FieldError } from '@/components/ui/field';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from '@/components/ui/table';
import { Tag } from '@/components/ui/tag';
import type { GroupRow } from './group-view';

type Props = {
  readonly rows: readonly GroupRow[];
  readonly chosen: ReadonlySet<string>;
  /** `null` where nothing can be chosen. */
  readonly onChoose: ((key: string, ticked: boolean) => void) | null;
  readonly error: string | null;
};

/** The services of a group, each with what changes, what the checks found and whether it is chosen. */
export function GroupRows({ rows, chosen, onChoose, error }: Props) {
  const open = rows.filter(({ why }) => why === null);
  return (
    <section aria-label="Services" className="space-y-2">
      <FieldError id="chosen-error" error={error} />
      <Table label="Services of the group" cards>
        <TableHead>
          <Head>Service</Head>
          <Head>Revision</Head>
          <Head>Change</Head>
          <Head>Checks</Head>
        </TableHead>
        <tbody>
          {rows.map((row) => (
            <Line
              key={row.key}
              row={row}
              index={open.indexOf(row)}
              chosen={chosen.has(row.key)}
              onChoose={onChoose}
              error={error !== null}
            />
          ))}
        </tbody>
      </Table>
    </section>
  );
}

type LineProps = {
  readonly row: GroupRow;
  /** Among those that can be chosen: the summary of errors leads to the first. */
  readonly index: number;
  readonly chosen: boolean;
  readonly onChoose: Props['onChoose'];
  readonly error: boolean;
};

function Line({ row, index, chosen, onChoose, error }: LineProps) {
  const { service, cluster, change, differs, state, why } = row;
  const id = `chosen-${index}`;
  return (
    <Row className={why === null ? '' : 'text-muted'}>
      <RowHead className="lg:min-w-72">
        <label
          htmlFor={onChoose === null || why !== null ? undefined : id}
          className="flex min-h-8 items-start gap-3 pointer-coarse:min-h-11"
        >
          {onChoose !== null && why === null && (
            <input
              id={id}
              type="checkbox"
              name="chosen"
              value={row.key}
              checked={chosen}
              onChange={(event) => onChoose(row.key, event.target.checked)}
              aria-describedby={error ? 'chosen-error' : undefined}
              className="mt-0.5 size-5 shrink-0"
            />
          )}
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <Name>{service}</Name>
            {cluster !== null && <span className="block text-sm text-muted">{cluster}</span>}
          </span>
        </label>
      </RowHead>
      <Cell head="Revision" className="tabular-nums md:whitespace-nowrap">
        {change}
      </Cell>
      <Cell head="Change">{differs}</Cell>
      <Cell head="Checks">
        <Checks row={row} />
        {row.findings === null && <Tag {...state} />}
      </Cell>
    </Row>
  );
}

/** The worst, which opens to all. */
function Checks({ row: { findings, state, planHref, service } }: { readonly row: GroupRow }) {
  if (findings === null) return null;
  const { blocks, warnings, notChecked, passed } = findings;
  return (
    <Disclosure summary={<Tag {...state} />}>
      <Findings
        blocks={blocks.map((words) => ({ words }))}
        warnings={warnings.map((words) => ({ words }))}
        notChecked={notChecked}
        passed={passed}
      />
      {planHref !== null && (
        <p>
          <Link href={planHref}>
            Plan <Name>{service}</Name> alone
          </Link>
        </p>
      )}
    </Disclosure>
  );
}
