import { describe, expect, it } from 'vitest';
import { trustsEcsTasks } from './roles';

const document = (Statement: unknown): string =>
  encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement }));
const statement = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };

describe('a trust policy', () => {
  it.each([
    ['texts', [statement]],
    ['a single statement', statement],
    [
      'lists',
      [
        {
          ...statement,
          Principal: { Service: ['x', 'ecs-tasks.amazonaws.com'] },
          Action: ['sts:TagSession', 'sts:AssumeRole'],
        },
      ],
    ],
    ['a second statement', [{ ...statement, Effect: 'Deny' }, statement]],
  ])('lets tasks take the role, written with %s', (_title, written) => {
    expect(trustsEcsTasks(document(written))).toBe(true);
  });

  it.each([
    ['for another service', { ...statement, Principal: { Service: 'ecs.amazonaws.com' } }],
    ['for accounts only', { ...statement, Principal: { AWS: '*' } }],
    ['that denies', { ...statement, Effect: 'Deny' }],
    ['for another action', { ...statement, Action: 'sts:TagSession' }],
    ['without a statement', []],
  ])('%s does not', (_title, written) => {
    expect(trustsEcsTasks(document(written))).toBe(false);
  });

  it('that is missing does not', () => {
    expect(trustsEcsTasks(undefined)).toBe(false);
  });
});
