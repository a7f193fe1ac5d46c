import type { ReadFailure } from '@/lib/domain/facts';
import { formatAgo, formatTime } from '@/lib/domain/time-words';
import { Notice } from './ui/notice';
import { Refresh } from './ui/refresh';

const THROTTLED_SECONDS = 30;

type Props = {
  readonly failure: ReadFailure | null;
  readonly readAt: number;
  readonly now: number;
  /** Whether the page has something to type in. */
  readonly typing?: boolean;
};

/** Says that a page shows what was known before, where AWS has not answered since. */
export function Stale({ failure, readAt, now, typing }: Props) {
  if (failure === null) return null;
  if (failure.kind === 'throttled') {
    return (
      <Notice tone="warning">
        <p>AWS asked us to slow down. Updating every {THROTTLED_SECONDS} seconds.</p>
        <Refresh everySeconds={THROTTLED_SECONDS} typing={typing} />
      </Notice>
    );
  }
  const why =
    failure.kind === 'denied' ? `This tool may not use ${failure.action} any more.` : 'AWS has not answered since.';
  return (
    <Notice tone="warning">
      <p>
        These facts are from {formatTime(readAt, now)} ({formatAgo(readAt, now)}). {why}
      </p>
    </Notice>
  );
}
