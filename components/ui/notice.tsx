import type { ReactNode } from 'react';
import { Icon } from './icon';
import { TONE_SIGN, TONE_TEXT, type Tone } from './tone';

const BOX: Readonly<Record<Tone, string>> = {
  good: 'bg-good-tint border-good',
  warning: 'bg-warning-tint border-warning',
  bad: 'bg-bad-tint border-bad',
  muted: 'bg-surface border-edge',
  progress: 'bg-progress-tint border-link',
};

type Props = {
  readonly tone: Tone;
  /** Said first and in bold. */
  readonly title?: ReactNode;
  /** Level of a title that heads a part of the page; without one it is a bold line. */
  readonly heading?: 'h2' | 'h3';
  readonly sign?: string;
  /** Where a failure has to interrupt. */
  readonly role?: 'alert';
  readonly children?: ReactNode;
};

/** Something people should know before they go on: a tinted box with a sign, words and an edge. */
export function Notice({ tone, title, heading, sign = TONE_SIGN[tone], role, children }: Props) {
  const Title = heading ?? 'p';
  return (
    <div role={role} className={`flex gap-3 rounded-md border-l-4 px-4 py-3 ${BOX[tone]}`}>
      <Icon sign={sign} className={`mt-0.5 ${TONE_TEXT[tone]}`} />
      <div className="min-w-0 space-y-1 [overflow-wrap:anywhere]">
        {title && <Title className="text-base font-semibold">{title}</Title>}
        {children}
      </div>
    </div>
  );
}
