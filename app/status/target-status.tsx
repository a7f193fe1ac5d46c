import { BAND, targetSign } from '@/components/target-band';
import { Age } from '@/components/ui/age';
import { Icon } from '@/components/ui/icon';
import { Name } from '@/components/ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from '@/components/ui/table';
import { Tag } from '@/components/ui/tag';
import type { Light, StatusPage } from '@/lib/queries/get-status';

/** What the tool may do in each target, and how much it asks of AWS. */
export function TargetStatus({ targets, now }: Pick<StatusPage, 'targets' | 'now'>) {
  return (
    <Table label="Table of targets" cards>
      <TableHead>
        <Head className="pl-4">Target</Head>
        <Head>Reading</Head>
        <Head>Rolling back</Head>
        <Head>Read</Head>
        <Head>AWS calls</Head>
      </TableHead>
      <tbody>
        {targets.map(({ target, read, write, calls, endpoint, readAt }) => (
          <Row key={target.name} className="relative">
            <RowHead className="pl-4 max-md:pl-4!">
              <span aria-hidden="true" className={`absolute inset-y-0 left-0 w-1.5 ${BAND[target.colour]}`} />
              <Icon sign={targetSign(target)} className="top-0! mr-1 size-[0.8em]!" /> <Name>{target.name}</Name>
              <span className="block text-sm font-normal text-muted">
                {target.region}
                {endpoint !== null && <Name className="block">{endpoint}</Name>}
              </span>
            </RowHead>
            <LightCell head="Reading" light={read} />
            <LightCell head="Rolling back" light={write} />
            <Cell head="Read" className="max-md:pl-4! md:whitespace-nowrap">
              <Age readAt={readAt} now={now} />
            </Cell>
            <Cell head="AWS calls" className="tabular-nums max-md:pl-4! md:whitespace-nowrap">
              <span>{calls}</span>
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function LightCell({ head, light }: { readonly head: string; readonly light: Light }) {
  return (
    <Cell head={head} className="max-md:pl-4!">
      <Tag icon={light.ok ? '✓' : '✕'} word={light.words} tone={light.ok ? 'good' : 'bad'} />
    </Cell>
  );
}
