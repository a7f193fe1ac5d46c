import { Link } from './link';
import { Name } from './name';

/** A step on the way to a page; the last one is the page itself and leads nowhere. */
export type Crumb = { readonly words: string; readonly href?: string };

/** Where the page stands. */
export function Breadcrumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumbs" className="text-sm text-muted">
      <ol className="flex flex-wrap gap-x-2 gap-y-1">
        {crumbs.map(({ words, href }) => (
          <li key={`${href ?? ''} ${words}`} className="after:ml-2 after:content-['/'] last:after:content-none">
            {href === undefined ? (
              <span aria-current="page" className="inline-block py-0.5">
                <Name>{words}</Name>
              </span>
            ) : (
              <Link href={href} className="inline-block py-0.5 underline underline-offset-3 hover:text-text">
                <Name>{words}</Name>
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
