import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { normalised, shownOf } from './fixtures';
import { COMPLETE_DEFINITION } from './fixtures/complete-definition';
import { FAMILIES } from './fixtures/families';
import { HAS_PUBLIC_DEFINITIONS, NO_PUBLIC_DEFINITIONS, publicDefinitions } from './fixtures/public-definitions';
import { amount, duplicateNames, identified, keyOf, normalise } from './normalise';
import { Masked } from './sealed';
import type { ShownDefinition } from './task-definition';

const OURS = [...Object.values(FAMILIES).flat(), COMPLETE_DEFINITION];

const app = (change: object): ShownDefinition => ({ containerDefinitions: [{ name: 'app', image: 'a', ...change }] });
const appOf = (shown: ShownDefinition): Record<string, unknown> =>
  (normalise(shown).containerDefinitions as Record<string, unknown>[])[0] ?? {};

describe('a normalised definition', () => {
  it('normalised again is the same', () => {
    for (const definition of OURS) {
      const once = normalised(definition);
      expect(normalise(once as unknown as ShownDefinition)).toEqual(once);
    }
  });

  it('of every public definition, normalised again, is the same', ({ skip }) => {
    skip(!HAS_PUBLIC_DEFINITIONS, NO_PUBLIC_DEFINITIONS);
    for (const [file, definition] of publicDefinitions()) {
      const once = normalised(definition);
      expect(normalise(once as unknown as ShownDefinition), file).toEqual(once);
    }
  });

  it('has nothing that only ECS writes', () => {
    const written = [
      'taskDefinitionArn',
      'revision',
      'status',
      'registeredAt',
      'registeredBy',
      'deregisteredAt',
      'deleteRequestedAt',
      'requiresAttributes',
      'compatibilities',
    ];
    const names = Object.keys(normalised(COMPLETE_DEFINITION));
    expect(names.filter((name) => written.includes(name))).toEqual([]);
    expect(names).toHaveLength(Object.keys(COMPLETE_DEFINITION).length - written.length);
  });

  it('has AWS’s defaults: essential, no reserved CPU, tcp', () => {
    expect(appOf(app({ portMappings: [{ containerPort: 80 }] }))).toEqual({
      name: 'app',
      image: 'a',
      essential: true,
      cpu: 0,
      portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }],
    });
    expect(appOf(app({ essential: false, cpu: 10 }))).toMatchObject({ essential: false, cpu: 10 });
  });

  it.each([
    ['awsvpc', 80],
    ['host', 80],
    ['bridge', 0],
    [undefined, 0],
  ] as const)('of the network mode %s has the host port %i where none is written', (networkMode, hostPort) => {
    const shown: ShownDefinition = { networkMode, ...app({ portMappings: [{ containerPort: 80 }] }) };
    expect(appOf(shown).portMappings).toEqual([{ containerPort: 80, hostPort, protocol: 'tcp' }]);
  });

  it('keeps a host port that is written and gives a range of ports none', () => {
    const portMappings = [{ containerPort: 80, hostPort: 8000 }, { containerPortRange: '9000-9010' }];
    expect(appOf(app({ portMappings })).portMappings).toEqual([
      { containerPort: 80, hostPort: 8000, protocol: 'tcp' },
      { containerPortRange: '9000-9010', protocol: 'tcp' },
    ]);
  });

  it.each([
    ['1 vCPU', '1024'],
    ['.5 vcpu', '512'],
    ['0.25vCPU', '256'],
    ['2GB', '2048'],
    ['2 gb', '2048'],
    ['512 MB', '512'],
    ['512M', '512'],
    ['1024', '1024'],
    ['a lot', 'a lot'],
  ])('has the size %s as %s', (written, stored) => {
    expect(amount(written)).toBe(stored);
    expect(normalise({ cpu: written, memory: written })).toEqual({ cpu: stored, memory: stored });
  });

  it('has no list where one is empty, and keeps an empty variable', () => {
    expect(normalised({ volumes: [], placementConstraints: [] })).toEqual({});
    const kept = normalised({ containerDefinitions: [{ name: 'app', environment: [{ name: 'A', value: '' }] }] });
    expect(kept).not.toEqual(normalised({ containerDefinitions: [{ name: 'app', environment: [] }] }));
  });

  it('has the last of a variable that stands twice', () => {
    const twice = normalised({
      containerDefinitions: [
        {
          name: 'app',
          environment: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        },
      ],
    });
    expect(twice).toEqual(
      normalised({ containerDefinitions: [{ name: 'app', environment: [{ name: 'A', value: '2' }] }] }),
    );
  });

  it('keeps both of two ports that share a number and a protocol', () => {
    const portMappings = [
      { containerPort: 80, hostPort: 1 },
      { containerPort: 80, hostPort: 2 },
    ];
    expect(appOf(app({ portMappings })).portMappings).toHaveLength(2);
  });

  it('is the same in whatever order these stand', () => {
    const links = (list: readonly string[]): TaskDefinition => ({
      containerDefinitions: [{ name: 'app', links: [...list] }],
    });
    expect(normalised(links(['b', 'a']))).toEqual(normalised(links(['a', 'b'])));
  });
});

describe('members of a list', () => {
  it('are told apart by what names them', () => {
    expect(keyOf('portMappings', { containerPort: 80, protocol: 'tcp' })).toBe('80/tcp');
    expect(keyOf('environment', { name: 'A' })).toBe('A');
    expect(keyOf('mountPoints', { containerPath: '/data' })).toBe('/data');
    expect(keyOf('command', 'serve')).toBeNull();
    expect(keyOf('environment', new Masked('x'))).toBeNull();
    expect(keyOf('constructor', { name: 'A' })).toBeNull();
  });

  it('that share a key are counted where all of them count', () => {
    const ulimits = [
      { name: 'nofile', softLimit: 1 },
      { name: 'nofile', softLimit: 2 },
    ];
    expect([...identified('ulimits', ulimits).keys()]).toEqual(['nofile', 'nofile #2']);
    const variables = [
      { name: 'A', value: 1 },
      { name: 'A', value: 2 },
    ];
    expect([...identified('environment', variables)]).toEqual([['A', { name: 'A', value: 2 }]]);
  });
});

describe('names that stand twice', () => {
  it('are said once each, for variables and secrets together', () => {
    const shown = shownOf({
      containerDefinitions: [
        {
          name: 'app',
          environment: [{ name: 'A' }, { name: 'A' }, { name: 'A' }, { name: 'B' }, { name: 'C' }],
          secrets: [{ name: 'B', valueFrom: 'x' }],
        },
        { name: 'nginx', environment: [{ name: 'A' }] },
      ],
    });
    expect(duplicateNames(shown)).toEqual([
      { container: 'app', name: 'A' },
      { container: 'app', name: 'B' },
    ]);
    expect(duplicateNames({})).toEqual([]);
  });
});
