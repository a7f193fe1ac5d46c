import { describe, expect, it } from 'vitest';
import { planBody } from '@/lib/db/pressing';
import type { RecordEntry, RecordKind } from '@/lib/db/record';
import type { Rollback } from '@/lib/db/rollbacks';
import { progressWords, whereItStands } from '@/lib/domain/progress';
import type { StoredReading } from '@/lib/domain/reading';
import { REASONS, type Reason, type State } from '@/lib/domain/rollback';
import { headOfRollback, progressOf, type Told } from './rollback-view';

const AT = Date.UTC(2026, 10, 23, 2, 58, 31);
const COPY = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/api:429';

const READING: StoredReading = {
  readAt: AT + 60_000,
  movedAt: AT + 50_000,
  failure: null,
  desired: 6,
  running: 6,
  pending: 0,
  ours: { revision: 'api:429', running: 3, pending: 1, desired: 6, failed: 0 },
  others: { revision: 'api:428', running: 3, pending: 0, desired: 0, failed: 0 },
  nowRuns: COPY.replace('429', '430'),
  healthy: 3,
  failing: [],
  failedToStart: 0,
  record: null,
  waitingForHook: false,
  deployment: null,
};

const entry = (kind: RecordKind, payload: Record<string, unknown> = {}, after = 0): RecordEntry => ({
  seq: 1,
  at: AT + after,
  kind,
  rollbackId: 'rb-7k3f9q',
  target: 'production',
  payload: { kind, ...payload },
});

type Case = {
  readonly rollback?: Partial<Rollback>;
  readonly reading?: Partial<StoredReading> | null;
  readonly plan?: Parameters<typeof planBody>[1];
  readonly entries?: readonly RecordEntry[];
  readonly now?: number;
};

function told(state: State, reason: Reason | null, { rollback, reading, plan, entries = [], now }: Case = {}): Told {
  const body = planBody('api', plan);
  const ended = !['starting', 'sending', 'watching', 'unknown'].includes(state);
  return {
    plan: body,
    entries: [entry('confirmed'), ...entries],
    now: now ?? AT + 249_000,
    rollback: {
      id: 'rb-7k3f9q',
      planId: 'p',
      groupId: null,
      kind: body.kind,
      target: 'production',
      cluster: 'notify',
      service: 'api',
      serviceArn: body.serviceArn,
      by: { issuer: 'i', subject: 's', name: 'k.smith', email: 'k.smith@example.org' },
      why: 'Errors after release',
      details: null,
      ticked: [],
      state,
      reason,
      copyArn: body.kind === 'stop' ? null : COPY,
      deploymentId: null,
      intentAt: AT + 2_000,
      reading: reading === null ? null : { ...READING, ...reading },
      createdAt: AT,
      endedAt: ended ? AT + 249_000 : null,
      ...rollback,
    },
  };
}

const stop = {
  plan: {
    kind: 'stop',
    from: planBody('api').from,
    to: { ...planBody('api').to, name: 'release-1119 (421)' },
  } as const,
};
const kept = {
  reading: { running: 6, others: { ...(READING.others as object), running: 4 } as StoredReading['others'] },
};

/** Every end with its reason: heading, text and what leads on. */
const OUTCOMES: readonly (readonly [State, Reason | null, Case, string, string, readonly string[]])[] = [
  [
    'succeeded',
    null,
    {},
    'ECS is running release-1119 again in api (production).',
    '6 of 6 tasks since 03:02:40 UTC. It took 4 min 9 s. Now check that it works: health checks also passed for release-1123.',
    [
      'Check the service.',
      'Pause the pipeline, or the next deployment brings release-1123 back.',
      'Revert the code.',
      'Undo: plan a return to release-1123 (428)',
    ],
  ],
  [
    'succeeded',
    null,
    stop,
    'Stopped. ECS is running release-1119 again in api (production).',
    'Stopped by k.smith at 03:02:40 UTC.',
    ['Choose another version'],
  ],
  [
    'succeeded',
    'zero-tasks',
    {},
    'api is set to release-1119, but wants 0 tasks.',
    'Nothing has run, so nothing is proven.',
    ['Undo: plan a return to release-1123 (428)'],
  ],
  [
    'failed',
    'put-back',
    { reading: { failing: [{ words: 'could not pull the image', said: 'CannotPullContainerError' }] } },
    'The rollback did not work. ECS put release-1123 back.',
    'Tasks of release-1119 could not pull the image.',
    ['Choose another version'],
  ],
  [
    'failed',
    'gave-up',
    kept,
    'The rollback did not work. ECS stopped trying.',
    '4 tasks of release-1123 still run.',
    ['Choose another version'],
  ],
  [
    'failed',
    'stuck',
    { reading: { running: 2 } },
    'The rollback did not work, and ECS could not return to release-1123.',
    'api has 2 of 6 tasks. Act now:',
    ['Commands', 'Open the ECS console'],
  ],
  [
    'failed',
    'finished-first',
    { ...stop, entries: [entry('ended', { nowRuns: { name: 'release-1124', by: null } })] },
    'The deployment finished before it could be stopped.',
    'api runs release-1124.',
    ['Roll back to release-1119'],
  ],
  ['failed', 'gone', {}, 'api was deleted while we watched.', '', []],
  [
    'superseded',
    'by-deployment',
    { entries: [entry('ended', { nowRuns: { name: 'release-1124', by: 'concourse-deploy' } })] },
    'Another deployment replaced this rollback at 03:02 UTC.',
    'api now runs release-1124, registered by concourse-deploy.',
    ['Roll back to release-1119'],
  ],
  [
    'superseded',
    'by-rollback',
    { entries: [entry('ended', { who: { name: 'a.jones' }, by: 'rb-other12' })] },
    'A newer rollback replaced this one at 03:02 UTC.',
    'a.jones started it.',
    ['Watch it'],
  ],
  [
    'superseded',
    'stopped',
    { entries: [entry('ended', { who: { name: 'a.jones' }, by: 'rb-other12' })] },
    'a.jones stopped this rollback at 03:02:40 UTC.',
    '',
    ['See how the stop ended'],
  ],
  [
    'not-applied',
    'changed',
    { entries: [entry('not-sent', { words: 'it now runs release-1124.' })] },
    'Nothing was changed in api.',
    'api changed just before the update: it now runs release-1124. api:429 was registered and is not used.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'check-failed',
    { entries: [entry('not-sent', { words: 'api is being deleted.' })], rollback: { copyArn: null } },
    'Nothing was changed in api.',
    'A check failed just before the change: api is being deleted.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'refused',
    { entries: [entry('refused', { words: 'AccessDeniedException: not authorized' })], rollback: { copyArn: null } },
    'Nothing was changed in api.',
    'ECS refused the change: AccessDeniedException: not authorized.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'register-failed',
    { entries: [entry('ended', { words: 'ThrottlingException: Rate exceeded' })], rollback: { copyArn: null } },
    'Nothing was changed in api.',
    'The copy could not be registered: ThrottlingException: Rate exceeded.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'not-sent',
    { entries: [entry('not-sent', { words: 'ECONNREFUSED' })], rollback: { copyArn: null } },
    'Nothing was changed in api.',
    'ECS could not be reached, so it was not asked: ECONNREFUSED.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'too-slow',
    { rollback: { copyArn: null } },
    'Nothing was changed in api.',
    'It took too long, so ECS was not asked.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'starter-gone',
    { rollback: { copyArn: null } },
    'Nothing was changed in api.',
    'The tool restarted before it asked ECS.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'first-failed',
    { entries: [entry('ended', { words: 'web' })], rollback: { copyArn: null } },
    'Nothing was changed in api.',
    'Not started, because web did not succeed.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'revoked',
    {},
    'Nothing was changed in api.',
    'k.smith was signed out before ECS was asked. api:429 was registered and is not used.',
    ['Plan again'],
  ],
  [
    'not-applied',
    'absent',
    { rollback: { copyArn: null } },
    'ECS did not take the change. Nothing was changed in api.',
    'The request was lost on the way.',
    ['Plan again'],
  ],
  [
    'closed',
    null,
    { entries: [entry('closed', { who: { name: 'a.jones' } })] },
    'Given up while unknown.',
    'a.jones gave up waiting. The first request may still arrive until 03:14 UTC; this page will say so.',
    ['Plan again'],
  ],
];

describe('the outcome of a rollback', () => {
  it.each(OUTCOMES)('%s, %s: its words, and what leads on', (state, reason, facts, heading, text, next) => {
    const outcome = headOfRollback(told(state, reason, facts));
    expect(outcome).toMatchObject({ heading, text });
    expect(outcome?.next.map(({ words }) => words)).toEqual(next);
  });

  it('is told for every end and every reason there is', () => {
    const seen = new Set(OUTCOMES.map(([state, reason]) => `${state} ${reason ?? ''}`));
    const all = Object.entries(REASONS).flatMap(([state, reasons]) => reasons.map((reason) => `${state} ${reason}`));
    expect(all.filter((one) => !seen.has(one))).toEqual([]);
    expect(seen).toContain('succeeded ');
    expect(seen).toContain('closed ');
  });

  it('interrupts where it is a failure, and only there', () => {
    const alerts = OUTCOMES.filter(([state, reason, facts]) => headOfRollback(told(state, reason, facts))?.alert);
    expect(new Set(alerts.map(([state, reason]) => `${state} ${reason}`))).toEqual(
      new Set([
        'failed put-back',
        'failed gave-up',
        'failed stuck',
        'failed finished-first',
        'failed gone',
        'superseded by-deployment',
      ]),
    );
  });

  it('is still to begin while another service of its group goes first', () => {
    const waiting = told('starting', null, { entries: [], rollback: { copyArn: null } });
    const [confirmed] = waiting.entries;
    if (confirmed === undefined) throw new Error('nothing was confirmed');
    const entries = [{ ...confirmed, payload: { ...confirmed.payload, after: 'web' } }];
    const progress = progressOf({ ...waiting, entries });
    expect(whereItStands(progress)).toBe('Waiting for web to be steady.');
    expect(progress.steps.map(({ words }) => words)).toContain('Waiting for web to be steady');
    const begun = progressOf({ ...waiting, entries: [...entries, entry('registered', { copy: 'api:429' })] });
    expect(whereItStands(begun)).toBe('Registering the copy.');
  });

  it('never calls anything fixed', () => {
    const words = OUTCOMES.map(([state, reason, facts]) => JSON.stringify(headOfRollback(told(state, reason, facts))));
    expect(words.filter((text) => /\bfixed\b/i.test(text))).toEqual([]);
  });

  it('tells two versions of one tag apart by their numbers', () => {
    const same = { ...planBody('api').from, tag: 'main', name: 'main (91)' };
    const plan = { from: same, to: { ...same, name: 'main (88)' } };
    expect(headOfRollback(told('succeeded', null, { plan }))?.heading).toBe(
      'ECS is running main (88) again in api (production).',
    );
  });

  it('has nothing to pause or revert once a rollback was undone', () => {
    const next = headOfRollback(told('succeeded', null, { plan: { undo: 'rb-before1' } }))?.next;
    expect(next?.map(({ kind }) => kind)).toEqual(['check', 'undo']);
  });

  it('says the day of what was yesterday', () => {
    const late = told('succeeded', null, { now: AT + 30 * 3_600_000 });
    expect(headOfRollback(late)?.text).toContain('since 23 Nov 03:02:40 UTC');
  });

  it('no longer expects a request that cannot arrive any more', () => {
    expect(headOfRollback(told('closed', null, { now: AT + 3_600_000 }))?.text).toBe('k.smith gave up waiting.');
  });
});

describe('a rollback under way', () => {
  const words = (state: State, facts: Case = {}) => {
    const told_ = told(state, null, facts);
    return progressWords(progressOf(told_), told_.now);
  };

  it('says in one sentence how far it is and how long it usually takes', () => {
    expect(words('watching', { now: AT + 130_000, reading: { readAt: AT + 128_000 } })).toMatchObject({
      title: '(3 of 6) Rolling back api · production',
      heading: 'Rolling back api in production',
      sentence: '3 of 6 tasks run release-1119. 2 min 10 s so far; usually 4 min.',
      remarks: [],
      closable: false,
    });
  });

  it('names new and old tasks, and counts them', () => {
    expect(progressOf(told('watching', null))).toMatchObject({
      newBar: { name: 'release-1119 (429: 428 with images of 421)', running: 3, pending: 1, wanted: 6 },
      oldBar: { name: 'release-1123 (428)', running: 3 },
      counts: 'Wanted 6 · 0 failed to start · 3 of 6 healthy',
    });
  });

  it('names the other tasks by what they are, once somebody deployed another version', () => {
    const others = { revision: 'api:430', running: 6, pending: 0, desired: 6, failed: 0 };
    const nowRuns = { revision: 'api:430', name: 'release-1124', by: 'concourse-deploy' };
    const facts = {
      reading: { others },
      entries: [entry('ended', { state: 'superseded', reason: 'by-deployment', nowRuns })],
    };
    expect(progressOf(told('superseded', 'by-deployment', facts)).oldBar?.name).toBe('release-1124 (430)');
    expect(progressOf(told('watching', null, { reading: { others } })).oldBar?.name).toBe('api:430');
  });

  it('lists what happened with times and request ids, then what is to come', () => {
    const entries = [
      entry('registered', { copy: COPY }, 1_000),
      entry('send-intent', {}, 1_500),
      entry('accepted', { requestId: 'r-1' }, 2_000),
    ];
    const { steps } = progressOf(told('watching', null, { entries }));
    expect(steps.map(({ icon, words: said }) => `${icon} ${said}`)).toEqual([
      '✓ k.smith confirmed: Errors after release',
      '✓ New revision registered: api:429',
      '✓ ECS accepted the change',
      '◐ New tasks starting',
      '○ ECS reports the service steady',
    ]);
    expect(steps[2]).toMatchObject({ requestId: 'r-1', at: AT + 2_000 });
  });

  it('says that AWS is busy while the copy is registered again', () => {
    const entries = [entry('register-waiting', { attempt: 2, waitMs: 4_000 })];
    expect(words('starting', { entries, reading: null, now: AT + 3_000 })).toMatchObject({
      sentence: 'Registering the copy. 3 s so far; usually 4 min.',
      remarks: ['AWS is busy. Registering the copy again in 4 s (2 of 5).'],
    });
  });

  it('says from 30 seconds on that ECS could not be read, and never turns that into an outcome', () => {
    const reading = { readAt: AT + 100_000 };
    expect(words('watching', { reading, now: AT + 129_000 }).remarks).toEqual([]);
    expect(words('watching', { reading, now: AT + 145_000 })).toMatchObject({
      heading: 'Rolling back api in production',
      remarks: ['We have not been able to read ECS for 45 seconds. The rollback may still be going on.'],
      outOfSight: true,
    });
  });

  it('says nothing of readings while nobody knows if ECS took the change', () => {
    expect(words('unknown', { reading: null, now: AT + 300_000 })).toMatchObject({ remarks: [], outOfSight: false });
  });

  it('expects readings further apart once it is old', () => {
    const later = AT + 40 * 60_000;
    const reading = { readAt: later - 50_000, movedAt: later - 60_000 };
    expect(words('watching', { plan: { usualMs: null }, reading, now: later }).remarks).toEqual([]);
  });

  it('says after twice the usual time that this takes longer', () => {
    const late = AT + 2_000 + 480_001;
    expect(words('watching', { reading: { readAt: late }, now: late }).remarks).toEqual([
      'This takes longer than usual.',
    ]);
  });

  it('has lost sight once nothing moved for an hour, with what was seen last', () => {
    const now = AT + 50_000 + 3_600_000;
    expect(words('watching', { reading: { readAt: now }, now })).toMatchObject({
      heading: 'We have lost sight of this rollback.',
      sentence: 'ECS made no progress for 60 min. Last: 3 of 6 at 02:59:21 UTC. We go on reading.',
    });
  });

  it('says that a hook waits for somebody', () => {
    expect(words('watching', { reading: { waitingForHook: true, readAt: AT + 249_000 } }).remarks).toContain(
      'Paused by a deployment hook. Continue it in the ECS console.',
    );
  });

  it('is unknown while no answer came, and may be given up from a minute on', () => {
    const said = {
      heading: 'We do not know yet if ECS took the change.',
      sentence:
        'The answer did not arrive. We are reading ECS and will not send it again. Do not start another rollback.',
    };
    expect(words('unknown', { reading: null, now: AT + 30_000 })).toMatchObject({ ...said, closable: false });
    expect(words('unknown', { reading: null, now: AT + 62_001 })).toMatchObject({ ...said, closable: true });
  });

  it('names in any state the deployment it replaced', () => {
    const entries = [entry('overwrote', { version: { name: 'release-1124', by: 'concourse-deploy' } })];
    for (const state of ['watching', 'unknown', 'succeeded', 'failed'] as const) {
      expect(progressOf(told(state, null, { entries })).overwrote).toMatchObject({
        heading: 'This rollback replaced a deployment that started at the same moment.',
        text: 'release-1124 was being deployed, registered by concourse-deploy.',
      });
    }
  });

  it('says "forward" where the version wanted is newer', () => {
    expect(words('watching', { plan: { forward: true } }).heading).toBe('Rolling forward api in production');
  });

  it('adds what turned up after the end, and leaves the outcome as it was', () => {
    const entries = [entry('closed', { who: { name: 'a.jones' } }), entry('late-fact', { words: 'It arrived.' })];
    const progress = progressOf(told('closed', null, { entries }));
    expect(progress.said?.heading).toBe('Given up while unknown.');
    expect(progress.remarks).toEqual(['It arrived.']);
  });
});
