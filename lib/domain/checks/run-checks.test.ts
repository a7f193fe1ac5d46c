import { describe, expect, it } from 'vitest';
import { draft, facts, NOW, serviceDeployment, unread } from '@/lib/domain/fixtures';
import { blocks, type Finding, notChecked, passed, warns, whyNot } from './finding';
import { type CheckName, objections, runChecks, SHORT_FORMS, shortFormOf } from './run-checks';

/** Every check as the design lists it, in the order pages do. */
const ALL = [
  'service-active',
  'controller',
  'rollback-active',
  'still-stoppable',
  'revision-readable',
  'being-deleted',
  'family',
  'already-running',
  'complete-copy',
  'images-exist',
  'image-digest',
  'lb-port',
  'connect-port',
  'network-mode',
  'platform',
  'volumes-at-launch',
  'room-to-replace',
  'secrets-exist',
  'roles-exist',
  'log-group',
  'deployment-running',
  'ecs-rolling-back',
  'never-steady',
  'rolled-back-from',
  'age',
  'less-resources',
  'slow-strategy',
  'zero-tasks',
  'capacity',
  'database',
];

describe('the checks', () => {
  it('of a copy are all but the one that asks whether a deployment can be stopped', () => {
    const names = [...runChecks(facts(), draft()).keys()];
    expect(names).toEqual(ALL.filter((name) => name !== 'still-stoppable'));
  });

  it('of a stop are the six that concern it', () => {
    const stopped = serviceDeployment('api:428', NOW, { status: 'IN_PROGRESS' });
    expect([...runChecks(facts(), draft({ kind: 'stop', stopped })).keys()]).toEqual([
      'service-active',
      'controller',
      'rollback-active',
      'still-stoppable',
      'images-exist',
      'rolled-back-from',
    ]);
  });

  it('find nothing against the story’s rollback', () => {
    const against = [...runChecks(facts(), draft())].filter(([, { kind }]) => kind !== 'passed');
    expect(against.map(([name, { kind }]) => [name, kind])).toEqual([['database', 'not-checked']]);
  });

  it('never pass a question that AWS would not answer', () => {
    const denied = unread();
    const blind = facts({
      deployments: denied,
      images: new Map(),
      secrets: new Map(),
      roles: new Map(),
      logGroups: new Map(),
      targetTypes: new Map([['arn:targetgroup/web/1', denied]]),
      firingAlarms: denied,
    });
    const pins = [
      {
        container: 'app',
        written: 'x',
        image: 'x',
        fate: 'not-checked',
        tag: 'latest',
        ran: null,
        registry: denied,
        today: null,
      },
    ] as const;
    const findings = runChecks(blind, draft({ history: denied, pins }));
    const unanswered: readonly CheckName[] = [
      'images-exist',
      'image-digest',
      'network-mode',
      'secrets-exist',
      'roles-exist',
      'log-group',
      'ecs-rolling-back',
      'never-steady',
      'age',
      'database',
    ];
    expect([...findings].filter(([, { kind }]) => kind === 'not-checked').map(([name]) => name)).toEqual(unanswered);
  });
});

describe('what stands against going ahead', () => {
  const findings = new Map<CheckName, Finding>([
    ['controller', blocks('a')],
    ['age', warns('b')],
    ['zero-tasks', warns('c')],
    ['database', notChecked('d')],
    ['family', passed('e')],
  ]);

  it('is every block and each warning that is not ticked; nothing else', () => {
    expect(objections(findings, new Set())).toEqual(['controller', 'age', 'zero-tasks']);
    expect(objections(findings, new Set(['age', 'controller', 'database']))).toEqual(['controller', 'zero-tasks']);
    expect(objections(new Map(), new Set())).toEqual([]);
  });
});

describe('what a person ticks', () => {
  it('is a short form for every check that can warn', () => {
    const warning: readonly CheckName[] = [
      'rollback-active',
      'being-deleted',
      'image-digest',
      'room-to-replace',
      'log-group',
      'deployment-running',
      'ecs-rolling-back',
      'never-steady',
      'rolled-back-from',
      'age',
      'less-resources',
      'slow-strategy',
      'zero-tasks',
    ];
    expect(Object.keys(SHORT_FORMS)).toEqual(warning);
  });

  it('is what the finding itself says, where it says it closer', () => {
    expect(shortFormOf('image-digest', warns('…', 'the tag main has moved'))).toBe('the tag main has moved');
    expect(shortFormOf('age', warns('…'))).toBe('it did not run here lately');
    expect(shortFormOf('age', undefined)).toBe('it did not run here lately');
    expect(shortFormOf('controller', blocks('…'))).toBe('controller');
  });
});

describe('why a question was not answered', () => {
  it.each([
    [{ kind: 'denied', action: 'iam:GetRole' } as const, 'no permission to iam:GetRole'],
    [{ kind: 'throttled' } as const, 'AWS asked us to slow down'],
    [{ kind: 'no-answer' } as const, 'AWS did not answer'],
    [{ kind: 'unsupported', words: 'not an ECR registry' } as const, 'not an ECR registry'],
    [{ kind: 'gone', words: 'It is gone.' } as const, 'It is gone'],
    [{ kind: 'other', words: 'ServerException' } as const, 'ServerException'],
  ])('is said: %j', (change, words) => {
    expect(whyNot(unread(change).error)).toBe(words);
  });
});
