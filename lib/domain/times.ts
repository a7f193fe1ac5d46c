/** Confirm to update intent: registering takes no longer. */
export const T_START_MS = 60_000;

/** The same for a service of a group, which may wait for its turn, or for the one before it to be steady. */
export const T_START_GROUP_MS = 10 * 60_000;

/** Just before the intent commits to the request being handed to the socket. */
export const T_SEND_MS = 10_000;

/** Start of the last DescribeServices to the request being handed to the socket. */
export const T_FRESH_MS = 3_000;

/** Register attempts within {@link T_START_MS}; each is one request. */
export const MAX_REGISTER_ATTEMPTS = 5;

/** How long a lease on a rollback lasts, on the database's clock. */
export const LEASE_MS = 30_000;

/** How often a process renews its leases. */
export const RENEW_MS = 10_000;

/** How often a process looks for rollbacks whose lease has lapsed. */
export const TAKE_OVER_MS = 5_000;

/** Intent to the moment a person may close an unknown rollback. */
export const T_SETTLE_MS = 60_000;

/**
 * Intent to the moment a complete read without our copy proves that the update was not applied: a request still unsent
 * dies after {@link T_SEND_MS}, a signed one after five minutes (ten with a fast clock), its role session after fifteen,
 * and reads show a write within one.
 */
export const T_QUARANTINE_MS = 16 * 60_000;

/** No movement for so long: the page says that sight of the rollback was lost. */
export const LOST_SIGHT_MS = 60 * 60_000;

/** Age from which a page asks the provider for somebody's groups again, and up to which a press counts the last ones. */
export const GROUPS_FRESH_MS = 5 * 60_000;

/** Longest that a press waits for its reading of AWS. */
export const PRESS_READ_MS = 5_000;

/** The same of a group: every service of it is read again, within the account's quotas. */
export const GROUP_READ_MS = 20_000;

/** How much sooner it gives up what a definition leans on: what is not answered by then is not checked. */
export const CHECKS_SOONER_MS = 1_000;

/** Time between two readings of a rollback that began `ageMs` milliseconds ago. */
export function pollMs(ageMs: number): number {
  if (ageMs < 30 * 60_000) return 5_000;
  return ageMs < 6 * 3_600_000 ? 30_000 : 300_000;
}
