/** How something stands; never said by colour alone. */
export type Tone = 'good' | 'warning' | 'bad' | 'muted' | 'progress';

/** Colour of words in a tone. */
export const TONE_TEXT: Readonly<Record<Tone, string>> = {
  good: 'text-good',
  warning: 'text-warning',
  bad: 'text-bad',
  muted: 'text-muted',
  progress: 'text-link',
};

/** Sign that stands for a tone where none is given. */
export const TONE_SIGN: Readonly<Record<Tone, string>> = {
  good: '✓',
  warning: '!',
  bad: '✕',
  muted: 'ℹ',
  progress: '◐',
};
