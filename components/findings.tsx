import type { ReactNode } from 'react';
import { Disclosure } from './ui/disclosure';
import { Icon } from './ui/icon';
import { TONE_TEXT, type Tone } from './ui/tone';

type Props = {
  readonly blocks: readonly string[];
  /** Warnings that ask for no tick here. */
  readonly warnings: readonly string[];
  readonly notChecked: readonly string[];
  readonly passed: readonly string[];
  /** How many there are of each, and when it was looked. */
  readonly children?: ReactNode;
};

/** What the checks found: what speaks against first, what passed folded. Unknown is never a tick. */
export function Findings({ blocks, warnings, notChecked, passed, children }: Props) {
  return (
    <div className="space-y-2">
      <ul className="space-y-2">
        {blocks.map((words) => (
          <Finding key={words} sign="✕" tone="bad" words={words} boxed />
        ))}
        {warnings.map((words) => (
          <Finding key={words} sign="!" tone="warning" words={words} boxed />
        ))}
        {notChecked.map((words) => (
          <Finding key={words} sign="–" tone="muted" words={words} />
        ))}
      </ul>
      {passed.length > 0 && (
        <Disclosure summary={`${passed.length} passed`}>
          <ul className="space-y-1">
            {passed.map((words) => (
              <Finding key={words} sign="✓" tone="good" words={words} />
            ))}
          </ul>
        </Disclosure>
      )}
      {children}
    </div>
  );
}

const BOXES: Readonly<Partial<Record<Tone, string>>> = {
  bad: 'border-bad bg-bad-tint',
  warning: 'border-warning bg-warning-tint',
};

type FindingProps = {
  readonly sign: string;
  readonly tone: Tone;
  readonly words: string;
  readonly boxed?: boolean;
};

function Finding({ sign, tone, words, boxed = false }: FindingProps) {
  return (
    <li
      className={`flex gap-2 [overflow-wrap:anywhere] ${boxed ? `rounded-md border-l-4 px-4 py-2 ${BOXES[tone] ?? ''}` : ''}`}
    >
      <Icon sign={sign} className={`mt-1 ${TONE_TEXT[tone]}`} />
      <span>{words}</span>
    </li>
  );
}
