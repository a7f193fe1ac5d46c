import type { ReadFailure } from '@/lib/domain/facts';

/** What one check concluded. A question AWS would not answer is `not-checked`, never a tick. */
export type Finding =
  | { readonly kind: 'passed'; readonly words: string }
  | { readonly kind: 'warns' | 'blocks' | 'not-checked'; readonly words: string };

/** @param words - What is all right, as the folded list says it. */
export const passed = (words: string): Finding => ({ kind: 'passed', words });
export const warns = (words: string): Finding => ({ kind: 'warns', words });
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
