import { describe, expect, it } from 'vitest';
import type { Change, Subject } from './change';
import { diff } from './diff';
import { asJson, differsBesidesImages, duplicateWords, summaryOf, theSame, thingsDiffer } from './difference-words';
import { apiDefinition, DIGESTS, normalised } from './fixtures';

const change = (subject: Subject, name: string = subject): Change => ({
  subject,
  container: 'app',
  name,
  kind: 'changed',
  before: null,
  after: null,
  note: null,
});

const story = diff(normalised(apiDefinition(428)), normalised(apiDefinition(421)), {
  now: DIGESTS.get('api:428') ?? new Map(),
  willBe: DIGESTS.get('api:421') ?? new Map(),
});

describe('how many things differ', () => {
  it('is said for the story as the page has it', () => {
    expect(thingsDiffer(story)).toBe('5 things differ: 1 image, 2 environment variables, 1 secret, memory.');
  });

  it('is said for one thing, and not at all for none', () => {
    expect(thingsDiffer([change('image')])).toBe('1 thing differs: 1 image.');
    expect(thingsDiffer([])).toBeNull();
  });

  it('counts what can be counted and names the rest once, in the order of the changes', () => {
    const changes = [
      change('container'),
      change('image'),
      change('image'),
      change('environment'),
      change('secret'),
      change('secret'),
      change('role'),
      change('size', 'Task memory'),
      change('size', 'Memory'),
      change('size', 'Task CPU'),
      change('size', 'Ephemeral storage'),
      change('size', 'GPU'),
      change('size', 'Accelerator device_1'),
      change('port'),
      change('health-check'),
      change('health-check'),
      change('command'),
      change('logging'),
      change('volume'),
      change('network'),
      change('other'),
      change('other'),
    ];
    expect(summaryOf(changes)).toBe(
      '1 container, 2 images, 1 environment variable, 2 secrets, 1 role, memory, CPU, storage, GPU, accelerators, 1 port, ' +
        'health check, command, logging, 1 volume setting, 1 network setting, 2 other settings',
    );
  });

  it('asks for a choice only where something besides images differs', () => {
    expect(differsBesidesImages([change('image')])).toBe(false);
    expect(differsBesidesImages([change('image'), change('other')])).toBe(true);
    expect(differsBesidesImages([])).toBe(false);
  });
});

describe('what is the same', () => {
  it('is said for the story', () => {
    expect(theSame(story)).toBe('The same: roles, ports, health checks, command, logging, volumes, network mode.');
  });

  it('is nothing where everything differs', () => {
    const all: readonly Subject[] = [
      'image',
      'environment',
      'secret',
      'role',
      'size',
      'port',
      'health-check',
      'command',
      'logging',
      'volume',
      'network',
    ];
    expect(theSame(all.map((subject) => change(subject)))).toBe('');
  });

  it('is not what a container that comes or goes brings or takes', () => {
    expect(theSame([change('container')])).toBe('The same: roles, network mode.');
  });
});

describe('a definition as JSON', () => {
  it('has dots for what is masked, and no print of it', () => {
    const json = asJson(normalised(apiDefinition(421)));
    expect(JSON.parse(json).containerDefinitions[0].environment).toEqual([
      { name: 'LOG_LEVEL', value: '•••' },
      { name: 'MAX_WORKERS', value: '•••' },
    ]);
    expect(json).not.toContain('print-of-');
  });
});

describe('a name that stands twice', () => {
  it('is said, and which one counts', () => {
    expect(duplicateWords({ container: 'app', name: 'MODE' })).toBe(
      'MODE stands more than once in app; the last one counts.',
    );
  });
});
