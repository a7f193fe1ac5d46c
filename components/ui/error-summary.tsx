'use client';

import { useEffect, useRef } from 'react';

/** A problem and the field it is about. */
export type Problem = { readonly field: string; readonly words: string };

/** What is wrong with a form, at the top of the page and with the focus, each line leading to its field. */
export function ErrorSummary({ problems }: { readonly problems: readonly Problem[] }) {
  const box = useRef<HTMLDivElement>(null);
  // A second press with the same mistakes brings the focus back too.
  useEffect(() => {
    if (problems.length > 0) box.current?.focus();
  }, [problems]);
  if (problems.length === 0) return null;
  return (
    <div ref={box} role="alert" tabIndex={-1} className="space-y-2 rounded-md border-2 border-bad bg-bad-tint p-4">
      <h2>There is a problem</h2>
      <ul className="list-disc space-y-1 pl-5">
        {problems.map(({ field, words }) => (
          <li key={`${field} ${words}`}>
            <a href={`#${field}`} className="font-medium text-bad underline underline-offset-3">
              {words}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
