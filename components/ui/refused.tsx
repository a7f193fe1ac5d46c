'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from './icon';

/** Why a press did nothing, at the top of the page and with the focus. */
export function Refused({ words, children }: { readonly words: string; readonly children?: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words are another answer.
  useEffect(() => box.current?.focus(), [words]);
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="flex gap-3 rounded-md border-2 border-bad bg-bad-tint p-4 [overflow-wrap:anywhere]"
    >
      <Icon sign="✕" className="mt-1 text-bad" />
      <p>
        {words} {children}
      </p>
    </div>
  );
}
