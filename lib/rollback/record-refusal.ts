import 'server-only';
import type { Application } from '@/lib/application';
import type { Entry } from '@/lib/db/record';
import type { Principal } from '@/lib/domain/permissions';

/** What was refused: where, why by kind, and in the words the person read. */
export type Refused = {
  readonly target: string;
  readonly cluster: string;
  readonly service: string;
  readonly why: string;
  readonly words: string;
} & Readonly<Record<string, unknown>>;

/** Refusals that say somebody reached for what is not theirs. */
const REACHED: ReadonlySet<string> = new Set(['lost-role', 'not-your-plan', 'not-found']);

const LONGEST_WORDS = 1000;

/** Logs a refusal and keeps it in the record. */
export async function recordRefusal(
  { issuer, subject, name, email, sessionId }: Principal,
  refused: Refused,
  { log, refusals }: Pick<Application, 'log' | 'refusals'>,
): Promise<void> {
  const { target, service, why } = refused;
  const reached = REACHED.has(why);
  log(reached ? 'access.refused' : 'press.refused', { target, service, why, subject });
  const entry: Entry = {
    ...refused,
    kind: reached ? 'access-refused' : 'press-refused',
    who: { issuer, subject, name, email },
    session: sessionId.slice(0, 12),
    words: refused.words.slice(0, LONGEST_WORDS),
  };
  await refusals.add(sessionId, entry);
}
