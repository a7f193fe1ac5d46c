import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { registerTwice } from './public-definitions';

const FOLDER = fileURLToPath(new URL('../../shared/task-definitions/', import.meta.url));
const isThere = existsSync(FOLDER);

describe('a public task definition', () => {
  it('registers and says the same again, or is refused with AWS’s reason', ({ skip }) => {
    skip(!isThere, 'there are no public task definitions in ../shared/task-definitions');
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
    const outcomes = files.map((file) => registerTwice(file, readFileSync(FOLDER + file, 'utf8')));
    expect(outcomes.filter(({ kind }) => kind === 'deviates')).toEqual([]);
    expect(outcomes.filter(({ kind }) => kind === 'round-trip').length).toBeGreaterThan(files.length / 2);
  });

  it('round trips with values ECS normalises and members nobody knows', () => {
    const definition = {
      family: 'f',
      cpu: '1 vCPU',
      memory: '2GB',
      novelty: { deep: [1] },
      containerDefinitions: [{ name: 'a', image: 'nginx', hostname: null }],
      tags: [{ key: 'team', value: 'a' }],
    };
    expect(registerTwice('a.json', JSON.stringify(definition))).toEqual({ kind: 'round-trip', file: 'a.json' });
  });

  it('is refused with code and words, or for not being JSON', () => {
    expect(registerTwice('a.json', '{"family":"f"}')).toEqual({
      kind: 'refused',
      file: 'a.json',
      reason: 'ClientException: Container list cannot be empty.',
    });
    expect(registerTwice('a.json', '{')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('not JSON'),
    });
  });
});
