'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';

/** Puts the focus on the heading of a page that came without the browser loading one, as it would have. */
export function FocusAfterNavigation() {
  const path = usePathname();
  const seen = useRef(path);
  useEffect(() => {
    if (seen.current === path) return;
    seen.current = path;
    document.querySelector('h1')?.focus({ preventScroll: true });
  }, [path]);
  return null;
}
