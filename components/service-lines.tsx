'use client';

import type { Colour } from '@/lib/domain/target';
import { routes } from '@/lib/routes';
import { BAND, targetSign } from './target-band';
import { Icon } from './ui/icon';
import { Link } from './ui/link';
import { Name } from './ui/name';
import { Cell, Row, RowHead } from './ui/table';
import { Tag } from './ui/tag';
import { Time } from './ui/time';
import type { Tone } from './ui/tone';

/** Version a way back leads to, as a plan's address names it. */
type Back = { readonly to: string; readonly ran?: string | null; readonly forward: boolean };

/** What one line shows, and nothing else: it goes to the browser as it is. Times are milliseconds since 1970. */
export type ServiceLine = {
  readonly target: { readonly name: string; readonly colour: Colour; readonly protected: boolean };
  readonly cluster: string;
  readonly service: string;
  readonly running: string;
  /** What ran before, and who brought what runs. */
  readonly past: string;
  /** That something replaced what our rollback brought; `null` where nothing did. */
  readonly overwritten: string | null;
  /** That deployments are on hold, and until when; `null` where they are not. */
  readonly held: string | null;
  readonly changedAt: number | null;
  readonly restarted: boolean;
  readonly tasks: readonly [running: number, desired: number];
  readonly state: { readonly icon: string; readonly word: string; readonly tone: Tone };
  /** Where a way back leads; `null` where one has to be chosen, left out where there is no way back. */
  readonly back?: Back | null;
  readonly stale: boolean;
};

type Props = { readonly lines: readonly ServiceLine[]; readonly now: number };

/**
 * The lines of the table. They are drawn from these few words each, on the server as in the browser: an estate has
 * hundreds, and drawing them for the browser as well as for the page takes twice as long and as many bytes.
 */
export function ServiceLines({ lines, now }: Props) {
  return lines.map((line) => (
    <OneLine key={`${line.target.name} ${line.cluster} ${line.service}`} line={line} now={now} />
  ));
}

function OneLine({ line, now }: { readonly line: ServiceLine; readonly now: number }) {
  const address = { target: line.target.name, cluster: line.cluster, service: line.service };
  return (
    <Row className={`relative ${line.stale ? 'text-muted' : ''}`} data-row="">
      <Cell className="pl-4 max-md:pl-4! lg:w-36">
        <span aria-hidden="true" className={`absolute inset-y-0 left-0 w-1.5 ${BAND[line.target.colour]}`} />
        <span className="mr-2 text-sm font-semibold tracking-wide uppercase md:whitespace-nowrap">
          <Icon sign={targetSign(line.target)} className="top-0! mr-1 size-[0.8em]!" />
          {'\u00a0'}
          <Name>{line.target.name}</Name>
        </span>
        <Name className="text-sm text-muted md:block">{line.cluster}</Name>
      </Cell>
      <RowHead className="max-md:pl-4! lg:min-w-56">
        <Link
          href={routes.service(address)}
          data-open=""
          className="text-link underline underline-offset-3 max-md:block max-md:py-1.5 max-md:text-lg"
        >
          <Name>{line.service}</Name>
        </Link>
      </RowHead>
      <Cell className="max-md:pl-4! lg:min-w-76">
        <Name className="font-medium">{line.running}</Name>
        {line.past !== '' && <Name className="block text-sm text-muted">{line.past}</Name>}
        {line.overwritten !== null && (
          <span className="block text-sm font-medium text-warning">
            <Icon sign="!" className="mr-0.5" /> <Name>{line.overwritten}</Name>
          </span>
        )}
        {line.held !== null && (
          <span className="block text-sm text-muted">
            <Icon sign="‖" className="mr-0.5" /> {line.held}
          </span>
        )}
      </Cell>
      <Cell className="max-md:inline-block! max-md:pl-4! md:whitespace-nowrap">
        {line.changedAt === null ? (
          <span className="text-muted">not known</span>
        ) : (
          <Time at={line.changedAt} now={now} />
        )}
        {line.restarted && <span className="block text-sm text-muted">Restarted, same version</span>}
      </Cell>
      <Cell className="tabular-nums max-md:inline-block! max-md:pl-4! md:whitespace-nowrap">
        {line.tasks[0]} of {line.tasks[1]}
        <span className="md:sr-only"> tasks</span>
      </Cell>
      <Cell className="max-md:flex! max-md:flex-wrap max-md:items-center max-md:justify-between max-md:gap-x-4 max-md:pl-4!">
        <Tag {...line.state} />
        {line.back !== undefined && <WayBack line={line} back={line.back} />}
      </Cell>
    </Row>
  );
}

/** To the plan of a return to the last known good version, else to where one is chosen. */
function WayBack({ line, back }: { readonly line: ServiceLine; readonly back: Back | null }) {
  const address = { target: line.target.name, cluster: line.cluster, service: line.service };
  const known = back !== null;
  const href = known ? routes.plan(address, { to: back.to, ran: back.ran }) : `${routes.service(address)}#versions`;
  return (
    <Link
      href={href}
      data-plan={known ? '' : undefined}
      className="block w-fit py-1 text-sm whitespace-nowrap text-link underline underline-offset-3 max-md:text-base pointer-coarse:py-2.5"
    >
      {known ? (back.forward ? 'Roll forward…' : 'Roll back…') : 'Choose a version…'}
      <span className="sr-only">
        {' '}
        {line.service} in {line.target.name}
      </span>
    </Link>
  );
}
