import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TARGET } from './fixtures';
import { type Deed, may, type Principal, type Role, rolesFrom } from './permissions';
import type { Target } from './target';

const target = (name: string, operators: readonly string[], viewers: readonly string[]): Target => ({
  ...TARGET,
  name,
  operators,
  viewers,
});
const PLACE = { cluster: 'notify', service: 'api' };
const NAMES = ['production', 'staging', 'preview', 'constructor', '__proto__', 'toString'] as const;
const GROUPS = ['ops', 'staff', 'ops ', 'OPS', '', '__proto__'] as const;
const DEEDS: readonly Deed[] = ['look', 'roll-back'];

/** What the design says, in the plainest way: asked for each target, deed and group anew. */
function allowed(groups: readonly string[], targets: readonly Target[], deed: Deed, name: string): boolean {
  for (const one of targets) {
    if (one.name !== name) continue;
    for (const group of groups) {
      if (one.operators.includes(group)) return true;
      if (deed === 'look' && one.viewers.includes(group)) return true;
    }
  }
  return false;
}

const membership = fc.uniqueArray(fc.constantFrom(...GROUPS));
const targets = fc.uniqueArray(
  fc.record({ name: fc.constantFrom(...NAMES), operators: membership, viewers: membership }),
  { selector: ({ name }) => name },
);

describe('what somebody may do', () => {
  it('is what an answer worked out group by group says, for any groups, targets and names', () => {
    fc.assert(
      fc.property(membership, targets, (groups, configured) => {
        const all = configured.map(({ name, operators, viewers }) => target(name, operators, viewers));
        const principal: Pick<Principal, 'roles'> = { roles: rolesFrom(groups, all) };
        for (const name of [...NAMES, 'unknown']) {
          for (const deed of DEEDS) expect(may(principal, deed, name, PLACE)).toBe(allowed(groups, all, deed, name));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[Role, Deed, boolean]>([
    ['operator', 'look', true],
    ['operator', 'roll-back', true],
    ['viewer', 'look', true],
    ['viewer', 'roll-back', false],
  ])('as %s: %s is %s', (role, deed, expected) => {
    expect(may({ roles: new Map([['production', role]]) }, deed, 'production', PLACE)).toBe(expected);
  });

  it('is nothing on a target without a role, whatever it is called', () => {
    const principal = { roles: new Map<string, Role>() };
    for (const name of NAMES)
      expect([may(principal, 'look', name), may(principal, 'roll-back', name, PLACE)]).toEqual([false, false]);
  });

  it('is the greater of two roles, in whatever order groups come', () => {
    const production = [target('production', ['ops'], ['ops', 'staff'])];
    expect(rolesFrom(['staff', 'ops'], production).get('production')).toBe('operator');
    expect(rolesFrom(['ops', 'staff'], production).get('production')).toBe('operator');
    expect(rolesFrom(['staff'], production).get('production')).toBe('viewer');
  });

  it('compares groups letter by letter', () => {
    const production = [target('production', ['ops'], [])];
    for (const group of ['OPS', 'ops ', ' ops', 'op', 'opss', '*']) expect(rolesFrom([group], production).size).toBe(0);
  });

  it('is answered for nobody who did not sign in', () => {
    const made = {
      issuer: 'i',
      subject: 's',
      name: 'n',
      email: null,
      groups: [],
      groupsAt: 0,
      roles: new Map(),
      sessionId: 'x',
      until: { at: 0, idle: true },
    };
    // @ts-expect-error only authenticate() makes a principal
    const principal: Principal = made;
    expect(may(principal, 'look', 'production')).toBe(false);
  });
});
