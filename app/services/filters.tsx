import { Button } from '@/components/ui/button';
import { Choices, type ViewChoice } from '@/components/ui/choices';
import type { Overview, OverviewQuery } from '@/lib/queries/list-services';
import { EVERY_TARGET, type Show } from '@/lib/queries/overview-filter';
import { routes } from '@/lib/routes';

type Props = { readonly overview: Overview; readonly query: OverviewQuery };

/** What is shown: targets, what became of services, words to look for. All of it stands in the address. */
export function Filters({ overview, query }: Props) {
  return (
    <details className="open-when-wide group">
      <summary className="inline-flex min-h-11 items-center font-medium text-link underline underline-offset-3 md:min-h-8">
        Filters: {overview.everywhere ? 'all targets' : overview.scope.map(({ name }) => name).join(', ')},{' '}
        {SHOW_WORDS[overview.show].toLowerCase()}
      </summary>
      <div className="space-y-3">
        {overview.counts.length > 1 && <Choices label="Target" choices={targetChoices({ overview, query })} />}
        <Choices label="Show" choices={showChoices({ overview, query })} />
        <Choices label="View" choices={viewChoices({ overview, query })} />
        <FilterForm overview={overview} query={query} />
      </div>
    </details>
  );
}

function targetChoices({ overview: { counts, scope, everywhere }, query }: Props): readonly ViewChoice[] {
  const href = (target: string): string => routes.services({ ...query, target, cluster: undefined });
  const one = counts.map(({ target, services }) => ({
    words: `${target.name} ${services ?? '(not read)'}`,
    href: href(target.name),
    chosen: !everywhere && scope.includes(target),
  }));
  return [...one, { words: 'All', href: href(EVERY_TARGET), chosen: everywhere }];
}

const SHOW_WORDS: Readonly<Record<Show, string>> = {
  changed: 'Changed in 24 h',
  deploying: 'Deploying now',
  'too-few': 'Too few tasks',
  all: 'All',
};

const showChoices = ({ overview: { show, showCounts }, query }: Props): readonly ViewChoice[] =>
  (['changed', 'deploying', 'too-few', 'all'] as const).map((one) => ({
    words: `${SHOW_WORDS[one]} ${showCounts[one]}`,
    href: routes.services({ ...query, show: one }),
    chosen: show === one,
  }));

/** Services one by one, or by the image they run, which is asked of one target. */
const viewChoices = ({ overview: { scope }, query }: Props): readonly ViewChoice[] => [
  { words: 'By service', href: routes.services(query), chosen: true },
  ...scope.map(({ name }) => ({
    words: scope.length === 1 ? 'By image' : `By image: ${name}`,
    href: routes.groups(name),
    chosen: false,
  })),
];

const INPUT = 'min-h-10 rounded-md border border-edge bg-background px-3 text-base pointer-coarse:min-h-11';

function FilterForm({ overview: { clusters }, query }: Props) {
  return (
    <search>
      <form action="/services" className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {(['target', 'show', 'sort'] as const).map(
          (name) => query[name] && <input key={name} type="hidden" name={name} value={query[name]} />,
        )}
        {clusters.length > 1 && (
          <>
            <label htmlFor="cluster" className="text-sm text-muted">
              Cluster
            </label>
            <select id="cluster" name="cluster" defaultValue={query.cluster ?? ''} className={INPUT}>
              <option value="">All</option>
              {clusters.map((cluster) => (
                <option key={cluster}>{cluster}</option>
              ))}
            </select>
          </>
        )}
        <label htmlFor="filter" className="min-w-12 text-sm text-muted">
          Filter
        </label>
        <input
          id="filter"
          name="q"
          type="search"
          defaultValue={query.q ?? ''}
          autoCapitalize="off"
          autoCorrect="off"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          className={`${INPUT} min-w-0 grow sm:max-w-72`}
        />
        <Button>Filter</Button>
      </form>
    </search>
  );
}
