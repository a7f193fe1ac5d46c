import { describe, expect, it } from 'vitest';
import { isForward } from './direction';
import { arnOf, pastRollback } from './fixtures';

describe('a journey leads forward', () => {
  const past = [pastRollback()];
  it.each([
    ['api:421', 'api:428', true, 'the number is higher'],
    ['api:428', 'api:421', false, 'the number is lower'],
    ['api:428', 'api:428', false, 'it is the same'],
    ['api:429', 'api:428', true, 'what runs is a copy of an older one'],
    ['api:428', 'api:429', false, 'what is wished for is a copy of an older one'],
    ['api:429', 'api:421', false, 'what runs is a copy of what is wished for'],
    ['api:421', 'api:429', false, 'what is wished for is a copy of what runs'],
    ['api:421', 'admin:900', false, 'the family is another'],
    ['api:421', 'nonsense', false, 'there is no number'],
  ])('from %s to %s: %s, since %s', (from, to, forward) => {
    expect(isForward(past, { from: arnOf(from), to: arnOf(to) })).toBe(forward);
  });
});
