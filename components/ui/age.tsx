'use client';

import { usePassed } from '@/components/clock';
import { formatAgo } from '@/lib/domain/time-words';

const OLD_MS = 60_000;

/** How old a reading is, growing while the page stands; from a minute on in the colour of a warning. */
export function Age({ readAt, now }: { readonly readAt: number; readonly now: number }) {
  const by = now + usePassed(now, 2_000);
  return (
    <span className={`tabular-nums ${by - readAt > OLD_MS ? 'font-medium text-warning' : ''}`}>
      {formatAgo(readAt, by)}
    </span>
  );
}
