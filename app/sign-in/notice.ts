/** What the sign-in page says beside the button. */
export type Notice = { readonly title: string; readonly words: string; readonly problem: boolean };

/** What brought somebody to the sign-in page; query values are whatever the address says. */
export type Arrival = { readonly over: unknown; readonly error: unknown; readonly signedOut: boolean };

/** Limits of a session, in seconds. */
export type SessionLimits = { readonly maxSeconds: number; readonly idleSeconds: number };

const RETURN = 'You will return to this page. A running rollback is not affected.';

/** Why somebody is here who did not simply come; `null` where there is nothing to say. */
export function noticeFor({ over, error, signedOut }: Arrival, limits: SessionLimits): Notice | null {
  if (error !== undefined) return FAILED;
  const again = (words: string): Notice => ({ title: 'Sign in again.', words: `${words} ${RETURN}`, problem: false });
  switch (over) {
    case 'age':
      return again(`You were signed out after ${lengthInWords(limits.maxSeconds)}.`);
    case 'idle':
      return again(`You were signed out after ${lengthInWords(limits.idleSeconds)} without use.`);
    case 'revoked':
      return again('You were signed out by the people who run this tool.');
    case 'ended':
      return again('You were signed out.');
    case 'groups':
      return again('Your groups could not be checked for too long.');
    case 'unreadable':
      return { ...FAILED, words: 'Your sign-in cannot be checked just now. Try again, or follow the runbook.' };
    default:
      return signedOut ? { title: 'You are signed out', words: 'Sign in to come back.', problem: false } : null;
  }
}

const FAILED: Notice = {
  title: 'Sign in',
  words: 'You could not be signed in. Try again, or follow the runbook.',
  problem: true,
};

/** A length of time in its largest whole unit: `8 hours`, `30 minutes`, `90 seconds`. */
export function lengthInWords(seconds: number): string {
  const [unit, size] = seconds % 3600 === 0 ? ['hour', 3600] : seconds % 60 === 0 ? ['minute', 60] : ['second', 1];
  const count = seconds / Number(size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
