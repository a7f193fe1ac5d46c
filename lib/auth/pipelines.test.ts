import { describe, expect, it } from 'vitest';
import { sha256 } from '@/lib/digest';
import { pipelinesOf } from './pipelines';

const named = pipelinesOf([
  { name: 'concourse', target: 'production', sha256: sha256('one') },
  { name: 'jenkins', target: 'staging', sha256: sha256('two') },
  { name: 'shared', target: 'staging', sha256: sha256('one') },
]);

describe('a bearer token', () => {
  it('names the pipelines it is configured for', () => {
    expect(named('Bearer one')).toEqual([
      { name: 'concourse', target: 'production' },
      { name: 'shared', target: 'staging' },
    ]);
    expect(named('bearer two')).toEqual([{ name: 'jenkins', target: 'staging' }]);
  });

  it.each([
    null,
    '',
    'one',
    'Bearer',
    'Bearer ',
    'Basic one',
    'Bearer three',
    'Bearer one two',
    ' Bearer one',
    `Bearer ${sha256('one')}`,
    `Bearer ${'o'.repeat(100_000)}`,
  ])('names nobody as %j', (header) => {
    expect(named(header)).toEqual([]);
  });
});
