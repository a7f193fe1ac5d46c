import { describe, expect, it } from 'vitest';
import { LEASE_MS, pollMs, RENEW_MS, T_FRESH_MS, T_QUARANTINE_MS, T_SEND_MS, T_SETTLE_MS, T_START_MS } from './times';

const MINUTE = 60_000;

describe('the times of the protocol', () => {
  it('leave a request that was sent no way to arrive after the quarantine', () => {
    const signedRequestLives = 10 * MINUTE; // with a clock that is five minutes fast
    const roleSessionLives = 15 * MINUTE;
    const readsCatchUp = MINUTE;
    expect(T_QUARANTINE_MS).toBeGreaterThanOrEqual(T_SEND_MS + signedRequestLives);
    expect(T_QUARANTINE_MS).toBeGreaterThanOrEqual(roleSessionLives + readsCatchUp);
  });

  it('renew a lease often enough to miss a renewal, and look at the service just before sending', () => {
    expect(LEASE_MS).toBeGreaterThanOrEqual(3 * RENEW_MS);
    expect(T_FRESH_MS).toBeLessThan(T_SEND_MS);
    expect(T_SEND_MS).toBeLessThan(T_SETTLE_MS);
    expect(T_START_MS).toBeLessThan(T_QUARANTINE_MS);
  });

  it.each([
    [0, 5_000],
    [30 * MINUTE - 1, 5_000],
    [30 * MINUTE, 30_000],
    [6 * 60 * MINUTE - 1, 30_000],
    [6 * 60 * MINUTE, 300_000],
  ])('read a rollback of %i ms every %i ms', (age, every) => {
    expect(pollMs(age)).toBe(every);
  });
});
