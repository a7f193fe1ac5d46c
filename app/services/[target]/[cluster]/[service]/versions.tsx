import { Choices } from '@/components/ui/choices';
import { Disclosure } from '@/components/ui/disclosure';
import { Section } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from '@/components/ui/table';
import { Tag } from '@/components/ui/tag';
import { Unavailable } from '@/components/unavailable';
import { VersionTable } from '@/components/version-table';
import { revisionName } from '@/lib/domain/arn';
import { formatDuration, formatTime } from '@/lib/domain/time-words';
import { deploymentWord } from '@/lib/domain/wording';
import type { ServicePage } from '@/lib/queries/get-service';
import { routes } from '@/lib/routes';
import type { ServiceQuery } from './past';
import { SearchVersions } from './search-versions';
import { addressOf } from './summary';

type Props = { readonly page: ServicePage; readonly query: ServiceQuery };

/** Every version one could return to, and what ECS itself says of the service. */
export function Versions({ page, query }: Props) {
  const { versions, running } = page;
  return (
    <>
      <Section title="Versions" id="versions" aside={<Choices label="Show" choices={showChoices({ page, query })} />}>
        {isLong({ page, query }) && <SearchVersions page={page} query={query} />}
        {versions.ok ? (
          <VersionTable
            page={page}
            rows={versions.value}
            running={running.ok ? running.value.version.revision : null}
          />
        ) : (
          <Unavailable what="Versions" failure={versions.error} />
        )}
        <Pages page={page} query={query} />
      </Section>
      <div className="space-y-2">
        <Messages page={page} />
        <Deployments page={page} />
      </div>
    </>
  );
}

/** Whether there is more than one page shows, so that looking for something is worth a line. */
const isLong = ({ page, query }: Props): boolean =>
  page.older !== null || page.search !== null || query.older !== undefined;

const showChoices = ({ page, query }: Props) => {
  const href = (show: string): string =>
    `${routes.service(addressOf(page), { ...query, show, older: undefined, find: undefined })}#versions`;
  return [
    { words: 'Ran here', href: href('ran'), chosen: query.show === 'ran' && !query.find },
    { words: 'All revisions', href: href('all'), chosen: query.show !== 'ran' && !query.find },
  ];
};

function Pages({ page, query }: Props) {
  if (page.search !== null) return null;
  const to = (older: string | undefined): string => `${routes.service(addressOf(page), { ...query, older })}#versions`;
  return (
    <p className="flex flex-wrap gap-x-6">
      {page.older !== null && <Link href={to(page.older)}>Load older</Link>}
      {query.older !== undefined && <Link href={to(undefined)}>Back to the newest</Link>}
    </p>
  );
}

function Messages({ page: { events, now } }: Pick<Props, 'page'>) {
  return (
    <Disclosure summary={`ECS messages (${events.length})`}>
      {events.length === 0 && <p>None.</p>}
      <ul className="divide-y divide-line border-y border-line">
        {events.map(({ id, at, message }) => (
          <li key={id} className="py-2 [overflow-wrap:anywhere]">
            <span className="mr-3 text-sm text-muted tabular-nums">{formatTime(at, now)}</span>
            <bdi>{message}</bdi>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

function Deployments({ page: { deployments, now } }: Pick<Props, 'page'>) {
  if (!deployments.ok) return <Unavailable what="ECS deployments" failure={deployments.error} />;
  return (
    <Disclosure summary={`ECS deployments (${deployments.value.length})`}>
      <Table label="Table of ECS deployments">
        <TableHead>
          <Head>Started</Head>
          <Head>Revision</Head>
          <Head>State</Head>
          <Head>Took</Head>
        </TableHead>
        <tbody>
          {deployments.value.map(
            ({ arn, status, createdAt, startedAt, finishedAt, taskDefinitionArn, statusReason, waitingForHook }) => (
              <Row key={arn}>
                <RowHead className="font-normal! whitespace-nowrap">{formatTime(startedAt ?? createdAt, now)}</RowHead>
                <Cell>
                  <Name>{taskDefinitionArn === null ? 'not known' : revisionName(taskDefinitionArn)}</Name>
                </Cell>
                <Cell>
                  <Tag {...deploymentWord(waitingForHook ? 'AWAITING_ACTION' : status)} />
                  {statusReason && <Name className="block text-sm text-muted">{statusReason}</Name>}
                </Cell>
                <Cell className="whitespace-nowrap">
                  {startedAt !== null && finishedAt !== null ? formatDuration(finishedAt - startedAt) : '–'}
                </Cell>
              </Row>
            ),
          )}
        </tbody>
      </Table>
    </Disclosure>
  );
}
