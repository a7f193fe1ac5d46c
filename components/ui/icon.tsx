import type { ReactNode } from 'react';

const stroke = (d: string): ReactNode => (
  <path d={d} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
);
const RING = <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="2" />;

/** Pictures of the signs our words stand behind: fonts draw some of them unlike, or not at all. */
const PICTURES: Readonly<Record<string, ReactNode>> = {
  '✓': stroke('M3 8.5 6.5 12 13 4.5'),
  '✕': stroke('M4 4l8 8M12 4l-8 8'),
  '!': stroke('M8 3v6M8 12.6v.1'),
  '⚠': (
    <>
      {stroke('M8 2.5 14 13.5H2Z')}
      {stroke('M8 6.7v3M8 11.6v.1')}
    </>
  ),
  '?': stroke('M5 5.5a3 3 0 1 1 4.3 2.7C8.4 8.7 8 9.2 8 10M8 13v.1'),
  '…': stroke('M3 8v.1M8 8v.1M13 8v.1'),
  '◐': (
    <>
      {RING}
      <path d="M8 2.5a5.5 5.5 0 0 0 0 11Z" fill="currentColor" />
    </>
  ),
  '■': <rect x="3.5" y="3.5" width="9" height="9" rx="1" fill="currentColor" />,
  '↺': stroke('M3 3v3.5h3.5M3.3 6.3a5.3 5.3 0 1 1-.5 3.2'),
  '↷': stroke('M13 3v3.5H9.5M12.7 6.3a5.3 5.3 0 1 0 .5 3.2'),
  '‖': stroke('M5.5 3.5v9M10.5 3.5v9'),
  '○': RING,
  '●': <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  '★': <path d="m8 1.5 2 4.2 4.6.6-3.4 3.2.9 4.6L8 11.9l-4.1 2.2.9-4.6L1.4 6.3 6 5.7Z" fill="currentColor" />,
  '▲': <path d="M8 2 15 14H1Z" fill="currentColor" />,
  '–': stroke('M4 8h8'),
  '←': stroke('M13 8H3.5M7.5 4l-4 4 4 4'),
  ℹ: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      {stroke('M8 7.8v3.4M8 4.9v.1')}
    </>
  ),
};

/** One of our signs. Always beside a word, so it says nothing itself; the sign stays in text that is copied. */
export function Icon({ sign, className = '' }: { readonly sign: string; readonly className?: string }) {
  const picture = PICTURES[sign];
  if (picture === undefined) {
    return (
      <span aria-hidden="true" className={`inline-block w-[1em] shrink-0 text-center font-bold ${className}`}>
        {sign}
      </span>
    );
  }
  return (
    <span
      aria-hidden="true"
      className={`relative top-[0.125em] inline-block size-[1em] shrink-0 overflow-hidden ${className}`}
    >
      <svg viewBox="0 0 16 16" className="absolute inset-0 size-full" aria-hidden="true">
        {picture}
      </svg>
      <span className="text-[0px]">{sign}</span>
    </span>
  );
}
