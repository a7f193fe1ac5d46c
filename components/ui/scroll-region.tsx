import type { ReactNode } from 'react';

type Props = { readonly label: string; readonly className?: string; readonly children: ReactNode };

/** Something wider or longer than its place, which scrolls by itself so that the page never does sideways. */
export function ScrollRegion({ label, className = '', children }: Props) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className={`relative overflow-auto rounded-md ${className}`}
    >
      {children}
    </section>
  );
}
