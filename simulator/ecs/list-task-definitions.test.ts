import type { ListTaskDefinitionFamiliesResponse, ListTaskDefinitionsResponse } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { smallWorld } from './fixtures';

const list = ({ ask }: ReturnType<typeof smallWorld>, input: object = {}): readonly string[] => {
  const { taskDefinitionArns = [] } = ask<ListTaskDefinitionsResponse>('ListTaskDefinitions', input);
  return taskDefinitionArns.map((arn) => arn.split('/')[1] ?? '');
};

describe('ListTaskDefinitions', () => {
  it('shows ACTIVE ones unless asked, oldest first unless asked, families by name', () => {
    const small = smallWorld();
    for (const family of ['b', 'a', 'a', 'a']) small.register(family);
    small.ask('DeregisterTaskDefinition', { taskDefinition: 'a:2' });
    expect(list(small)).toEqual(['a:1', 'a:3', 'b:1']);
    expect(list(small, { sort: 'DESC' })).toEqual(['b:1', 'a:3', 'a:1']);
    expect(list(small, { status: 'INACTIVE' })).toEqual(['a:2']);
    expect(list(small, { status: 'DELETE_IN_PROGRESS' })).toEqual([]);
  });

  it('takes the prefix for the whole name of a family', () => {
    const small = smallWorld();
    for (const family of ['api', 'api-worker']) small.register(family);
    expect(list(small, { familyPrefix: 'api' })).toEqual(['api:1']);
    expect(list(small, { familyPrefix: 'ap' })).toEqual([]);
  });

  it('sorts by number, not by text', () => {
    const small = smallWorld();
    for (let count = 0; count < 11; count++) small.register('a');
    expect(list(small, { familyPrefix: 'a' }).at(-1)).toBe('a:11');
  });

  it('pages through everything once, although revisions are added meanwhile', () => {
    const small = smallWorld();
    for (let count = 0; count < 7; count++) small.register('a');
    const seen: string[] = [];
    let nextToken: string | undefined;
    do {
      const page: ListTaskDefinitionsResponse = small.ask('ListTaskDefinitions', {
        maxResults: 3,
        sort: 'DESC',
        nextToken,
      });
      seen.push(...(page.taskDefinitionArns ?? []));
      nextToken = page.nextToken;
      small.register('a');
    } while (nextToken !== undefined);
    expect(seen.map((arn) => arn.split(':').at(-1))).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  });

  it('refuses tokens it did not give and sizes out of range', () => {
    const { refusal } = smallWorld();
    expect(refusal('ListTaskDefinitions', { nextToken: 'x' }).code).toBe('InvalidParameterException');
    expect(refusal('ListTaskDefinitions', { maxResults: 0 }).code).toBe('InvalidParameterException');
    expect(refusal('ListTaskDefinitions', { maxResults: 101 }).code).toBe('InvalidParameterException');
    expect(refusal('ListTaskDefinitions', { status: 'GONE' }).code).toBe('ClientException');
  });
});

describe('ListTaskDefinitionFamilies', () => {
  it('takes a prefix for a prefix, and calls families without ACTIVE revision INACTIVE', () => {
    const { ask, register } = smallWorld();
    for (const family of ['api', 'api-worker', 'web']) register(family);
    ask('DeregisterTaskDefinition', { taskDefinition: 'api:1' });
    const families = (input: object) =>
      ask<ListTaskDefinitionFamiliesResponse>('ListTaskDefinitionFamilies', input).families;
    expect(families({})).toEqual(['api', 'api-worker', 'web']);
    expect(families({ familyPrefix: 'api' })).toEqual(['api', 'api-worker']);
    expect(families({ status: 'INACTIVE' })).toEqual(['api']);
    expect(families({ status: 'ACTIVE' })).toEqual(['api-worker', 'web']);
  });
});
