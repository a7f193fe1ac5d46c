import type { ReactNode } from 'react';

type Props = { readonly summary: ReactNode; readonly open?: boolean; readonly children: ReactNode };

/** Something most people need not see, one press away. Works without script. */
export function Disclosure({ summary, open, children }: Props) {
  return (
    <details open={open} className="group rounded-md">
      <summary className="inline-flex min-h-8 items-center gap-2 rounded-md py-1 font-medium text-link marker:content-none pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        <svg viewBox="0 0 16 16" aria-hidden="true" className="size-3.5 shrink-0 group-open:rotate-90">
          <path d="M5 2.5 11 8l-6 5.5" fill="none" stroke="currentColor" strokeWidth="2" strokeLinejoin="round" />
        </svg>
        <span className="underline decoration-1 underline-offset-3">{summary}</span>
      </summary>
      <div className="mt-2 space-y-3">{children}</div>
    </details>
  );
}
