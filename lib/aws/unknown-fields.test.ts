import { describe, expect, it } from 'vitest';
import { unknownFields } from './unknown-fields';

describe('fields the SDK does not know', () => {
  it('are named by their path, in any depth and in lists', () => {
    const raw = {
      family: 'api',
      brandNew: true,
      containerDefinitions: [{ name: 'app' }, { name: 'web', healthCheck: { command: [], startDelay: 3 } }],
    };
    const parsed = {
      family: 'api',
      containerDefinitions: [{ name: 'app' }, { name: 'web', healthCheck: { command: [] } }],
    };
    expect(unknownFields(raw, parsed)).toEqual(['brandNew', 'containerDefinitions[1].healthCheck.startDelay']);
  });

  it('are named without what lies below them, which may be a value', () => {
    expect(unknownFields({ vault: { 'the password is hunter2': 1 } }, {})).toEqual(['vault']);
  });

  it('are none in free maps, empty lists and values of other types', () => {
    const raw = { dockerLabels: { a: 'b', toString: 'x' }, volumes: [], registeredAt: 1783015783.454, cpu: '' };
    const parsed = { dockerLabels: { a: 'b', toString: 'x' }, volumes: [], registeredAt: new Date(), cpu: '' };
    expect(unknownFields(raw, parsed)).toEqual([]);
  });

  it('are not those AWS sent as null', () => {
    expect(unknownFields({ family: 'api', brandNew: null }, { family: 'api' })).toEqual([]);
  });

  it('are found although they are named like members every object has', () => {
    expect(unknownFields({ constructor: 'x' }, {})).toEqual(['constructor']);
  });

  it('are everything when the SDK gave nothing', () => {
    expect(unknownFields({ family: 'api' }, undefined)).toEqual(['family']);
  });
});
