'use client';

import { useEffect, useState } from 'react';
import { Button } from './ui/button';

type Props = {
  /** Last use to sign-out, in seconds. */
  readonly idleSeconds: number;
  /** When the server saw the use this page was; a later one begins the wait anew. */
  readonly now: number;
  /** Counts as use. */
  readonly stay: () => Promise<void>;
};

/** How long before the end people are asked, in seconds. */
const BEFORE_SECONDS = 120;

/** Two minutes before an idle sign-out asks whether somebody is still there. Only a person's press counts as use. */
export function StaySignedIn({ idleSeconds, now, stay }: Props) {
  const [asked, setAsked] = useState(false);
  const [answers, setAnswers] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page from the server and an answer begin the wait anew.
  useEffect(() => {
    setAsked(false);
    const waitMs = Math.max(idleSeconds - BEFORE_SECONDS, idleSeconds / 2) * 1_000;
    const timer = setTimeout(() => setAsked(true), waitMs);
    return () => clearTimeout(timer);
  }, [idleSeconds, now, answers]);
  const answer = async (): Promise<void> => {
    await stay();
    setAnswers((count) => count + 1);
  };
  return (
    <div role="status">
      {asked && (
        <form
          action={answer}
          className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 border-b border-warning bg-warning-tint px-4 py-2"
        >
          <p>You will soon be signed out, because you have not used this tool for a while.</p>
          <Button>Stay signed in</Button>
        </form>
      )}
    </div>
  );
}
