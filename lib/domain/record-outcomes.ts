import type { State } from '@/lib/domain/rollback';
import { rollbackWord } from '@/lib/domain/wording';

/** What the record may be filtered by: an end, or one of two words for what has none. */
export const RECORD_OUTCOMES = [
  'running',
  'succeeded',
  'failed',
  'superseded',
  'not-applied',
  'closed',
  'refused',
] as const satisfies readonly (State | 'running' | 'refused')[];

export type RecordOutcome = (typeof RECORD_OUTCOMES)[number];

const wordOf = (outcome: RecordOutcome): string => {
  if (outcome === 'running') return 'Running';
  return outcome === 'refused' ? 'Refused' : rollbackWord(outcome, null).word;
};

/** The same with the words people choose from. */
export const OUTCOME_WORDS: readonly { readonly value: RecordOutcome; readonly word: string }[] = RECORD_OUTCOMES.map(
  (value) => ({ value, word: wordOf(value) }),
);
