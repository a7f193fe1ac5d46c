/** What a difference is about, in the order of risk pages list them. */
export const SUBJECTS = [
  'container',
  'image',
  'environment',
  'secret',
  'role',
  'size',
  'port',
  'health-check',
  'command',
  'logging',
  'volume',
  'network',
  'other',
] as const;

export type Subject = (typeof SUBJECTS)[number];

/**
 * One thing that differs between two revisions, now → will be.
 *
 * `before` and `after` are words to show, `null` where the value is masked or there is none; `kind` says which side has it.
 */
export type Change = {
  readonly subject: Subject;
  /** Container it belongs to, `null` for the task. */
  readonly container: string | null;
  /** What differs, as a person reads it: `MAX_WORKERS`, `Task memory`, `8080/tcp`. */
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: string | null;
  readonly after: string | null;
  /** A remark in words, such as `half` or `same tag, different image`. */
  readonly note: string | null;
};
