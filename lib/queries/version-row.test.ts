import { describe, expect, it } from 'vitest';
import type { RegistryImage } from '@/lib/domain/facts';
import {
  apiDefinition,
  arnOf,
  digestOf,
  NOW,
  pastRollback,
  revisionOf,
  service,
  TARGET,
  unread,
} from '@/lib/domain/fixtures';
import { summaryOf } from '@/lib/domain/revision-summary';
import { ok } from '@/lib/result';
import type { ServiceContext } from './service-context';
import { type RowQuestion, referencesOf, versionRows } from './version-row';

const known: ServiceContext['known'] = {
  history: unread(),
  deployments: unread(),
  good: null,
  before: null,
  past: [],
  stops: [],
  marks: [],
  active: null,
  recordKnown: true,
};

/** The row of an older revision of which this alone is known. */
function rowOf(fact: RowQuestion['fact']) {
  // Nothing of the application is asked where nothing is read.
  const context = { target: TARGET, service: service(), known, now: NOW } as ServiceContext;
  const [row] = versionRows(context, [{ arn: arnOf('api:421'), fact, listedAs: 'INACTIVE', version: null }], new Map());
  return row;
}

describe('A revision of which only the number is known', () => {
  it('is not read yet while it is being read: not known is not a no', () => {
    expect(rowOf(null)).toMatchObject({ mark: 'not-read', words: '' });
  });

  it('is not read where AWS did not let it be, and says why', () => {
    expect(rowOf(unread({ kind: 'throttled' }))).toMatchObject({
      mark: 'not-read',
      words: expect.stringMatching(/^It could not be read: .+\.$/),
    });
  });

  it('cannot be used where ECS lists it and does not return it', () => {
    expect(rowOf(unread({ kind: 'gone' }))).toMatchObject({
      mark: 'cannot-be-used',
      words: 'ECS lists revision 421 but does not return it. It cannot be copied.',
    });
  });
});

describe('the way to a version', () => {
  it('leads forward from a copy of an older one, whatever the numbers say', () => {
    const past = [pastRollback({ copyArn: arnOf('api:430') })];
    const copied = service({ taskDefinitionArn: arnOf('api:430') });
    const context = {
      target: TARGET,
      service: copied,
      known: { ...known, past },
      now: NOW,
    } as unknown as ServiceContext;
    const questions = ['api:428', 'api:421', 'api:419'].map((name) => ({
      arn: arnOf(name),
      fact: null,
      listedAs: 'ACTIVE',
      version: null,
    }));
    const rows = versionRows(context, questions, new Map());
    expect(rows.map(({ number, forward }) => [number, forward])).toEqual([
      [428, true],
      [421, false],
      [419, false],
    ]);
  });
});

describe('an image that cannot be pulled', () => {
  const row = (image: RegistryImage) => {
    const context = { target: TARGET, service: service(), known, now: NOW } as unknown as ServiceContext;
    const summary = summaryOf(revisionOf(apiDefinition(421)));
    const question = { arn: arnOf('api:421'), fact: ok(summary), listedAs: 'ACTIVE', version: null };
    const written = referencesOf(question).find((one) => one.written.includes('notifications-api'))?.written ?? '';
    return versionRows(context, [question], new Map([[written, image]]))[0];
  };

  it('is told in the words of the check: gone, or archived', () => {
    expect(row({ digest: null, usable: false, pushedAt: null })).toMatchObject({
      mark: 'cannot-be-used',
      words: 'The image notifications-api:release-1119 no longer exists. Tasks could not start.',
    });
    expect(row({ digest: digestOf('aa'), usable: false, pushedAt: null })).toMatchObject({
      mark: 'cannot-be-used',
      words: 'The image notifications-api:release-1119 is archived and cannot be pulled. Tasks could not start.',
    });
    expect(row({ digest: digestOf('aa'), usable: true, pushedAt: null })?.mark).toBe('will-be-copied');
  });
});
