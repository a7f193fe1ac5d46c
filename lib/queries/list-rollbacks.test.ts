import { describe, expect, it } from 'vitest';
import type { RecordEntry } from '@/lib/db/record';
import type { Rollback } from '@/lib/db/rollbacks';
import { filterFrom, rowOf } from './list-rollbacks';

const TARGETS = ['production', 'staging'];
const ENTRY: RecordEntry = {
  seq: 12,
  at: 1_000,
  kind: 'confirmed',
  rollbackId: 'rb-7k3f9q',
  target: 'production',
  payload: {
    who: { name: 'k.smith', email: null },
    cluster: 'notify',
    service: 'api',
    from: 'release-1123 (428)',
    to: 'release-1119 (421)',
    why: 'Other',
    details: 'INC-204',
  },
};

describe('filters of the record', () => {
  it('ask for everything somebody may look at where the address asks for nothing', () => {
    expect(filterFrom({}, TARGETS)).toEqual({
      targets: TARGETS,
      service: null,
      who: null,
      outcome: null,
      since: null,
      until: null,
      before: null,
    });
  });

  it('never reach beyond the targets somebody may look at', () => {
    expect(filterFrom({ target: 'preview' }, TARGETS).targets).toEqual([]);
    expect(filterFrom({ target: 'staging' }, TARGETS).targets).toEqual(['staging']);
  });

  it('count both days in', () => {
    expect(filterFrom({ from: '2026-11-23', to: '2026-11-23' }, TARGETS)).toMatchObject({
      since: Date.UTC(2026, 10, 23),
      until: Date.UTC(2026, 10, 24),
    });
  });

  it('take no notice of what makes no sense', () => {
    const odd = { from: '2026-13-45', to: 'yesterday', before: '-1', outcome: 'nice', service: '  ', who: '' };
    expect(filterFrom(odd, TARGETS)).toEqual(filterFrom({}, TARGETS));
  });
});

describe('a row of the record', () => {
  const rollback = { state: 'succeeded', reason: null, createdAt: 0, endedAt: 249_000 } as Rollback;

  it('tells a success by how long it took', () => {
    expect(rowOf(ENTRY, rollback)).toMatchObject({
      outcome: { icon: '✓', word: '4 min 9 s' },
      reason: 'Other',
      details: 'INC-204',
    });
  });

  it('tells anything else by how it stands', () => {
    expect(rowOf(ENTRY, { ...rollback, state: 'failed', reason: 'put-back' }).outcome.word).toBe(
      'ECS put the other version back',
    );
    expect(rowOf(ENTRY, { ...rollback, state: 'watching', endedAt: null }).outcome.word).toBe('Running');
  });

  it('says why a press was refused, and does not call that a reason for rolling back', () => {
    const refused = { ...ENTRY, kind: 'press-refused', rollbackId: null, payload: { ...ENTRY.payload, why: 'stale' } };
    expect(rowOf(refused as RecordEntry, null)).toMatchObject({
      state: 'refused',
      outcome: { word: 'Refused: plan was stale' },
      reason: null,
      rollbackId: null,
    });
  });
});
