'use client';

import { useEffect, useState } from 'react';

/** The time of day in UTC by the server's clock, carried on by the browser's. */
export function Clock({ now }: { readonly now: number }) {
  const passed = usePassed(now, 5_000);
  const words = new Date(now + passed).toISOString().slice(11, 16);
  return <span className="tabular-nums">{words} UTC</span>;
}

/** Milliseconds since the server wrote `now`, looked at every so often. Never the browser's idea of the time of day. */
export function usePassed(now: number, everyMs: number): number {
  const [passed, setPassed] = useState({ since: now, ms: 0 });
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setPassed({ since: now, ms: performance.now() - start }), everyMs);
    return () => clearInterval(timer);
  }, [now, everyMs]);
  return passed.since === now ? passed.ms : 0;
}
