'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { SignedInUntil } from '@/lib/domain/permissions';
import { formatTime } from '@/lib/domain/time-words';
import { Said } from './status';
import { Button } from './ui/button';

type Props = {
  readonly until: SignedInUntil;
  /** When the server drew the page, in milliseconds since 1970. */
  readonly now: number;
  /** Counts as use. */
  readonly stay: () => Promise<void>;
};

/** How long before the end people are asked. */
const BEFORE_MS = 120_000;

/**
 * Two minutes before a sign-out says so, and asks whether somebody is still there where that would put it off. Only a
 * person's press counts as use.
 */
export function StaySignedIn({ until: { at, idle }, now, stay }: Props) {
  const router = useRouter();
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    setAsked(false);
    const left = at - now;
    const timer = setTimeout(() => setAsked(true), Math.max(left - BEFORE_MS, left / 2));
    return () => clearTimeout(timer);
  }, [at, now]);
  if (!asked) return null;
  const answer = async (): Promise<void> => {
    await stay();
    router.refresh();
  };
  const words = idle
    ? 'You will soon be signed out, because you have not used this tool for a while.'
    : `You will be signed out at ${formatTime(at, now)}. A running rollback is not affected.`;
  return (
    <form
      action={answer}
      className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 border-b border-warning bg-warning-tint px-4 py-2 print:hidden"
    >
      <p>{words}</p>
      <Said words={words} />
      {idle && <Button>Stay signed in</Button>}
    </form>
  );
}
