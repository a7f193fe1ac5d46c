import type { OverwriteFinding } from '@/lib/domain/in-force';
import { formatTime } from '@/lib/domain/time-words';

/** What overwrote a rollback, as sentences need it. Times are milliseconds since 1970. */
export type OverwriteFacts = {
  readonly finding: OverwriteFinding;
  readonly service: string;
  /** The version left and the one returned to, as short as they can be told apart. */
  readonly left: string;
  readonly ours: string;
  /** What runs now, who registered it, and when its deployment began. */
  readonly now: { readonly name: string; readonly by: string | null; readonly at: number };
  readonly rolledBackAt: number;
  readonly reason: string | null;
};

/** The sentence that says so, everywhere the same. */
export function overwriteSentence({ finding, service, left, ours, now }: OverwriteFacts, at: number): string {
  const when = formatTime(now.at, at);
  switch (finding) {
    case 'returned-to-bad':
      return `A deployment at ${when} brought ${left} back to ${service}.`;
    case 'settings-replaced':
      return `The settings of ${service} were changed at ${when}; the images are still ${ours}.`;
    case 'newer':
      return `${now.name} replaced the rollback at ${when}.`;
    default:
      return finding satisfies never;
  }
}

/** Who registered what runs, and why there was a rollback. */
export function overwriteBackground({ now, rolledBackAt, reason }: OverwriteFacts, at: number): string {
  const who = now.by === null ? '' : `Registered by ${now.by}. `;
  const why = reason === null ? '' : `: ${reason.replace(/[.\s]+$/, '')}`;
  return `${who}Rolled back at ${formatTime(rolledBackAt, at)}${why}.`;
}
