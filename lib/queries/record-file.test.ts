import { describe, expect, it } from 'vitest';
import type { RecordRow } from './list-rollbacks';
import { recordAsCsv, recordAsJson } from './record-file';

const ROW: RecordRow = {
  seq: 7,
  at: Date.UTC(2026, 10, 23, 2, 58, 31),
  by: 'k.smith',
  email: 'k.smith@example.org',
  target: 'production',
  cluster: 'notify',
  service: 'api',
  from: 'release-1123 (428)',
  to: 'release-1119 (421)',
  rollbackId: 'rb-7k3f9q',
  groupId: null,
  state: 'succeeded',
  outcome: { icon: '✓', word: '4 min 9 s', tone: 'good' },
  endedAt: Date.UTC(2026, 10, 23, 3, 2, 40),
  reason: 'Other',
  overwritten: null,
  details: 'INC-204',
};

const cells = (change: Partial<RecordRow>): string => recordAsCsv([{ ...ROW, ...change }]).split('\r\n')[1] ?? '';

describe('the record as CSV', () => {
  it('has a head, a line a row and ends with a line break', () => {
    expect(recordAsCsv([ROW])).toBe(
      'entry,at,by,email,target,cluster,service,from,to,state,outcome,endedAt,reason,details,rollback,group,overwritten\r\n' +
        '7,2026-11-23T02:58:31.000Z,k.smith,k.smith@example.org,production,notify,api,release-1123 (428),' +
        'release-1119 (421),succeeded,4 min 9 s,2026-11-23T03:02:40.000Z,Other,INC-204,rb-7k3f9q,,\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@sum', '\t=1', '\r=1'])('keeps %j from becoming a formula', (details) => {
    expect(cells({ details })).toContain(`'${details}`.split('\r')[0] ?? '');
    expect(recordAsCsv([{ ...ROW, details }])).toContain(`'${details}`);
  });

  it('quotes what holds commas, quotes or line breaks', () => {
    expect(cells({ details: 'a, "b"' })).toContain('"a, ""b"""');
    expect(recordAsCsv([{ ...ROW, details: '=a\nb' }])).toContain('"\'=a\nb"');
  });

  it('leaves a cell empty where there is nothing', () => {
    expect(cells({ reason: null, details: null, endedAt: null, rollbackId: null })).toMatch(/4 min 9 s,,,,,,$/);
  });
});

describe('the record as JSON', () => {
  it('has the same members as the table, and null where there is nothing', () => {
    expect(JSON.parse(recordAsJson([{ ...ROW, details: null }]))).toMatchObject([
      { entry: 7, at: '2026-11-23T02:58:31.000Z', outcome: '4 min 9 s', details: null, rollback: 'rb-7k3f9q' },
    ]);
  });
});
