import type { ReactNode } from 'react';

/** A box with a few facts and their heading. */
export function Card({
  title,
  id,
  children,
}: {
  readonly title: ReactNode;
  readonly id: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-edge p-4">
      <h2 id={id} className="mb-1 text-sm font-medium tracking-normal text-muted">
        {title}
      </h2>
      {children}
    </section>
  );
}
