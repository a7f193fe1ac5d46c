'use client';

import { useSyncExternalStore } from 'react';
import { Said } from './status';

function listen(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

/** Says that the browser has no network, and of when what it shows is. */
export function Offline({ at }: { readonly at: string }) {
  const online = useSyncExternalStore(
    listen,
    () => navigator.onLine,
    () => true,
  );
  const words = `You are offline. This page shows ${at} UTC.`;
  if (online) return null;
  return (
    <p className="border-b border-warning bg-warning-tint px-4 py-2 text-center font-medium print:hidden">
      {words}
      <Said words={words} />
    </p>
  );
}
