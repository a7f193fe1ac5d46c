'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Asks the server for this page again every so often while it is looked at. Without script the page does so itself. */
export function Refresh({ everySeconds }: { readonly everySeconds: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, everySeconds * 1_000);
    return () => clearInterval(timer);
  }, [router, everySeconds]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={String(everySeconds)} />
    </noscript>
  );
}
