import { describe, expect, it } from 'vitest';
import { trustInTasks } from './roles';

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
    expect(trustInTasks(document(written))).toBe(true);
  });

  it.each([
    ['for another service', { ...statement, Principal: { Service: 'ecs.amazonaws.com' } }],
    ['for accounts only', { ...statement, Principal: { AWS: '*' } }],
    ['that denies', { ...statement, Effect: 'Deny' }],
    ['for another action', { ...statement, Action: 'sts:TagSession' }],
    ['for part of the action’s name', { ...statement, Action: 'sts:Assume' }],
    ['without a statement', []],
  ])('%s does not', (_title, written) => {
    expect(trustInTasks(document(written))).toBe(false);
  });

  it.each(['sts:*', '*', 'sts:Assume*', 'STS:assumerole', 'sts:AssumeRol?'])('lets them with action %s', (Action) => {
    expect(trustInTasks(document({ ...statement, Action }))).toBe(true);
  });

  it.each([
    ['for everybody', { ...statement, Principal: '*' }],
    ['for every service', { ...statement, Principal: { Service: '*' } }],
    ['for all but some', { Effect: 'Allow', NotPrincipal: { AWS: 'x' }, Action: 'sts:AssumeRole' }],
    ['for all but some actions', { Effect: 'Allow', Principal: statement.Principal, NotAction: 'sts:TagSession' }],
  ])('%s is not judged', (_title, written) => {
    expect(trustInTasks(document(written))).toBeNull();
  });

  it('that is missing is not known', () => {
    expect(trustInTasks(undefined)).toBeNull();
  });
});
