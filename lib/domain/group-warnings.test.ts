import { describe, expect, it } from 'vitest';
import { passed, warns } from './checks/finding';
import { type MemberFindings, sharedWarnings, unticked } from './group-warnings';

const member = (service: string, ...findings: MemberFindings['findings']): MemberFindings => ({ service, findings });

const OLD = 'Revision 380 never ran here.';

describe('warnings of a group', () => {
  it('are one where they are equal, and name their services', () => {
    const shared = sharedWarnings([
      member('api', ['age', warns('It last ran 41 days ago.')], ['database', passed('all right')]),
      member('sms', ['age', warns('It last ran 41 days ago.')]),
    ]);
    expect(shared).toEqual([
      {
        id: 'age: it did not run here lately',
        short: 'it did not run here lately',
        said: [{ words: 'It last ran 41 days ago.', services: ['api', 'sms'] }],
        services: ['api', 'sms'],
      },
    ]);
  });

  it('are one box with a sentence each where only the sentences differ', () => {
    const [shared] = sharedWarnings([
      member('api', ['age', warns(OLD)]),
      member('sms', ['age', warns('It last ran 50 days ago.')]),
    ]);
    expect(shared?.said).toEqual([
      { words: OLD, services: ['api'] },
      { words: 'It last ran 50 days ago.', services: ['sms'] },
    ]);
  });

  it('are a box each where what is read is another thing', () => {
    const shared = sharedWarnings([
      member('api', ['image-digest', warns('…', 'the tag main has moved')]),
      member('sms', ['image-digest', warns('…', 'the tag release-1 has moved')]),
    ]);
    expect(shared.map(({ short }) => short)).toEqual(['the tag main has moved', 'the tag release-1 has moved']);
  });

  it('stand open until they are ticked, and a tick for one is none for another', () => {
    const api = member('api', ['age', warns(OLD)], ['log-group', warns('…')]);
    expect(unticked(api, new Set())).toHaveLength(2);
    expect(unticked(api, new Set(['age: it did not run here lately'])).map(({ check }) => check)).toEqual([
      'log-group',
    ]);
    expect(unticked(api, new Set(['age']))).toHaveLength(2);
  });
});
