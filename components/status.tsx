'use client';

import { useEffect, useSyncExternalStore } from 'react';

let words = '';
/** What a page that has just been loaded says is read with it; only what comes after is a change. */
let listening = false;
const hearers = new Set<() => void>();

/** Tells people who cannot see the page what has just changed on it. */
export function say(change: string): void {
  if (!listening) return;
  words = change;
  for (const hear of hearers) hear();
}

function hear(changed: () => void): () => void {
  hearers.add(changed);
  return () => hearers.delete(changed);
}

/** The one region of a page that a screen reader speaks from politely; there before anything is said. */
export function Status() {
  const said = useSyncExternalStore(
    hear,
    () => words,
    () => '',
  );
  useEffect(() => {
    listening = true;
  }, []);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}

/** Says words once they have come to stand on the page, and again where they change; until they are gone. */
export function Said({ words: shown }: { readonly words: string }) {
  useEffect(() => {
    say(shown);
    return () => {
      if (words === shown) say('');
    };
  }, [shown]);
  return null;
}
