import type { TaskDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SUBJECTS, type Subject } from './change';
import { diff, same } from './diff';
import { apiDefinition, digestOf, normalised } from './fixtures';
import { COMPLETE_DEFINITION } from './fixtures/complete-definition';
import { changedAt, leavesOf, otherThan, reordered } from './fixtures/every-leaf';
import { FAMILIES } from './fixtures/families';
import { ECS_WRITES, GROUPS, groupOf, ORDERED } from './fixtures/field-groups';
import { HAS_PUBLIC_DEFINITIONS, NO_PUBLIC_DEFINITIONS, publicDefinitions } from './fixtures/public-definitions';
import { Masked } from './sealed';

const OURS = [...Object.values(FAMILIES).flat(), COMPLETE_DEFINITION];

const FIELDS = leavesOf(COMPLETE_DEFINITION).filter(([field]) => !ECS_WRITES.has(String(field)));
const COMPLETE = normalised(COMPLETE_DEFINITION);
const subjects = (other: unknown): readonly Subject[] => [
  ...new Set(diff(COMPLETE, normalised(other as TaskDefinition)).map(({ subject }) => subject)),
];

describe('every single field the SDK knows', () => {
  it.each(FIELDS.map((path) => [path.join('.'), path] as const))(
    '%s is reported in its group when it changes',
    (_name, path) => {
      expect(subjects(changedAt(COMPLETE_DEFINITION, path, otherThan))).toEqual([groupOf(path)]);
    },
  );

  it('is reported in its group when it goes', () => {
    // Defaults of AWS stand for what is not written.
    const defaults = ['essential', 'protocol', 'containerPort', 'hostPort'];
    const silent = FIELDS.filter((path) => !defaults.includes(String(path.at(-1))))
      .filter((path) => path.at(-1) !== 'name' && path.join('.') !== 'containerDefinitions.0.environment.1.value')
      .filter((path) => !subjects(changedAt(COMPLETE_DEFINITION, path, () => undefined)).includes(groupOf(path)));
    expect(silent.map((path) => path.join('.'))).toEqual([]);
  });

  it('is no difference where only ECS writes it', () => {
    for (const path of leavesOf(COMPLETE_DEFINITION).filter(([field]) => ECS_WRITES.has(String(field)))) {
      expect(subjects(changedAt(COMPLETE_DEFINITION, path, otherThan))).toEqual([]);
    }
  });

  it('nobody has heard of becomes "other", never silence', () => {
    const task = { ...COMPLETE_DEFINITION, novelty: { of: ['tomorrow'] } };
    expect(subjects(task)).toEqual(['other']);
    const containerDefinitions = (COMPLETE_DEFINITION.containerDefinitions ?? []).map((one) => ({
      ...one,
      novelty: 1,
    }));
    expect(subjects({ ...COMPLETE_DEFINITION, containerDefinitions })).toEqual(['other']);
  });
});

describe('a difference', () => {
  it('of a definition with itself is none', () => {
    for (const definition of OURS) expect(diff(normalised(definition), normalised(definition))).toEqual([]);
  });

  it('is none where only the order of what has no order is another', () => {
    const tidy = OURS.filter(({ family }) => family !== 'untidy');
    fc.assert(
      fc.property(
        fc.constantFrom(...tidy),
        fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
        (definition, numbers) => {
          let index = 0;
          const next = () => numbers[index++ % numbers.length] ?? 0;
          const other = reordered(definition, next, ORDERED) as TaskDefinition;
          expect(diff(normalised(definition), normalised(other))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([...ORDERED])('is one where the order of %s is another: it means something', (list) => {
    const [app = {}] = COMPLETE_DEFINITION.containerDefinitions ?? [];
    const swapped = { ...app, [list]: [...((app as Record<string, unknown[]>)[list] ?? [])].reverse() };
    const changes = diff(COMPLETE, normalised({ ...COMPLETE_DEFINITION, containerDefinitions: [swapped] }));
    expect(changes.map(({ subject }) => subject)).toEqual([GROUPS[`container.${list}`]]);
  });

  it('is seen from both sides: what is added one way is removed the other', () => {
    const opposite = { added: 'removed', removed: 'added', changed: 'changed' } as const;
    fc.assert(
      fc.property(fc.constantFrom(...OURS), fc.constantFrom(...OURS), (a, b) => {
        const [there, back] = [diff(normalised(a), normalised(b)), diff(normalised(b), normalised(a))];
        const keyed = (changes: typeof there, turned: boolean) =>
          changes
            .map(({ subject, container, name, kind, before, after }) =>
              JSON.stringify([
                subject,
                container,
                name,
                turned ? opposite[kind] : kind,
                turned ? [after, before] : [before, after],
              ]),
            )
            .sort();
        expect(keyed(back, true)).toEqual(keyed(there, false));
        expect(there.length === 0).toBe(same(normalised(a), normalised(b)));
      }),
    );
  });

  it('is sorted by risk, containers that come or go first', () => {
    for (const [older, newer] of Object.values(FAMILIES)) {
      if (older === undefined || newer === undefined) continue;
      const order = diff(normalised(older), normalised(newer)).map(({ subject }) => SUBJECTS.indexOf(subject));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  });

  it('between all public definitions of one family is complete, in order, and masked', ({ skip }) => {
    skip(!HAS_PUBLIC_DEFINITIONS, NO_PUBLIC_DEFINITIONS);
    const definitions = [...publicDefinitions().values()];
    const pairs = definitions.flatMap((a) =>
      definitions.filter((b) => a.family === b.family).map((b) => [a, b] as const),
    );
    expect(pairs.length).toBeGreaterThan(definitions.length);
    for (const [a, b] of pairs) {
      const [now, then] = [normalised(a), normalised(b)];
      const changes = diff(now, then);
      expect(changes.length === 0).toBe(same(now, then));
      expect(JSON.stringify(changes)).not.toContain('print-of-');
    }
  });
});

describe('going from 428 back to 421', () => {
  const digests = {
    now: new Map([
      ['app', digestOf('bb')],
      ['nginx', digestOf('cc')],
    ]),
    willBe: new Map([
      ['app', digestOf('aa')],
      ['nginx', digestOf('cc')],
    ]),
  };
  const changes = diff(normalised(apiDefinition(428)), normalised(apiDefinition(421)), digests);

  it('changes five things, now → will be, with a word where a number halves', () => {
    expect(changes).toEqual([
      {
        subject: 'image',
        container: 'app',
        name: 'app',
        kind: 'changed',
        before: 'notifications-api:release-1123',
        after: 'notifications-api:release-1119',
        note: null,
      },
      {
        subject: 'environment',
        container: 'app',
        name: 'FEATURE_BULK',
        kind: 'removed',
        before: null,
        after: null,
        note: null,
      },
      {
        subject: 'environment',
        container: 'app',
        name: 'MAX_WORKERS',
        kind: 'changed',
        before: null,
        after: null,
        note: null,
      },
      {
        subject: 'secret',
        container: 'app',
        name: 'DB_URI',
        kind: 'changed',
        before: '…/db-uri:v7',
        after: '…/db-uri:v6',
        note: null,
      },
      {
        subject: 'size',
        container: null,
        name: 'Task memory',
        kind: 'changed',
        before: '2048 MiB',
        after: '1024 MiB',
        note: 'half',
      },
    ]);
  });
});

describe('where a secret points', () => {
  const pointing = (valueFrom: string) =>
    normalised({ containerDefinitions: [{ name: 'app', image: 'app', secrets: [{ name: 'DB_URI', valueFrom }] }] });
  const arn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:notify/db-uri-Qx7RfA';

  it.each([
    [`${arn}::v7:`, '…/db-uri:v7'],
    [`${arn}:password::3`, '…/db-uri:password:3'],
    ['arn:aws:ssm:eu-west-1:111111111111:parameter/notify/production/db-uri', '…/db-uri'],
    ['/notify/db-uri', '…/db-uri'],
    ['db-uri', 'db-uri'],
  ])('is shown by its end: %s', (valueFrom, shown) => {
    expect(diff(pointing(valueFrom), pointing('other'))[0]?.before).toBe(shown);
  });

  it('is shown whole where the ends are the same', () => {
    const [change] = diff(pointing(arn), pointing(arn.replace('Qx7RfA', 'Zz9ZzZ')));
    expect([change?.before, change?.after]).toEqual([arn, arn.replace('Qx7RfA', 'Zz9ZzZ')]);
  });
});

describe('images', () => {
  const one = (image: string) => normalised({ containerDefinitions: [{ name: 'app', image }] });
  const both = (now: string, willBe: string) => ({ now: new Map([['app', now]]), willBe: new Map([['app', willBe]]) });

  it('of one tag are another image where the digests say so', () => {
    expect(diff(one('x:main'), one('x:main'), both(digestOf('a'), digestOf('b')))).toMatchObject([
      { subject: 'image', before: 'x:main', after: 'x:main', note: 'same tag, different image' },
    ]);
  });

  it('of two tags are the same where the digests say so', () => {
    expect(diff(one('x:1'), one('x:2'), both(digestOf('a'), digestOf('a')))).toEqual([]);
    expect(
      diff(one('x:1'), one(`x@${digestOf('a')}`), { now: new Map([['app', digestOf('a')]]), willBe: new Map() }),
    ).toEqual([]);
  });

  it('of one digest in two repositories are two: one of them may be gone', () => {
    expect(diff(one('r1.test/x:1'), one('r2.test/x:1'), both(digestOf('a'), digestOf('a')))).toMatchObject([
      { before: 'x:1', after: 'x:1', note: 'from another registry' },
    ]);
  });

  it('are compared as written where a digest is not known', () => {
    const unknown = { now: new Map<string, string>(), willBe: new Map([['app', digestOf('a')]]) };
    expect(diff(one('x:1'), one('x:1'), unknown)).toEqual([]);
    expect(diff(one('x:1'), one('x:2'), unknown)).toHaveLength(1);
  });
});

describe('words of a difference', () => {
  const task = (change: TaskDefinition) => normalised(change);
  const app = (change: object) => normalised({ containerDefinitions: [{ name: 'app', image: 'a', ...change }] });

  it('have units, and words for what doubles or halves', () => {
    expect(diff(task({ cpu: '256' }), task({ cpu: '1 vCPU' }))).toMatchObject([
      { name: 'Task CPU', before: '256 CPU units', after: '1024 CPU units', note: 'four times' },
    ]);
    expect(diff(app({ memoryReservation: 100 }), app({ memoryReservation: 300 }))).toMatchObject([
      { name: 'Memory reservation', before: '100 MiB', after: '300 MiB', note: null },
    ]);
    const storage = (sizeInGiB: number) => task({ ephemeralStorage: { sizeInGiB } });
    expect(diff(storage(40), storage(20))).toMatchObject([
      { name: 'Ephemeral storage', before: '40 GiB', after: '20 GiB' },
    ]);
  });

  it('name roles by their last part, and whole where that is the same', () => {
    const role = (taskRoleArn: string) => task({ taskRoleArn });
    expect(diff(role('arn:aws:iam::1:role/a'), role('arn:aws:iam::1:role/b'))).toMatchObject([
      { name: 'Task role', before: 'a', after: 'b' },
    ]);
    expect(diff(role('arn:aws:iam::1:role/a'), role('arn:aws:iam::2:role/a'))).toMatchObject([
      { before: 'arn:aws:iam::1:role/a', after: 'arn:aws:iam::2:role/a' },
    ]);
  });

  it('name ports, options, labels and limits by what people know them by', () => {
    const before = app({
      portMappings: [{ containerPort: 80 }],
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/a' } },
      dockerLabels: { team: 'x' },
      resourceRequirements: [{ type: 'GPU', value: '2' }],
    });
    const after = app({
      portMappings: [{ containerPort: 80, protocol: 'udp' }],
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/b' } },
      ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 1 }],
      resourceRequirements: [{ type: 'GPU', value: '1' }],
    });
    expect(diff(before, after).map(({ name, kind, before: b, after: a }) => [name, kind, b, a])).toEqual([
      ['GPU', 'changed', '2', '1'],
      ['80/tcp', 'removed', expect.any(String), null],
      ['80/udp', 'added', null, expect.any(String)],
      ['Log option awslogs-group', 'changed', '/a', '/b'],
      ['Label team', 'removed', null, null],
      ['Limit nofile', 'added', null, expect.any(String)],
    ]);
  });

  it('tell a container that comes from one that goes, with its image', () => {
    const [before = {}, after = {}] = FAMILIES.sidecars ?? [];
    expect(diff(normalised(after), normalised(before)).slice(0, 2)).toMatchObject([
      { subject: 'container', name: 'otel', kind: 'removed', before: 'aws-otel-collector:v0.40.0', after: null },
      { subject: 'container', name: 'xray', kind: 'added', before: null, after: 'aws-xray-daemon:3.x' },
    ]);
  });
});

describe('sameness', () => {
  it('of masked values is told by their print alone', () => {
    expect(same(new Masked('a'), new Masked('a'))).toBe(true);
    expect(same(new Masked('a'), new Masked('b'))).toBe(false);
    expect(same(new Masked('a'), 'a')).toBe(false);
    expect(same({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
    expect(same({ a: undefined }, {})).toBe(false);
    expect(same([1], [1, 2])).toBe(false);
  });
});
