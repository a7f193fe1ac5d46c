'use client';

import { useEffect, useRef } from 'react';
import { say } from '@/components/status';

const AT_MOST_EVERY_MS = 10_000;

/** What a screen reader hears: changes alone, at most every ten seconds. Failures interrupt elsewhere. */
export function Announcements({ words }: { readonly words: string }) {
  const first = useRef(words);
  const spokenAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (words === first.current) return;
    const speak = (): void => {
      spokenAt.current = performance.now();
      first.current = words;
      say(words);
    };
    const wait = spokenAt.current + AT_MOST_EVERY_MS - performance.now();
    const timer = setTimeout(speak, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [words]);
  return null;
}
