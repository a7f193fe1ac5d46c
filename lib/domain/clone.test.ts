import type { Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneOf, rollbackTags, sameDefinition } from './clone';
import { COMPLETE_DEFINITION } from './fixtures/complete-definition';
import { FAMILIES } from './fixtures/families';
import { HAS_PUBLIC_DEFINITIONS, NO_PUBLIC_DEFINITIONS, publicDefinitions } from './fixtures/public-definitions';

const ECS_WRITES = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
] as const;

const OURS = [...Object.values(FAMILIES).flat(), COMPLETE_DEFINITION];

/** What ECS would describe of a copy: what was sent, with what only ECS writes around it. */
const describedFrom = (definition: TaskDefinition, source: TaskDefinition): TaskDefinition => ({
  ...definition,
  ...Object.fromEntries(ECS_WRITES.flatMap((field) => (field in source ? [[field, source[field]]] : []))),
});

const copyOf = (definition: TaskDefinition, images = new Map<string, string>(), tags: readonly Tag[] = []) =>
  cloneOf({ definition, tags: [] }, images, tags);

describe('a copy', () => {
  it('loses nothing: with what ECS writes put back it is the original, empty lists and texts included', () => {
    for (const definition of OURS) {
      expect(describedFrom(copyOf(definition) as TaskDefinition, definition)).toEqual(definition);
    }
  });

  it('drops exactly the nine fields only ECS writes', () => {
    const kept = Object.keys(copyOf(COMPLETE_DEFINITION));
    expect(
      Object.keys(COMPLETE_DEFINITION)
        .filter((field) => !kept.includes(field))
        .sort(),
    ).toEqual([...ECS_WRITES].sort());
  });

  it('carries fields nobody has heard of, wherever they stand', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (task, container) => {
        const app: object = { name: 'app', image: 'a', newContainerField: container };
        const definition: TaskDefinition = Object.assign(
          { family: 'api', containerDefinitions: [app] },
          { newTaskField: task },
        );
        expect(copyOf(definition)).toEqual(definition);
      }),
    );
  });

  it('runs the images it is given, and every other container its own', () => {
    const [, newer = {}] = FAMILIES.api ?? [];
    const copy = copyOf(
      newer,
      new Map([
        ['app', 'registry/app@sha256:1'],
        ['unknown', 'x'],
      ]),
    );
    expect(copy.containerDefinitions?.map(({ name, image }) => [name, image])).toEqual([
      ['nginx', newer.containerDefinitions?.[0]?.image],
      ['app', 'registry/app@sha256:1'],
    ]);
  });

  it('leaves the original as it was', () => {
    const before = structuredClone(COMPLETE_DEFINITION);
    copyOf(COMPLETE_DEFINITION, new Map([['app', 'other']]), [{ key: 'a', value: 'b' }]);
    expect(COMPLETE_DEFINITION).toEqual(before);
  });

  it('has no list of tags where there are none: ECS refuses an empty one', () => {
    expect(copyOf({ family: 'api' })).not.toHaveProperty('tags');
    expect(copyOf({ family: 'api' }, new Map(), [{ key: 'a', value: 'b' }])).toHaveProperty('tags');
  });

  it('of every public definition loses nothing', ({ skip }) => {
    skip(!HAS_PUBLIC_DEFINITIONS, NO_PUBLIC_DEFINITIONS);
    for (const [file, definition] of publicDefinitions()) {
      const copy = copyOf(definition) as TaskDefinition;
      expect(JSON.parse(JSON.stringify(describedFrom(copy, definition))), file).toEqual(definition);
      expect(sameDefinition(copyOf(definition), describedFrom(copy, definition), []), file).toEqual([]);
    }
  });
});

describe('the tags of a copy', () => {
  const provenance = { id: 'rb-7k3f9q', by: 'k.smith@example.org', copiedFrom: 'api:421' };
  const keysOf = (tags: readonly Tag[]) => tags.map(({ key }) => key);
  const many = (count: number): Tag[] =>
    Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));

  it('are the user’s own and then ours', () => {
    expect(rollbackTags([{ key: 'team', value: '' }], provenance)).toEqual([
      { key: 'team', value: '' },
      { key: 'ecs-rollback:id', value: 'rb-7k3f9q' },
      { key: 'ecs-rollback:copied-from', value: 'api:421' },
      { key: 'ecs-rollback:by', value: 'k.smith@example.org' },
    ]);
  });

  it('leave out what AWS reserves, in any case and as a value, and what an older rollback left', () => {
    const old = [
      { key: 'aws:cloudformation:stack-name', value: 'x' },
      { key: 'AWS:x', value: 'y' },
      { key: 'source', value: 'aws:elsewhere' },
      { key: 'ecs-rollback:id', value: 'rb-older' },
      { key: 'ecs-rollback:later-idea', value: 'x' },
      { key: 'awshome', value: 'kept' },
    ];
    expect(keysOf(rollbackTags(old, provenance))).toEqual([
      'awshome',
      'ecs-rollback:id',
      'ecs-rollback:copied-from',
      'ecs-rollback:by',
    ]);
  });

  it.each([
    [47, ['ecs-rollback:id', 'ecs-rollback:copied-from', 'ecs-rollback:by']],
    [48, ['ecs-rollback:id', 'ecs-rollback:copied-from']],
    [49, ['ecs-rollback:id']],
    [50, []],
  ])('of which a user has %i leave room to %j: at fifty ours go first', (count, ours) => {
    const tags = rollbackTags(many(count), provenance);
    expect(keysOf(tags).slice(count)).toEqual(ours);
    expect(keysOf(tags).slice(0, count)).toEqual(keysOf(many(count)));
  });

  it('that AWS reserves do not count towards fifty', () => {
    expect(
      rollbackTags([...many(47), { key: 'aws:a', value: '' }, { key: 'aws:b', value: '' }], provenance),
    ).toHaveLength(50);
  });

  it('hold only what a tag may hold, at most 256 characters, and no half character', () => {
    const name = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(name, name, (by, copiedFrom) => {
        for (const { value = '' } of rollbackTags([], { id: 'rb-7k3f9q', by, copiedFrom })) {
          expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
          expect(value.length).toBeLessThanOrEqual(256);
          expect(value).not.toMatch(/^aws:/i);
          expect(value.isWellFormed()).toBe(true);
        }
      }),
    );
    expect(rollbackTags([], { ...provenance, by: "O'Brien (on call)" }).at(-1)?.value).toBe('O_Brien _on call_');
    expect(rollbackTags([], { ...provenance, by: '𝒜'.repeat(200) }).at(-1)?.value).toBe('𝒜'.repeat(128));
  });
});

describe('the registered copy', () => {
  const sent = copyOf(COMPLETE_DEFINITION, new Map(), [{ key: 'team', value: 'notify' }]);
  const answered = describedFrom(structuredClone(sent) as TaskDefinition, COMPLETE_DEFINITION);
  const tags = [{ key: 'team', value: 'notify' }];
  const app = answered.containerDefinitions?.[0] ?? {};
  const withApp = (change: object): TaskDefinition => ({ ...answered, containerDefinitions: [{ ...app, ...change }] });

  it('is what was sent where ECS returns it, whatever order variables, secrets and tags come back in', () => {
    const reordered = withApp({ environment: [...(app.environment ?? [])].reverse() });
    expect(sameDefinition(sent, reordered, [{ key: 'more', value: 'x' }, ...tags])).toEqual([]);
  });

  it('may have defaults ECS filled in and lists it added empty', () => {
    const filled = { ...withApp({ systemControlsOfTheFuture: [] }), enableSomething: false, volumes: answered.volumes };
    expect(sameDefinition(sent, filled as TaskDefinition, tags)).toEqual([]);
  });

  it.each([
    ['an image', withApp({ image: 'other' }), 'containerDefinitions[0].image'],
    [
      'a value of a variable',
      withApp({
        environment: [
          { name: 'MAX_WORKERS', value: '9' },
          { name: 'EMPTY', value: '' },
        ],
      }),
      'containerDefinitions[0].environment.MAX_WORKERS.value',
    ],
    [
      'a variable left out',
      withApp({ environment: [app.environment?.[0]] }),
      'containerDefinitions[0].environment.EMPTY',
    ],
    [
      'a variable more',
      withApp({ environment: [...(app.environment ?? []), { name: 'NEW', value: 'x' }] }),
      'containerDefinitions[0].environment.NEW',
    ],
    [
      'a label more',
      withApp({ dockerLabels: { ...app.dockerLabels, extra: 'x' } }),
      'containerDefinitions[0].dockerLabels.extra',
    ],
    ['a container more', { ...answered, containerDefinitions: [app, app] }, 'containerDefinitions'],
    [
      'a command in another order',
      withApp({ command: [...(app.command ?? [])].reverse() }),
      'containerDefinitions[0].command[0]',
    ],
    ['a field left out', { ...answered, pidMode: undefined }, 'pidMode'],
  ])('differs where it has %s, and the path says where without the value', (_what, other, path) => {
    const paths = sameDefinition(sent, other as TaskDefinition, tags);
    expect(paths).toContain(path);
    expect(paths.join(' ')).not.toContain('hush');
  });

  it('differs where a tag is missing or another', () => {
    expect(sameDefinition(sent, answered, [])).toEqual(['tags.team']);
    expect(sameDefinition(sent, answered, [{ key: 'team', value: 'x' }])).toEqual(['tags.team.value']);
  });

  it('differs where variables come back that nobody sent', () => {
    const bare = { family: 'api', containerDefinitions: [{ name: 'app', image: 'a' }] };
    const more = {
      family: 'api',
      containerDefinitions: [{ name: 'app', image: 'a', environment: [{ name: 'X', value: '1' }] }],
    };
    expect(sameDefinition(bare, more, [])).toEqual(['containerDefinitions[0].environment']);
  });
});
