import { Said } from '@/components/status';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import type { Overview, OverviewQuery } from '@/lib/queries/list-services';
import { EVERY_TARGET } from '@/lib/queries/overview-filter';
import { routes } from '@/lib/routes';

type Props = { readonly overview: Overview; readonly query: OverviewQuery };

/** What the table below holds, in a sentence; or why there is none, and the way on. */
export function Found({ overview, query }: Props) {
  const { rows, nothingChanged, stillReading } = overview;
  if (rows.length === 0 && stillReading.length > 0) return null;
  if (rows.length === 0) return <NoMatch overview={overview} query={query} />;
  const shown =
    nothingChanged && !query.q
      ? `Nothing in ${scopeWords(overview)} changed in the last 24 hours. Showing all ${services(rows.length)}.`
      : services(rows.length);
  const words = [shown, leftOut(overview)].filter(Boolean).join(' ');
  return (
    <p className="text-muted">
      {words}
      <Said words={words} />
    </p>
  );
}

const services = (count: number): string => (count === 1 ? '1 service' : `${count} services`);

const scopeWords = ({ scope, everywhere }: Overview): string =>
  everywhere && scope.length > 1 ? 'any target' : scope.map(({ name }) => name).join(' and ');

/** Counts leave out what cannot be read, and say so. */
function leftOut({ unreadable }: Overview): string {
  const names = [...new Set(unreadable.map(({ target }) => target.name))];
  return names.length === 0 ? '' : `Counts leave out ${names.join(' and ')}, as far as not read.`;
}

function NoMatch({ overview, query }: Props) {
  const { q, target, cluster, show, sort } = query;
  const elsewhere = overview.matchesEverywhere;
  return (
    <div className="space-y-2 py-4">
      <Said words={q ? `No services match ${q}.` : 'No services here.'} />
      <p>
        {q ? (
          <>
            No services match “<Name>{q}</Name>” in {scopeWords(overview)}.
          </>
        ) : (
          `No services here in ${scopeWords(overview)}.`
        )}
      </p>
      <p className="flex flex-wrap gap-x-6 gap-y-2">
        <Link href={routes.services({ target, sort, ...(q ? { cluster, show } : { show: 'all' }) })}>
          {q ? 'Clear filter' : 'Show all services'}
        </Link>
        {q && !overview.everywhere && (
          <Link href={routes.services({ target: EVERY_TARGET, show: 'all', q, sort })}>
            Search all targets ({elsewhere})
          </Link>
        )}
      </p>
    </div>
  );
}
