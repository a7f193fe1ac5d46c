'use client';

import type { Route } from 'next';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';

type Props = {
  /** Address of the next step. */
  readonly next: string;
  /** Whether it goes on without being asked, while nothing was found. */
  readonly byItself: boolean;
};

/** Long enough to stop, and to be polite. */
const PAUSE_MS = 400;

/** The next step of a search. Without script each step is a link; with it they follow each other until stopped. */
export function SearchOn({ next, byItself }: Props) {
  const router = useRouter();
  const [going, setGoing] = useState<boolean | null>(null);
  useEffect(() => setGoing((before) => before ?? true), []);
  const goesOn = byItself && going === true;
  useEffect(() => {
    if (!goesOn) return;
    const timer = setTimeout(() => router.replace(next as Route, { scroll: false }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [goesOn, next, router]);
  if (goesOn) {
    return (
      <Button type="button" onClick={() => setGoing(false)}>
        Stop
      </Button>
    );
  }
  return (
    <Link href={next} replace scroll={false}>
      Search older
    </Link>
  );
}
