import type { ReactNode } from 'react';

/** What the page is, once. It takes the focus after a navigation. */
export function PageHeading({ children }: { readonly children: ReactNode }) {
  return (
    <h1 tabIndex={-1} className="outline-none">
      {children}
    </h1>
  );
}

/** A part of a page with its heading, and what stands beside the heading. */
export function Section({
  title,
  id,
  aside,
  children,
}: {
  readonly title: ReactNode;
  readonly id: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="space-y-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
