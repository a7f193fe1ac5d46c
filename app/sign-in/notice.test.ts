import { describe, expect, it } from 'vitest';
import { lengthInWords, noticeFor } from './notice';

const limits = { maxSeconds: 28_800, idleSeconds: 1_800 };
const arrived = (from: { over?: unknown; error?: unknown; signedOut?: boolean }) =>
  noticeFor({ over: from.over, error: from.error, signedOut: from.signedOut ?? false }, limits);

describe('the sign-in page', () => {
  it('says nothing to somebody who simply comes', () => {
    expect(arrived({})).toBeNull();
    expect(arrived({ over: '<script>' })).toBeNull();
    expect(arrived({ over: ['age', 'idle'] })).toBeNull();
  });

  it.each([
    ['age', 'You were signed out after 8 hours.'],
    ['idle', 'You were signed out after 30 minutes without use.'],
    ['revoked', 'You were signed out by the people who run this tool.'],
  ])('says why a session is over: %s', (over, words) => {
    expect(arrived({ over })).toEqual({
      title: 'Sign in again.',
      words: `${words} You will return to this page. A running rollback is not affected.`,
      problem: false,
    });
  });

  it('says that a sign-in failed, in our words whatever the address says', () => {
    expect(arrived({ error: '<img src=x>', over: 'age' })).toMatchObject({
      words: 'You could not be signed in. Try again, or follow the runbook.',
      problem: true,
    });
  });

  it('says that somebody has just signed out', () => {
    expect(arrived({ signedOut: true })?.title).toBe('You are signed out');
  });

  it('names limits as they are configured', () => {
    expect([28_800, 3_600, 1_800, 90, 60, 1].map(lengthInWords)).toEqual([
      '8 hours',
      '1 hour',
      '30 minutes',
      '90 seconds',
      '1 minute',
      '1 second',
    ]);
  });
});
