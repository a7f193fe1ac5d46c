'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { type Progress, READ_AT_HEADER } from '@/lib/domain/progress';
import { routes } from '@/lib/routes';

/** What polling brought: the progress, and why it stopped where it did. */
export type Polled = { readonly progress: Progress; readonly over: 'signed-out' | null };

const EVERY_MS = 5_000;
/** Before ECS has answered, things happen within seconds; asking costs AWS nothing. */
const AT_FIRST_MS = 1_000;

/**
 * The progress as it goes on: asked for every five seconds, not while the page is hidden or paused, and at once when it is
 * looked at again or resumed. What only the server draws is asked for once the state has changed.
 */
export function useProgress(first: Progress, paused: boolean): Polled {
  const router = useRouter();
  const [polled, setPolled] = useState<Polled>({ progress: first, over: null });
  const tag = useRef<string | null>(null);
  const wasPaused = useRef(false);
  // A page the server drew later than our last answer counts more.
  const [drawn, setDrawn] = useState(first);
  if (drawn !== first) {
    setDrawn(first);
    setPolled({ progress: first, over: null });
  }
  const { id, ended, state } = polled.progress;
  const overwrote = polled.progress.overwrote !== null;

  useEffect(() => {
    if (paused) wasPaused.current = true;
    if (ended || paused || polled.over !== null) return;
    let gone = false;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      const answer = await fetch(routes.progress(id), {
        headers: tag.current === null ? {} : { 'If-None-Match': tag.current },
        cache: 'no-store',
      }).catch(() => null);
      // Without an answer the page keeps what it has, and its age grows.
      if (gone || answer === null) return;
      if (answer.status === 401) return setPolled((before) => ({ ...before, over: 'signed-out' }));
      const readAt = readAtOf(answer);
      if (answer.status === 304)
        return setPolled((before) => ({ ...before, progress: { ...before.progress, readAt } }));
      if (answer.status !== 200) return;
      tag.current = answer.headers.get('ETag');
      const progress: Progress = { ...((await answer.json()) as Omit<Progress, 'readAt'>), readAt };
      if (gone) return;
      setPolled({ progress, over: null });
      if (progress.state !== state || (progress.overwrote !== null) !== overwrote) router.refresh();
    };
    const timer = setInterval(ask, state === 'starting' || state === 'sending' ? AT_FIRST_MS : EVERY_MS);
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
  }, [id, ended, state, overwrote, paused, polled.over, router]);

  return polled;
}

/** When ECS was read last, which stands beside the progress so that what did not change need not be sent again. */
function readAtOf({ headers }: Response): number | null {
  const text = headers.get(READ_AT_HEADER);
  return text === null ? null : Number(text);
}
