import type { ReadFailure } from '@/lib/domain/facts';

/** A failed read in a few words. */
export function failureWords({ kind, action, words }: ReadFailure): string {
  switch (kind) {
    case 'denied':
      return `access denied to ${action}`;
    case 'throttled':
      return 'AWS asked us to slow down';
    case 'no-answer':
      return 'AWS has not answered';
    case 'unsupported':
    case 'gone':
    case 'other':
      return words;
    default:
      return kind satisfies never;
  }
}
