import { describe, expect, it } from 'vitest';
import { ok } from '@/lib/result';
import { arnOf, DEPLOYMENTS, DIGESTS, digestOf, pastRollback, wish } from './fixtures';
import { undoneBy, wantedDigests } from './undo';

const undoing = {
  wish: wish({ to: 'api:428', undo: 'rb-7k3f9q' }),
  service: { taskDefinitionArn: arnOf('api:429') },
  past: [pastRollback()],
};

describe('an undo', () => {
  it('is of the rollback whose copy runs, back to the version it left', () => {
    expect(undoneBy(undoing)?.id).toBe('rb-7k3f9q');
  });

  it.each([
    ['names no rollback of this service', { wish: wish({ to: 'api:428', undo: 'rb-other1' }) }],
    ['names none', { wish: wish({ to: 'api:428' }) }],
    ['asks for another version', { wish: wish({ to: 'api:421', undo: 'rb-7k3f9q' }) }],
    ['comes after another deployment', { service: { taskDefinitionArn: arnOf('api:430') } }],
    ['is of a rollback that made no copy', { past: [pastRollback({ copyArn: null })] }],
  ])('is none where the address %s', (_what, change) => {
    expect(undoneBy({ ...undoing, ...change })).toBeNull();
  });

  it('brings back the images that ran when the version was left', () => {
    const left = new Map([['app', digestOf('1ef7')]]);
    const facts = { ...undoing, past: [pastRollback({ leftDigests: left })], deployments: ok(DEPLOYMENTS) };
    expect(wantedDigests(facts, arnOf('api:428'))).toBe(left);
  });

  it('brings back what history knows where our record knows none', () => {
    const facts = { ...undoing, past: [pastRollback({ leftDigests: new Map() })], deployments: ok(DEPLOYMENTS) };
    expect(wantedDigests(facts, arnOf('api:428'))).toEqual(DIGESTS.get('api:428'));
  });
});
