import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Deed, may, mayLookEverywhere, rolesFrom } from './permissions';
import type { ServiceSettings, Target } from './target';

type Named = Pick<ServiceSettings, 'operators' | 'viewers'>;

const target = (
  name: string,
  operators: readonly string[],
  viewers: readonly string[],
  services: Readonly<Record<string, Partial<Named>>> = {},
): Target =>
  ({
    name,
    operators,
    viewers,
    services: Object.entries(services).map(([pattern, named]) => ({
      pattern,
      mainContainer: null,
      checkUrl: null,
      operators: null,
      viewers: null,
      ...named,
    })),
  }) as unknown as Target;

const TARGETS = [
  target('production', ['operators'], ['viewers']),
  target('staging', ['operators', 'staging'], ['viewers']),
];
const member = (groups: readonly string[], targets = TARGETS) => ({ roles: rolesFrom(groups, targets) });
const api = { cluster: 'notify', service: 'api' };

describe('what a person may do on a target', () => {
  it('is to look for viewers, and to roll back too for operators', () => {
    const viewer = member(['viewers']);
    const operator = member(['operators']);
    expect([may(viewer, 'look', 'production'), may(viewer, 'roll-back', 'production')]).toEqual([true, false]);
    expect([may(operator, 'look', 'production'), may(operator, 'roll-back', 'production')]).toEqual([true, true]);
  });

  it('is the greater of the roles their groups give', () => {
    expect(may(member(['staging', 'viewers']), 'roll-back', 'staging')).toBe(true);
    expect(may(member(['staging', 'viewers']), 'roll-back', 'production')).toBe(false);
  });

  it('is nothing without a group, and nothing on a target nobody configured', () => {
    expect(member([]).roles.size).toBe(0);
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '']) {
      expect(may(member(['operators']), 'look', name)).toBe(false);
      expect(may(member(['operators']), 'look', name, api)).toBe(false);
    }
  });

  it('does not come from a group that only sounds like one', () => {
    for (const group of ['Operators', 'operators ', 'operator', 'operators,staging', 'constructor', '*']) {
      expect(member([group]).roles.size).toBe(0);
    }
  });
});

describe('what a person may do on a service of its own groups', () => {
  const targets = [
    target('production', ['operators'], ['viewers'], {
      'payments-*': { operators: ['payments'] },
      'secret/*': { operators: ['hidden-operators'], viewers: ['hidden'] },
      frozen: { operators: [] },
    }),
  ];
  const payments = { cluster: 'notify', service: 'payments-web' };
  const hidden = { cluster: 'secret', service: 'web' };

  it('is decided by the groups the pattern names, in place of the target’s', () => {
    expect(may(member(['payments'], targets), 'roll-back', 'production', payments)).toBe(true);
    expect(may(member(['operators'], targets), 'roll-back', 'production', payments)).toBe(false);
    expect(may(member(['operators'], targets), 'look', 'production', payments)).toBe(true);
  });

  it('reaches no other service of the target', () => {
    expect(may(member(['payments'], targets), 'look', 'production', api)).toBe(false);
    expect(may(member(['payments'], targets), 'look', 'production')).toBe(true);
  });

  it('is nothing where the pattern names others to look', () => {
    expect(may(member(['operators', 'viewers'], targets), 'look', 'production', hidden)).toBe(false);
    expect(may(member(['hidden'], targets), 'look', 'production', hidden)).toBe(true);
    expect(may(member(['hidden'], targets), 'roll-back', 'production', hidden)).toBe(false);
    expect(may(member(['hidden-operators'], targets), 'roll-back', 'production', hidden)).toBe(true);
  });

  it('shows other families only to those from whom no service is hidden', () => {
    expect(mayLookEverywhere(member(['operators'], targets), 'production')).toBe(false);
    expect(mayLookEverywhere(member(['payments'], targets), 'production')).toBe(false);
    expect(mayLookEverywhere(member(['viewers', 'hidden'], targets), 'production')).toBe(true);
    expect(mayLookEverywhere(member(['viewers']), 'production')).toBe(true);
    expect(mayLookEverywhere(member(['viewers']), 'elsewhere')).toBe(false);
  });

  it('is to look alone for everybody where the pattern lets nobody roll back', () => {
    const frozen = { cluster: 'notify', service: 'frozen' };
    expect(may(member(['operators'], targets), 'roll-back', 'production', frozen)).toBe(false);
    expect(may(member(['operators'], targets), 'look', 'production', frozen)).toBe(true);
  });

  it('is not undone by a pattern before it that names no groups', () => {
    const shadowed = [target('production', ['operators'], [], { api: {}, '*': { operators: ['few'] } })];
    expect(may(member(['operators'], shadowed), 'roll-back', 'production', api)).toBe(false);
  });
});

/** The rules of `permissions.ts` once more, as slowly and plainly as they can be said. */
function oracle(groups: readonly string[], deed: Deed, { operators, viewers, services }: Target, name: string) {
  const inAny = (named: readonly string[]): boolean => groups.filter((group) => named.includes(group)).length > 0;
  const naming = (kind: 'operators' | 'viewers') =>
    services.filter(({ pattern }) => pattern === '*' || pattern === name).find((one) => one[kind] !== null)?.[kind];
  const canRollBack = inAny(naming('operators') ?? operators);
  const canLook = inAny(naming('viewers') ?? [...viewers, ...operators]);
  return deed === 'roll-back' ? canRollBack : canRollBack || canLook;
}

describe('every combination of groups, targets and services', () => {
  const group = fc.constantFrom('a', 'b', 'c');
  const groups = fc.uniqueArray(group);
  const named = fc.option(groups, { nil: null });
  const patterns = fc.dictionary(fc.constantFrom('api', 'web', '*'), fc.record({ operators: named, viewers: named }));

  it('is answered as the rules say', () => {
    fc.assert(
      fc.property(
        groups,
        groups,
        groups,
        patterns,
        fc.constantFrom<Deed>('look', 'roll-back'),
        fc.constantFrom('api', 'web', 'job'),
        (mine, operators, viewers, services, deed, service) => {
          const one = target('production', operators, viewers, services);
          const principal = member(mine, [one]);
          const answer = may(principal, deed, 'production', { cluster: 'notify', service });
          expect(answer).toBe(oracle(mine, deed, one, service));
          // Whoever may do it on a service may do it somewhere on the target.
          if (answer) expect(may(principal, deed, 'production')).toBe(true);
          expect(may(principal, deed, 'elsewhere', { cluster: 'notify', service })).toBe(false);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
