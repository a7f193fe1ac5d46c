import 'server-only';
import type { ReadFailure } from '@/lib/domain/facts';
import { withoutSecrets } from '@/lib/domain/masking';
import { isThrottle } from './throttle';

const LONGEST_QUOTATION = 1024;
const LATE = 'AWS did not answer in time.';

/** Thrown by our own checks of an answer, or where our own limits stop a call; becomes the failure it carries. */
export class Unreadable extends Error {
  constructor(readonly failure: Omit<ReadFailure, 'action'>) {
    super(failure.words);
    this.name = 'Unreadable';
  }
}

/**
 * A quotation of AWS that may be shown: without masked values, user info of addresses, access key ids and control
 * characters, at most 1,024 characters.
 *
 * @param secrets - Values of the definition in hand.
 */
export function freed(text: string, secrets: readonly string[]): string {
  const clean = withoutSecrets(text, secrets);
  const printable = clean.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return printable.length <= LONGEST_QUOTATION ? printable : `${printable.slice(0, LONGEST_QUOTATION - 1)}…`;
}

type SdkError = {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
};

/** Names AWS gives to signatures that are too old or too new for it. */
const OUT_OF_TIME = /^(InvalidSignatureException|SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed)$/;

/** A quotation of AWS, with what it most likely means where its words do not say it. */
export const explained = (name: string, words: string): string =>
  OUT_OF_TIME.test(name) ? `${words} (the clock of the machine this tool runs on may be wrong)` : words;

const DENIED =
  /^(AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError(Exception)?|NotAuthorized(Exception)?)$/;
const GONE = /(NotFound(Exception)?|^NoSuchEntity(Exception)?|DoesNotExist(Exception)?)$/;
const SILENT = /^(TimeoutError|AbortError|SyntaxError)$/;
const NETWORK = /^(E[A-Z_]+|ERR_[A-Z_]+)$/;

/**
 * Why a read failed, by the error's name and status.
 *
 * @param action - Permission the call used, such as `ecs:DescribeServices`.
 * @param secrets - Texts that must not stand in the words.
 */
export function readFailure(error: unknown, action: string, secrets: readonly string[] = []): ReadFailure {
  if (error instanceof Unreadable) return { ...error.failure, action };
  if (typeof error !== 'object' || error === null) return { kind: 'other', action, words: 'An unknown error' };
  const known = error as SdkError;
  return { kind: kindOf(known), action, words: freed(wordsOf(known), secrets) };
}

function kindOf(error: SdkError): ReadFailure['kind'] {
  const { name = '', message = '', code, $fault, $metadata } = error;
  const status = $metadata?.httpStatusCode ?? 0;
  if (DENIED.test(name)) return 'denied';
  if (isThrottle(name) || status === 429) return 'throttled';
  if (GONE.test(name)) return 'gone';
  // ECS has no name for a task definition that does not exist.
  if (name === 'ClientException' && message === 'Unable to describe task definition.') return 'gone';
  if (SILENT.test(name) || status >= 500 || status === 200) return 'no-answer';
  if ($fault === undefined && typeof code === 'string' && NETWORK.test(code)) return 'no-answer';
  return 'other';
}

function wordsOf({ name = 'Error', message = '', code, $fault, $metadata }: SdkError): string {
  if ($fault !== undefined) return explained(name, message === '' ? name : `${name}: ${message}`);
  if (name === 'AbortError' || code === 'ETIMEDOUT' || (name === 'TimeoutError' && code === undefined)) return LATE;
  // Words of the network name addresses of ours; the code says what a reader can use.
  if (typeof code === 'string') return `The connection failed (${code}).`;
  // A parser's complaint quotes what it was parsing, which may be a value.
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return `The answer, status ${status}, could not be read.`;
  return CREDENTIALS.test(name) ? `${name}: ${message}` : `An unexpected error (${name}).`;
}

/** What the SDK says where it finds nothing to sign with: written for the people who install this tool. */
const CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;

/** The part of an answer a call cannot do without. */
export function required<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) {
    throw new Unreadable({ kind: 'other', words: `AWS answered without ${name}.` });
  }
  return value;
}
