import { Link } from './link';

/** One of several views of the same page, by its address. */
export type ViewChoice = { readonly words: string; readonly href: string; readonly chosen: boolean };

/** Views of a page side by side; the one that is shown stands out by more than colour. */
export function Choices({ label, choices }: { readonly label: string; readonly choices: readonly ViewChoice[] }) {
  return (
    <nav aria-label={label} className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="min-w-12 text-sm text-muted" aria-hidden="true">
        {label}
      </span>
      <ul className="flex flex-wrap gap-1.5">
        {choices.map(({ words, href, chosen }) => (
          <li key={words}>
            <Link
              href={href}
              aria-current={chosen ? 'true' : undefined}
              scroll={false}
              className="inline-flex min-h-8 items-center rounded-full border border-edge px-3 text-sm hover:bg-surface aria-current:border-2 aria-current:border-link aria-current:font-semibold aria-current:text-link pointer-coarse:min-h-11"
            >
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
