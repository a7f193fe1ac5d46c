'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';

/** What polling brought, and why it stopped where it did. */
export type Polled<T> = { readonly progress: T; readonly over: 'signed-out' | null };

/** What is polled, how often, what an answer says, and when only the server can draw what follows. */
export type Polling<T> = {
  readonly url: string;
  readonly everyMs: number;
  /** Whether nothing is asked any more. */
  readonly ended: boolean;
  /** What stands after an answer, also after one that says nothing changed. */
  readonly read: (answer: Response, before: T) => Promise<T>;
  /** Whether the page has to be drawn anew by the server. */
  readonly isOther: (before: T, after: T) => boolean;
};

/**
 * A progress as it goes on: asked for again and again, not while the page is hidden or paused, and at once when it is
 * looked at again or resumed.
 */
export function usePolled<T>(first: T, paused: boolean, pollingOf: (progress: T) => Polling<T>): Polled<T> {
  const router = useRouter();
  const [polled, setPolled] = useState<Polled<T>>({ progress: first, over: null });
  const tag = useRef<string | null>(null);
  const wasPaused = useRef(false);
  // A page the server drew later than our last answer counts more.
  const [drawn, setDrawn] = useState(first);
  if (drawn !== first) {
    setDrawn(first);
    setPolled({ progress: first, over: null });
  }
  const polling = pollingOf(polled.progress);
  const { url, everyMs, ended } = polling;
  const latest = useRef({ polling, before: polled.progress });
  useEffect(() => {
    latest.current = { polling, before: polled.progress };
  });

  useEffect(() => {
    if (paused) wasPaused.current = true;
    if (ended || paused || polled.over !== null) return;
    let gone = false;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      const answer = await fetch(url, {
        headers: tag.current === null ? {} : { 'If-None-Match': tag.current },
        cache: 'no-store',
      }).catch(() => null);
      // Without an answer the page keeps what it has, and its age grows.
      if (gone || answer === null) return;
      if (answer.status === 401) return setPolled((before) => ({ ...before, over: 'signed-out' }));
      if (answer.status !== 200 && answer.status !== 304) return;
      if (answer.status === 200) tag.current = answer.headers.get('ETag');
      const { before, polling: asked } = latest.current;
      const progress = await asked.read(answer, before);
      if (gone) return;
      setPolled({ progress, over: null });
      if (asked.isOther(before, progress)) router.refresh();
    };
    const timer = setInterval(ask, everyMs);
    const look = (): void => {
      void ask();
    };
    document.addEventListener('visibilitychange', look);
    if (wasPaused.current) look();
    wasPaused.current = false;
    return () => {
      gone = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [url, everyMs, ended, paused, polled.over, router]);

  return polled;
}
