import { Said } from '@/components/status';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import type { ServicePage } from '@/lib/queries/get-service';
import { routes } from '@/lib/routes';
import type { ServiceQuery } from './past';
import { SearchOn } from './search-on';
import { addressOf } from './summary';

type Props = { readonly page: ServicePage; readonly query: ServiceQuery };

const INPUT = 'min-h-10 rounded-md border border-edge bg-background px-3 text-base pointer-coarse:min-h-11';

/** Looks for a tag in a family that may have thousands of revisions, a step at a time. */
export function SearchVersions({ page, query }: Props) {
  return (
    <div className="space-y-2">
      <search>
        <form
          action={`${routes.service(addressOf(page))}#versions`}
          className="flex flex-wrap items-center gap-x-3 gap-y-2"
        >
          {query.period && <input type="hidden" name="period" value={query.period} />}
          <label htmlFor="find" className="text-sm text-muted">
            Tag or number
          </label>
          <input
            id="find"
            name="find"
            type="search"
            maxLength={100}
            defaultValue={query.find ?? ''}
            autoCapitalize="off"
            autoCorrect="off"
            autoComplete="off"
            spellCheck={false}
            enterKeyHint="search"
            className={`${INPUT} min-w-0 grow sm:max-w-72`}
          />
          <Button>Find</Button>
        </form>
      </search>
      <HowFar page={page} query={query} />
    </div>
  );
}

/** What was looked through so far, and the way on. */
function HowFar({ page, query }: Props) {
  const { search, versions } = page;
  if (search === null) return null;
  const { text, lookedTo, newest, next } = search;
  const found = versions.ok ? versions.value.length : 0;
  const words = `${found === 0 ? 'nothing found yet' : `${found} found`}${
    next === null ? ` in all ${newest.toLocaleString('en-GB')} revisions` : `, ${lookedThrough(newest, lookedTo)}`
  }.`;
  const to = (change: Partial<ServiceQuery>): string =>
    `${routes.service(addressOf(page), { ...query, ...change })}#versions`;
  return (
    <div className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
      <p>
        <Name>“{text}”</Name>: {words}
        <Said words={`${text}: ${words}`} />
      </p>
      {next !== null && <SearchOn key={text} next={to({ older: next })} byItself={found === 0} />}
      <Link href={to({ find: undefined, older: undefined })}>Show all versions</Link>
    </div>
  );
}

const lookedThrough = (newest: number, lookedTo: number): string =>
  lookedTo > newest
    ? 'nothing looked through so far'
    : `looked through ${newest.toLocaleString('en-GB')} to ${lookedTo.toLocaleString('en-GB')}`;
