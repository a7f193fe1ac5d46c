'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { BY_ITSELF_COOKIE, BY_ITSELF_SECONDS } from '@/lib/domain/use';
import { Reload } from './reload';

type Props = {
  readonly everySeconds: number;
  /** Whether the page has something to type in; script keeps it. */
  readonly typing?: boolean;
};

/** Asks the server for this page again every so often while it is looked at. Without script the page does so itself. */
export function Refresh({ everySeconds, typing = false }: Props) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible') return;
      // Nobody asked for this, so it must not keep their session alive.
      // biome-ignore lint/suspicious/noDocumentCookie: what takes its place is not there in every browser.
      document.cookie = `${BY_ITSELF_COOKIE}=yes; path=/; max-age=${BY_ITSELF_SECONDS}; samesite=strict`;
      router.refresh();
    }, everySeconds * 1_000);
    return () => clearInterval(timer);
  }, [router, everySeconds]);
  return <Reload everySeconds={everySeconds} typing={typing} />;
}
