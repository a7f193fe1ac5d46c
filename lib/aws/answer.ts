import 'server-only';
import { explained, freed } from './failure';
import { isThrottle } from './throttle';

/** How a call that changes AWS ended. A lost answer is a value, not an exception: it must be recorded. */
export type WriteAnswer<T> =
  | { readonly kind: 'accepted'; readonly value: T }
  /** AWS named why it did nothing. `words` are a quotation. */
  | { readonly kind: 'refused'; readonly code: string; readonly words: string; readonly requestId: string | null }
  /** No byte of the request reached a server. `late` where our own deadlines stopped it. */
  | { readonly kind: 'not-sent'; readonly cause: string; readonly late: boolean }
  /** AWS may or may not have done it. */
  | { readonly kind: 'unclear'; readonly cause: string };

/** Thrown where a request certainly did not leave this process; `cause` says why, as a code. */
export class NotSent extends Error {
  constructor(readonly why: string) {
    super(`not sent: ${why}`);
    this.name = 'NotSent';
  }
}

/** Why a request was not sent that our own deadlines stopped. */
export const DEADLINE = 'deadline';

/** Codes of connections that never came about. */
const NEVER_SENT: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED']);

/** Names under which the SDK says that it had nothing to sign with. */
const NO_CREDENTIALS: ReadonlySet<string> = new Set(['CredentialsProviderError', 'TokenProviderError']);

/** What the SDK throws, as far as it is judged: by name, status and code, never by prose. */
type SdkError = {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
};

/**
 * Sends a change once and says which of the four happened; an answer that does not show the change is unclear.
 *
 * @param send - Makes one request. May throw anything.
 * @param shows - Whether the answer shows that the change was made.
 * @param secrets - Texts that must not be quoted from AWS's words.
 */
export async function answerTo<T>(
  send: () => Promise<T>,
  shows: (value: T) => boolean,
  secrets: readonly string[] = [],
): Promise<WriteAnswer<T>> {
  try {
    const value = await send();
    return shows(value) ? { kind: 'accepted', value } : { kind: 'unclear', cause: 'not in the answer' };
  } catch (error) {
    return answerOf(error, secrets);
  }
}

/** What a thrown error proves about a change. */
export function answerOf(error: unknown, secrets: readonly string[] = []): WriteAnswer<never> {
  if (error instanceof NotSent) return { kind: 'not-sent', cause: error.why, late: error.why === DEADLINE };
  if (typeof error !== 'object' || error === null) return { kind: 'unclear', cause: typeof error };

  const { name, message, code, $fault, $metadata = {} } = error as SdkError;
  const called = typeof name === 'string' ? name : 'unnamed';
  const { httpStatusCode: status = 0, requestId = null } = $metadata;
  // Only a request that never left, or a 4xx that AWS named, shows that nothing was done.
  if (status === 0 && typeof code === 'string' && NEVER_SENT.has(code)) return notSent(code);
  if (status === 0 && NO_CREDENTIALS.has(called)) return notSent(called);
  const named = $fault !== undefined && status >= 400 && status < 500 && !/^(Unknown$|RequestTimeout)/.test(called);
  if (!named) return { kind: 'unclear', cause: typeof code === 'string' ? `${called} ${code}` : called };
  return { kind: 'refused', code: called, words: freed(explained(called, String(message ?? '')), secrets), requestId };
}

const notSent = (cause: string): WriteAnswer<never> => ({ kind: 'not-sent', cause, late: false });

/**
 * Whether registering may be tried again after this answer. A spare revision is litter, not harm.
 *
 * The message about concurrent attempts is one of the two that are judged by their words: AWS has no name for it.
 */
export function mayRegisterAgain(answer: WriteAnswer<unknown>): boolean {
  if (answer.kind === 'accepted') return false;
  if (answer.kind !== 'refused') return answer.kind === 'unclear' || !answer.late;
  return isThrottle(answer.code) || /^Too many concurrent attempts/.test(answer.words);
}
