import type { ReadFailure } from '@/lib/domain/facts';

/** What one check concluded. A question AWS would not answer is `not-checked`, never a tick. */
export type Finding =
  | { readonly kind: 'passed'; readonly words: string }
  /** `short` is what a person ticks, where it says more than the check's own short form. */
  | { readonly kind: 'warns'; readonly words: string; readonly short?: string }
  | { readonly kind: 'blocks' | 'not-checked'; readonly words: string };

/** @param words - What is all right, as the folded list says it. */
export const passed = (words: string): Finding => ({ kind: 'passed', words });
export const warns = (words: string, short?: string): Finding => ({
  kind: 'warns',
  words,
  ...(short !== undefined && { short }),
});
export const blocks = (words: string): Finding => ({ kind: 'blocks', words });
export const notChecked = (words: string): Finding => ({ kind: 'not-checked', words });

/** Why a question was not answered, as the end of a sentence. */
export function whyNot({ kind, action, words }: ReadFailure): string {
  switch (kind) {
    case 'denied':
      return `no permission to ${action}`;
    case 'throttled':
      return 'AWS asked us to slow down';
    case 'no-answer':
      return 'AWS did not answer';
    case 'unsupported':
    case 'gone':
    case 'other':
      return words.replace(/\.$/, '');
    default:
      return kind satisfies never;
  }
}
