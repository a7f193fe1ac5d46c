'use client';

import { useState, useSyncExternalStore } from 'react';
import { say } from '@/components/status';

type Props = {
  readonly text: string;
  /** What the button says before it was pressed. */
  readonly children: string;
  readonly className?: string;
};

const never = (): (() => void) => () => undefined;

/** Copies a text. Not there without script, which alone can copy; the text stands in the page's address or beside it. */
export function CopyButton({ text, children, className = LOOK }: Props) {
  const [copied, setCopied] = useState(false);
  const listening = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    say('Copied');
    setTimeout(() => {
      setCopied(false);
      say('');
    }, 4_000);
  };
  // Its place is kept, so that nothing moves once scripts have come.
  return (
    <button type="button" onClick={copy} className={`${className} ${listening ? '' : 'invisible'}`}>
      {copied ? 'Copied' : children}
    </button>
  );
}

const LOOK =
  'inline-flex min-h-8 cursor-pointer items-center text-left text-link underline decoration-1 underline-offset-3 hover:decoration-2 pointer-coarse:min-h-11';
