'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Said } from '@/components/status';

type Props = {
  /** This page, to be shown anew. */
  readonly href: string;
  /** Answers how many services changed since the newest change shown. */
  readonly poll: string;
};

const EVERY_MS = 30_000;

/** Says that there is something newer; rows move only when somebody asks. */
export function NewerChanges({ href, poll }: Props) {
  const router = useRouter();
  const [newer, setNewer] = useState({ poll, count: 0 });
  useEffect(() => {
    const look = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      const answer = await fetch(poll, { headers: { Accept: 'application/json' } }).catch(() => null);
      if (answer?.ok) setNewer({ poll, count: ((await answer.json()) as { newer: number }).newer });
    };
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, [poll]);
  const count = newer.poll === poll ? newer.count : 0;
  if (count === 0) return null;
  const words = count === 1 ? '1 newer change.' : `${count} newer changes.`;
  return (
    <p className="rounded-md bg-progress-tint px-4 py-1.5">
      {words}{' '}
      <a
        href={href}
        onClick={(event) => {
          event.preventDefault();
          router.refresh();
        }}
        className="text-link underline underline-offset-3"
      >
        Show
      </a>
      <Said words={words} />
    </p>
  );
}
