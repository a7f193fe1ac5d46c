import { inspect } from 'node:util';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPLETE_DEFINITION } from './fixtures/complete-definition';
import { changedAt, type LeafPath, leavesOf } from './fixtures/every-leaf';
import { maskDefinition, secretTexts, withoutSecrets } from './masking';
import { Masked } from './sealed';

const mask = (definition: TaskDefinition, shown: readonly string[] = []) =>
  maskDefinition(definition, (text) => `fingerprint of ${text}`, new Set(shown));

const at = (value: unknown, path: LeafPath): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)?.[step], value);

/** Places of the complete definition whose values are masked, positions left out. */
const MASKED_PLACES = [
  'containerDefinitions.command',
  'containerDefinitions.dockerLabels.team',
  'containerDefinitions.entryPoint',
  'containerDefinitions.environment.value',
  'containerDefinitions.firelensConfiguration.options.config-file-value',
  'containerDefinitions.healthCheck.command',
  'containerDefinitions.logConfiguration.options.endpoint',
  'proxyConfiguration.properties.value',
  'volumes.dockerVolumeConfiguration.driverOpts.key',
  'volumes.dockerVolumeConfiguration.labels.owner',
];

describe('a definition as it may be shown', () => {
  it('says nothing that must not be seen, however it is printed', () => {
    const shown = mask(COMPLETE_DEFINITION);
    for (const text of [JSON.stringify(shown), inspect(shown, { depth: null, showHidden: true }), String(shown)]) {
      expect(text).not.toContain('hush');
    }
  });

  it('hides every member that a newer AWS may add, at every level of a container, volume or proxy', () => {
    const levels: readonly LeafPath[] = [
      [],
      ['proxyConfiguration'],
      ['proxyConfiguration', 'properties', 0],
      ['volumes', 0],
      ['volumes', 1, 'dockerVolumeConfiguration'],
      ['containerDefinitions', 0],
      ['containerDefinitions', 0, 'environment', 0],
      ['containerDefinitions', 0, 'healthCheck'],
      ['containerDefinitions', 0, 'logConfiguration'],
      ['containerDefinitions', 0, 'firelensConfiguration'],
    ];
    for (const level of levels) {
      for (const added of ['canary', { deep: ['canary'] }, ['canary']]) {
        const changed = changedAt(COMPLETE_DEFINITION, level, (inner) => ({ ...(inner as object), newField: added }));
        const shown = mask(changed as TaskDefinition);
        expect(at(shown, [...level, 'newField'])).toBeInstanceOf(Masked);
        expect(JSON.stringify(shown)).not.toContain('canary');
        expect(secretTexts(changed as TaskDefinition)).toContain('canary');
      }
    }
  });

  it('hides whole what has another form than it should', () => {
    const odd: unknown[] = [
      'canary',
      ['canary'],
      { a: 'canary' },
      [['canary']],
      [{ name: 'X', value: { a: 'canary' } }],
    ];
    const places: readonly LeafPath[] = MASKED_PLACES.map((place) => place.split('.').slice(0, -1)).map((place) =>
      place.flatMap((step) => (['containerDefinitions', 'volumes'].includes(step) ? [step, 0] : [step])),
    );
    for (const value of odd) {
      for (const place of places) {
        const changed = changedAt(COMPLETE_DEFINITION, place, () => value) as TaskDefinition;
        expect(JSON.stringify(mask(changed))).not.toContain('canary');
      }
    }
  });

  it('keeps names, and tells whether two values are the same', () => {
    const variables = () => mask(COMPLETE_DEFINITION).containerDefinitions?.[0]?.environment ?? [];
    expect(variables().map(({ name }) => name)).toEqual(['MAX_WORKERS', 'EMPTY']);
    const [workers, empty] = variables().map(({ value }) => value);
    const [again] = variables().map(({ value }) => value);
    expect(workers instanceof Masked && workers.equals(again)).toBe(true);
    expect(workers instanceof Masked && workers.equals(empty)).toBe(false);
  });

  it('shows the value of a variable that was named for it, and of nothing else of that name', () => {
    const shown = mask(COMPLETE_DEFINITION, ['MAX_WORKERS', 'team', 'IgnoredUID ']);
    expect(shown.containerDefinitions?.[0]?.environment?.[0]?.value).toBe('hush-8');
    expect(shown.containerDefinitions?.[0]?.environment?.[1]?.value).toBeInstanceOf(Masked);
    expect(shown.containerDefinitions?.[0]?.dockerLabels?.team).toBeInstanceOf(Masked);
  });

  it('treats names a prototype has like any other', () => {
    const labels = JSON.parse('{"__proto__": "canary", "constructor": "canary"}') as Record<string, string>;
    const shown = mask({ containerDefinitions: [{ dockerLabels: labels }] });
    expect(Object.keys(shown.containerDefinitions?.[0]?.dockerLabels ?? {})).toEqual(['__proto__', 'constructor']);
    expect(JSON.stringify(shown)).not.toContain('canary');
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
  });
});

describe('texts that must not be quoted', () => {
  it('are the ones that are hidden and words of them, of four characters or more, longest first', () => {
    const secrets = secretTexts(COMPLETE_DEFINITION);
    const shown = mask(COMPLETE_DEFINITION);
    const hidden = leavesOf(COMPLETE_DEFINITION)
      .filter((path) => at(shown, path) instanceof Masked)
      .map((path) => String(at(COMPLETE_DEFINITION, path)))
      .filter((text) => text.length >= 4);
    expect(hidden.filter((text) => !secrets.includes(text))).toEqual([]);
    const others = secrets.filter((text) => !hidden.includes(text));
    expect(others.filter((text) => !hidden.some((whole) => whole.includes(text)))).toEqual([]);
    expect(secrets.map(({ length }) => length)).toEqual(secrets.map(({ length }) => length).sort((a, b) => b - a));
  });
});

describe('a value that AWS quotes in another form than it has', () => {
  const hidden = (value: string, quoted: string): string =>
    withoutSecrets(quoted, secretTexts({ containerDefinitions: [{ environment: [{ name: 'A', value }] }] }));

  it('is taken out as JSON', () => {
    const value = 'first\n{"key":"second"}';
    expect(hidden(value, `got ${JSON.stringify({ value })}`)).toBe('got {"value":"[hidden]"}');
  });

  it.each([
    ['postgres://app:Zq8kL2mN4p@db:5432/x', 'role app: Zq8kL2mN4p is wrong'],
    ['--token=Zq8kL2mN4p --verbose', 'unknown token Zq8kL2mN4p'],
    ['{"key":"Zq8kL2mN4p"}', "key 'Zq8kL2mN4p' was refused"],
  ])('is taken out by the word that looks like a secret: %s', (value, quoted) => {
    expect(hidden(value, quoted)).not.toContain('Zq8kL2mN4p');
  });

  it('does not make sentences unreadable: words of letters alone stay', () => {
    expect(hidden('postgres://notify:secret@database/production', 'the database of production is full')).toBe(
      'the database of production is full',
    );
  });

  it('is the password of an address in a field that is shown', () => {
    const secrets = secretTexts({ containerDefinitions: [{ workingDirectory: 'https://user:Zq8kL2mN4p@host/' }] });
    expect(withoutSecrets('no password Zq8kL2mN4p', secrets)).toBe('no password [hidden]');
  });
});

describe('a quotation', () => {
  it.each([
    ['https://user:hush@example.org/a', 'https://example.org/a'],
    ['postgres://app:hu/sh?x#y@db:5432/name', 'postgres://db:5432/name'],
    ['postgres://app:hu@sh@db:5432/name', 'postgres://db:5432/name'],
    ['amqp://hush@queue', 'amqp://queue'],
    ['see redis://:hush@cache:6379, then retry', 'see redis://cache:6379, then retry'],
    ['"https://user:hush@a" and "https://b"', '"https://a" and "https://b"'],
  ])('loses user info: %s', (text, clean) => {
    expect(withoutSecrets(text, [])).toBe(clean);
  });

  it.each([
    'https://example.org:8080/@me',
    'https://example.org/?mail=a@example.org',
    'registry.example.org/app@sha256:abc',
    'https://example.org:443 for a@example.org',
    'no address: a@example.org',
  ])('keeps what is no user info: %s', (text) => {
    expect(withoutSecrets(text, [])).toBe(text);
  });

  it('loses every secret wherever it stands, the longer one first', () => {
    expect(withoutSecrets('got "hunter2-and-more", not hunter2', ['hunter2-and-more', 'hunter2'])).toBe(
      'got "[hidden]", not [hidden]',
    );
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 4 }), fc.string(), (before, secret, after) => {
        expect(withoutSecrets(`${before}${secret}${after}`, [secret]).replaceAll('[hidden]', '')).not.toContain(secret);
      }),
    );
  });

  it('comes back for texts that would keep a pattern searching', () => {
    const long = `${'a://'.repeat(20_000)}${'x:'.repeat(20_000)}${'a.'.repeat(20_000)}`;
    expect(withoutSecrets(long, [])).toBe(long);
  });
});
