import { describe, expect, it } from 'vitest';
import { groupsIn } from './groups-claim';

describe('the groups a provider names', () => {
  it('are a list without repeats, or one name alone', () => {
    expect(groupsIn({ groups: ['b', 'a', 'b'] }, 'groups')).toEqual(['a', 'b']);
    expect(groupsIn({ 'cognito:groups': 'operators' }, 'cognito:groups')).toEqual(['operators']);
  });

  it.each([
    ['is missing', {}],
    ['is null', { groups: null }],
    ['is a number', { groups: 7 }],
    ['is an object', { groups: { operators: true } }],
    ['holds no names', { groups: [1, null, { name: 'operators' }, ''] }],
    ['is inherited', Object.create({ groups: ['operators'] })],
  ])('are none when the claim %s', (_why, claims) => {
    expect(groupsIn(claims, 'groups')).toEqual([]);
  });

  it.each([null, undefined, 'operators', 7])('are none when the provider said %j', (claims) => {
    expect(groupsIn(claims, 'groups')).toEqual([]);
  });

  it('are none for a claim every object has', () => {
    expect(groupsIn({}, 'constructor')).toEqual([]);
    expect(groupsIn({}, '__proto__')).toEqual([]);
  });
});
