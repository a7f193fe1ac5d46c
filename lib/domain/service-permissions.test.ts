import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok } from '@/lib/result';
import { type Deed, may, mayReadRevision, rolesFrom } from './permissions';
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
    clusters: null,
    services: Object.entries(services).map(([pattern, named]) => ({
      pattern,
      mainContainer: null,
      checkUrl: null,
      operators: null,
      viewers: null,
      ...named,
    })),
  }) as unknown as Target;

const member = (groups: readonly string[], targets: readonly Target[]) => ({ roles: rolesFrom(groups, targets) });
const api = { cluster: 'notify', service: 'api' };

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

  it('shows revisions of another family only where they ran here, or nothing is hidden', () => {
    const arn = (name: string) => `arn:aws:ecs:eu-west-1:111111111111:task-definition/${name}`;
    const asked = (name: string, ...ran: readonly string[]) => ({
      arn: arn(name),
      target: 'production',
      service: { taskDefinitionArn: arn('api:428') },
      deployments: ok(ran.map((one) => ({ taskDefinitionArn: arn(one) }))),
    });
    for (const groups of [['operators'], ['payments']]) {
      const principal = member(groups, targets);
      expect(mayReadRevision(principal, asked('api:7'))).toBe(true);
      expect(mayReadRevision(principal, asked('secret-web:7'))).toBe(false);
      expect(mayReadRevision(principal, asked('api-old:7', 'api-old:7'))).toBe(true);
      expect(mayReadRevision(principal, asked('api-old:8', 'api-old:7'))).toBe(false);
    }
    expect(mayReadRevision(member(['viewers', 'hidden'], targets), asked('secret-web:7'))).toBe(true);
    const whole = [target('production', [], ['viewers'])];
    expect(mayReadRevision(member(['viewers'], whole), asked('secret-web:7'))).toBe(true);
    const part = whole.map((one) => ({ ...one, clusters: ['notify'] }));
    expect(mayReadRevision(member(['viewers'], part), asked('secret-web:7'))).toBe(false);
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

describe('a target that shows some clusters', () => {
  const shared = [
    { ...target('notify', ['notify-operators'], []), clusters: ['notify'] },
    { ...target('payments', ['payments-operators'], []), clusters: ['payments'] },
  ];
  const others = { cluster: 'payments', service: 'web' };

  it('gives nobody a right in another cluster of the same account', () => {
    const principal = member(['notify-operators'], shared);
    expect(may(principal, 'roll-back', 'notify', api)).toBe(true);
    expect(may(principal, 'roll-back', 'notify', others)).toBe(false);
    expect(may(principal, 'look', 'notify', others)).toBe(false);
    expect(may(principal, 'look', 'payments', others)).toBe(false);
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
          // Whoever may do anything on a service may look at the target.
          if (answer) expect(may(principal, 'look', 'production')).toBe(true);
          expect(may(principal, deed, 'elsewhere', { cluster: 'notify', service })).toBe(false);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
