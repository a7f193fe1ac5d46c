import type { ReactNode } from 'react';

/** A name somebody else chose: kept apart from the direction of our words, and broken wherever it must be. */
export function Name({ children, className = '' }: { readonly children: ReactNode; readonly className?: string }) {
  return <bdi className={`[overflow-wrap:anywhere] ${className}`}>{children}</bdi>;
}
