import type { ReadFailure } from '@/lib/domain/facts';

/** Why a part is missing, in brackets behind "not available". */
export function whyUnavailable({ kind, action, words }: ReadFailure): string {
  switch (kind) {
    case 'denied':
      return `no permission to ${action}`;
    case 'throttled':
      return 'AWS asked us to slow down';
    case 'no-answer':
      return 'AWS did not answer';
    case 'gone':
    case 'unsupported':
    case 'other':
      return words;
    default:
      return kind satisfies never;
  }
}

/** Stands where a part of a page would, and says why it does not. */
export function Unavailable({ what, failure }: { readonly what: string; readonly failure: ReadFailure }) {
  return (
    <p className="text-muted [overflow-wrap:anywhere]">
      {what}: not available ({whyUnavailable(failure)}).
    </p>
  );
}
