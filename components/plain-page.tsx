import type { ReactNode } from 'react';
import { DocumentHead } from './document-head';
import { SkipLink } from './skip-link';

/** A page without the frame of somebody who is signed in. */
export function PlainPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <DocumentHead title={title} />
      <SkipLink />
      <header className="border-b border-line bg-surface">
        <p className="mx-auto max-w-2xl px-4 py-3 font-semibold">ECS rollback</p>
      </header>
      <main id="main" className="mx-auto w-full max-w-2xl grow space-y-6 px-4 pt-8 pb-16">
        {children}
      </main>
    </>
  );
}
