import { describe, expect, it } from 'vitest';
import { type Failure, type FormProblem, problemSentence, refusalWords, sentenceOf } from './failure';
import { NOW } from './fixtures';

describe('the sentence a failed press is answered with', () => {
  it.each<[Failure, string]>([
    [
      { kind: 'stale', service: 'api', planned: 'release-1123', now: 'release-1124' },
      'api changed while you were reading: it now runs release-1124, not release-1123. Nothing has been done. Read the new plan below.',
    ],
    [
      { kind: 'stale', service: 'api', planned: 'release-1123', now: 'release-1123' },
      'api changed while you were reading. Nothing has been done. Read the new plan below.',
    ],
    [{ kind: 'blocked', words: ['One.', 'Two.'] }, 'One. Two.'],
    [
      { kind: 'busy', id: 'rb-1', service: 'api', by: 'k.smith', since: Date.UTC(2026, 10, 23, 2, 55), now: NOW },
      'k.smith started a rollback of api at 02:55 UTC. Nothing has been done.',
    ],
    [{ kind: 'lost-role', target: 'production' }, 'You can no longer roll back in production. Nothing has been done.'],
    [
      { kind: 'groups-unknown' },
      'Your groups cannot be checked just now, so no rollback can be started. Use the commands below.',
    ],
    [{ kind: 'database-down' }, 'Rollbacks cannot be recorded, so none can be started. Use the commands below.'],
  ])('%j', (failure, sentence) => {
    expect(sentenceOf(failure)).toBe(sentence);
  });

  it('says that nothing was done, or what to use instead, whatever the failure', () => {
    const failures: readonly Failure[] = [
      { kind: 'unreadable', words: 'AWS did not answer' },
      { kind: 'not-found' },
      { kind: 'not-your-plan' },
      { kind: 'session-over' },
      { kind: 'too-many-presses' },
      { kind: 'restarting' },
      { kind: 'not-unknown' },
      { kind: 'no-mark' },
      { kind: 'no-overwrite' },
      { kind: 'no-hold' },
    ];
    for (const failure of failures) {
      expect(sentenceOf(failure), failure.kind).toMatch(/[Nn]othing has been done/);
      expect(refusalWords(failure.kind)).not.toBe(failure.kind);
    }
    expect(refusalWords('kind-of-a-former-release')).toBe('kind-of-a-former-release');
  });
});

describe('what is wrong with a form', () => {
  it.each<[FormProblem, string]>([
    [{ kind: 'name-missing', service: 'api' }, 'Type api to confirm'],
    [{ kind: 'name-wrong', service: 'api' }, 'That is not the service name. Type api to confirm'],
    [{ kind: 'reason-missing', forward: false }, 'Say why you are rolling back'],
    [{ kind: 'reason-missing', forward: true }, 'Say why you are rolling forward'],
    [{ kind: 'details-missing', forward: false }, 'Say why you are rolling back: “Other” needs details'],
    [
      { kind: 'warning-not-ticked', check: 'image-digest', short: 'the tag main has moved' },
      'Tick the box to show you have read: the tag main has moved',
    ],
  ])('%j is said beside it and in the summary', (problem, sentence) => {
    expect(problemSentence(problem)).toBe(sentence);
    expect(sentenceOf({ kind: 'form', problems: [problem, problem] })).toBe(`${sentence} ${sentence}`);
  });
});
