import { describe, expect, it } from 'vitest';
import { type OutcomeFacts, outcomeWords, overwroteWords, UNKNOWN } from './outcome-words';
import { NEXT, REASONS, type Reason, type State } from './rollback';

const FACTS: OutcomeFacts = {
  kind: 'copy',
  service: 'api',
  target: 'production',
  from: 'release-1123',
  to: 'release-1119',
  fromName: 'release-1123 (428)',
  copy: null,
  by: 'k.smith',
  running: 6,
  desired: 6,
  others: 4,
  endedAt: Date.UTC(2026, 10, 23, 3, 2, 40),
  now: Date.UTC(2026, 10, 23, 3, 5),
  took: '4 min 9 s',
  words: null,
  nowRuns: 'release-1124',
  nowBy: 'concourse-deploy',
  replacedBy: 'a.jones',
  mayArriveUntil: Date.UTC(2026, 10, 23, 3, 14),
  undid: false,
};

const said = (state: State, reason: Reason | null, change: Partial<OutcomeFacts> = {}) => {
  const words = outcomeWords(state, reason, { ...FACTS, ...change });
  return [words?.heading, words?.text];
};

describe('the words of an outcome', () => {
  it.each<[State, Reason | null, Partial<OutcomeFacts>, string, string]>([
    [
      'succeeded',
      null,
      {},
      'ECS is running release-1119 again in api (production).',
      '6 of 6 tasks since 03:02:40 UTC. It took 4 min 9 s. Now check that it works: health checks also passed for release-1123.',
    ],
    [
      'succeeded',
      null,
      { kind: 'stop', to: 'release-1123' },
      'Stopped. ECS is running release-1123 again in api (production).',
      'Stopped by k.smith at 03:02:40 UTC.',
    ],
    [
      'succeeded',
      'zero-tasks',
      {},
      'api is set to release-1119, but wants 0 tasks.',
      'Nothing has run, so nothing is proven.',
    ],
    [
      'failed',
      'put-back',
      { words: 'could not pull the image' },
      'The rollback did not work. ECS put release-1123 back.',
      'Tasks of release-1119 could not pull the image.',
    ],
    ['failed', 'gave-up', {}, 'The rollback did not work. ECS stopped trying.', '4 tasks of release-1123 still run.'],
    [
      'failed',
      'stuck',
      { running: 2 },
      'The rollback did not work, and ECS could not return to release-1123.',
      'api has 2 of 6 tasks. Act now:',
    ],
    [
      'failed',
      'finished-first',
      { kind: 'stop' },
      'The deployment finished before it could be stopped.',
      'api runs release-1124.',
    ],
    ['failed', 'gone', {}, 'api was deleted while we watched.', ''],
    [
      'superseded',
      'by-deployment',
      {},
      'Another deployment replaced this rollback at 03:02 UTC.',
      'api now runs release-1124, registered by concourse-deploy.',
    ],
    ['superseded', 'by-rollback', {}, 'A newer rollback replaced this one at 03:02 UTC.', 'a.jones started it.'],
    ['superseded', 'stopped', {}, 'a.jones stopped this rollback at 03:02:40 UTC.', ''],
    [
      'not-applied',
      'changed',
      { words: 'it now runs release-1124.' },
      'Nothing was changed in api.',
      'api changed just before the update: it now runs release-1124.',
    ],
    [
      'not-applied',
      'check-failed',
      { words: 'The image x no longer exists.' },
      'Nothing was changed in api.',
      'A check failed just before the change: The image x no longer exists.',
    ],
    [
      'not-applied',
      'refused',
      { words: 'AccessDeniedException: no', copy: 'api:429' },
      'Nothing was changed in api.',
      'ECS refused the change: AccessDeniedException: no. api:429 was registered and is not used.',
    ],
    [
      'not-applied',
      'register-failed',
      { words: 'ClientException: no' },
      'Nothing was changed in api.',
      'The copy could not be registered: ClientException: no.',
    ],
    [
      'not-applied',
      'not-sent',
      { words: 'connection refused' },
      'Nothing was changed in api.',
      'ECS could not be reached, so it was not asked: connection refused.',
    ],
    ['not-applied', 'too-slow', {}, 'Nothing was changed in api.', 'It took too long, so ECS was not asked.'],
    ['not-applied', 'starter-gone', {}, 'Nothing was changed in api.', 'The tool restarted before it asked ECS.'],
    ['not-applied', 'revoked', {}, 'Nothing was changed in api.', 'k.smith was signed out before ECS was asked.'],
    [
      'not-applied',
      'absent',
      { copy: 'api:429' },
      'ECS did not take the change. Nothing was changed in api.',
      'The request was lost on the way. api:429 was registered and is not used.',
    ],
    [
      'closed',
      null,
      {},
      'Given up while unknown.',
      'a.jones gave up waiting. The first request may still arrive until 03:14 UTC; this page will say so.',
    ],
  ])('%s, %s with %j', (state, reason, change, heading, text) => {
    expect(said(state, reason, change)).toEqual([heading, text]);
  });

  it('are there for every end and every reason, and for no state before the end', () => {
    for (const [state, reasons] of Object.entries(REASONS)) {
      for (const reason of [null, ...reasons]) {
        const words = outcomeWords(state as State, reason as Reason | null, FACTS);
        expect(words?.heading, `${state} ${reason}`).toMatch(/\.$/);
        expect(words?.text).not.toMatch(/null|undefined/);
      }
    }
    for (const state of Object.keys(NEXT)) expect(outcomeWords(state as State, null, FACTS)).toBeNull();
  });

  it('say so while nobody knows, and what was replaced in any state', () => {
    expect([UNKNOWN.heading, UNKNOWN.text]).toEqual([
      'We do not know yet if ECS took the change.',
      'The answer did not arrive. We are reading ECS and will not send it again. Do not start another rollback.',
    ]);
    expect(overwroteWords({ name: 'release-1124', by: 'concourse-deploy' }, FACTS)).toMatchObject({
      heading: 'This rollback replaced a deployment that started at the same moment.',
      text: 'release-1124 was being deployed, registered by concourse-deploy.',
    });
  });
});
